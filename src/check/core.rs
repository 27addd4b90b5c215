//! Programs of the control core as trees: what the enumerator counts and the
//! strategies draw, before the markers are planted.

use std::fmt;

use egg::Id;

use crate::python::print;
use crate::python::{Handler, Instrumenter};
use crate::term::Term;

/// A statement or block of the core. `A` and `B` are unrelated exception classes and
/// `C` derives from `A`; `f()` is an unknown call and `c()` an unknown condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Core {
    /// `pass`
    Pass,
    /// `raise A`, `raise B` or `raise C`
    Raise(&'static str),
    /// `raise`
    Reraise,
    /// `return` of a number of its own
    Return,
    /// `print("e")`
    Event,
    /// `f()`
    Call,
    /// `break`, inside a loop only
    Break,
    /// `continue`, inside a loop only
    Continue,
    /// One statement and then another; the first is no sequence.
    Seq(Box<Core>, Box<Core>),
    /// `if c(): … else: …`
    If(Box<Core>, Option<Box<Core>>),
    /// `while c(): … else: …`
    While(Box<Core>, Option<Box<Core>>),
    /// `for _ in (None, None): …`
    For(Box<Core>),
    /// `try: … finally: …`
    TryFinally(Box<Core>, Box<Core>),
    /// `try: … except …: … else: …`, with one clause at least
    TryExcept(Box<Core>, Vec<Clause>, Option<Box<Core>>),
    /// A part that is left open, by its number
    Hole(usize),
}

/// An `except` clause.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clause {
    /// What it matches; `None` for the bare clause, which comes last.
    pub condition: Option<Condition>,
    /// Its body.
    pub body: Core,
}

/// The condition of a clause: one class, or a tuple of several, and the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The classes.
    pub classes: &'static [&'static str],
    /// The name behind `as`.
    pub name: Option<&'static str>,
}

/// The conditions that clauses of the core have.
pub const CONDITIONS: [Condition; 5] = [
    Condition { classes: &["A"], name: None },
    Condition { classes: &["B"], name: None },
    Condition { classes: &["C"], name: None },
    Condition { classes: &["A", "B"], name: None },
    Condition { classes: &["A"], name: Some("e") },
];

/// The program in Python.
impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::program(&self.term()))
    }
}

impl Core {
    /// The number of statements, and one for each join of two in a sequence.
    pub fn size(&self) -> usize {
        let optional = |part: &Option<Box<Core>>| part.as_ref().map_or(0, |part| part.size());
        match self {
            Core::Seq(first, second) | Core::TryFinally(first, second) => 1 + first.size() + second.size(),
            Core::For(body) => 1 + body.size(),
            Core::If(body, orelse) | Core::While(body, orelse) => 1 + body.size() + optional(orelse),
            Core::TryExcept(suite, clauses, orelse) => {
                let clauses: usize = clauses.iter().map(|clause| clause.body.size()).sum();
                1 + suite.size() + clauses + optional(orelse)
            }
            _ => 1,
        }
    }

    #[doc(hidden)]
    /// The program as a core term, its markers planted.
    pub fn term(&self) -> Term {
        self.build(None)
    }

    #[doc(hidden)]
    /// The term of a part of a program that stands at a position: its statements are told from all
    /// others, however alike, by where they stand. Positions count the nodes of a program in
    /// source order; they are the labels of `try` statements, the values of `return`s, and
    /// the lines of the other statements of size 1.
    pub fn placed(&self, position: usize) -> Term {
        self.build(Some(position))
    }

    fn build(&self, position: Option<usize>) -> Term {
        let mut build = Build { instrumenter: Instrumenter::default(), returns: 0, position };
        let root = build.statement(self);
        build.instrumenter.finish(root)
    }
}

impl Core {
    /// The well-formed programs that are one step simpler, smallest first: a part in place of the
    /// whole, `pass` in place of a statement, an `else` or a clause left out.
    pub fn simpler(&self) -> Vec<Core> {
        let mut found: Vec<Core> =
            self.reductions().into_iter().filter(|core| core.jumps_have_loops()).collect();
        found.sort_by_cached_key(Core::size);
        found
    }

    /// Whether each `break` and `continue` stands in a loop.
    pub fn jumps_have_loops(&self) -> bool {
        match self {
            Core::Break | Core::Continue => false,
            Core::For(_) => true,
            Core::While(_, orelse) => orelse.as_ref().is_none_or(|part| part.jumps_have_loops()),
            _ => self.parts().into_iter().all(Core::jumps_have_loops),
        }
    }

