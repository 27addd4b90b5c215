//! Taking objects off the heap that a state cannot reach.
//!
//! Rules know nothing of this: a state and the same state without its garbage make the same steps, since every
//! reference that a rule can follow begins in the state. Numbers are kept, so identities stay what they are.

use egg::Id;

use crate::machine::bank::Bank;
use crate::python::values::heap;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

/// Where `(world locals globals …)` has the globals, and `(objects modules heap next)` the heap.
const GLOBALS: usize = 1;
const HEAP: usize = 1;

/// What was reached: terms, and numbers of objects.
struct Reached<'b> {
    bank: &'b Bank,
    heap: Id,
    terms: Vec<bool>,
    numbers: Vec<bool>,
    open: Vec<Id>,
}

impl Reached<'_> {
    fn of(bank: &Bank, heap: Id, next: usize) -> Reached<'_> {
        Reached { bank, heap, terms: vec![false; bank.len()], numbers: vec![false; next], open: Vec::new() }
    }

    fn term(&mut self, term: Id) {
        if !std::mem::replace(&mut self.terms[usize::from(term)], true) {
            self.open.push(term);
        }
    }

    /// Reaches all that the open terms lead to.
    fn all(&mut self) {
        while let Some(term) = self.open.pop() {
            let node = self.bank.get(term);
            for arg in &node.args {
                self.term(*arg);
            }
            if let (true, Some(number)) = (refers(node.op), node.args.last()) {
                self.object(*number);
            }
        }
    }

    fn object(&mut self, number: Id) {
        let Some(number) = heap::number_of(self.bank, number) else { return };
        match self.numbers.get_mut(number as usize) {
            Some(reached) if !*reached => *reached = true,
            _ => return,
        }
        if let Some(entry) = heap::find(self.bank, self.heap, number) {
            self.term(entry);
        }
    }
}

/// Whether a constructor's last argument is the number of an object.
fn refers(op: egg::Symbol) -> bool {
    op == names().reference || op == vocabulary().exception
}

/// The world without the objects that neither it nor the terms lead to; the world as it is where it keeps none.
pub fn collected(bank: &mut Bank, world: Id, others: &[Id]) -> Id {
    let globals = bank.arg(world, GLOBALS);
    if bank.op(globals) != names().objects {
        return world;
    }
    let heap = bank.arg(globals, HEAP);
    let next = heap::number_of(bank, bank.arg(globals, 2)).unwrap_or(1);
    let mut reached = Reached::of(bank, heap, next as usize);
    // The heap is no root; all else in the world is.
    reached.terms[usize::from(world)] = true;
    reached.terms[usize::from(globals)] = true;
    reached.terms[usize::from(heap)] = true;
    let roots = [&bank.get(world).args[..], &bank.get(globals).args[..], others].concat();
    roots.into_iter().for_each(|root| reached.term(root));
    reached.all();
    let numbers = reached.numbers;
    let heap = kept(bank, heap, &numbers);
    let globals = with(bank, globals, HEAP, heap);
    with(bank, world, GLOBALS, globals)
}

fn with(bank: &mut Bank, term: Id, place: usize, part: Id) -> Id {
    let mut node = bank.get(term).clone();
    node.args[place] = part;
    bank.add(node)
}

/// The part of a heap whose numbers are marked, in the shape that it has if nothing else was ever in it.
fn kept(bank: &mut Bank, heap: Id, numbers: &[bool]) -> Id {
    let node = bank.get(heap);
    let empty = names().no_objects;
    match node.args[..] {
        [left, right] if node.op == names().branch => {
            let parts = [kept(bank, left, numbers), kept(bank, right, numbers)];
            match parts.map(|part| bank.op(part)) {
                [left, right] if left == empty && right == empty => parts[0],
                [left, right] if left == names().leaf && right == empty => parts[0],
                [left, right] if left == empty && right == names().leaf => parts[1],
                _ => bank.make(names().branch, &parts),
            }
        }
        [number, _] => {
            let number = heap::number_of(bank, number).unwrap_or_default() as usize;
            if numbers.get(number).copied().unwrap_or(true) { heap } else { bank.make(empty, &[]) }
        }
        _ => heap,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::parse_term;

    #[test]
    fn what_nothing_leads_to_goes_and_the_rest_has_the_shape_it_would_have_had() {
        let mut bank = crate::python::semantics::bank();
        let mut entry = |text: &str| bank.add_term(&parse_term(text).expect("a term"));
        let plain = entry("(entry plain no-names)");
        let to_nine = entry("(entry (list-of (values no-values (object c (ref 9)))) no-names)");
        let all = [(1, plain), (2, to_nine), (3, plain), (9, plain), (12, to_nine)];
        let heap = heap::build(&mut bank, &all);
        let (name, next) = (bank.node("m", []), bank.node("13", []));
        let two = bank.add_term(&parse_term("(binding a (object c (ref 2)) no-names)").expect("a term"));
        let globals = bank.node("objects", [name, heap, next]);
        let none = bank.node("none", []);
        let world = bank.node("world", [two, globals, none, none, none]);
        let three = bank.add_term(&parse_term("(exception c no-values 3)").expect("a term"));
        let after = collected(&mut bank, world, &[three]);
        let expected = heap::build(&mut bank, &[(2, to_nine), (3, plain), (9, plain)]);
        assert_eq!(bank.arg(bank.arg(after, 1), 1), expected);
    }
}
