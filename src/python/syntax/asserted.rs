//! What the `assert` statements of a function are about: what decides each, and of what the text says that nobody else changes it.

use std::collections::BTreeMap;

use ruff_python_ast::helpers::any_over_expr;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Stmt, StmtFor};
use ruff_text_size::{Ranged, TextRange};

use crate::python::syntax::marks::Mark;

/// Builtin functions whose answers follow from what they are given, and which change nothing.
const PURE: &str = "abs all any bool dict enumerate float frozenset int isinstance issubclass len list max min range repr reversed round set sorted str sum tuple type zip";

/// The marks of the `assert` statements of a function, or of the module, without the functions inside of it.
pub(super) fn asserted(body: &[Stmt]) -> Vec<Mark> {
    let mut own = Own::default();
    body.iter().for_each(|stmt| own.visit_stmt(stmt));
    if own.asserts.is_empty() {
        return Vec::new();
    }
    let mut all = Mentions::default();
    body.iter().for_each(|stmt| all.visit_stmt(stmt));
    let known = Known { all, own };
    known.own.asserts.iter().flat_map(|test| known.marks(test)).collect()
}

/// Whether the text says what a loop does: how many turns it has, and that each turn does the same.
pub(super) fn is_certain(turns: &StmtFor) -> bool {
    let counted = match &*turns.iter {
        Expr::Call(call) => is_call_of(call, &["range"]) && call.arguments.args.iter().all(is_constant),
        iter => is_constant(iter),
    };
    counted && turns.orelse.is_empty() && turns.body.iter().all(is_straight)
}

fn is_straight(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::AnnAssign(_) | Stmt::Expr(_) | Stmt::Pass(_) => true,
        Stmt::For(turns) => is_certain(turns),
        _ => false,
    }
}

/// Whether it is made of constants alone, be it a new container.
fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::UnaryOp(operation) => is_constant(&operation.operand),
        Expr::Tuple(display) => display.elts.iter().all(is_constant),
        Expr::List(display) => display.elts.iter().all(is_constant),
        Expr::Set(display) => display.elts.iter().all(is_constant),
        Expr::Dict(display) => display
            .items
            .iter()
            .all(|item| item.key.as_ref().is_some_and(is_constant) && is_constant(&item.value)),
        Expr::Call(call) => call.arguments.is_empty() && is_call_of(call, &["dict", "list", "set", "tuple"]),
        other => other.is_literal_expr(),
    }
}

fn is_call_of(call: &ExprCall, names: &[&str]) -> bool {
    matches!(&*call.func, Expr::Name(name) if names.contains(&name.id.as_str()))
}

fn is_pure(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Name(name) if PURE.split(' ').any(|pure| pure == name.id.as_str()))
}

/// How often each name is mentioned, in the functions inside as well.
#[derive(Default)]
struct Mentions<'a>(BTreeMap<&'a str, usize>);

impl<'a> Visitor<'a> for Mentions<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr {
            *self.0.entry(name.id.as_str()).or_default() += 1;
        }
        walk_expr(self, expr);
    }
}

/// What a function itself does with names.
#[derive(Default)]
struct Own<'a> {
    asserts: Vec<&'a Expr>,
    /// How often a name is mentioned so that what it holds stays what the text says.
    plain: BTreeMap<&'a str, usize>,
    /// Names, and what they are computed from.
    computed: Vec<(&'a str, &'a Expr)>,
    loops: usize,
}

impl<'a> Own<'a> {
    fn plain(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr {
            *self.plain.entry(name.id.as_str()).or_default() += 1;
        }
    }

    fn assigned(&mut self, target: &'a Expr, value: &'a Expr) {
        match target {
            Expr::Name(name) => {
                self.computed.push((name.id.as_str(), value));
                if is_constant(value) {
                    self.plain(target);
                }
            }
            Expr::Subscript(item) if self.loops == 0 && is_constant(&item.slice) && is_constant(value) => {
                self.plain(&item.value);
            }
            _ => {}
        }
    }

    /// A method that is called for what it does, with constants.
    fn changed(&mut self, call: &'a ExprCall) {
        let constant = call.arguments.keywords.is_empty() && call.arguments.args.iter().all(is_constant);
        if let (Expr::Attribute(method), 0, true) = (&*call.func, self.loops, constant) {
            self.plain(&method.value);
        }
    }

