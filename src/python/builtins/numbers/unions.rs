//! Types with a bar between them: `int | None`.

use egg::Id;

use crate::python::builtins::aliases;
use crate::python::values::{Call, Objects};

/// `int | None`, where one operand at least is a class or a union.
pub(super) fn union_of(call: &mut Call, operands: [Id; 2]) -> Option<Id> {
    let mut members: Vec<Id> = Vec::new();
    let none = call.none();
    if operands == [none, none] {
        return None;
    }
    for operand in operands {
        let more = match union_members(call, operand) {
            Some(more) => more,
            None if operand == none => vec![call.class("NoneType")],
            None if call.cx.name(operand) == "class" => vec![operand],
            None if aliases::parts(call, operand).is_some() => vec![operand],
            None => return None,
        };
        for member in more {
            if !members.contains(&member) {
                members.push(member);
            }
        }
    }
    Some(match members[..] {
        [only] => only,
        _ => call.wrapper("Union", &members),
    })
}

/// The classes of a union.
pub fn union_members(call: &mut Objects, value: Id) -> Option<Vec<Id>> {
    let class = call.class_of(value);
    let is_union = call.class_name(class) == "Union" && !call.is_user_class(class);
    if is_union { call.wrapped(value) } else { None }
}
