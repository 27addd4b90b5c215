//! Where the text of a file says more than its terms do, by what people are used to: which calls hand on the exception that a clause
//! handles, which may never return, which only ask, which loops and chains of tests bind names that are read behind them, and what an
//! `assert` says of such names.
//!
//! The markers at these places let a property see them. What the names of functions say is the book's.

use std::collections::BTreeSet;

use ruff_python_ast::helpers::any_over_expr;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{
    ExceptHandler, ExceptHandlerExceptHandler, Expr, ExprAttribute, ExprCall, ExprContext, ExprName, Stmt,
    StmtFor, StmtIf, StmtReturn, StmtTry,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::book::conventions::Conventions;
use crate::python::syntax::asked::Asked;
use crate::python::syntax::asserted::is_certain;
use crate::python::syntax::body::dotted;
use crate::python::syntax::chains;
use crate::python::syntax::failures::twice_failed;

/// The places of a file at which markers stand.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// Calls that hand on the exception that is being handled.
    handing_on: BTreeSet<(u32, u32)>,
    /// Calls that end a clause and may never return.
    ending: BTreeSet<(u32, u32)>,
    /// Calls in the suite of a `try` statement that only ask something.
    asking: BTreeSet<(u32, u32)>,
    /// Names in clauses that are not bound only where something else failed before.
    twice: BTreeSet<(u32, u32)>,
    /// Where clauses begin that may drop what they handle.
    excused: BTreeSet<TextSize>,
    /// Where loops begin that bind names which are read behind them.
    binding: BTreeSet<TextSize>,
    /// Where chains of tests begin of which one holds, as what is read behind them says.
    exhaustive: BTreeSet<TextSize>,
    /// What `assert` statements look at and the turns of a loop before them bind.
    of_turns: BTreeSet<(u32, u32)>,
}

impl Habits {
    /// Those of a file.
    pub fn of(suite: &[Stmt], conventions: &Conventions) -> Habits {
        let mut reader = Reader { found: Habits::default(), conventions };
        reader.function("", suite);
        reader.found
    }

    /// The name of the marker at an expression, where there is one.
    pub fn at(&self, expression: TextRange) -> Option<&'static str> {
        let place = place(expression);
        match () {
            () if self.handing_on.contains(&place) => Some("handed-on"),
            () if self.ending.contains(&place) => Some("ends-clause"),
            () if self.asking.contains(&place) => Some("only-asks"),
            () if self.twice.contains(&place) => Some("fails-twice"),
            () if self.of_turns.contains(&place) => Some("of-turns"),
            () => None,
        }
    }

    /// Whether a clause that begins there may drop what it handles.
    pub fn is_excused(&self, clause: TextSize) -> bool {
        self.excused.contains(&clause)
    }

    /// Whether a loop that begins there binds names that are read behind it.
    pub fn binds(&self, turns: TextSize) -> bool {
        self.binding.contains(&turns)
    }

    /// Whether one branch is taken of a chain of tests that begins there.
    pub fn takes_one(&self, chain: TextSize) -> bool {
        self.exhaustive.contains(&chain)
    }
}

fn place(range: TextRange) -> (u32, u32) {
    (range.start().into(), range.end().into())
}

struct Reader<'c> {
    found: Habits,
    conventions: &'c Conventions,
}

