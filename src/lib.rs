//! Trylemma: a formal small-step semantics of Python's `try` statement.
//!
//! The semantics is a book of rewriting rules, `semantics/`, which this crate loads, checks and runs:
//!
//! ```text
//! Python source ──python──▶ core term ──┐
//!                                       ├──machine──▶ reduction graph ──check──▶ verdict ──▶ trace
//! semantics/*.md ──book──▶ rule set ────┘
//! ```

pub mod book;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod generate;
pub mod limits;
pub mod machine;
pub mod prove;
pub mod python;
pub mod render;
pub mod term;
pub mod trace;
