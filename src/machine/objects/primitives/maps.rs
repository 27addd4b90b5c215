//! Dicts and sets.

use crate::machine::objects::{Answer, Call, Failure};

/// An operator on sets or dicts.
pub fn operate(_call: &mut Call, _operator: &str) -> Answer {
    Err(Failure::Undefined)
}
