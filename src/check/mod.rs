//! Checking: properties as automata, programs by number, and verdicts.

pub mod automaton;
pub mod checkpoint;
mod config;
pub mod contents;
pub mod core;
pub mod counts;
pub mod each;
pub mod enumerate;
pub mod exhaustive;
pub mod follow;
pub mod interner;
pub mod litmus;
pub mod local;
pub mod memo;
pub mod monitor;
pub mod mutate;
pub mod names;
pub mod narrow;
pub mod narrow_local;
pub mod product;
pub mod program;
pub mod shared;
pub mod summarise;
pub mod summary;
pub mod sums;
pub mod survival;
pub mod verdict;
mod visited;
pub mod whole_run;
mod worker;
pub mod workers;

pub use enumerate::{Enumeration, Fragment};
pub use exhaustive::{Exhaustive, Method, Progress};
pub use monitor::Monitors;
pub use product::{Findings, Search};
pub use verdict::{Coverage, Verdict};
