//! Statements to core terms.

use egg::Id;
use ruff_python_ast::{
    ExceptHandler, Expr, Identifier, Stmt, StmtAnnAssign, StmtAssign, StmtFor, StmtIf, StmtTry, StmtWhile,
};
use ruff_text_size::Ranged;

use crate::book::classes::Hierarchy;
use crate::diagnostic::Diagnostic;
use crate::python::syntax::classes::ClassDefinition;
use crate::python::syntax::instrument::{Handler, Instrumenter};
use crate::python::syntax::load::FunctionInfo;
use crate::python::syntax::parse::Source;
use crate::python::syntax::refuse;
use crate::python::syntax::scope::{Names, Scope};

/// Lowers the statements of one file, and notes what it sees of names.
pub(super) struct Lowerer<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) hierarchy: &'a Hierarchy,
    /// Whether statements carry their lines.
    pub(super) lines: bool,
    pub(super) instrumenter: Instrumenter,
    pub(super) scope: Scope,
    pub(super) names: Names,
    /// How deep the expression being lowered stands.
    pub(super) depth: usize,
    pub(super) classes: Vec<ClassDefinition>,
    pub(super) functions: Vec<FunctionInfo>,
}

impl<'a> Lowerer<'a> {
    pub(super) fn new(source: &'a Source<'a>, hierarchy: &'a Hierarchy, lines: bool) -> Self {
        Lowerer {
            source,
            hierarchy,
            lines,
            instrumenter: Instrumenter::default(),
            scope: Scope::default(),
            names: Names::default(),
            depth: 0,
            classes: Vec::new(),
            functions: Vec::new(),
        }
    }

    /// Lowers a suite to one statement.
    ///
    /// # Errors
    /// The first statement that is not modelled or not Python.
    pub(super) fn suite(&mut self, body: &[Stmt]) -> Result<Id, Diagnostic> {
        let mut lowered = Vec::new();
        for stmt in body {
            let line = self.source.line(stmt.start());
            for id in self.statement(stmt)? {
                lowered.push(self.on_line(line, id));
            }
        }
        Ok(self.instrumenter.seq(&lowered))
    }

    /// One statement of the source is one or, for `x = y = e`, several in the core.
    fn statement(&mut self, stmt: &Stmt) -> Result<Vec<Id>, Diagnostic> {
        let lowered = match stmt {
            Stmt::Assign(assign) => return self.assignments(assign),
            Stmt::Pass(_) => self.instrumenter.atom("pass"),
            Stmt::Expr(stmt) if stmt.value.is_ellipsis_literal_expr() => self.instrumenter.atom("pass"),
            Stmt::Expr(stmt) => self.with_operand("expression", &stmt.value)?,
            Stmt::AnnAssign(assign) => self.annotated(assign)?,
            Stmt::If(stmt) => self.conditional(stmt)?,
            Stmt::While(stmt) => self.while_loop(stmt)?,
            Stmt::For(stmt) if !stmt.is_async => self.for_loop(stmt)?,
            Stmt::Raise(raise) => match (&raise.exc, &raise.cause) {
                (_, Some(cause)) => return Err(self.source.refuse(&**cause, "`raise … from`")),
                (None, None) => self.instrumenter.atom("reraise"),
                (Some(exception), None) => {
                    let operand = self.raised(exception)?;
                    self.instrumenter.node("raise", [operand])
                }
            },
            Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => self.jump(stmt)?,
            Stmt::Try(stmt) => self.try_statement(stmt)?,
            Stmt::FunctionDef(def) if !def.is_async && self.scope.function.is_none() => self.function(def)?,
            Stmt::ClassDef(def) if self.scope.function.is_none() => self.class(def)?,
            _ => return Err(self.source.refuse(stmt, refuse::statement(stmt))),
        };
        Ok(vec![lowered])
    }

    pub(super) fn on_line(&mut self, line: usize, statement: Id) -> Id {
        if self.lines { self.instrumenter.at(line, statement) } else { statement }
    }

