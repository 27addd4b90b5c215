//! What the library asks of values and classes.

use super::Table;
use crate::machine::objects::{Answer, Call, Failure};

/// The primitives of this file.
pub const TABLE: Table = &[("type_name", type_name)];

/// `prim.type_name(obj)`.
fn type_name(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.type_name(value);
    Ok(call.str(&name))
}
