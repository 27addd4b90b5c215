//! Statements.

use egg::Id;
use ruff_python_ast::{
    CmpOp, Expr, Stmt, StmtAssert, StmtAssign, StmtAugAssign, StmtFor, StmtIf, StmtRaise, StmtWhile,
    StmtWith, WithItem,
};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::clauses::Clauses;
use crate::python::syntax::lower::expressions::operator;
use crate::python::syntax::lower::old::{printed, raised_parts};
use crate::python::syntax::lower::spots::Spot;
use crate::python::syntax::lower::{Kind, Lowered, Lowerer};
use crate::python::syntax::refuse;

impl Lowerer<'_> {
    /// Lowers the suite of a function, or of a clause before which no interrupt comes, to one statement.
    pub(super) fn suite(&mut self, body: &[Stmt]) -> Lowered {
        let lowered = self.statements(body, false)?;
        Ok(self.instrumenter.seq(&lowered))
    }

    /// Lowers a suite behind a test or a call, behind which an interrupt may come, to one statement.
    pub(super) fn block(&mut self, body: &[Stmt]) -> Lowered {
        let lowered = self.statements(body, true)?;
        Ok(self.instrumenter.seq(&lowered))
    }

    /// Lowers statements; `begun` where something of the activation ran before them that an interrupt may come behind.
    pub(super) fn statements(&mut self, body: &[Stmt], begun: bool) -> Result<Vec<Id>, Diagnostic> {
        self.scope_mut().suites += 1;
        let lowered = self.statements_of_suite(body, begun);
        self.scope_mut().suites -= 1;
        lowered
    }

    fn statements_of_suite(&mut self, body: &[Stmt], mut begun: bool) -> Result<Vec<Id>, Diagnostic> {
        let mut lowered = Vec::new();
        for stmt in body {
            let line = self.source.line(stmt.start());
            let line_before = self.begin_line(line);
            let first = lowered.len();
            let spot = self.source.spot_of_statement(stmt);
            self.come_from(spot.clone());
            let mark = self.mark();
            if let Err(refusal) = self.statement(stmt, &mut lowered) {
                lowered.truncate(first);
                self.statement_as_unknown(stmt, refusal, mark, &mut lowered)?;
            }
            self.begin_line(line_before);
            if let Some(first) = lowered.get_mut(first) {
                if !stmt.is_while_stmt() {
                    *first = self.arriving(line, *first);
                }
                *first = self.interruptible(*first, &mut begun);
                *first = self.placed(stmt, &spot, *first);
                *first = self.on_line(line, *first);
            }
        }
        self.come_from(Spot::NOWHERE);
        Ok(lowered)
    }

    /// A statement of the program's own before which an interrupt may come, where that is doubted.
    fn interruptible(&mut self, statement: Id, begun: &mut bool) -> Id {
        if !self.finder.interrupts || self.library || self.instrumenter.is_pass(statement) {
            return statement;
        }
        match std::mem::replace(begun, true) {
            true => self.instrumenter.node("interruptible", [statement]),
            false => statement,
        }
    }

    /// A statement at the line of a place.
    pub(super) fn on_line_of(&mut self, place: &impl Ranged, statement: Id) -> Id {
        self.on_line(self.source.line(place.start()), statement)
    }

    /// A statement at a line, where lines are told; that of another module is told apart by the module's name.
    fn on_line(&mut self, line: usize, statement: Id) -> Id {
        if !self.lines {
            return statement;
        }
        if self.module == "__main__" {
            return self.instrumenter.at(line, statement);
        }
        let place = format!("{}:{line}", self.module);
        let place = self.text(&place);
        self.instrumenter.node("at", [place, statement])
    }

    fn statement(&mut self, stmt: &Stmt, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let lowered = match stmt {
            Stmt::Assign(assign) => return self.assignment(assign, out),
            Stmt::AugAssign(assign) => return self.augmented(assign, out),
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => {
                    let value = self.expression(value)?;
                    return self.assign_to(&assign.target, value, out);
                }
                None => self.instrumenter.atom("pass"),
            },
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.delete(target, out)?;
                }
                return Ok(());
            }
            Stmt::Import(import) => return self.import(import, out),
            Stmt::ImportFrom(import) => return self.import_from(import, out),
            Stmt::With(with) if !with.is_async => {
                let items = self.source.items(with);
                let statement = self.with_statement(with, &items)?;
                out.push(statement);
                return Ok(());
            }
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => self.instrumenter.atom("pass"),
            Stmt::Expr(stmt) if printed(&stmt.value).is_some() => {
                return self.print_statement(&stmt.value, out);
            }
            Stmt::Expr(stmt) if self.says_nothing(&stmt.value) => self.instrumenter.atom("pass"),
            Stmt::Expr(stmt) => {
                let value = self.expression(&stmt.value)?;
                self.perform(value)
            }
            Stmt::If(stmt) => self.conditional(stmt)?,
            Stmt::While(stmt) => self.while_loop(stmt)?,
            Stmt::For(stmt) if !stmt.is_async => self.for_loop(stmt)?,
            Stmt::Raise(raise) => self.raise(raise)?,
            Stmt::Assert(assert) => self.assertion(assert)?,
            Stmt::Return(stmt) => {
                let value = match &stmt.value {
                    Some(value) => self.expression(value)?,
                    None => self.none(),
                };
                self.instrumenter.node("return", [value])
            }
            Stmt::Break(_) => self.instrumenter.atom("break"),
            Stmt::Continue(_) => self.instrumenter.atom("continue"),
            Stmt::Try(stmt) => self.try_statement(stmt)?,
            Stmt::Match(stmt) => return self.match_statement(stmt, out),
            Stmt::FunctionDef(def) if !self.objects => self.core_function(def)?,
            Stmt::ClassDef(def) if !self.objects => self.core_class(def)?,
            Stmt::FunctionDef(def) if !def.is_async => self.function(def)?,
            Stmt::ClassDef(def) => self.class(def)?,
            _ => return Err(self.source.refuse(stmt, refuse::statement(stmt))),
        };
        out.push(lowered);
        self.note_definition(stmt, out);
        Ok(())
    }

    fn assignment(&mut self, assign: &StmtAssign, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let value = self.expression(&assign.value)?;
        if let [target] = &assign.targets[..] {
            return self.assign_to(target, value, out);
        }
        if !self.objects {
            return self.chained(assign, value, out);
        }
        let kept = self.temporary();
        out.push(self.assign(kept, value));
        for target in &assign.targets {
            let value = self.read(kept);
            self.assign_to(target, value, out)?;
        }
        self.forget(kept, out);
        Ok(())
    }

    fn augmented(&mut self, assign: &StmtAugAssign, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let operator = operator(assign.op);
        let name = format!("i{}", operator.trim_end_matches('_'));
        let name = name.as_str();
        self.finder.mention(operator);
        match &*assign.target {
            Expr::Name(target) => {
                let place = self.bound_name(target, &target.id)?;
                let old = self.read(place);
                let old = self.planted(&assign.target, old);
                let value = self.expression(&assign.value)?;
                let value = self.operate(name, &[old, value]);
                out.push(self.assign(place, value));
            }
            Expr::Attribute(target) => {
                let object = self.keep(&target.value, out)?;
                self.note_stored(target.attr.as_str());
                let attribute = self.mangled(&target.attr);
                let attribute = self.string(&attribute);
                let place = self.read(object);
                let old = self.operate("getattr", &[place, attribute]);
                let value = self.expression(&assign.value)?;
                let value = self.operate(name, &[old, value]);
                let place = self.read(object);
                let stored = self.operate("store_attr", &[value, place, attribute]);
                out.push(self.perform(stored));
                self.forget(object, out);
            }
            Expr::Subscript(target) => {
                let object = self.keep(&target.value, out)?;
                let index = self.keep(&target.slice, out)?;
                let (place, key) = (self.read(object), self.read(index));
                let old = self.operate("getitem", &[place, key]);
                let value = self.expression(&assign.value)?;
                let value = self.operate(name, &[old, value]);
                let (place, key) = (self.read(object), self.read(index));
                let stored = self.operate("store_item", &[value, place, key]);
                out.push(self.perform(stored));
                self.forget(object, out);
                self.forget(index, out);
            }
            other => return Err(self.source.refuse(other, refuse::TARGET)),
        }
        Ok(())
    }

    pub(super) fn keep(&mut self, expr: &Expr, out: &mut Vec<Id>) -> Lowered {
        let value = self.expression(expr)?;
        let kept = self.temporary();
        out.push(self.assign(kept, value));
        Ok(kept)
    }

    /// A temporary name is unbound again, so that it keeps no object alive.
    pub(super) fn forget(&mut self, target: Id, out: &mut Vec<Id>) {
        out.push(self.instrumenter.node("delete", [target]));
    }

    fn conditional(&mut self, stmt: &StmtIf) -> Lowered {
        if self.never_main(&stmt.test) {
            return match &stmt.elif_else_clauses[..] {
                [] => Ok(self.instrumenter.atom("pass")),
                [clause] if clause.test.is_none() => self.block(&clause.body),
                _ => self.branches(stmt),
            };
        }
        self.branches(stmt)
    }

    /// Whether a condition is `__name__ == "__main__"` in a module that is imported: what stands behind it is for a run by itself.
    fn never_main(&self, test: &Expr) -> bool {
        self.imported && matches!(self.scope().kind, Kind::Module) && asks_for_a_run(test)
    }

    fn branches(&mut self, stmt: &StmtIf) -> Lowered {
        let (test, body) = (self.expression(&stmt.test)?, self.block(&stmt.body)?);
        let mut branches = Vec::new();
        let mut rest = self.untaken(stmt);
        for clause in &stmt.elif_else_clauses {
            match &clause.test {
                Some(test) => branches.push((clause, self.expression(test)?, self.block(&clause.body)?)),
                None => rest = self.block(&clause.body)?,
            }
        }
        for (clause, test, body) in branches.into_iter().rev() {
            rest = self.instrumenter.node("if", [test, body, rest]);
            rest = self.arriving(self.source.line(clause.start()), rest);
            rest = self.on_line_of(clause, rest);
        }
        Ok(self.instrumenter.node("if", [test, body, rest]))
    }

    fn while_loop(&mut self, stmt: &StmtWhile) -> Lowered {
        let spot = self.source.spot_at(stmt.test.start());
        let test = self.expression(&stmt.test)?;
        let test = self.arriving_at_test(self.source.line(stmt.start()), test);
        let (body, orelse) = self.looped(&[], &stmt.body, &stmt.orelse)?;
        let body = self.coming_back(&spot, body);
        Ok(self.instrumenter.node("while", [test, body, orelse]))
    }

    fn for_loop(&mut self, stmt: &StmtFor) -> Lowered {
        let (spot, iterable) = self.on_own_spot(&stmt.iter)?;
        let (target, first) = self.simple_target(&stmt.target)?;
        let (body, orelse) = self.looped(&first, &stmt.body, &stmt.orelse)?;
        let body = self.coming_back(&spot, body);
        let (begins, body) = self.turning(stmt, body);
        let op = if self.objects { "loop" } else { "for" };
        let turns = self.instrumenter.node(op, [target, iterable, body, orelse]);
        Ok(match begins {
            Some(begins) => self.instrumenter.seq(&[begins, turns]),
            None => turns,
        })
    }

    /// An expression, and the spot that control is on when it has a value.
    fn on_own_spot(&mut self, expr: &Expr) -> Result<(Spot, Id), Diagnostic> {
        let spot = self.source.spot_of_header(expr);
        if spot != self.spot {
            self.come_from(Spot::NOWHERE);
        }
        Ok((spot, self.expression(expr)?))
    }

    /// The body of a loop, begun by `first`, and its `else` clause, which stands outside.
    fn looped(&mut self, first: &[Id], body: &[Stmt], orelse: &[Stmt]) -> Result<(Id, Id), Diagnostic> {
        let body: Vec<Id> = first.iter().copied().chain(self.statements(body, true)?).collect();
        Ok((self.instrumenter.seq(&body), self.block(orelse)?))
    }

    fn raise(&mut self, raise: &StmtRaise) -> Lowered {
        if let Some(parts) = raised_parts(raise) {
            return self.raise_of_parts(parts);
        }
        Ok(match (&raise.exc, &raise.cause) {
            (Some(exception), Some(cause)) => {
                let (exception, cause) = (self.expression(exception)?, self.expression(cause)?);
                self.instrumenter.node("raise-from", [exception, cause])
            }
            (Some(exception), None) => {
                let exception = self.expression(exception)?;
                self.instrumenter.node("raise", [exception])
            }
            _ => self.instrumenter.atom("reraise"),
        })
    }

    fn assertion(&mut self, assert: &StmtAssert) -> Lowered {
        let test = self.expression(&assert.test)?;
        let class = self.hierarchy.class_value("AssertionError", self.instrumenter.builder());
        let class = class.unwrap_or_else(|| self.instrumenter.atom("none"));
        let class = self.constant(class);
        let mut operands = self.instrumenter.atom("no-operands");
        // The exception is raised where the test is.
        let spot = self.source.spot_of_header(&assert.test);
        self.come_from(spot.clone());
        if let Some(message) = &assert.msg {
            let message = self.expression(message)?;
            operands = self.instrumenter.node("operand", [message, operands]);
        }
        let exception = self.instrumenter.node("invocation", [class, operands]);
        let (pass, raise) = (self.instrumenter.atom("pass"), self.instrumenter.node("raise", [exception]));
        let raise = if self.places {
            let place = self.set_place(&spot);
            self.instrumenter.seq(&[place, raise])
        } else {
            raise
        };
        Ok(self.instrumenter.node("if", [test, pass, raise]))
    }

    /// Whether a statement is an expression that leaves no trace. In the core the others are steps.
    fn says_nothing(&self, expr: &Expr) -> bool {
        expr.is_ellipsis_literal_expr() || self.objects && expr.is_literal_expr()
    }

    /// `with A as a, B as b: …` is `with A as a: with B as b: …`.
    fn with_statement(&mut self, with: &StmtWith, items: &[WithItem]) -> Lowered {
        let Some((item, rest)) = items.split_first() else { return self.block(&with.body) };
        let label = self.label_at(Clauses::of_with(self.source, with));
        let (spot, manager) = self.on_own_spot(&item.context_expr)?;
        let (target, mut body) = match &item.optional_vars {
            Some(target) => self.simple_target(target)?,
            None => (self.instrumenter.atom("nowhere"), Vec::new()),
        };
        body.push(self.with_statement(with, rest)?);
        let body = self.instrumenter.seq(&body);
        let body = self.leaving_to(&spot, body);
        Ok(self.instrumenter.with_block(label, manager, target, body))
    }
}

/// Whether a condition is `__name__ == "__main__"`.
fn asks_for_a_run(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else { return false };
    let (Expr::Name(name), [CmpOp::Eq], [Expr::StringLiteral(text)]) =
        (&*compare.left, &*compare.ops, &*compare.comparators)
    else {
        return false;
    };
    name.id.as_str() == "__name__" && text.value.to_str() == "__main__"
}

/// The statements of a module that are for a run by itself.
pub(in crate::python::syntax) fn for_a_run(body: &[Stmt]) -> Vec<Stmt> {
    let is_guard = |stmt: &&Stmt| matches!(stmt, Stmt::If(stmt) if asks_for_a_run(&stmt.test));
    body.iter().filter(is_guard).cloned().collect()
}
