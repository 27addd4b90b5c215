//! What operations on unknowns may come to, as the blocks `unknowns` of the book tell.

use std::collections::BTreeMap;

use crate::book::tables::keyed;
use crate::diagnostic::Diagnostic;

/// What an operation on something unknown may come to; any other is like a call of the unknown.
const CONSEQUENCES: [&str; 12] = [
    "compares",
    "asks-instance",
    "asks-truth",
    "writes",
    "draws",
    "gives-argument",
    "asks-members",
    "gives-members",
    "gives-arguments",
    "gives-answer",
    "looks-up",
    "delegates",
];

/// What else it may come to has the type behind this: another value each time, such a value behind a change of the first operand, the
/// same, behind what may also raise, the same value whenever it is asked, or what may also raise.
const OF_A_TYPE: [&str; 5] = ["gives-", "changes-", "alters-", "answers-", "returns-"];

/// The types of which a value may be that is unknown but for its type.
const TYPES: [&str; 9] = ["bool", "int", "float", "str", "bytes", "list", "dict", "set", "tuple"];

/// What may stand in the place of a type: nothing, what the first operand may hold, a value of whatever type, and a number that is
/// zero for what is false.
const NO_TYPES: [&str; 4] = ["none", "item", "anything", "length"];

/// What stands between what an operation comes to and the exceptions that it may raise, where it raises no others.
const RAISES: &str = " raises ";

/// What stands between these and the type of arguments that raise none of them.
const UNLESS: &str = " unless ";

/// What stands behind what only adds keys to its first operand.
const KEEPING: &str = " keeping keys";

/// Whether the book says of an operation that it only adds keys to its first operand.
pub fn keeps_keys(said: &str) -> bool {
    said.ends_with(KEEPING)
}

/// The type of arguments of which the book says that an operation on them raises nothing.
pub fn fitting(said: &str) -> Option<&str> {
    said.split_once(UNLESS).map(|(_, class)| class)
}

/// What the book says of an operation on something unknown: what it comes to, and what it may raise; `None` stands for
/// what a call of the unknown may.
pub fn parts(said: &str) -> (&str, Option<Vec<&str>>) {
    let said = said.strip_suffix(KEEPING).unwrap_or(said);
    let said = said.split_once(UNLESS).map_or(said, |(said, _)| said);
    match said.split_once(RAISES) {
        Some((word, raised)) => (word, Some(raised.split_whitespace().collect())),
        None => (said, None),
    }
}

fn is_consequence(said: &str) -> bool {
    let (word, _) = parts(said);
    let class = OF_A_TYPE.iter().find_map(|before| word.strip_prefix(before));
    let fits = fitting(said).is_none_or(|class| TYPES.contains(&class));
    let is_known = CONSEQUENCES.contains(&word)
        || class.is_some_and(|class| TYPES.contains(&class) || NO_TYPES.contains(&class));
    fits && is_known
}

/// Lines `operation operation: what it comes to`.
pub(super) fn unknowns(text: &str) -> Result<BTreeMap<String, String>, Diagnostic> {
    let mut table = BTreeMap::new();
    for (operations, consequence) in keyed(text) {
        if !is_consequence(&consequence) {
            let title = format!("`{consequence}` is nothing that an operation on an unknown may come to");
            let (known, of_a_type) = (CONSEQUENCES.join(", "), OF_A_TYPE.join(", "));
            let types = [&TYPES[..], &NO_TYPES].concat().join(", ");
            return Err(Diagnostic::new(title, "the book").help(format!(
                "an `unknowns` block has lines `operation: what`, where what is one of {known}, or one of {of_a_type} \
                 with a type behind it, which is one of {types}; behind `raises` may stand all that is raised, and behind \
                 `unless` the type of arguments for which nothing is"
            )));
        }
        let operations = operations.split_whitespace();
        table.extend(operations.map(|operation| (operation.to_string(), consequence.clone())));
    }
    Ok(table)
}