    fn with_operand(&mut self, op: &str, operand: &Expr) -> Result<Id, Diagnostic> {
        let operand = self.expression(operand)?;
        Ok(self.instrumenter.node(op, [operand]))
    }

    /// `x = y = e` is `x = e` and then `y = x`: targets are bound from the left, and
    /// reading a name just bound cannot fail.
    fn assignments(&mut self, assign: &StmtAssign) -> Result<Vec<Id>, Diagnostic> {
        let mut value = self.expression(&assign.value)?;
        let mut lowered = Vec::new();
        for expr in &assign.targets {
            let target = self.assigned(expr)?;
            lowered.push(self.instrumenter.node("assign", [target, value]));
            value = self.instrumenter.node("name", [target]);
        }
        Ok(lowered)
    }

    fn annotated(&mut self, assign: &StmtAnnAssign) -> Result<Id, Diagnostic> {
        let Some(value) = &assign.value else {
            return Err(self.source.refuse(assign, "annotation without a value"));
        };
        let value = self.expression(value)?;
        let target = self.assigned(&assign.target)?;
        Ok(self.instrumenter.node("assign", [target, value]))
    }

    fn assigned(&mut self, expr: &Expr) -> Result<Id, Diagnostic> {
        match expr {
            Expr::Name(name) => self.bound(name, name.id.as_str()),
            _ => Err(self.source.refuse(expr, refuse::target(expr))),
        }
    }

    /// The target that a binding of `name` binds.
    pub(super) fn bound(&mut self, place: &impl Ranged, name: &str) -> Result<Id, Diagnostic> {
        if name == "__debug__" {
            return Err(self.source.syntax(place, "cannot assign to __debug__"));
        }
        if self.scope.function.is_none() {
            if self.hierarchy.contains(name) || crate::python::syntax::globals::is_fixed(name) {
                let construct = format!("another meaning for the builtin name `{name}`");
                return Err(self.source.refuse(place, &construct));
            }
            self.names.bound.insert(name.to_string());
        }
        Ok(self.target(name))
    }

    fn conditional(&mut self, stmt: &StmtIf) -> Result<Id, Diagnostic> {
        let mut branches = vec![(self.source.line(stmt.start()), self.branch(&stmt.test, &stmt.body)?)];
        let mut orelse = None;
        for clause in &stmt.elif_else_clauses {
            match &clause.test {
                Some(test) => {
                    let line = self.source.line(clause.start());
                    branches.push((line, self.branch(test, &clause.body)?));
                }
                None => orelse = Some(self.suite(&clause.body)?),
            }
        }
        let mut rest = orelse.unwrap_or_else(|| self.instrumenter.atom("pass"));
        for (i, (line, (test, body))) in branches.into_iter().enumerate().rev() {
            rest = self.instrumenter.node("if", [test, body, rest]);
            if i > 0 {
                rest = self.on_line(line, rest);
            }
        }
        Ok(rest)
    }

    fn branch(&mut self, test: &Expr, body: &[Stmt]) -> Result<(Id, Id), Diagnostic> {
        Ok((self.expression(test)?, self.suite(body)?))
    }

    fn while_loop(&mut self, stmt: &StmtWhile) -> Result<Id, Diagnostic> {
        let test = self.expression(&stmt.test)?;
        let (body, orelse) = self.looped(&stmt.body, &stmt.orelse)?;
        Ok(self.instrumenter.node("while", [test, body, orelse]))
    }

    fn for_loop(&mut self, stmt: &StmtFor) -> Result<Id, Diagnostic> {
        let target = self.assigned(&stmt.target)?;
        let iterable = self.expression(&stmt.iter)?;
        let (body, orelse) = self.looped(&stmt.body, &stmt.orelse)?;
        Ok(self.instrumenter.node("for", [target, iterable, body, orelse]))
    }

