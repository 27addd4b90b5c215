//! Whether what a function computes has the sort that the book declares for it.
//!
//! The rules are checked against the grammar when the book is loaded; functions are written in Rust, and are believed
//! of the project's own book. Each result is looked at where a book is another, and where debug assertions are on, so in all
//! tests and in fuzzing.

use egg::{Id, Symbol};

use crate::book::grammar::{Grammar, SortId};
use crate::machine::bank::Bank;
use crate::term::words::words;

/// How many levels of a result are looked at. Below stand parts that other calls gave.
const LEVELS: usize = 4;

/// A function, with the sort of its results.
#[derive(Debug, Clone, Copy, Default)]
pub struct Declared {
    name: Option<Symbol>,
    result: Option<SortId>,
}

impl Declared {
    /// What the grammar says of a function.
    pub fn of(grammar: &Grammar, name: Symbol) -> Declared {
        Declared {
            name: Some(name),
            result: grammar.functions.get(&name).and_then(|signature| signature.result),
        }
    }

    /// The function, where one of its results is of another sort than the declared one.
    #[must_use]
    pub fn misfit(self, grammar: &Grammar, bank: &Bank, results: &[Id]) -> Option<Symbol> {
        let sort = self.result?;
        let misfits = results.iter().any(|result| misplaced(grammar, bank, *result, sort, LEVELS).is_some());
        self.name.filter(|_| misfits)
    }
}

/// The first part of a term that does not belong where it stands.
fn misplaced(grammar: &Grammar, bank: &Bank, id: Id, sort: SortId, levels: usize) -> Option<String> {
    let (node, sort, words) = (bank.get(id), &grammar.sorts[sort], words());
    // Sequences and texts that are long are trees, and what is left open may be anything.
    let anything = [words.row, words.rows, words.hole, words.below].contains(&node.op);
    if levels == 0 || sort.name == "Any" || anything || sort.atoms && node.args.is_empty() {
        return None;
    }
    if !sort.constructors.contains(&node.op) {
        return Some(format!("`{}` is no {}", node.op, sort.name));
    }
    let declared = &grammar.constructors.get(&node.op)?.args;
    if declared.len() != node.args.len() {
        return Some(format!("`{}` has {} parts", node.op, node.args.len()));
    }
    let mut parts = declared.iter().zip(&node.args);
    parts.find_map(|(sort, part)| misplaced(grammar, bank, *part, *sort, levels - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::domain::Counted;

    #[test]
    fn a_part_that_does_not_belong_where_it_stands_is_named() {
        let mut grammar = Grammar::new();
        grammar
            .declare(&["Leaf ?l ::= atom\nTree ?t ::= nothing | (fork Leaf Tree)"])
            .expect("it is well formed");
        let tree = grammar.sort_named("Tree").expect("it is declared");
        let mut bank = Bank::counting(Counted::default());
        let mut fault = |term: &str| {
            let id = bank.add_term(&term.parse().expect("a term"));
            misplaced(&grammar, &bank, id, tree, LEVELS)
        };
        assert_eq!(fault("(fork a (fork fork nothing))"), None);
        assert_eq!(fault("(fork a (fork (fork a nothing) nothing))"), Some("`fork` is no Leaf".into()));
        assert_eq!(fault("(fork a)"), Some("`fork` has 1 parts".into()));
        assert_eq!(fault("leaf"), Some("`leaf` is no Tree".into()));
    }
}
