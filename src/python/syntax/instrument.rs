//! Builds core statements with the markers planted that observers need.
//!
//! Lowering and the enumerator of small programs both build through a
//! [`Instrumenter`], so a property sees the same events for a file and for an
//! enumerated program.

use egg::Id;

use crate::python::syntax::clauses::{Clauses, Statements};
use crate::python::values::hidden;
use crate::term::{Builder, Term, escape};

/// One `except` clause, its parts already built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handler {
    /// The condition, an `Expression`; `None` for the bare clause, which comes last.
    pub condition: Option<Id>,
    /// The `Target` after `as`; never with a bare clause.
    pub name: Option<Id>,
    /// The clause's `Statement`.
    pub body: Id,
}

/// Statements that a suite nests to the right.
const LONG: usize = 200;

/// A [`Builder`] that also numbers `try` statements and plants their markers.
///
/// ```
/// use trylemma::python::syntax::Instrumenter;
///
/// let mut p = Instrumenter::default();
/// let label = p.label();
/// let (suite, clause) = (p.atom("pass"), p.atom("break"));
/// let root = p.try_finally(label, suite, clause);
/// assert_eq!(
///     p.finish(root).to_string(),
///     "(watch (try-finally-statement 0) (try-finally \
///      (watch (suite 0) pass) (watch (finally 0) break)))"
/// );
/// ```
#[derive(Debug, Default, Clone)]
pub struct Instrumenter {
    builder: Builder,
    next_label: usize,
    statements: Statements,
}

/// Labels from here on are those of statements of the library, so that nobody is told of hazards that are not theirs.
pub const LIBRARY: usize = 1_000_000;

impl Instrumenter {
    /// The label that is handed out next.
    pub fn next_label(&self) -> usize {
        self.next_label
    }

    /// Makes `next` the next label.
    pub fn count_from(&mut self, next: usize) {
        self.next_label = next;
    }

    /// The builder underneath, for terms that need no markers.
    pub fn builder(&mut self) -> &mut Builder {
        &mut self.builder
    }

    /// Adds `(op args…)`.
    pub fn node(&mut self, op: &str, args: impl IntoIterator<Item = Id>) -> Id {
        self.builder.node(op, args)
    }

    /// Adds a nullary constructor or an atom; free text goes through [`escape`].
    pub fn atom(&mut self, name: &str) -> Id {
        self.builder.atom(name)
    }

    /// Adds `(op text)` with the text escaped.
    pub fn literal(&mut self, op: &str, text: &str) -> Id {
        self.builder.literal(op, text)
    }

    /// The value that a `(const value)` gives.
    pub fn constant(&self, expression: Id) -> Option<Id> {
        let node = self.builder.get(expression);
        (node.op.as_str() == "const").then(|| node.args.first().copied()).flatten()
    }

    /// The term under `root`.
    pub fn finish(&self, root: Id) -> Term {
        self.builder.finish(root)
    }

    /// Hands out the next label: 0, 1, 2 and so on. Labels count `try` statements in
    /// source order, so call it on entering a statement, before building its parts.
    pub fn label(&mut self) -> usize {
        let label = self.next_label;
        self.next_label += 1;
        label
    }

    /// Hands out the next label, to a statement of a file whose lines are known.
    pub(super) fn label_at(&mut self, lines: Clauses) -> usize {
        let label = self.label();
        self.statements.insert(label, lines);
        label
    }

    /// The statements whose lines are known, by their labels.
    pub(super) fn take_statements(&mut self) -> Statements {
        std::mem::take(&mut self.statements)
    }

    /// A `try` with `finally` alone: `suite` and `clause` are statements.
    pub fn try_finally(&mut self, label: usize, suite: Id, clause: Id) -> Id {
        let suite = self.watch("suite", label, suite);
        let clause = self.watch("finally", label, clause);
        let statement = self.node("try-finally", [suite, clause]);
        self.watch("try-finally-statement", label, statement)
    }

    /// A `with` statement of one item.
    pub fn with_block(&mut self, label: usize, manager: Id, target: Id, body: Id) -> Id {
        let number = self.atom(&label.to_string());
        let statement = self.node("with", [number, manager, target, body]);
        self.watch("with-statement", label, statement)
    }

    /// A `try` with `except*` clauses, none of them bare.
    pub fn try_star(&mut self, label: usize, suite: Id, handlers: &[Handler], orelse: Id) -> Id {
        let number = self.atom(&label.to_string());
        let mut clauses = self.atom("no-star-clause");
        for handler in handlers.iter().rev() {
            let Some(condition) = handler.condition else { continue };
            let binder = self.binder(handler);
            clauses = self.node("star-clause", [condition, binder, handler.body, clauses]);
        }
        let statement = self.node("try-star", [number, suite, clauses, orelse]);
        self.watch("try-star-statement", label, statement)
    }