    /// The body of a loop, and its `else` clause, which stands outside.
    fn looped(&mut self, body: &[Stmt], orelse: &[Stmt]) -> Result<(Id, Id), Diagnostic> {
        let outer = (self.scope.in_loop, self.scope.in_finally);
        (self.scope.in_loop, self.scope.in_finally) = (true, false);
        let body = self.suite(body);
        (self.scope.in_loop, self.scope.in_finally) = outer;
        Ok((body?, self.suite(orelse)?))
    }

    /// `return`, `break` and `continue`, where Python allows them.
    fn jump(&mut self, stmt: &Stmt) -> Result<Id, Diagnostic> {
        let Scope { function, in_loop, in_finally, .. } = &self.scope;
        match stmt {
            Stmt::Return(_) if function.is_none() => {
                Err(self.source.syntax(stmt, "'return' outside function"))
            }
            Stmt::Return(stmt) => match &stmt.value {
                Some(value) => self.with_operand("return", value),
                None => {
                    let none = self.instrumenter.atom("none");
                    let value = self.instrumenter.node("const", [none]);
                    Ok(self.instrumenter.node("return", [value]))
                }
            },
            Stmt::Break(_) if !in_loop => Err(self.source.syntax(stmt, "'break' outside loop")),
            Stmt::Break(_) => Ok(self.instrumenter.atom("break")),
            _ if !in_loop => Err(self.source.syntax(stmt, "'continue' not properly in loop")),
            _ if *in_finally && self.source.version < (3, 8) => {
                Err(self.source.syntax(stmt, "'continue' not supported inside 'finally' clause"))
            }
            _ => Ok(self.instrumenter.atom("continue")),
        }
    }

    /// A statement with both `except` and `finally` is two, nested (PEP 341).
    fn try_statement(&mut self, stmt: &StmtTry) -> Result<Id, Diagnostic> {
        if stmt.is_star {
            let place: &dyn Ranged = match stmt.handlers.first() {
                Some(handler) => handler,
                None => stmt,
            };
            return Err(self.source.refuse(&place.range(), "`except*`"));
        }
        if stmt.finalbody.is_empty() {
            return self.try_except(stmt);
        }
        let label = self.instrumenter.label();
        let suite = if stmt.handlers.is_empty() { self.suite(&stmt.body)? } else { self.try_except(stmt)? };
        let outer = std::mem::replace(&mut self.scope.in_finally, true);
        let clause = self.suite(&stmt.finalbody);
        self.scope.in_finally = outer;
        Ok(self.instrumenter.try_finally(label, suite, clause?))
    }

    fn try_except(&mut self, stmt: &StmtTry) -> Result<Id, Diagnostic> {
        let label = self.instrumenter.label();
        let suite = self.suite(&stmt.body)?;
        let mut handlers = Vec::new();
        for (i, ExceptHandler::ExceptHandler(handler)) in stmt.handlers.iter().enumerate() {
            if handler.type_.is_none() && i + 1 < stmt.handlers.len() {
                return Err(self.source.syntax(handler, "default 'except:' must be last"));
            }
            let condition = match &handler.type_ {
                Some(expr) => Some(self.condition(expr)?),
                None => None,
            };
            let name = self.handler_name(handler.name.as_ref())?;
            let body = self.suite(&handler.body)?;
            handlers.push(Handler { condition, name, body });
        }
        let orelse = self.suite(&stmt.orelse)?;
        Ok(self.instrumenter.try_except(label, suite, &handlers, orelse))
    }

    fn handler_name(&mut self, name: Option<&Identifier>) -> Result<Option<Id>, Diagnostic> {
        let Some(name) = name else {
            return Ok(None);
        };
        // Leaving the clause would uncover the builtin again.
        if self.scope.function.is_none() && crate::python::syntax::globals::is_builtin(name) {
            let construct = format!("the builtin name `{name}` after `as` at module level");
            return Err(self.source.refuse(name, &construct));
        }
        self.bound(name, name).map(Some)
    }
}
