//! Simple statements.

use ruff_python_ast::{
    Alias, AtomicNodeIndex, Expr, ExprContext, Identifier, Operator, Stmt, StmtAssert, StmtAssign,
    StmtAugAssign, StmtBreak, StmtContinue, StmtDelete, StmtExpr, StmtGlobal, StmtImport, StmtImportFrom,
    StmtPass, StmtRaise, StmtReturn,
};
use ruff_text_size::{Ranged, TextRange};

use crate::python::syntax::old::expressions::{call, keyword, tuple};
use crate::python::syntax::old::operators::operator;
use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};
use crate::python::values::hidden;

impl Reader<'_, '_> {
    pub(super) fn simple(&self, line: &Tree, out: &mut Vec<Stmt>) -> Read<()> {
        for part in line.parts() {
            if part.range().is_empty() || self.is(part, ";") {
                continue;
            }
            out.push(self.small(part)?);
        }
        Ok(())
    }

    fn small(&self, part: &Tree) -> Read<Stmt> {
        let range = part.range();
        let parts = part.parts();
        Ok(match part.rule() {
            "bind" => return self.bind(part),
            "yield" => self.performed(self.expression(part)?, range),
            "print" => self.print(part)?,
            "exec" => self.exec(part)?,
            "del" => return self.delete(part),
            "pass" => Stmt::Pass(StmtPass { node_index: AtomicNodeIndex::NONE, range }),
            "break" => Stmt::Break(StmtBreak { node_index: AtomicNodeIndex::NONE, range }),
            "continue" => Stmt::Continue(StmtContinue { node_index: AtomicNodeIndex::NONE, range }),
            "return" => Stmt::Return(StmtReturn {
                node_index: AtomicNodeIndex::NONE,
                range,
                value: self.optional(parts.get(1))?,
            }),
            "raise" => return self.raise(part),
            "import" => {
                let modules = parts.iter().filter(|part| part.rule() == "module");
                let names = modules.map(|module| self.alias(module)).collect::<Read<_>>()?;
                Stmt::Import(StmtImport { node_index: AtomicNodeIndex::NONE, range, names, is_lazy: false })
            }
            "from" => self.import_from(part)?,
            "global" => {
                let names =
                    self.branches(&parts[1..]).into_iter().map(|name| self.identifier(name)).collect();
                Stmt::Global(StmtGlobal { node_index: AtomicNodeIndex::NONE, range, names })
            }
            "assert" => {
                let [_, test, rest @ ..] = parts else { return self.error(part, "invalid syntax") };
                let msg = self.optional(rest.get(1))?;
                Stmt::Assert(StmtAssert {
                    node_index: AtomicNodeIndex::NONE,
                    range,
                    test: Box::new(self.expression(test)?),
                    msg,
                })
            }
            _ => self.performed(self.expression(part)?, range),
        })
    }

    fn optional(&self, part: Option<&Tree>) -> Read<Option<Box<Expr>>> {
        part.map(|part| self.expression(part).map(Box::new)).transpose()
    }

    fn performed(&self, value: Expr, range: TextRange) -> Stmt {
        Stmt::Expr(StmtExpr { node_index: AtomicNodeIndex::NONE, range, value: Box::new(value) })
    }

    pub(super) fn identifier(&self, part: &impl Ranged) -> Identifier {
        // Blanks may stand around the dots of a name.
        let name: String = self.text(part).chars().filter(|c| !c.is_whitespace()).collect();
        Identifier::new(name, part.range())
    }

    /// An expression, an assignment, or an augmented one.
    fn bind(&self, part: &Tree) -> Read<Stmt> {
        let (range, parts) = (part.range(), part.parts());
        let [first, rest @ ..] = parts else { return self.error(part, "invalid syntax") };
        match rest {
            [] => {
                let value = self.documentation(first).map_or_else(|| self.expression(first), Ok)?;
                Ok(self.performed(value, range))
            }
            [sign, value] if !self.is(sign, "=") => {
                let sign_text = self.text(sign);
                let op = operator(sign_text.trim_end_matches('=')).unwrap_or(Operator::Add);
                let target = self.target(first, ExprContext::Store)?;
                if target.is_tuple_expr() || target.is_list_expr() {
                    return self.error(first, "illegal expression for augmented assignment");
                }
                let value = Box::new(self.expression(value)?);
                Ok(Stmt::AugAssign(StmtAugAssign {
                    node_index: AtomicNodeIndex::NONE,
                    range,
                    target: Box::new(target),
                    op,
                    value,
                }))
            }
            _ => {
                let mut expressions: Vec<&Tree> = parts.iter().filter(|part| !self.is(part, "=")).collect();
                let value = expressions.pop().unwrap_or(first);
                let targets = expressions.into_iter().map(|target| self.target(target, ExprContext::Store));
                let targets = targets.collect::<Read<_>>()?;
                let value = Box::new(self.expression(value)?);
                Ok(Stmt::Assign(StmtAssign { node_index: AtomicNodeIndex::NONE, range, targets, value }))
            }
        }
    }

