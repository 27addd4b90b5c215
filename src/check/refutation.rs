//! What a search of a program finds fault with, each with a path to it.

use egg::Id;

use crate::machine::stepper::{Edge, Fault};

/// A property that a path breaks.
#[derive(Debug, Clone)]
pub struct Refutation {
    /// The property, as an index into the monitored ones.
    pub property: usize,
    /// Why, in the property's own words.
    pub reason: String,
    /// The label of the `try` or `with` statement that it is about, where it is about one.
    pub statement: Option<usize>,
    /// Whether it is the property that is at fault: two of its transitions apply.
    pub ambiguous: bool,
    /// The transitions from the initial state up to the one that broke it; all of the path where
    /// its end did, or that it goes round for ever.
    pub path: Vec<Edge>,
    /// How many of them come before the round that nothing leaves, where that is what broke it.
    pub round: Option<usize>,
}

/// A state in which the rules fail.
#[derive(Debug, Clone)]
pub struct Breakdown {
    /// How.
    pub fault: Fault,
    /// The state.
    pub state: Id,
    /// The path to it.
    pub path: Vec<Edge>,
}
