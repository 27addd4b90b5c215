//! Proving by egg's own means: equality saturation.
//!
//! *Architecture invariant:* only this module unites. Steps have a direction and
//! unions have none, so stepping keeps its e-graph free of them.

pub mod agreement;
pub mod equivalence;
pub mod laws;
