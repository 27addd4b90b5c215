//! Where control is, for programs that ask tracebacks for lines, import `warnings` or are warned of a line: the local
//! `.place` of each activation.
//!
//! CPython notes a line for each instruction. Here each statement sets the place, and so does an operand that stands on
//! another line than what it is an operand of.

use egg::Id;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprCall, Stmt};

use crate::python::syntax::lower::spots::Spot;
use crate::python::syntax::lower::{Lowerer, Scope};
use crate::python::values::hidden;

/// Names of attributes that only a program has which asks a traceback for its entries.
const ASKED: [&str; 3] = ["tb_next", "tb_lineno", "tb_frame"];

/// What a file asks for of where control is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::python::syntax) enum Asked {
    /// Nothing.
    #[default]
    Nothing,
    /// The line: it imports `warnings`, since whether a warning is shown again depends on its line, or may call `throw` with more
    /// than an exception, which is warned of at its line.
    Lines,
    /// The entries of tracebacks, too.
    Entries,
}

/// What a file asks for.
pub(in crate::python::syntax) fn asks(suite: &[Stmt]) -> Asked {
    let mut asking = Asking(Asked::Nothing);
    suite.iter().for_each(|stmt| asking.visit_stmt(stmt));
    asking.0
}

/// Looks for what asks where control is.
struct Asking(Asked);

impl Asking {
    fn name(&mut self, name: &str) {
        if ASKED.contains(&name) {
            self.0 = Asked::Entries;
        } else if name == "throw" {
            self.lines(true);
        }
    }

    fn lines(&mut self, asked: bool) {
        if asked {
            self.0 = self.0.max(Asked::Lines);
        }
    }
}

impl<'a> Visitor<'a> for Asking {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let is_warnings = |module: &str| module == "warnings";
        match stmt {
            Stmt::Import(import) => self.lines(import.names.iter().any(|alias| is_warnings(&alias.name))),
            Stmt::ImportFrom(import) => self.lines(import.module.as_deref().is_some_and(is_warnings)),
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) if throws_short(call) => {
                if let Expr::Attribute(attribute) = &*call.func {
                    self.visit_expr(&attribute.value);
                }
                return call.arguments.args.iter().for_each(|argument| self.visit_expr(argument));
            }
            Expr::Attribute(attribute) => self.name(&attribute.attr),
            // As `getattr` takes it.
            Expr::StringLiteral(text) => self.name(text.value.to_str()),
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

/// Whether a call is one of `throw` with an exception alone.
fn throws_short(call: &ExprCall) -> bool {
    let is_throw = matches!(&*call.func, Expr::Attribute(attribute) if attribute.attr.as_str() == "throw");
    let arguments = &call.arguments;
    is_throw
        && arguments.keywords.is_empty()
        && arguments.args.len() < 2
        && !arguments.args.iter().any(Expr::is_starred_expr)
}

/// Whether evaluating an expression can raise.
fn may_raise(expr: &Expr) -> bool {
    !(expr.is_literal_expr() || expr.is_lambda_expr() || expr.is_slice_expr())
}

impl Lowerer<'_> {
    /// What states hold of where control is: whether statements have their lines, and what else is asked for. Of a run nothing is left
    /// out.
    pub(in crate::python::syntax) fn note_places(&mut self, lines: bool, asked: Asked, run: bool) {
        (self.lines, self.places) = (lines, asked > Asked::Nothing);
        self.finder.entries = self.places && (run || asked == Asked::Entries);
    }

    /// What follows is lowered as if control came from this spot; gives the one before.
    pub(super) fn come_from(&mut self, spot: Spot) -> Spot {
        std::mem::replace(&mut self.spot, spot)
    }

    /// The value of `.place` for a spot of the scope at hand.
    fn place(&mut self, spot: &Spot) -> Id {
        self.place_with(spot, false)
    }

    fn place_with(&mut self, spot: &Spot, elsewhere: bool) -> Id {
        let is_inlined = |scope: &&Scope| scope.code_name().ends_with("comp>");
        let inlined = is_inlined(&self.scope());
        let Some(scope) = self.scopes.iter().rev().find(|scope| !is_inlined(scope)) else {
            return self.none();
        };
        let (name, first) = (scope.code_name().to_string(), scope.first_line);
        let module = self.module.clone();
        let [name, file, module] =
            [&name, self.source.origin, &module].map(|text| self.instrumenter.literal("str", text));
        let shown = match self.finder.entries {
            true => self.instrumenter.literal("str", &spot.shown),
            false => self.instrumenter.atom("none"),
        };
        let [line, first] =
            [spot.line, first].map(|number| self.instrumenter.literal("int", &number.to_string()));
        let [inlined, elsewhere] =
            [inlined, elsewhere].map(|flag| self.instrumenter.atom(if flag { "true" } else { "false" }));
        let parts = self.instrumenter.values(&[line, name, first, file, inlined, elsewhere, module, shown]);
        self.instrumenter.node("tuple", [parts])
    }

    /// A statement that sets the place to a spot.
    pub(super) fn set_place(&mut self, spot: &Spot) -> Id {
        let place = self.place(spot);
        let (target, value) = (self.instrumenter.local(hidden::PLACE), self.constant(place));
        self.assign(target, value)
    }

    /// A statement of a suite, at its spot.
    pub(super) fn placed(&mut self, stmt: &Stmt, spot: &Spot, lowered: Id) -> Id {
        if !self.places || matches!(stmt, Stmt::Global(_) | Stmt::Nonlocal(_)) {
            return lowered;
        }
        let set = self.set_place(spot);
        self.instrumenter.seq(&[set, lowered])
    }

    /// A statement after which control is on a spot again.
    pub(super) fn coming_back(&mut self, spot: &Spot, statement: Id) -> Id {
        if !self.places {
            return statement;
        }
        let place = self.place(spot);
        self.instrumenter.node("marked", [place, statement])
    }

    /// The body of a generator, guarded where the file asks for that.
    pub(super) fn generator_body(&mut self, line: usize, body: Id) -> Id {
        let body = if self.guards_generators { self.instrumenter.node("guarded", [body]) } else { body };
        self.standing(line, body)
    }

    /// The body of a generator, which stands on the line that its code begins on until it starts.
    fn standing(&mut self, line: usize, body: Id) -> Id {
        if !self.places {
            return body;
        }
        let place = self.place(&Spot { line, shown: String::new() });
        self.instrumenter.node("standing", [place, body])
    }

    /// The block of a `with` statement, after which control is on its spot, whatever way the block is left.
    pub(super) fn leaving_to(&mut self, spot: &Spot, block: Id) -> Id {
        if !self.places {
            return block;
        }
        let place = self.place_with(spot, true);
        let block = self.instrumenter.node("marked-raising", [place, block]);
        self.coming_back(spot, block)
    }

    /// The spot of an expression that is lowered with a place of its own.
    pub(super) fn own_spot(&self, expr: &Expr) -> Option<Spot> {
        if !self.places || !may_raise(expr) {
            return None;
        }
        Some(self.source.spot_of(expr)).filter(|spot| *spot != self.spot)
    }

    /// An expression on a spot of its own, after which control is where it was.
    pub(super) fn located(&mut self, spot: &Spot, expression: Id) -> Id {
        let back = if self.spot == Spot::NOWHERE { spot.clone() } else { self.spot.clone() };
        let [place, back] = [spot, &back].map(|spot| self.place(spot));
        self.instrumenter.node("located", [place, back, expression])
    }
}
