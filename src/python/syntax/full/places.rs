//! Where control is, for programs that ask tracebacks for lines or import `warnings`: the local `.place` of each activation.
//!
//! CPython notes a line for each instruction. Here each statement sets the place, and so does an operand that stands on
//! another line than what it is an operand of.

use egg::Id;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextSize};

use crate::python::syntax::full::{Scope, Whole};

/// Names of attributes that only a program has which asks a traceback for its entries.
const ASKED: [&str; 3] = ["tb_next", "tb_lineno", "tb_frame"];

/// Whether a text asks tracebacks for their entries.
pub(in crate::python::syntax) fn asks(text: &str) -> bool {
    ASKED.iter().any(|name| text.contains(name))
        // Whether a warning is shown again depends on its line.
        || ["import warnings", "from warnings"].iter().any(|import| text.contains(import))
}

/// The line that an expression's own operation is on: for attributes and methods that of their name.
fn start_of(expr: &Expr) -> TextSize {
    match expr {
        Expr::Attribute(attribute) => attribute.attr.start(),
        Expr::Call(call) => {
            let starred = call.arguments.args.iter().any(Expr::is_starred_expr)
                || call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
            match &*call.func {
                Expr::Attribute(method) if !starred => method.attr.start(),
                _ => call.start(),
            }
        }
        _ => expr.start(),
    }
}

/// Whether evaluating an expression can raise.
fn may_raise(expr: &Expr) -> bool {
    !(expr.is_literal_expr() || expr.is_lambda_expr() || expr.is_slice_expr())
}

impl Whole<'_> {
    /// The line that control is known to be on, 0 for none.
    pub(super) fn here(&self) -> usize {
        self.line
    }

    /// What follows is lowered as if control came from this line, 0 for any; gives the line before.
    pub(super) fn come_from(&mut self, line: usize) -> usize {
        std::mem::replace(&mut self.line, line)
    }

    /// The value of `.place` for a line of the scope at hand.
    fn place(&mut self, line: usize) -> Id {
        self.place_with(line, false)
    }

    fn place_with(&mut self, line: usize, elsewhere: bool) -> Id {
        let is_inlined = |scope: &&Scope| scope.code_name().ends_with("comp>");
        let inlined = is_inlined(&self.scope());
        let Some(scope) = self.scopes.iter().rev().find(|scope| !is_inlined(scope)) else {
            return self.none();
        };
        let (name, first) = (scope.code_name().to_string(), scope.first_line);
        let name = self.planter.literal("str", &name);
        let file = self.planter.literal("str", self.source.origin);
        let [line, first] = [line, first].map(|number| self.planter.literal("int", &number.to_string()));
        let [inlined, elsewhere] =
            [inlined, elsewhere].map(|flag| self.planter.atom(if flag { "true" } else { "false" }));
        let module = self.module.clone();
        let module = self.planter.literal("str", &module);
        let parts = self.planter.values(&[line, name, first, file, inlined, elsewhere, module]);
        self.planter.node("tuple", [parts])
    }

    /// A statement that sets the place to a line.
    pub(super) fn set_place(&mut self, line: usize) -> Id {
        let place = self.place(line);
        let (target, value) = (self.planter.local(".place"), self.constant(place));
        self.assign(target, value)
    }

    /// A statement of a suite, at its line.
    pub(super) fn placed(&mut self, stmt: &Stmt, line: usize, lowered: Id) -> Id {
        if !self.places || matches!(stmt, Stmt::Global(_) | Stmt::Nonlocal(_)) {
            return lowered;
        }
        let set = self.set_place(line);
        self.planter.seq(&[set, lowered])
    }

    /// A statement after which control is on a line again.
    pub(super) fn coming_back(&mut self, line: usize, statement: Id) -> Id {
        if !self.places {
            return statement;
        }
        let place = self.place(line);
        self.planter.node("marked", [place, statement])
    }

    /// The block of a `with` statement, after which control is on its line, whatever way the block is left.
    pub(super) fn leaving_to(&mut self, line: usize, block: Id) -> Id {
        if !self.places {
            return block;
        }
        let place = self.place_with(line, true);
        let block = self.planter.node("marked-raising", [place, block]);
        self.coming_back(line, block)
    }

    /// The line of an expression that is lowered with a place of its own.
    pub(super) fn own_line(&self, expr: &Expr) -> Option<usize> {
        if !self.places || !may_raise(expr) {
            return None;
        }
        Some(self.source.line(start_of(expr))).filter(|line| *line != self.line)
    }

    /// An expression on a line of its own, after which control is where it was.
    pub(super) fn located(&mut self, line: usize, expression: Id) -> Id {
        let back = if self.line == 0 { line } else { self.line };
        let [place, back] = [line, back].map(|line| self.place(line));
        self.planter.node("located", [place, back, expression])
    }
}
