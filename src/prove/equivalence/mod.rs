//! Whether two programs do the same: their reduction graphs are followed side by side, and the shortest way is found on which they part.
//!
//! What nobody can see is passed over: steps that are decided, and in which nothing is called that is unknown, nothing is written and
//! nothing ends. What is seen is a call or an operation of something unknown, with what it is given; what is written; and the end. A
//! question about an unknown is none: its answer is the unknown's, and the same on both sides, whoever asks first. Such a pair of graphs
//! is equal where each thing that is seen on one side is seen on the other, and what follows is equal (Hopcroft and Karp 1971; Park 1981).

mod alike;
mod judge;
mod pairing;
mod search;
pub(in crate::prove) mod stand;

pub use judge::{Failed, Judge, Judged, Parted, View};
pub use search::Difference;

/// How much must be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// What is called with what, what is written, and how it ends.
    Events,
    /// What is being handled at each of these, too.
    Handled,
    /// The contexts, the causes and what suppresses them, too.
    Context,
    /// Through which functions an exception has come with which it ends, too.
    Traceback,
}

impl Level {
    /// All, the coarsest first.
    pub const ALL: [Level; 4] = [Level::Events, Level::Handled, Level::Context, Level::Traceback];

    /// Its number, from 1.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// What is the same at it and not at the one before.
    pub fn words(self) -> &'static str {
        match self {
            Level::Events => "events and how it ends",
            Level::Handled => "what is being handled",
            Level::Context => "context and cause",
            Level::Traceback => "entries of the traceback",
        }
    }
}