    /// `print >>file, a, b,` is a call of what writes: of the file, or None, whether the line ends, and what is written.
    fn print(&self, part: &Tree) -> Read<Stmt> {
        let parts = &part.parts()[1..];
        let to_file = parts.first().is_some_and(|first| self.is(first, ">>"));
        let written = self.branches(&parts[usize::from(to_file)..]);
        let mut written = written.into_iter().map(|part| self.expression(part)).collect::<Read<Vec<_>>>()?;
        let mut keywords = Vec::new();
        if to_file {
            keywords.push(keyword("file", written.remove(0)));
        }
        if parts.last().is_some_and(|last| self.is(last, ",")) {
            let end = part.parts().last().map_or(part.range(), Ranged::range);
            keywords.push(keyword(
                "end",
                Expr::NoneLiteral(ruff_python_ast::ExprNoneLiteral {
                    node_index: AtomicNodeIndex::NONE,
                    range: end,
                }),
            ));
        }
        let called = call(hidden::PRINT, part.range(), written, keywords);
        Ok(self.performed(called, part.range()))
    }

    /// `exec code in globals, locals`.
    fn exec(&self, part: &Tree) -> Read<Stmt> {
        let parts = part.parts()[1..].iter().filter(|part| !self.is(part, "in") && !self.is(part, ","));
        let arguments = parts.map(|part| self.expression(part)).collect::<Read<_>>()?;
        Ok(self.performed(call("exec", part.range(), arguments, Vec::new()), part.range()))
    }

    fn delete(&self, part: &Tree) -> Read<Stmt> {
        let Some(places) = part.parts().get(1) else { return self.error(part, "invalid syntax") };
        let targets = match places.rule() {
            "places" => self.branches(places.parts()),
            _ => vec![places],
        };
        let targets = targets.into_iter().map(|target| self.target(target, ExprContext::Del));
        let targets = targets.collect::<Read<_>>()?;
        Ok(Stmt::Delete(StmtDelete { node_index: AtomicNodeIndex::NONE, range: part.range(), targets }))
    }

    /// `raise E, V, T`: the parts are a tuple without parentheses.
    fn raise(&self, part: &Tree) -> Read<Stmt> {
        let raised = self.branches(&part.parts()[1..]);
        let mut raised = raised.into_iter().map(|part| self.expression(part)).collect::<Read<Vec<_>>>()?;
        let exc = match raised.len() {
            0 | 1 => raised.pop(),
            _ => Some(tuple(raised, false, ExprContext::Load)),
        };
        let exc = exc.map(Box::new);
        Ok(Stmt::Raise(StmtRaise {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            exc,
            cause: None,
        }))
    }

    /// `a.b as c`, or a member of a module.
    fn alias(&self, part: &Tree) -> Read<Alias> {
        let parts = part.parts();
        let name = self.identifier(parts.first().unwrap_or(part));
        let asname = parts.get(2).map(|name| self.identifier(name));
        let bound = asname.as_ref().unwrap_or(&name);
        self.bindable(bound, bound.split('.').next().unwrap_or_default())?;
        Ok(Alias { range: part.range(), node_index: AtomicNodeIndex::NONE, name, asname })
    }

    fn import_from(&self, part: &Tree) -> Read<Stmt> {
        let parts = part.parts();
        let import = parts.iter().position(|part| self.is(part, "import")).unwrap_or(parts.len());
        let level = parts[..import].iter().filter(|part| self.is(part, ".")).count();
        // The word in front is no module.
        let module = parts[..import].get(level + 1).map(|module| self.identifier(module));
        let members = parts[import..].iter().filter(|part| part.rule() == "member" || self.is(part, "*"));
        let names = members.map(|member| self.alias(member)).collect::<Read<_>>()?;
        let level = u32::try_from(level).unwrap_or_default();
        let range = part.range();
        Ok(Stmt::ImportFrom(StmtImportFrom {
            node_index: AtomicNodeIndex::NONE,
            range,
            module,
            names,
            level,
            is_lazy: false,
        }))
    }
}