impl Reader<'_> {
    /// A function of that name, or the module.
    fn function(&mut self, name: &str, body: &[Stmt]) {
        let mut inner = Inside { reader: self, excused: name == "__del__" };
        body.iter().for_each(|stmt| inner.visit_stmt(stmt));
        let mut names = Names::default();
        body.iter().for_each(|stmt| names.visit_stmt(stmt));
        if self.conventions.grant("loops") {
            self.loops(body, &names);
        }
        if self.conventions.grant("branches") {
            self.found.exhaustive.extend(chains::exhaustive(&names.chains, &names.bound, &names.read));
        }
        if self.conventions.grant("failures") {
            self.found.twice.extend(twice_failed(body).into_iter().map(place));
        }
    }

    fn clauses(&mut self, statement: &StmtTry, excused: bool) {
        if !statement.handlers.is_empty() && self.conventions.grant("failures") {
            self.asking(&statement.body);
        }
        for ExceptHandler::ExceptHandler(clause) in &statement.handlers {
            if self.conventions.grant("returns") {
                self.ends(&clause.body);
                self.answers_instead(clause);
            }
            if is_wide(clause) {
                let mut inside = Clause::default();
                clause.body.iter().for_each(|stmt| inside.visit_stmt(stmt));
                // Who raises on some paths has thought about the others.
                if excused || inside.raises {
                    self.found.excused.insert(clause.start());
                }
                for call in inside.calls {
                    if self.hands_on(call) {
                        self.found.handing_on.insert(place(call.range()));
                    }
                }
            }
        }
    }

    fn hands_on(&self, call: &ExprCall) -> bool {
        let by_keyword =
            call.arguments.keywords.iter().any(|keyword| {
                keyword.arg.as_ref().is_some_and(|name| self.conventions.say("hands-on", name))
            });
        by_keyword || name_of(call).is_some_and(|name| self.conventions.say("hands-on", &name))
    }

    /// The call that ends a clause, or each of its branches, where nothing in its name says that it comes back.
    fn ends(&mut self, body: &[Stmt]) {
        match body.last() {
            Some(Stmt::Expr(stmt)) => {
                let Expr::Call(call) = &*stmt.value else { return };
                let text = dotted(&call.func).or_else(|| name_of(call)).unwrap_or_default();
                let comes_back = self.conventions.say_anywhere("comes-back", &text);
                if !comes_back || self.conventions.say("goes-off", &text) {
                    self.found.ending.insert(place(call.range()));
                }
            }
            Some(Stmt::If(branch)) => {
                self.ends(&branch.body);
                branch.elif_else_clauses.iter().for_each(|clause| self.ends(&clause.body));
            }
            Some(Stmt::With(with)) => self.ends(&with.body),
            _ => {}
        }
    }

    /// The call that a clause gives its exception, and whose answer it returns if there is one: `usage()`, with a way out.
    fn answers_instead(&mut self, clause: &ExceptHandlerExceptHandler) {
        let (Some(exception), Some(Stmt::If(branch))) = (&clause.name, clause.body.last()) else { return };
        let Some(Stmt::Return(StmtReturn { value: Some(answer), .. })) = branch.body.last() else { return };
        let Some(answer) = answer.as_name_expr().filter(|_| branch.elif_else_clauses.is_empty()) else {
            return;
        };
        for stmt in &clause.body {
            let Stmt::Assign(assign) = stmt else { continue };
            let (Expr::Call(call), [Expr::Name(target)]) = (&*assign.value, &assign.targets[..]) else {
                continue;
            };
            let is_given = |given: &Expr| {
                given.as_name_expr().is_some_and(|name| name.id.as_str() == exception.as_str())
            };
            if target.id == answer.id && call.arguments.args.iter().any(is_given) {
                self.found.ending.insert(place(call.range()));
            }
        }
    }

    /// The calls of a suite, behind which clauses stand, that only ask something.
    fn asking(&mut self, suite: &[Stmt]) {
        let mut inside = Clause::default();
        suite.iter().for_each(|stmt| inside.visit_stmt(stmt));
        let asks =
            |call: &&&ExprCall| name_of(call).is_some_and(|name| self.conventions.say_first("asks", &name));
        let places: Vec<_> = inside.calls.iter().filter(asks).map(|call| place(call.range())).collect();
        self.found.asking.extend(places);
    }

    /// What is left where no condition fits is often an error.
    fn otherwise(&mut self, branch: &StmtIf) {
        let left = branch.elif_else_clauses.last().filter(|clause| clause.test.is_none());
        if let Some(left) = left.filter(|_| self.conventions.grant("returns")) {
            self.ends(&left.body);
        }
    }

    /// The loops of a function whose turns bind names that are read behind them; by their targets, where the function asks, by a test,
    /// for what the loop goes over.
    fn loops(&mut self, body: &[Stmt], names: &Names) {
        let asked = Asked::of(body);
        for turns in &names.loops {
            let inside = |range: TextRange| turns.range().contains_range(range);
            let behind = |range: TextRange| range.start() >= turns.range().end();
            let is_asked = asked.is_about(&turns.iter, self.conventions);
            let of_turns = |name: &str, range: TextRange| {
                let of_target = turns.target.range().contains_range(range);
                inside(range) && (is_asked || !of_target) && name != "_"
            };
            let bound: BTreeSet<&str> = names
                .bound
                .iter()
                .filter(|(name, range)| of_turns(name, *range))
                .map(|(name, _)| name.as_str())
                .collect();
            let is_read =
                |(name, range): &(String, TextRange)| behind(*range) && bound.contains(name.as_str());
            if names.read.iter().any(is_read) {
                self.found.binding.insert(turns.start());
            }
        }
        self.found.of_turns.extend(names.asserted_of_turns().map(place));
    }
}