    /// What only its truth, or a comparison, is asked of.
    fn tested(&mut self, test: &'a Expr) {
        match test {
            Expr::Name(_) => self.plain(test),
            Expr::Compare(compare) => {
                self.tested(&compare.left);
                compare.comparators.iter().for_each(|part| self.tested(part));
            }
            Expr::BoolOp(operation) => operation.values.iter().for_each(|part| self.tested(part)),
            Expr::UnaryOp(operation) => self.tested(&operation.operand),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Own<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let turns = match stmt {
            Stmt::FunctionDef(_) => return,
            Stmt::For(turns) => {
                self.plain(&turns.iter);
                !is_certain(turns)
            }
            Stmt::While(turns) => {
                self.tested(&turns.test);
                true
            }
            _ => false,
        };
        match stmt {
            Stmt::Assert(assert) => {
                self.asserts.push(&assert.test);
                self.tested(&assert.test);
            }
            Stmt::If(branch) => {
                self.tested(&branch.test);
                let tests = branch.elif_else_clauses.iter().flat_map(|clause| &clause.test);
                tests.for_each(|test| self.tested(test));
            }
            Stmt::Assign(assign) => {
                assign.targets.iter().for_each(|target| self.assigned(target, &assign.value));
            }
            Stmt::AnnAssign(assign) => {
                assign.value.iter().for_each(|value| self.assigned(&assign.target, value));
            }
            Stmt::AugAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    self.computed.push((name.id.as_str(), &assign.value));
                }
            }
            Stmt::Expr(stmt) => {
                if let Expr::Call(call) = &*stmt.value {
                    self.changed(call);
                }
            }
            _ => {}
        }
        self.loops += usize::from(turns);
        walk_stmt(self, stmt);
        self.loops -= usize::from(turns);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Lambda(_) => return,
            Expr::Call(call) if is_pure(call) => call.arguments.args.iter().for_each(|part| self.plain(part)),
            Expr::Subscript(item) if item.ctx.is_load() => self.plain(&item.value),
            _ => {}
        }
        walk_expr(self, expr);
    }
}

/// What the text of a function says of its names.
struct Known<'a> {
    all: Mentions<'a>,
    own: Own<'a>,
}

impl Known<'_> {
    /// Whether all that is done with what a name holds stands here, so that nobody else has changed it.
    fn is_settled(&self, name: &str) -> bool {
        self.own.plain.get(name) == self.all.0.get(name)
    }

    /// Whether a name was computed from what is in something that is not settled.
    fn is_derived(&self, name: &str) -> bool {
        self.own.computed.iter().any(|(other, value)| {
            *other == name
                && any_over_expr(value, |part| match part {
                    Expr::Call(call) => match &*call.func {
                        Expr::Attribute(method) => self.rests_on_others(&method.value),
                        _ => {
                            is_pure(call) && call.arguments.args.iter().any(|part| self.rests_on_others(part))
                        }
                    },
                    Expr::Subscript(item) => self.rests_on_others(&item.value),
                    Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => true,
                    _ => false,
                })
        })
    }

    fn rests_on_others(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Name(name) if !self.is_settled(name.id.as_str()))
    }

    /// The marks of one `assert`: at what it tests, and at what decides it. Where a call of something else decides, nothing is known of
    /// what it looks at.
    fn marks(&self, test: &Expr) -> Vec<Mark> {
        let mut operands = Operands::default();
        let decided = operands.of(test);
        let derived = operands.names.iter().any(|(name, _)| self.is_derived(name));
        // `assert False` says that nobody comes here.
        if !decided || derived || operands.is_empty() {
            return Vec::new();
        }
        let names = operands.names.iter().map(|(name, range)| match self.is_settled(name) {
            true => Mark { range: *range, marker: "asserted-operand", truth: false },
            false => Mark { range: *range, marker: "asserted-shared", truth: false },
        });
        let attributes = operands.attributes.iter().map(|range| Mark {
            range: *range,
            marker: "asserted-shared",
            truth: false,
        });
        let results = operands.results.iter().map(|range| Mark {
            range: *range,
            marker: "asserted-operand",
            truth: false,
        });
        let is_truth =
            matches!(test, Expr::Compare(_)) || matches!(test, Expr::UnaryOp(not) if not.op.is_not());
        let asserted = Mark { range: test.range(), marker: "asserted", truth: !is_truth };
        names.chain(attributes).chain(results).chain([asserted]).collect()
    }
}

/// What an expression is made of.
#[derive(Default)]
struct Operands<'a> {
    names: Vec<(&'a str, TextRange)>,
    attributes: Vec<TextRange>,
    /// What is computed from the others by what changes nothing.
    results: Vec<TextRange>,
}

impl<'a> Operands<'a> {
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.attributes.is_empty() && self.results.is_empty()
    }

    /// Collects the parts; whether nothing else is in it.
    fn of(&mut self, expr: &'a Expr) -> bool {
        match expr {
            Expr::Name(name) => {
                self.names.push((name.id.as_str(), expr.range()));
                true
            }
            Expr::Attribute(_) => {
                self.attributes.push(expr.range());
                true
            }
            Expr::NoneLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_) => true,
            Expr::Compare(compare) => self.of(&compare.left) && self.all(&compare.comparators),
            Expr::BoolOp(operation) => self.all(&operation.values),
            Expr::UnaryOp(operation) => self.of(&operation.operand),
            Expr::BinOp(operation) => self.of(&operation.left) && self.of(&operation.right),
            Expr::Tuple(display) => self.all(&display.elts),
            Expr::List(display) => self.all(&display.elts),
            Expr::Set(display) => self.all(&display.elts),
            Expr::Dict(display) => display
                .items
                .iter()
                .all(|item| item.key.as_ref().is_some_and(|key| self.of(key)) && self.of(&item.value)),
            Expr::Subscript(item) => {
                self.results.push(expr.range());
                self.of(&item.value) && self.of(&item.slice)
            }
            Expr::Call(call) if is_pure(call) && call.arguments.keywords.is_empty() => {
                self.results.push(expr.range());
                self.all(&call.arguments.args)
            }
            _ => false,
        }
    }

    fn all(&mut self, parts: &'a [Expr]) -> bool {
        parts.iter().all(|part| self.of(part))
    }
}
