//! What hazards ask of the text of a file: where a function that makes a context manager is suspended, what it undoes behind that, what
//! `__exit__` answers, where a clause that takes everything does more with the exception than to log it, and what an `assert` is about.

use std::collections::BTreeSet;

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::visitor::{Visitor, walk_body, walk_expr, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::book::conventions::words;
use crate::python::syntax::asserted::asserted;
use crate::python::syntax::body::dotted;

/// A marker at an expression.
#[derive(Debug)]
pub(super) struct Mark {
    /// The place of the expression.
    pub range: TextRange,
    /// The marker, which has no parts.
    pub marker: &'static str,
    /// Whether only the truth of the expression counts, where it stands.
    pub truth: bool,
}

/// Words in names of what only tells people of something.
const TELLING: &str = "debug log logger logging print traceback warn warning warnings";

/// Methods that do, by themselves: `log.error(e)`, and not `future.set_exception(e)`.
const TELLERS: &str = "critical error exception fatal info write";

/// The marks of a file; none where no words for undoing are known.
pub(super) fn marks(suite: &[Stmt], undoing: &[String]) -> Vec<Mark> {
    let mut found = Marker { undoing, marks: Vec::new() };
    if !undoing.is_empty() {
        found.marks.extend(asserted(suite));
        walk_body(&mut found, suite);
    }
    found.marks
}

/// Whether a call only tells people of something.
fn tells(function: &Expr) -> bool {
    let name = match function {
        Expr::Attribute(attribute) => dotted(function).unwrap_or_else(|| attribute.attr.to_string()),
        other => dotted(other).unwrap_or_default(),
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let telling = |word: &String| TELLING.split(' ').any(|telling| telling == word);
    words(&name).iter().any(telling) || TELLERS.split(' ').any(|teller| teller == last)
}

/// The last part of what is called.
fn called(function: &Expr) -> Option<&str> {
    match function {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) if !attribute.value.is_string_literal_expr() => {
            Some(attribute.attr.as_str())
        }
        _ => None,
    }
}

struct Marker<'a> {
    undoing: &'a [String],
    marks: Vec<Mark>,
}

impl<'a> Visitor<'a> for Marker<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                if makes_manager(def) {
                    self.manager(def);
                }
                self.marks.extend(asserted(&def.body));
            }
            Stmt::ClassDef(class) => self.exits(class),
            Stmt::Try(statement) => statement.handlers.iter().for_each(|handler| self.clause(handler)),
            _ => {}
        }
        walk_stmt(self, stmt);
    }
}

/// Whether a function is decorated by `contextmanager`.
fn makes_manager(def: &StmtFunctionDef) -> bool {
    let decorates = |expr: &Expr| called(expr) == Some("contextmanager");
    !def.is_async && def.decorator_list.iter().any(|decorator| decorates(&decorator.expression))
}

impl Marker<'_> {
    fn mark(&mut self, range: TextRange, marker: &'static str) {
        self.marks.push(Mark { range, marker, truth: false });
    }

    /// The suspensions of a function that makes a context manager, and what it undoes behind each.
    fn manager(&mut self, def: &StmtFunctionDef) {
        let mut yields = Own::default();
        walk_body(&mut yields, &def.body);
        let behind = behind_yield(&def.body);
        for range in yields.yields.iter().copied() {
            self.mark(range, "suspension");
            let before = Before::of(&yields, range.start());
            let undone: Vec<TextRange> = behind
                .iter()
                .filter(|stmt| stmt.start() > range.start())
                .flat_map(|stmt| self.undone(stmt, &before))
                .collect();
            if !undone.is_empty() {
                self.mark(range, "undone-behind");
            }
            for place in undone {
                self.mark(place, "undoing");
            }
        }
    }

    /// The expressions of a statement that undo something.
    fn undone(&self, stmt: &Stmt, before: &Before) -> Vec<TextRange> {
        let mut own = Own::default();
        own.visit_stmt(stmt);
        let mut found = Vec::new();
        for (target, place) in own.assigned.iter().chain(&own.deleted) {
            let shared = matches!(target, Expr::Name(name) if before.shared.contains(name.id.as_str()));
            let elsewhere = !target.is_name_expr() || shared;
            if elsewhere && before.assigned.iter().any(|one| same(one, target)) {
                found.push(*place);
            }
        }
        for call in &own.calls {
            let first = called(&call.func).map(words).and_then(|words| words.into_iter().next());
            let is_word = first.is_some_and(|first| self.undoing.contains(&first));
            let again = || {
                let kept = |argument: &Expr| matches!(argument, Expr::Name(name) if before.names.contains(name.id.as_str()));
                own.bare.contains(&call.range())
                    && before.called.iter().any(|one| same(one, &call.func))
                    && call.arguments.args.iter().any(kept)
            };
            if !tells(&call.func) && (is_word || again()) {
                found.push(call.range());
            }
        }
        found
    }

    /// What `__exit__` of a class answers.
    fn exits(&mut self, class: &StmtClassDef) {
        for stmt in &class.body {
            let Stmt::FunctionDef(def) = stmt else { continue };
            if def.name.as_str() != "__exit__" || def.is_async {
                continue;
            }
            let mut own = Own::default();
            walk_body(&mut own, &def.body);
            for range in own.returned {
                self.mark(range, "exit-answer");
            }
        }
    }

    /// Where a clause with a name uses it otherwise than to tell people of it.
    fn clause(&mut self, handler: &ExceptHandler) {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let (Some(name), Some(condition)) = (&handler.name, &handler.type_) else { return };
        let wide = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.as_str() == "BaseException");
        let is_wide = match &**condition {
            Expr::Tuple(tuple) => tuple.elts.iter().any(wide),
            other => wide(other),
        };
        if !is_wide {
            return;
        }
        let mut uses = Uses { name, found: Vec::new() };
        walk_body(&mut uses, &handler.body);
        for range in uses.found {
            self.mark(range, "kept");
        }
    }
}