/// Whether a clause takes what is no Exception and does not name it, as far as its text tells.
fn is_wide(clause: &ExceptHandlerExceptHandler) -> bool {
    let of_all = |condition: &Expr| {
        any_over_expr(condition, |part| {
            part.as_name_expr().is_some_and(|name| name.id.as_str() == "BaseException")
        })
    };
    clause.name.is_none() && clause.type_.as_ref().is_none_or(|condition| of_all(condition))
}

fn name_of(call: &ExprCall) -> Option<String> {
    match &*call.func {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(attribute.attr.to_string()),
        _ => None,
    }
}

/// What stands in one function, and the functions inside of it.
struct Inside<'r, 'c> {
    reader: &'r mut Reader<'c>,
    /// Whether nobody could do anything about what is raised here, or it is clean-up: what a clause drops there is excused.
    excused: bool,
}

impl Visitor<'_> for Inside<'_, '_> {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => return self.reader.function(&function.name, &function.body),
            Stmt::Try(statement) => {
                self.reader.clauses(statement, self.excused);
                return self.parts(statement);
            }
            Stmt::If(branch) => self.reader.otherwise(branch),
            _ => {}
        }
        walk_stmt(self, stmt);
    }
}

impl Inside<'_, '_> {
    /// What stands in a `try` statement; its `finally` clause cleans up.
    fn parts(&mut self, statement: &StmtTry) {
        let outside = self.excused;
        let handlers =
            statement.handlers.iter().flat_map(|ExceptHandler::ExceptHandler(clause)| &clause.body);
        statement.body.iter().chain(handlers).chain(&statement.orelse).for_each(|stmt| self.visit_stmt(stmt));
        self.excused |= self.reader.conventions.grant("cleanup");
        statement.finalbody.iter().for_each(|stmt| self.visit_stmt(stmt));
        self.excused = outside;
    }
}

/// What stands in a clause: its calls, and whether something is raised.
#[derive(Default)]
struct Clause<'a> {
    calls: Vec<&'a ExprCall>,
    raises: bool,
}

impl<'a> Visitor<'a> for Clause<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.raises |= stmt.is_raise_stmt();
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            self.calls.push(call);
        }
        walk_expr(self, expr);
    }
}

/// The names of a function, without the functions inside of it, and its loops.
#[derive(Default)]
struct Names<'a> {
    bound: Vec<(String, TextRange)>,
    read: Vec<(String, TextRange)>,
    loops: Vec<&'a StmtFor>,
    chains: Vec<&'a StmtIf>,
    /// All loops, with those of `while`.
    turns: Vec<TextRange>,
    /// What `assert` statements look at.
    asserted: Vec<(String, TextRange)>,
}

impl Names<'_> {
    /// What an `assert` looks at and a loop before it binds: that the turns have bound it is what the `assert` says.
    fn asserted_of_turns(&self) -> impl Iterator<Item = TextRange> {
        let binds = |turns: &TextRange, name: &str| {
            self.bound.iter().any(|(other, range)| other == name && turns.contains_range(*range))
        };
        let of_turns = move |(name, range): &&(String, TextRange)| {
            self.turns.iter().any(|turns| turns.end() <= range.start() && binds(turns, name))
        };
        self.asserted.iter().filter(of_turns).map(|(_, range)| *range)
    }

    fn asserts(&mut self, test: &Expr) {
        any_over_expr(test, |part| {
            self.asserted.extend(dotted(part).map(|name| (name, part.range())));
            false
        });
    }
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::For(turns) if !turns.is_async => self.loops.push(turns),
            Stmt::If(chain) if chains::is_open(chain) => self.chains.push(chain),
            Stmt::Assert(assert) => self.asserts(&assert.test),
            _ => {}
        }
        if matches!(stmt, Stmt::For(turns) if !is_certain(turns)) || stmt.is_while_stmt() {
            self.turns.push(stmt.range());
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx != ExprContext::Store => {
                self.read.push((name.id.to_string(), name.range()));
            }
            Expr::Name(ExprName { ctx, .. }) | Expr::Attribute(ExprAttribute { ctx, .. })
                if *ctx == ExprContext::Store =>
            {
                self.bound.extend(dotted(expr).map(|name| (name, expr.range())));
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}