    /// The statements that stand directly in this one.
    fn parts(&self) -> Vec<&Core> {
        match self {
            Core::Seq(first, second) | Core::TryFinally(first, second) => vec![first, second],
            Core::For(body) => vec![body],
            Core::If(body, orelse) | Core::While(body, orelse) => {
                std::iter::once(&**body).chain(orelse.as_deref()).collect()
            }
            Core::TryExcept(suite, clauses, orelse) => std::iter::once(&**suite)
                .chain(clauses.iter().map(|clause| &clause.body))
                .chain(orelse.as_deref())
                .collect(),
            _ => Vec::new(),
        }
    }

    fn reductions(&self) -> Vec<Core> {
        let mut found: Vec<Core> = self.parts().into_iter().cloned().collect();
        if *self != Core::Pass {
            found.push(Core::Pass);
        }
        for (place, part) in self.parts().into_iter().enumerate() {
            found.extend(part.reductions().into_iter().filter_map(|simpler| self.with_part(place, simpler)));
        }
        match self {
            Core::If(body, Some(_)) => found.push(Core::If(body.clone(), None)),
            Core::While(body, Some(_)) => found.push(Core::While(body.clone(), None)),
            Core::TryExcept(suite, clauses, orelse) => {
                if orelse.is_some() {
                    found.push(Core::TryExcept(suite.clone(), clauses.clone(), None));
                }
                if clauses.len() > 1 {
                    found.extend((0..clauses.len()).map(|place| {
                        let mut fewer = clauses.clone();
                        fewer.remove(place);
                        Core::TryExcept(suite.clone(), fewer, orelse.clone())
                    }));
                }
            }
            _ => {}
        }
        found
    }

