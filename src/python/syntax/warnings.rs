//! What CPython 3.14 warns of when it compiles a file: jumps out of `finally` (PEP 765), and code that can
//! hardly be meant.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{CmpOp, Expr, ExprCompare, ExprContext, FStringPart, Number, Stmt};
use ruff_text_size::{Ranged, TextSize};

use crate::python::syntax::blocks;
use crate::python::syntax::parse::Source;

/// The warnings, each as it is written on stderr: those of the parser first, then jumps, then the rest.
pub(super) fn of(source: &Source, body: &[Stmt]) -> Vec<String> {
    let mut warnings = Warnings { source, escapes: Vec::new(), jumps: Vec::new(), others: Vec::new() };
    warnings.visit_body(body);
    for (stmt, word) in blocks::jumps_out_of_finally(source, body) {
        let warning = warnings.warning(stmt.start(), &format!("'{word}' in a 'finally' block"));
        warnings.jumps.push(warning);
    }
    let Warnings { escapes, jumps, others, .. } = warnings;
    let shown = |name: &str, told| if source.timeline.has(name) { told } else { Vec::new() };
    let [escapes, jumps] = [shown("warning.escape", escapes), shown("warning.finally", jumps)];
    [escapes, jumps, shown("warning.literal", others)].concat()
}

struct Warnings<'s, 'a> {
    source: &'s Source<'a>,
    escapes: Vec<String>,
    jumps: Vec<String>,
    others: Vec<String>,
}

impl Warnings<'_, '_> {
    fn warning(&self, at: TextSize, message: &str) -> String {
        let line = self.source.line(at);
        let text = self.source.text.lines().nth(line - 1).unwrap_or_default().trim();
        format!("{}:{line}: SyntaxWarning: {message}\n  {text}\n", self.source.origin)
    }

    fn warn(&mut self, at: &impl Ranged, message: &str) {
        let warning = self.warning(at.start(), message);
        self.others.push(warning);
    }

    /// `is` with a literal on one side.
    fn comparison(&mut self, compare: &ExprCompare) {
        let mut left = &*compare.left;
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let literal = [left, right].into_iter().find_map(compared_literal);
            let (is, equals) = match op {
                CmpOp::Is => ("is", "=="),
                _ => ("is not", "!="),
            };
            if let (CmpOp::Is | CmpOp::IsNot, Some(kind)) = (op, literal) {
                let text = format!("\"{is}\" with '{kind}' literal. Did you mean \"{equals}\"?");
                return self.warn(compare, &text);
            }
            left = right;
        }
    }

    fn subscript(&mut self, value: &Expr, index: &Expr) {
        let Some(kind) = kind(value) else { return };
        if !matches!(kind, "str" | "bytes" | "tuple" | "list" | "dict") {
            return self
                .warn(value, &format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"));
        }
        if let Some(other) = self::kind(index)
            && !matches!((kind, other), ("dict", _) | (_, "int" | "bool"))
        {
            let text = format!(
                "{kind} indices must be integers or slices, not {other}; perhaps you missed a comma?"
            );
            self.warn(value, &text);
        }
    }

    /// The first escape sequence of a literal that means nothing.
    fn escape(&mut self, at: TextSize, text: &str, bytes: bool) {
        let mut rest = text.char_indices();
        while let Some((place, char)) = rest.next() {
            if char != '\\' {
                continue;
            }
            let Some((_, next)) = rest.next() else { return };
            let meant = "\n\r\\'\"abfnrtvx01234567".contains(next) || (!bytes && "NuU".contains(next));
            let tail = text.get(place + 1..place + 4).unwrap_or_default();
            let octal = ('4'..='7').contains(&next)
                && tail.len() == 3
                && tail.bytes().all(|b| (b'0'..=b'7').contains(&b));
            let (what, kind) = match () {
                () if octal => (tail.to_string(), "octal escape"),
                () if !meant => (next.to_string(), "escape"),
                () => continue,
            };
            let text = format!(
                "\"\\{what}\" is an invalid {kind} sequence. Such sequences will not work in the future. \
                 Did you mean \"\\\\{what}\"? A raw string is also an option."
            );
            let at = at + TextSize::try_from(place).unwrap_or_default();
            let warning = self.warning(at, &text);
            return self.escapes.push(warning);
        }
    }

    fn literal(&mut self, part: &impl Ranged, raw: bool, bytes: bool) {
        if !raw {
            let text = self.source.slice(&part.range());
            self.escape(part.start(), text, bytes);
        }
    }
}

impl Warnings<'_, '_> {
    fn fstring(&mut self, part: &FStringPart) {
        match part {
            FStringPart::Literal(part) => self.literal(part, part.flags.prefix().is_raw(), false),
            FStringPart::FString(part) => {
                let raw = part.flags.prefix().is_raw();
                part.elements.literals().for_each(|text| self.literal(text, raw, false));
            }
        }
    }
}

impl<'a> Visitor<'a> for Warnings<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Assert(assert) = stmt
            && let Expr::Tuple(tuple) = &*assert.test
            && !tuple.elts.is_empty()
        {
            self.warn(stmt, "assertion is always true, perhaps remove parentheses?");
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Compare(compare) => self.comparison(compare),
            Expr::Subscript(subscript) if subscript.ctx == ExprContext::Load => {
                self.subscript(&subscript.value, &subscript.slice);
            }
            Expr::Call(call) => {
                if let Some(kind) = kind(&call.func).filter(|kind| *kind != "function") {
                    let text = format!("'{kind}' object is not callable; perhaps you missed a comma?");
                    self.warn(&*call.func, &text);
                }
            }
            Expr::StringLiteral(string) => {
                string.value.iter().for_each(|part| self.literal(part, part.flags.prefix().is_raw(), false));
            }
            Expr::BytesLiteral(bytes) => {
                bytes.value.iter().for_each(|part| self.literal(part, part.flags.prefix().is_raw(), true));
            }
            Expr::FString(string) => string.value.as_slice().iter().for_each(|part| self.fstring(part)),
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_annotation(&mut self, _expr: &'a Expr) {}
}

/// The type of a literal or display, where the syntax tells it.
fn kind(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::NoneLiteral(_) => "NoneType",
        Expr::BooleanLiteral(_) => "bool",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::NumberLiteral(number) => match number.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        Expr::StringLiteral(_) | Expr::FString(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        _ => return None,
    })
}

/// The type of a literal whose identity says nothing.
fn compared_literal(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) => kind(expr),
        _ => None,
    }
}