    /// A `try` with `except` clauses; `orelse` is `pass` where there is no `else`.
    ///
    /// Clauses after a bare one would never be searched and are left out of the
    /// term, as Python's grammar forbids them.
    pub fn try_except(&mut self, label: usize, suite: Id, handlers: &[Handler], orelse: Id) -> Id {
        let suite = self.watch("suite", label, suite);
        let orelse = self.watch("else", label, orelse);
        let clauses = self.clauses(label, handlers);
        let mut statement = self.node("try-except", [suite, clauses, orelse]);
        for (i, handler) in handlers.iter().enumerate().rev() {
            if let Some(target) = handler.name {
                let marker = self.clause_marker("handler", label, i);
                statement = self.node("probe", [marker, target, statement]);
            }
        }
        let marker = self.clause_marker("try-except-statement", label, handlers.len());
        self.node("watch", [marker, statement])
    }

    fn binder(&mut self, handler: &Handler) -> Id {
        match handler.name {
            Some(target) => self.node("as", [target]),
            None => self.atom("anonymous"),
        }
    }

    fn clauses(&mut self, label: usize, handlers: &[Handler]) -> Id {
        let mut rest = self.atom("no-clause");
        for (i, handler) in handlers.iter().enumerate().rev() {
            let kind = if handler.condition.is_some() { "handler" } else { "bare-handler" };
            let marker = self.clause_marker(kind, label, i);
            let body = self.node("watch", [marker, handler.body]);
            rest = match handler.condition {
                None => self.node("bare", [body]),
                Some(condition) => {
                    let marker = self.clause_marker("condition", label, i);
                    let condition = self.node("observe", [marker, condition]);
                    let binder = self.binder(handler);
                    self.node("clause", [condition, binder, body, rest])
                }
            };
        }
        rest
    }

    /// The value of a function whose body is watched.
    pub fn function(&mut self, name: &str, params: &[&str], body: Id) -> Id {
        let mut list = self.atom("no-parameters");
        for param in params {
            let param = self.atom(&escape(param));
            list = self.node("parameters", [list, param]);
        }
        let name = self.atom(&escape(name));
        let marker = self.node("body", [name]);
        let body = self.node("watch", [marker, body]);
        self.node("function", [name, list, body])
    }

    /// Whether a statement does nothing.
    pub fn is_pass(&self, statement: Id) -> bool {
        self.builder.get(statement).op.as_str() == "pass"
    }

    /// A statement at a source line, counted from 1.
    pub fn at(&mut self, line: usize, statement: Id) -> Id {
        let line = self.atom(&line.to_string());
        self.node("at", [line, statement])
    }

    /// The statements one after the other; `pass` for none. A long suite is a suite of two halves, so that its
    /// term is not as deep as it is long.
    pub fn seq(&mut self, statements: &[Id]) -> Id {
        let Some((&last, rest)) = statements.split_last() else {
            return self.atom("pass");
        };
        if statements.len() > LONG {
            let (first, rest) = statements.split_at(statements.len() / 2);
            let parts = [self.seq(first), self.seq(rest)];
            return self.node("seq", parts);
        }
        rest.iter().rev().fold(last, |tail, &head| self.node("seq", [head, tail]))
    }

    /// The target `(local name)`.
    pub fn local(&mut self, name: &str) -> Id {
        self.literal("local", name)
    }

    /// The target `(global name)`.
    pub fn global(&mut self, name: &str) -> Id {
        self.literal("global", name)
    }

    /// The values, in order, as a `Values`.
    pub fn values(&mut self, values: &[Id]) -> Id {
        let empty = self.atom("no-values");
        values.iter().fold(empty, |list, &value| self.node("values", [list, value]))
    }

    /// The expressions, in order, as an `Arguments`.
    pub fn arguments(&mut self, arguments: &[Id]) -> Id {
        let empty = self.atom("no-arguments");
        arguments.iter().rev().fold(empty, |rest, &first| self.node("arguments", [first, rest]))
    }

    /// The class that a `class name(base): pass` (label `file`) or an unseen
    /// definition (label `opaque`) makes; `base` is a class value.
    pub fn class_value(&mut self, name: &str, label: &str, base: Id) -> Id {
        let none = self.atom("no-bases");
        let bases = self.node("bases", [base, none]);
        let name = self.atom(&escape(name));
        let label = self.atom(label);
        self.node("class", [name, label, bases])
    }

