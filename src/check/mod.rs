//! Checking: properties as automata, programs by number, and verdicts.

pub mod automaton;
pub mod contents;
pub mod each;
pub mod enumerate;
pub mod exhaustive;
pub mod family;
pub mod follow;
pub mod interner;
pub mod kill;
pub mod ledger;
pub mod litmus;
pub mod local;
pub mod monitor;
pub mod mutate;
pub mod narrow;
pub mod narrow_local;
pub mod product;
pub mod program;
pub mod standing;
pub mod summarise;
pub mod tally;
mod team;
pub mod verdict;
mod visited;
pub mod whole;
mod worker;

pub use enumerate::{Enumeration, Fragment};
pub use exhaustive::{Exhaustive, Method, Progress};
pub use monitor::Monitors;
pub use product::{Findings, Search};
pub use verdict::{Coverage, Verdict};
