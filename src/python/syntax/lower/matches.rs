//! `match` statements: a test of the subject for each case, one after the other, and what its pattern binds.
//!
//! Patterns that look into the subject, at its items or attributes, are not modelled: where all paths are explored they match or
//! do not, and bind unknowns.

use egg::Id;
use ruff_python_ast::{CmpOp, Pattern, PatternMatchClass, Singleton, StmtMatch};

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::symbols::captures;
use crate::python::syntax::lower::unknown::named;
use crate::python::syntax::lower::{Lowered, Lowerer};
use crate::python::syntax::refuse;

impl Lowerer<'_> {
    /// The subject is evaluated once and kept. Each case is a test; the first that succeeds runs its suite.
    pub(super) fn match_statement(&mut self, stmt: &StmtMatch, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let subject = self.keep(&stmt.subject, out)?;
        let mut cases = Vec::new();
        for case in &stmt.cases {
            let pattern = self.pattern(&case.pattern, subject)?;
            let guard = case.guard.as_ref().map(|guard| self.expression(guard)).transpose()?;
            let test = match (pattern, guard) {
                (Some(pattern), Some(guard)) => Some(self.instrumenter.node("and", [pattern, guard])),
                (pattern, guard) => pattern.or(guard),
            };
            let mut body = Vec::new();
            self.forget(subject, &mut body);
            body.push(self.block(&case.body)?);
            cases.push((case, test, self.instrumenter.seq(&body)));
        }
        let mut rest = Vec::new();
        self.forget(subject, &mut rest);
        let mut rest = self.instrumenter.seq(&rest);
        for (case, test, body) in cases.into_iter().rev() {
            // Behind what always matches no case can stand.
            rest = test.map_or(body, |test| self.instrumenter.node("if", [test, body, rest]));
            rest = self.on_line_of(case, rest);
        }
        out.push(rest);
        Ok(())
    }

    /// The test whether the subject matches, which binds what the pattern captures; none of what always matches and binds nothing.
    fn pattern(&mut self, pattern: &Pattern, subject: Id) -> Result<Option<Id>, Diagnostic> {
        let value = self.read(subject);
        Ok(Some(match pattern {
            Pattern::MatchValue(pattern) => {
                let other = self.expression(&pattern.value)?;
                self.comparison(CmpOp::Eq, value, other)
            }
            Pattern::MatchSingleton(pattern) => {
                let singleton = match pattern.value {
                    Singleton::None => "none",
                    Singleton::True => "true",
                    Singleton::False => "false",
                };
                let singleton = self.instrumenter.atom(singleton);
                let singleton = self.constant(singleton);
                self.comparison(CmpOp::Is, value, singleton)
            }
            Pattern::MatchAs(pattern) => {
                let inner = pattern.pattern.as_ref().map(|inner| self.pattern(inner, subject)).transpose()?;
                let Some(name) = &pattern.name else { return Ok(inner.flatten()) };
                let target = self.bound_identifier(name)?;
                let bound = self.captured(target, value);
                match inner.flatten() {
                    Some(test) => self.instrumenter.node("and", [test, bound]),
                    None => bound,
                }
            }
            Pattern::MatchOr(pattern) => {
                let mut tests = Vec::new();
                for alternative in &pattern.patterns {
                    match self.pattern(alternative, subject)? {
                        Some(test) => tests.push(test),
                        // It stands last, and all of it always matches.
                        None if tests.is_empty() => return Ok(None),
                        None => {
                            let always = self.instrumenter.atom("true");
                            tests.push(self.constant(always));
                        }
                    }
                }
                let Some(last) = tests.pop() else { return Ok(None) };
                tests.into_iter().rev().fold(last, |rest, first| self.instrumenter.node("or", [first, rest]))
            }
            Pattern::MatchClass(class) => self.class_pattern(pattern, class, value)?,
            Pattern::MatchSequence(_) | Pattern::MatchMapping(_) | Pattern::MatchStar(_) => {
                self.pattern_as_unknown(pattern)?
            }
        }))
    }

    /// An object of the class; what is asked of its attributes is not modelled.
    fn class_pattern(&mut self, pattern: &Pattern, class: &PatternMatchClass, value: Id) -> Lowered {
        let of = self.expression(&class.cls)?;
        let test = self.operate("isinstance", &[value, of]);
        if class.arguments.patterns.is_empty() && class.arguments.keywords.is_empty() {
            return Ok(test);
        }
        let inside = self.pattern_as_unknown(pattern)?;
        Ok(self.instrumenter.node("and", [test, inside]))
    }

    /// A test that succeeds or fails, and binds unknowns where it succeeds.
    fn pattern_as_unknown(&mut self, pattern: &Pattern) -> Lowered {
        let refusal = self.source.refuse(pattern, refuse::pattern(pattern));
        if !(self.finder.open_world && self.finder.unknown) || self.library {
            return Err(refusal);
        }
        self.report(&refusal);
        let both = [self.instrumenter.atom("true"), self.instrumenter.atom("false")];
        let text = format!("case {}", self.source.slice(pattern));
        let mut test = self.drawn(&text, Some(&both));
        for name in captures(pattern) {
            let target = self.bound_identifier(name)?;
            let value = self.drawn(name, None);
            let bound = self.captured(target, value);
            test = self.instrumenter.node("and", [test, bound]);
        }
        Ok(test)
    }

    /// A value of which nothing is known, or one of some; getting it raises nothing.
    fn drawn(&mut self, name: &str, values: Option<&[Id]>) -> Id {
        let name = named(name);
        let unknown = self.instrumenter.unknown(&name, values, &[]);
        let (callee, arguments) = (self.constant(unknown), self.instrumenter.atom("no-arguments"));
        self.instrumenter.node("call", [callee, arguments])
    }

    /// Binds a name, and is true: nothing is asked of the value.
    pub(super) fn captured(&mut self, target: Id, value: Id) -> Id {
        let bound = self.instrumenter.node("bind", [target, value]);
        let bound = self.binding_inside(target, bound);
        let members = self.instrumenter.arguments(&[bound]);
        self.instrumenter.node("tuple-display", [members])
    }
}