    /// An instance of a class value, with the values of its arguments. Its number is 0, that of
    /// an exception which was not raised yet.
    pub fn exception(&mut self, class: Id, args: &[Id]) -> Id {
        let args = self.values(args);
        let number = self.atom("0");
        self.node("exception", [class, args, number])
    }

    /// An instance of each of these classes, with arguments of which nothing is known.
    pub fn exceptions_of_unknowns(&mut self, classes: &[Id]) -> Vec<Id> {
        let plain: Vec<Id> = classes.iter().map(|class| self.exception(*class, &[])).collect();
        let error = self.unknown(hidden::ERROR, None, &plain);
        classes.iter().map(|class| self.exception(*class, &[error])).collect()
    }

    /// An unknown value: what a call of it may return (`None` for anything) and
    /// which exceptions it may raise.
    pub fn unknown(&mut self, name: &str, returns: Option<&[Id]>, raises: &[Id]) -> Id {
        let returns = match returns {
            None => self.atom("anything"),
            Some(values) => {
                let values = self.values(values);
                self.node("one-of", [values])
            }
        };
        let raises = self.values(raises);
        let outcomes = self.node("outcomes", [returns, raises]);
        let name = self.atom(&escape(name));
        let number = self.atom("0");
        self.node("unknown", [name, number, outcomes])
    }

    /// The bindings as an `Env`, sorted by the bytes of the names' atoms, the least
    /// outermost. A later binding of a name replaces an earlier one.
    pub fn env<'a>(&mut self, bindings: impl IntoIterator<Item = (&'a str, Id)>) -> Id {
        let empty = self.atom("no-names");
        self.env_on(empty, bindings)
    }

    /// The bindings in front of others, none of which have such names.
    pub fn env_on<'a>(&mut self, last: Id, bindings: impl IntoIterator<Item = (&'a str, Id)>) -> Id {
        let sorted: std::collections::BTreeMap<String, Id> =
            bindings.into_iter().map(|(name, value)| (escape(name), value)).collect();
        sorted.into_iter().rev().fold(last, |rest, (name, value)| {
            let name = self.atom(&name);
            self.node("binding", [name, value, rest])
        })
    }

    /// A statement watched by `(kind label)`.
    fn watch(&mut self, kind: &str, label: usize, statement: Id) -> Id {
        let label = self.atom(&label.to_string());
        let marker = self.node(kind, [label]);
        self.node("watch", [marker, statement])
    }

    /// The marker `(kind label number)`.
    fn clause_marker(&mut self, kind: &str, label: usize, number: usize) -> Id {
        let label = self.atom(&label.to_string());
        let number = self.atom(&number.to_string());
        self.node(kind, [label, number])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_observed_and_named_ones_probed() {
        let mut p = Instrumenter::default();
        let label = p.label();
        let (suite, body, orelse) = (p.atom("break"), p.atom("continue"), p.atom("pass"));
        let target = p.local("e");
        let none = p.atom("none");
        let condition = p.node("const", [none]);
        let named = Handler { condition: Some(condition), name: Some(target), body };
        let bare = Handler { condition: None, name: None, body };
        let root = p.try_except(label, suite, &[named, bare], orelse);
        assert_eq!(
            p.finish(root).to_string(),
            "(watch (try-except-statement 0 2) (probe (handler 0 0) (local e) \
             (try-except (watch (suite 0) break) \
             (clause (observe (condition 0 0) (const none)) (as (local e)) \
             (watch (handler 0 0) continue) (bare (watch (bare-handler 0 1) continue))) \
             (watch (else 0) pass))))"
        );
    }

    #[test]
    fn an_environment_is_sorted() {
        let mut p = Instrumenter::default();
        let (one, two) = (p.atom("none"), p.atom("true"));
        let root = p.env([("b", one), ("a", two)]);
        assert_eq!(p.finish(root).to_string(), "(binding a true (binding b none no-names))");
    }

    #[test]
    fn sequences_nest_to_the_right() {
        let mut p = Instrumenter::default();
        let [a, b, c] = ["pass", "break", "continue"].map(|name| p.atom(name));
        let (none, three) = (p.seq(&[]), p.seq(&[a, b, c]));
        assert_eq!(p.finish(none).to_string(), "pass");
        assert_eq!(p.finish(three).to_string(), "(seq pass (seq break continue))");
    }

    #[test]
    fn an_unknown_carries_what_a_call_may_do() {
        let mut p = Instrumenter::default();
        let none = p.atom("none");
        let root = p.unknown("f", Some(&[none]), &[]);
        assert_eq!(
            p.finish(root).to_string(),
            "(unknown f 0 (outcomes (one-of (values no-values none)) no-values))"
        );
    }
}
