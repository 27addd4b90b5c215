//! Functions about what a `for` statement binds: the items of a value, in order.

use egg::Id;
use smallvec::smallvec;

use crate::limits::MAX_DEPTH;
use crate::machine::domain::{Context, Results};
use crate::python::functions::unknowns;
use crate::python::functions::{core, path_condition};
use crate::python::values::typed;
use crate::term::escape;

/// `(iterator value)`: the items of the value; undefined where it cannot be iterated.
pub fn iterator(cx: &mut Context, args: &[Id]) -> Results {
    let members = match cx.name(args[0]) {
        "tuple" => cx.members(cx.bank.arg(args[0], 0)),
        "str" => characters(cx, args[0]),
        "unknown" => return smallvec![cx.bank.node("items-of", [args[0]])],
        _ => return smallvec![],
    };
    let none = cx.bank.node("no-items", []);
    smallvec![members.into_iter().rev().fold(none, |rest, item| cx.bank.node("items", [item, rest]))]
}

/// The characters of a string, each a string. More of them than a state may nest deeply are
/// not told apart: the limit on depth is reached before the first is bound.
fn characters(cx: &mut Context, text: Id) -> Vec<Id> {
    let text = cx.bank.text(cx.bank.arg(text, 0));
    let mut items = Vec::new();
    for character in text.chars().take(MAX_DEPTH as usize) {
        let atom = cx.bank.node(&escape(&character.to_string()), []);
        items.push(cx.bank.node("str", [atom]));
    }
    items
}

/// `(iteration-fault value)`.
pub fn iteration_fault(cx: &mut Context, args: &[Id]) -> Results {
    let message = format!("'{}' object is not iterable", core::type_name(cx, args[0]));
    smallvec![cx.exception("TypeError", &message)]
}

/// `(draw unknown frames world facts)`: no item, or, unless it was found to be false, a fresh one, or one that it may hold, and then what
/// the unknown yields next.
pub fn draw(cx: &mut Context, args: &[Id]) -> Results {
    let none = cx.bank.node("no-items", []);
    if is_false(cx, args) {
        return smallvec![none];
    }
    let like = item(cx, args[0]);
    let fresh = unknowns::fresh(cx, like, &args[..3]);
    let rest = cx.bank.node("items-of", [args[0]]);
    let mut drawn: Results = smallvec![none, cx.bank.node("items", [fresh, rest])];
    for member in cx.kept_by(args[0]) {
        drawn.push(cx.bank.node("items", [member, rest]));
    }
    drawn
}

/// Whether an unknown was found to be false: then nothing is in it.
fn is_false(cx: &mut Context, args: &[Id]) -> bool {
    let &[unknown, _, _, facts] = args else { return false };
    let truth = cx.bank.node("truth", []);
    let answer = path_condition::recall(cx, &[facts, unknown, truth]);
    answer.first().is_some_and(|answer| cx.name(*answer) == "false")
}

/// An item of an unknown is named as one, an item of an item alike, and may raise what a call of the unknown may. What an assumption
/// says that such a call returns is not said of a call of the item. Of a text, the items are texts.
fn item(cx: &mut Context, unknown: Id) -> Id {
    if typed::type_of(cx.bank, unknown) == Some("str") {
        return unknown;
    }
    let name = unknowns::name_of(cx, unknown);
    let name =
        if name.starts_with(&unknowns::item_of("", None)) { name } else { unknowns::item_of(&name, None) };
    let item = typed::untyped(cx, unknown);
    unknowns::renamed(cx, item, &name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::domain::Tables;
    use crate::term::parse_term;

    /// The results of a function on terms, as text.
    fn results(function: fn(&mut Context, &[Id]) -> Results, args: &[&str]) -> Vec<String> {
        let (mut bank, tables) = (crate::python::semantics::bank(), Tables::new(()));
        let args: Vec<Id> =
            args.iter().map(|text| bank.add_term(&parse_term(text).expect("a term"))).collect();
        let found = function(&mut Context { bank: &mut bank, tables: &tables }, &args);
        found.into_iter().map(|id| bank.show(id)).collect()
    }

    #[test]
    fn the_first_item_comes_first() {
        let pair = "(tuple (values (values no-values none) true))";
        assert_eq!(results(iterator, &[pair]), ["(items none (items true no-items))"]);
        assert_eq!(results(iterator, &["(str ab)"]), ["(items (str a) (items (str b) no-items))"]);
    }

    #[test]
    fn what_has_no_items_has_no_iterator() {
        for value in ["none", "(int 1)", "(exception (class E builtin no-bases) no-values 0)"] {
            assert_eq!(results(iterator, &[value]), [""; 0]);
        }
    }

    #[test]
    fn an_item_is_another_unknown_that_may_return_anything() {
        let narrow = "(unknown rows 1 (outcomes (one-of no-values) no-values))";
        let taken = "(binding x (unknown item%20of%20rows 1 (outcomes anything no-values)) no-names)";
        let world = format!("(world no-names {taken} none no-facts base)");
        let item = "(unknown item%20of%20rows 2 (outcomes anything no-values))";
        assert_eq!(
            results(draw, &[narrow, "end", &world]),
            ["no-items".to_string(), format!("(items {item} (items-of {narrow}))")]
        );
    }
}