    /// The statement with another direct part; `None` where that would not be a tree of the
    /// core: a sequence in front, or an explicit `else: pass`.
    fn with_part(&self, place: usize, part: Core) -> Option<Core> {
        let mut whole = self.clone();
        match &mut whole {
            Core::Seq(first, second) => match (place, &part) {
                (0, Core::Seq(..)) => return None,
                (0, _) => **first = part,
                _ => **second = part,
            },
            Core::For(body) => **body = part,
            Core::TryFinally(first, second) => **(if place == 0 { first } else { second }) = part,
            Core::If(body, orelse) | Core::While(body, orelse) => match (place, orelse) {
                (0, _) => **body = part,
                (_, Some(orelse)) if part != Core::Pass => **orelse = part,
                _ => return None,
            },
            Core::TryExcept(suite, clauses, orelse) => {
                match (place, clauses.get_mut(place.wrapping_sub(1)), orelse) {
                    (0, _, _) => **suite = part,
                    (_, Some(clause), _) => clause.body = part,
                    (_, None, Some(orelse)) if part != Core::Pass => **orelse = part,
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(whole)
    }
}

struct Build {
    instrumenter: Instrumenter,
    /// Each `return` yields another number, so that one can be told from another.
    returns: usize,
    /// The position of the next statement, where statements are told apart by it.
    position: Option<usize>,
}

impl Build {
    fn statement(&mut self, core: &Core) -> Id {
        let Some(position) = self.position else { return self.unplaced(core) };
        self.position = Some(position + 1);
        self.instrumenter.count_from(position);
        self.returns = position;
        let statement = self.unplaced(core);
        match core {
            Core::Pass | Core::Raise(_) | Core::Reraise | Core::Event | Core::Call => {
                self.instrumenter.at(position, statement)
            }
            Core::Break | Core::Continue => self.instrumenter.at(position, statement),
            _ => statement,
        }
    }

    fn unplaced(&mut self, core: &Core) -> Id {
        match core {
            Core::Pass => self.instrumenter.atom("pass"),
            Core::Reraise => self.instrumenter.atom("reraise"),
            Core::Event => self.event(),
            Core::For(body) => self.two_turns(body),
            Core::Hole(number) => {
                let number = self.instrumenter.atom(&number.to_string());
                self.instrumenter.node("?hole", [number])
            }
            Core::Break => self.instrumenter.atom("break"),
            Core::Continue => self.instrumenter.atom("continue"),
            Core::Raise(class) => {
                let class = self.name(class);
                self.instrumenter.node("raise", [class])
            }
            Core::Return => self.numbered_return(),
            Core::Call => {
                let call = self.call("f");
                self.instrumenter.node("expression", [call])
            }
            Core::Seq(first, second) => {
                let parts = [self.statement(first), self.statement(second)];
                self.instrumenter.node("seq", parts)
            }
            Core::If(body, orelse) => self.conditional("if", body, orelse),
            Core::While(body, orelse) => self.conditional("while", body, orelse),
            Core::TryFinally(suite, clause) => {
                let label = self.instrumenter.label();
                let (suite, clause) = (self.statement(suite), self.statement(clause));
                self.instrumenter.try_finally(label, suite, clause)
            }
            Core::TryExcept(suite, clauses, orelse) => {
                let label = self.instrumenter.label();
                let suite = self.statement(suite);
                let handlers: Vec<Handler> = clauses.iter().map(|clause| self.clause(clause)).collect();
                let orelse = self.optional(orelse);
                self.instrumenter.try_except(label, suite, &handlers, orelse)
            }
        }
    }

    fn numbered_return(&mut self) -> Id {
        self.returns += 1;
        let value = self.instrumenter.literal("int", &self.returns.to_string());
        let value = self.instrumenter.node("const", [value]);
        self.instrumenter.node("return", [value])
    }

    fn event(&mut self) -> Id {
        let text = self.instrumenter.literal("str", "e");
        let text = self.instrumenter.node("const", [text]);
        let arguments = self.instrumenter.arguments(&[text]);
        let print = self.name("print");
        let call = self.instrumenter.node("call", [print, arguments]);
        self.instrumenter.node("expression", [call])
    }

    /// A loop over a tuple of two; its target is bound to None, so that no turn differs
    /// from another in what it leaves.
    fn two_turns(&mut self, body: &Core) -> Id {
        let none = self.instrumenter.atom("none");
        let values = self.instrumenter.values(&[none, none]);
        let tuple = self.instrumenter.node("tuple", [values]);
        let tuple = self.instrumenter.node("const", [tuple]);
        let target = self.instrumenter.local("_");
        let (body, orelse) = (self.statement(body), self.instrumenter.atom("pass"));
        self.instrumenter.node("for", [target, tuple, body, orelse])
    }

    fn conditional(&mut self, op: &str, body: &Core, orelse: &Option<Box<Core>>) -> Id {
        let condition = self.call("c");
        let body = self.statement(body);
        let orelse = self.optional(orelse);
        self.instrumenter.node(op, [condition, body, orelse])
    }

    fn optional(&mut self, part: &Option<Box<Core>>) -> Id {
        match part {
            Some(part) => self.statement(part),
            None => self.instrumenter.atom("pass"),
        }
    }

    fn clause(&mut self, clause: &Clause) -> Handler {
        let classes = clause.condition.map_or(&[] as &[&str], |condition| condition.classes);
        let names: Vec<Id> = classes.iter().map(|class| self.name(class)).collect();
        let condition = match names.as_slice() {
            [] => None,
            [class] => Some(*class),
            many => {
                let members = self.instrumenter.arguments(many);
                Some(self.instrumenter.node("tuple-display", [members]))
            }
        };
        let name = clause.condition.and_then(|c| c.name).map(|name| self.instrumenter.local(name));
        Handler { condition, name, body: self.statement(&clause.body) }
    }

    fn name(&mut self, name: &str) -> Id {
        let target = self.instrumenter.global(name);
        self.instrumenter.node("name", [target])
    }

    fn call(&mut self, function: &str) -> Id {
        let function = self.name(function);
        let arguments = self.instrumenter.atom("no-arguments");
        self.instrumenter.node("call", [function, arguments])
    }
}

/// The initial global names of every core program: the classes; `f`, which may
/// return or raise anything that matters; and `c`, which returns True or False.
/// The arguments are the values of the builtin classes Exception and BaseException.
pub fn globals(exception: &Term, base_exception: Option<&Term>) -> Term {
    let mut p = Instrumenter::default();
    let exception = p.builder().splice(exception);
    let base_exception = base_exception.map(|class| p.builder().splice(class));
    let a = p.class_value("A", "file", exception);
    let b = p.class_value("B", "file", exception);
    let c = p.class_value("C", "file", a);
    let classes: Vec<Id> = [a, b, c, exception].into_iter().chain(base_exception).collect();
    let call = raising(&mut p, None, &classes);
    let answers = [p.atom("true"), p.atom("false")];
    let condition = p.unknown("c", Some(&answers), &[]);
    let env = p.env([("A", a), ("B", b), ("C", c), ("f", call), ("c", condition)]);
    p.finish(env)
}

/// The initial global names of the programs for comparisons: the classes `A` and `B`, `print`,
/// and `f`, which returns None or raises one of them. The argument is the value of Exception.
pub fn globals_for_comparisons(exception: &Term) -> Term {
    let mut p = Instrumenter::default();
    let exception = p.builder().splice(exception);
    let a = p.class_value("A", "file", exception);
    let b = p.class_value("B", "file", exception);
    let none = p.atom("none");
    let call = raising(&mut p, Some(&[none]), &[a, b]);
    let print = p.atom("print-builtin");
    let env = p.env([("A", a), ("B", b), ("f", call), ("print", print)]);
    p.finish(env)
}

/// The unknown `f`, which returns one of the values, or anything, or raises one of the classes.
fn raising(p: &mut Instrumenter, returns: Option<&[Id]>, classes: &[Id]) -> Id {
    let raised: Vec<Id> = classes.iter().map(|class| p.exception(*class, &[])).collect();
    p.unknown("f", returns, &raised)
}
