//! Running the rules: the reference stepper on egg, and the reduction graph.
//!
//! *Architecture invariant:* nothing here knows what a rule is about. Which
//! rule applies to a state, and what it makes of it, is decided by matching the
//! book's patterns with egg.

pub mod arena;
pub mod bank;
pub mod caches;
pub mod compiled;
pub mod declared;
pub mod domain;
pub mod fingerprint;
pub mod graph;
pub mod matching;
pub mod premise;
pub mod reachability;
pub mod reference;
pub mod sequence;
pub mod stepper;
pub mod transfer;

pub use bank::Bank;
pub use graph::Graph;
pub use reachability::Reachability;
pub use stepper::{Edge, Engine, Fault, Machine, Successors};
