//! Expressions to core terms.

use egg::Id;
use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprBoolOp, ExprCall, ExprCompare, ExprName, ExprNumberLiteral, ExprStringLiteral,
    ExprUnaryOp, Number, UnaryOp,
};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::limits;
use crate::python::syntax::lower::Lowerer;
use crate::python::syntax::refuse;

/// Classes whose constructors demand arguments of certain types, so that a call
/// does not simply make an instance. A handler may name them.
const DEMANDING: [&str; 5] = [
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
    "ExceptionGroup",
    "BaseExceptionGroup",
];

/// Classes that treat a second argument specially: `OSError` picks a subclass by
/// it, and a `SyntaxError` takes it apart.
const PAIRED: [&str; 6] =
    ["OSError", "IOError", "EnvironmentError", "SyntaxError", "IndentationError", "TabError"];

impl Lowerer<'_> {
    /// Lowers an expression.
    ///
    /// # Errors
    /// What the term language cannot express, and nesting over the limit.
    pub(super) fn expression(&mut self, expr: &Expr) -> Result<Id, Diagnostic> {
        if self.depth >= limits::EXPRESSION {
            return Err(self
                .source
                .error(expr, "the expression is nested too deeply")
                .help(format!("at most {} levels are read", limits::EXPRESSION)));
        }
        self.depth += 1;
        let lowered = self.nested(expr);
        self.depth -= 1;
        lowered
    }

    fn nested(&mut self, expr: &Expr) -> Result<Id, Diagnostic> {
        match expr {
            Expr::Name(name) => self.name(name, false),
            Expr::NoneLiteral(_) => Ok(self.constant("none")),
            Expr::BooleanLiteral(literal) => Ok(self.constant(if literal.value { "true" } else { "false" })),
            Expr::NumberLiteral(number) => self.number(number, ""),
            Expr::StringLiteral(literal) => self.string(literal),
            Expr::Tuple(tuple) => {
                let items = self.expressions(&tuple.elts)?;
                Ok(self.instrumenter.node("tuple-display", [items]))
            }
            Expr::Call(call) => self.call(call),
            Expr::UnaryOp(unary) => self.unary(unary),
            Expr::BoolOp(bool_op) => self.bool_op(bool_op),
            Expr::Compare(compare) => self.compare(compare),
            _ => Err(self.source.refuse(expr, refuse::expression(expr))),
        }
    }

    /// Lowers what stands after `except`, where a demanding class may be named
    /// and a name that no file defines is a class.
    pub(super) fn condition(&mut self, expr: &Expr) -> Result<Id, Diagnostic> {
        match expr {
            Expr::Name(name) => {
                self.note_class(name);
                self.name(name, true)
            }
            Expr::Tuple(tuple) if tuple.elts.iter().all(|item| !item.is_tuple_expr()) => {
                let items: Result<Vec<Id>, _> = tuple.elts.iter().map(|item| self.condition(item)).collect();
                let items = self.instrumenter.arguments(&items?);
                Ok(self.instrumenter.node("tuple-display", [items]))
            }
            _ => self.expression(expr),
        }
    }

    /// Lowers the operand of `raise`, whose name or callee is a class where no file
    /// defines it.
    pub(super) fn raised(&mut self, expr: &Expr) -> Result<Id, Diagnostic> {
        let class = match expr {
            Expr::Call(call) => &*call.func,
            _ => expr,
        };
        if let Expr::Name(name) = class {
            self.note_class(name);
        }
        self.expression(expr)
    }

    /// Notes that `name` is used as a class.
    pub(super) fn note_class(&mut self, name: &ExprName) {
        if !self.scope.locals.contains(name.id.as_str()) {
            self.names.read_as_class(&name.id);
        }
    }

    /// A name that is read; one that is only `tested` against may be a demanding class.
    fn name(&mut self, name: &ExprName, tested: bool) -> Result<Id, Diagnostic> {
        let id = name.id.as_str();
        if !self.scope.locals.contains(id) {
            if !tested && DEMANDING.contains(&id) {
                let construct = format!("`{id}` outside `except` and `isinstance`");
                return Err(self.source.refuse(name, &construct));
            }
            self.names.read(id, &self.scope);
        }
        let target = self.target(id);
        Ok(self.instrumenter.node("name", [target]))
    }

    /// The target that `name` is in the current scope.
    pub(super) fn target(&mut self, name: &str) -> Id {
        if self.scope.locals.contains(name) {
            self.instrumenter.local(name)
        } else {
            self.instrumenter.global(name)
        }
    }

    fn constant(&mut self, value: &str) -> Id {
        let value = self.instrumenter.atom(value);
        self.instrumenter.node("const", [value])
    }

    fn number(&mut self, number: &ExprNumberLiteral, sign: &str) -> Result<Id, Diagnostic> {
        let Number::Int(int) = &number.value else {
            return Err(self.source.refuse(number, "float or complex number"));
        };
        let Some(magnitude) = int.as_i64() else {
            return Err(self.source.refuse(number, "integer of more than 63 bits"));
        };
        let sign = if magnitude == 0 { "" } else { sign };
        let value = self.instrumenter.literal("int", &format!("{sign}{magnitude}"));
        Ok(self.instrumenter.node("const", [value]))
    }

    fn string(&mut self, literal: &ExprStringLiteral) -> Result<Id, Diagnostic> {
        let text = literal.value.to_str();
        // The parser turns a lone surrogate into this character.
        if text.contains('\u{fffd}') && !self.source.slice(literal).contains('\u{fffd}') {
            return Err(self.source.refuse(literal, "surrogate in a string, or `\\ufffd`"));
        }
        let value = self.instrumenter.literal("str", text);
        Ok(self.instrumenter.node("const", [value]))
    }

    fn expressions(&mut self, items: &[Expr]) -> Result<Id, Diagnostic> {
        let items: Result<Vec<Id>, _> = items.iter().map(|item| self.expression(item)).collect();
        Ok(self.instrumenter.arguments(&items?))
    }

    fn call(&mut self, call: &ExprCall) -> Result<Id, Diagnostic> {
        let arguments = &call.arguments;
        let name = match &*call.func {
            Expr::Name(name) if !self.scope.locals.contains(name.id.as_str()) => name.id.as_str(),
            _ => "",
        };
        if PAIRED.contains(&name) && arguments.args.len() > 1 {
            let construct = format!("`{name}` with more than one argument");
            return Err(self.source.refuse(call, &construct));
        }
        let callee = self.expression(&call.func)?;
        if let Some(starred) = arguments.args.iter().find(|arg| arg.is_starred_expr()) {
            return Err(self.source.refuse(starred, "starred argument"));
        }
        let lowered: Result<Vec<Id>, _> = arguments
            .args
            .iter()
            .map(|arg| if name == "isinstance" { self.tested(arg) } else { self.expression(arg) })
            .collect();
        let lowered = lowered?;
        if let Some(keyword) = arguments.keywords.first() {
            return Err(self.source.refuse(keyword, "keyword argument"));
        }
        let lowered = self.instrumenter.arguments(&lowered);
        Ok(self.instrumenter.node("call", [callee, lowered]))
    }

    /// An argument of `isinstance`, which may name a demanding class.
    fn tested(&mut self, expr: &Expr) -> Result<Id, Diagnostic> {
        match expr {
            Expr::Name(name) => self.name(name, true),
            Expr::Tuple(tuple) if tuple.elts.iter().all(Expr::is_name_expr) => {
                let items: Result<Vec<Id>, _> = tuple.elts.iter().map(|item| self.tested(item)).collect();
                let items = self.instrumenter.arguments(&items?);
                Ok(self.instrumenter.node("tuple-display", [items]))
            }
            _ => self.expression(expr),
        }
    }

    fn unary(&mut self, unary: &ExprUnaryOp) -> Result<Id, Diagnostic> {
        match (unary.op, &*unary.operand) {
            (UnaryOp::Not, operand) => {
                let operand = self.expression(operand)?;
                Ok(self.instrumenter.node("not", [operand]))
            }
            // CPython folds the sign of a literal too.
            (UnaryOp::USub, Expr::NumberLiteral(number)) => self.number(number, "-"),
            (op, _) => Err(self.source.refuse(unary, refuse::unary(op))),
        }
    }

    fn bool_op(&mut self, bool_op: &ExprBoolOp) -> Result<Id, Diagnostic> {
        let op = match bool_op.op {
            BoolOp::And => "and",
            BoolOp::Or => "or",
        };
        let values: Result<Vec<Id>, _> = bool_op.values.iter().map(|value| self.expression(value)).collect();
        let values = values?;
        let Some((&last, rest)) = values.split_last() else {
            return Err(self.source.refuse(bool_op, "expression of this form"));
        };
        Ok(rest.iter().rev().fold(last, |tail, &head| self.instrumenter.node(op, [head, tail])))
    }

    fn compare(&mut self, compare: &ExprCompare) -> Result<Id, Diagnostic> {
        let ([op], [right]) = (&*compare.ops, &*compare.comparators) else {
            return Err(self.source.refuse(compare, "chained comparison"));
        };
        let op = match op {
            CmpOp::Is => "is",
            CmpOp::IsNot => "is-not",
            CmpOp::Eq => "eq",
            CmpOp::NotEq => "ne",
            CmpOp::Lt => "lt",
            CmpOp::LtE => "le",
            CmpOp::Gt => "gt",
            CmpOp::GtE => "ge",
            CmpOp::In | CmpOp::NotIn => {
                return Err(self.source.refuse(&compare.range(), "membership test"));
            }
        };
        let left = self.expression(&compare.left)?;
        let right = self.expression(right)?;
        let op = self.instrumenter.atom(op);
        Ok(self.instrumenter.node("compare", [op, left, right]))
    }
}
