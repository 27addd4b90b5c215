//! Statements with suites.

use ruff_python_ast::{
    AtomicNodeIndex, ElifElseClause, ExceptHandler, ExceptHandlerExceptHandler, Expr, ExprContext, ExprNamed,
    Stmt, StmtFor, StmtIf, StmtTry, StmtWhile, StmtWith, WithItem,
};
use ruff_text_size::{Ranged, TextRange};

use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};

/// The word that begins a clause, what stands between it and its suite, and the suite.
type Clause = (TextRange, Option<Expr>, Vec<Stmt>);

impl Reader<'_, '_> {
    /// The statements of a file or of a suite.
    pub(super) fn suite_of(&self, parts: &[Tree]) -> Read<Vec<Stmt>> {
        let mut statements = Vec::new();
        for part in parts {
            match part.rule() {
                "" => {}
                "simple" => self.simple(part, &mut statements)?,
                _ => statements.push(self.compound(part)?),
            }
        }
        Ok(statements)
    }

    pub(super) fn suite(&self, part: &Tree) -> Read<Vec<Stmt>> {
        self.suite_of(part.parts())
    }

    fn compound(&self, part: &Tree) -> Read<Stmt> {
        match part.rule() {
            "if" => self.conditional(part),
            "while" => self.while_loop(part),
            "for" => self.for_loop(part),
            "try" => self.try_statement(part),
            "with" => self.with_statement(part),
            "def" => self.function(part, Vec::new()),
            "class" => self.class(part, Vec::new()),
            _ => self.decorated(part),
        }
    }

    /// Its range ends where its last suite does.
    fn conditional(&self, part: &Tree) -> Read<Stmt> {
        let mut clauses = self.clauses(part)?.into_iter();
        let Some((_, Some(test), body)) = clauses.next() else { return self.error(part, "invalid syntax") };
        let elif_else_clauses = clauses
            .map(|(start, test, body)| ElifElseClause {
                range: TextRange::new(start.start(), end(&body, &start)),
                node_index: AtomicNodeIndex::NONE,
                test,
                body: body.into(),
            })
            .collect();
        Ok(Stmt::If(StmtIf {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            test: Box::new(test),
            body: body.into(),
            elif_else_clauses,
        }))
    }

    /// The clauses of a statement.
    fn clauses(&self, part: &Tree) -> Read<Vec<Clause>> {
        let mut found = Vec::new();
        let mut test = None;
        let mut word = part.range();
        for part in part.parts() {
            match part {
                Tree::Branch(branch) if branch.rule == "suite" => {
                    found.push((word, test.take(), self.suite(part)?));
                }
                _ if ["if", "elif", "else", "while"].iter().any(|start| self.is(part, start)) => {
                    word = part.range();
                }
                _ if self.is(part, ":") => {}
                _ => test = Some(self.expression(part)?),
            }
        }
        Ok(found)
    }

    fn while_loop(&self, part: &Tree) -> Read<Stmt> {
        let mut clauses = self.clauses(part)?.into_iter();
        let Some((_, Some(test), body)) = clauses.next() else { return self.error(part, "invalid syntax") };
        let orelse = clauses.next().map(|(_, _, body)| body).unwrap_or_default();
        Ok(Stmt::While(StmtWhile {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            test: Box::new(test),
            body: body.into(),
            orelse: orelse.into(),
        }))
    }

    fn for_loop(&self, part: &Tree) -> Read<Stmt> {
        let [_, target, _, iter, _, body, rest @ ..] = part.parts() else {
            return self.error(part, "invalid syntax");
        };
        Ok(Stmt::For(StmtFor {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            is_async: false,
            target: Box::new(self.target(target, ExprContext::Store)?),
            iter: Box::new(self.expression(iter)?),
            body: self.suite(body)?.into(),
            orelse: rest.last().map_or(Ok(Vec::new()), |suite| self.suite(suite))?.into(),
        }))
    }

    fn try_statement(&self, part: &Tree) -> Read<Stmt> {
        let mut stmt = StmtTry {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            body: Vec::new().into(),
            handlers: Vec::new(),
            orelse: Vec::new().into(),
            finalbody: Vec::new().into(),
            is_star: false,
        };
        let mut head: Option<&Tree> = None;
        for part in part.parts() {
            match (part.rule(), head) {
                ("suite", Some(clause)) if matches!(clause, Tree::Branch(_)) => {
                    stmt.handlers.push(self.handler(clause, self.suite(part)?)?);
                }
                ("suite", Some(word)) if self.is(word, "else") => stmt.orelse = self.suite(part)?.into(),
                ("suite", Some(word)) if self.is(word, "finally") => {
                    stmt.finalbody = self.suite(part)?.into();
                }
                ("suite", _) => stmt.body = self.suite(part)?.into(),
                _ if self.is(part, ":") => {}
                _ => head = Some(part),
            }
        }
        Ok(Stmt::Try(stmt))
    }

    /// `except [condition [, target]]`. The target is bound by whoever reads the tree, behind the match.
    fn handler(&self, head: &Tree, body: Vec<Stmt>) -> Read<ExceptHandler> {
        let parts = head.parts();
        let condition = parts.get(1).map(|part| self.expression(part)).transpose()?;
        let target = parts.get(3).map(|part| self.target(part, ExprContext::Store)).transpose()?;
        let type_ = condition.map(|condition| match target {
            Some(target) => Expr::Named(ExprNamed {
                node_index: AtomicNodeIndex::NONE,
                range: TextRange::new(condition.start(), target.end()),
                target: Box::new(target),
                value: Box::new(condition),
            }),
            None => condition,
        });
        Ok(ExceptHandler::ExceptHandler(ExceptHandlerExceptHandler {
            range: TextRange::new(head.start(), end(&body, head)),
            node_index: AtomicNodeIndex::NONE,
            type_: type_.map(Box::new),
            name: None,
            body: body.into(),
        }))
    }

    /// `with a as b, c as d: …`, or a single item whose parts stand in the statement itself.
    fn with_statement(&self, part: &Tree) -> Read<Stmt> {
        let parts = part.parts();
        let items: Vec<&Tree> = parts.iter().filter(|part| part.rule() == "item").collect();
        let items = match items.is_empty() {
            true => vec![self.item(&parts[1..parts.len().saturating_sub(2)])?],
            false => items.into_iter().map(|item| self.item(item.parts())).collect::<Read<_>>()?,
        };
        let Some(body) = parts.last() else { return self.error(part, "invalid syntax") };
        Ok(Stmt::With(StmtWith {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            is_async: false,
            items,
            body: self.suite(body)?.into(),
        }))
    }

    fn item(&self, parts: &[Tree]) -> Read<WithItem> {
        let Some(first) = parts.first() else { return self.error(&TextRange::default(), "invalid syntax") };
        let context_expr = self.expression(first)?;
        let target = parts.get(2).map(|part| self.target(part, ExprContext::Store)).transpose()?;
        Ok(WithItem {
            range: TextRange::new(first.start(), parts.last().unwrap_or(first).end()),
            node_index: AtomicNodeIndex::NONE,
            context_expr,
            optional_vars: target.map(Box::new),
        })
    }
}

/// Where a suite ends, or what begins it.
pub(super) fn end(body: &[Stmt], head: &impl Ranged) -> ruff_text_size::TextSize {
    body.last().map_or(head.end(), Ranged::end)
}
