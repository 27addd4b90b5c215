//! Test programs for other people's implementations.
//!
//! [`strategy`] draws well-formed programs for property tests, and [`suite`] gives
//! programs with the events and the outcome that the rules expect of them, as a [`pytest`]
//! module or as data.

pub mod playback;
pub mod played;
pub mod pytest;
pub mod strategy;
pub mod suite;
pub mod versions;

pub use crate::trace::corpus::{Case, Run};
pub use strategy::{Programs, programs};
pub use suite::Suite;