fn same(one: &Expr, other: &Expr) -> bool {
    let bare = |expr: &Expr| match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        other => dotted(other),
    };
    match (one, other) {
        (Expr::Subscript(one), Expr::Subscript(other)) => {
            same(&one.value, &other.value)
                && ComparableExpr::from(&*one.slice) == ComparableExpr::from(&*other.slice)
        }
        _ => bare(one).is_some_and(|text| Some(text) == bare(other)),
    }
}

/// The statements that stand behind one in which the function is suspended, in any block.
fn behind_yield(suite: &[Stmt]) -> Vec<&Stmt> {
    let mut found = Vec::new();
    let first = suite.iter().position(suspends);
    let Some(first) = first else { return found };
    found.extend(&suite[first + 1..]);
    for stmt in suite.iter().filter(|stmt| suspends(stmt)) {
        let blocks: Vec<&[Stmt]> = match stmt {
            Stmt::With(with) => vec![&with.body],
            Stmt::Match(choice) => choice.cases.iter().map(|case| &*case.body).collect(),
            Stmt::If(branch) => std::iter::once(&*branch.body)
                .chain(branch.elif_else_clauses.iter().map(|clause| &*clause.body))
                .collect(),
            Stmt::For(turn) => vec![&turn.body],
            Stmt::While(turn) => vec![&turn.body],
            Stmt::Try(statement) => {
                if statement.body.iter().any(suspends) {
                    found.extend(&statement.orelse);
                }
                vec![&statement.body, &statement.orelse, &statement.finalbody]
            }
            _ => Vec::new(),
        };
        found.extend(blocks.into_iter().flat_map(behind_yield));
    }
    found
}

/// Whether the function is suspended in a statement.
fn suspends(stmt: &Stmt) -> bool {
    let mut own = Own::default();
    own.visit_stmt(stmt);
    !own.yields.is_empty()
}

/// What a function itself does, without the functions inside of it.
#[derive(Default)]
struct Own<'a> {
    yields: Vec<TextRange>,
    returned: Vec<TextRange>,
    calls: Vec<&'a ruff_python_ast::ExprCall>,
    bare: Vec<TextRange>,
    /// What is assigned, and the place of the value.
    assigned: Vec<(&'a Expr, TextRange)>,
    /// What is deleted, and the place of a part of it that is evaluated.
    deleted: Vec<(&'a Expr, TextRange)>,
    shared: BTreeSet<&'a str>,
}

impl<'a> Visitor<'a> for Own<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Global(global) => self.shared.extend(global.names.iter().map(|name| name.as_str())),
            Stmt::Nonlocal(nonlocal) => self.shared.extend(nonlocal.names.iter().map(|name| name.as_str())),
            Stmt::Assign(assign) => {
                self.assigned.extend(assign.targets.iter().map(|target| (target, assign.value.range())));
            }
            Stmt::AugAssign(assign) => self.assigned.push((&assign.target, assign.value.range())),
            Stmt::AnnAssign(assign) => {
                self.assigned.extend(assign.value.iter().map(|value| (&*assign.target, value.range())));
            }
            Stmt::Delete(delete) => {
                self.deleted.extend(delete.targets.iter().filter_map(|target| match target {
                    Expr::Subscript(item) => Some((target, item.slice.range())),
                    Expr::Attribute(attribute) => Some((target, attribute.value.range())),
                    _ => None,
                }))
            }
            Stmt::Return(stmt) => self.returned.extend(stmt.value.iter().map(|value| value.range())),
            Stmt::Expr(stmt) => self.bare.push(stmt.value.range()),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Lambda(_) | Expr::Generator(_) => return,
            Expr::Yield(_) => self.yields.push(expr.range()),
            Expr::Call(call) => self.calls.push(call),
            _ => {}
        }
        walk_expr(self, expr);
    }
}

/// What a function did before a place.
struct Before<'a> {
    assigned: Vec<&'a Expr>,
    names: BTreeSet<&'a str>,
    called: Vec<&'a Expr>,
    shared: &'a BTreeSet<&'a str>,
}

impl<'a> Before<'a> {
    fn of(own: &'a Own<'a>, place: TextSize) -> Before<'a> {
        let assigned: Vec<&Expr> =
            own.assigned.iter().map(|(target, _)| *target).filter(|target| target.start() < place).collect();
        let names = assigned.iter().filter_map(|target| target.as_name_expr()).map(|name| name.id.as_str());
        let called = own.calls.iter().map(|call| &*call.func).filter(|call| call.start() < place);
        Before { names: names.collect(), called: called.collect(), shared: &own.shared, assigned }
    }
}

/// Where the exception of a clause is used, other than in calls that tell people of it.
struct Uses<'a> {
    name: &'a str,
    found: Vec<TextRange>,
}

impl<'a> Visitor<'a> for Uses<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) if tells(&call.func) => {}
            Expr::Name(name) if name.id.as_str() == self.name => self.found.push(name.range()),
            _ => walk_expr(self, expr),
        }
    }
}
