//! What operations on unknowns may come to, as the blocks `unknowns` of the book tell.

use std::collections::BTreeMap;

use crate::book::messages;
use crate::diagnostic::Diagnostic;

/// What an operation on something unknown may come to; any other is like a call of the unknown.
const CONSEQUENCES: [&str; 13] = [
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
    "changes-none",
    "gives-item",
];

/// What else it may come to has the type behind this: another value each time, such a value behind a change of the first operand, the
/// same whenever it is asked, or what may also raise.
const OF_A_TYPE: [&str; 4] = ["gives-", "changes-", "answers-", "returns-"];

/// The types of which a value may be that is unknown but for its type.
const TYPES: [&str; 9] = ["bool", "int", "float", "str", "bytes", "list", "dict", "set", "tuple"];

fn is_consequence(word: &str) -> bool {
    let class = OF_A_TYPE.iter().find_map(|before| word.strip_prefix(before));
    CONSEQUENCES.contains(&word) || class.is_some_and(|class| TYPES.contains(&class))
}

/// Lines `operation operation: what it comes to`.
pub(super) fn unknowns(text: &str) -> Result<BTreeMap<String, String>, Diagnostic> {
    let mut table = BTreeMap::new();
    for (operations, consequence) in messages(text) {
        if !is_consequence(&consequence) {
            let title = format!("`{consequence}` is nothing that an operation on an unknown may come to");
            let (known, of_a_type, types) = (CONSEQUENCES.join(", "), OF_A_TYPE.join(", "), TYPES.join(", "));
            return Err(Diagnostic::new(title, "the book").help(format!(
                "an `unknowns` block has lines `operation: what`, where what is one of {known}, or one of {of_a_type} \
                 with a type behind it, which is one of {types}"
            )));
        }
        let operations = operations.split_whitespace();
        table.extend(operations.map(|operation| (operation.to_string(), consequence.clone())));
    }
    Ok(table)
}
