//! Running the rules: the reference stepper on egg, and the reduction graph.
//!
//! *Architecture invariant:* nothing here knows what a rule is about. Which
//! rule applies to a state, and what it makes of it, is decided by matching the
//! book's patterns with egg.

pub mod arena;
pub mod bank;
pub mod compiled;
pub mod display;
pub mod facts;
pub mod fingerprint;
pub mod functions;
pub mod graph;
pub mod iteration;
pub mod matching;
pub mod notes;
pub mod objects;
pub mod parcel;
pub mod premise;
pub mod reference;
pub mod rows;
pub mod skeleton;
pub mod stepper;
pub mod unknowns;
pub mod vocabulary;

pub use bank::Bank;
pub use graph::Graph;
pub use skeleton::Skeleton;
pub use stepper::{Edge, Engine, Fault, Machine, Successors};
