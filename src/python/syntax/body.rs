//! What one function of a file does with names, as far as its text tells: its calls, what it hands on, and what it asks about.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{CmpOp, Expr, ExprCall, Stmt, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

/// A call.
#[derive(Debug)]
pub(super) struct Site {
    /// The last part of what is called: `acquire` of `self.lock.acquire()`.
    pub name: String,
    /// All of it, where it is names with dots.
    pub text: Option<String>,
    /// What stands before the last dot, and its place.
    pub receiver: Option<(Option<String>, TextRange)>,
    /// The first argument, where it is a name, and its place.
    pub argument: Option<(String, TextRange)>,
    /// The place of the call.
    pub range: TextRange,
}

/// What the text of one function tells, without the functions inside of it.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub sites: Vec<Site>,
    /// Calls that are statements: nobody looks at what they return.
    pub bare: Vec<TextRange>,
    /// Calls whose result gets a name of the function.
    pub bound: Vec<(TextRange, String)>,
    /// Where a name, or an attribute that is not called, becomes somebody else's: returned, yielded, stored, or kept by what it is given to.
    pub handed: Vec<(String, TextRange)>,
    /// Calls whose results become somebody else's at once.
    pub given_away: Vec<TextRange>,
    /// Names and calls of which only the truth is asked.
    pub truths: Vec<(Option<String>, TextRange)>,
    /// Names that are compared to None; whether by `is not`.
    pub compared: Vec<(String, TextRange, bool)>,
    /// The `finally` clauses, each of which cleans up.
    pub cleanups: Vec<TextRange>,
    /// Names of threads and processes for which nobody waits: daemons.
    pub daemons: BTreeSet<String>,
    /// Names that functions inside of it use, or that are global.
    pub shared: BTreeSet<String>,
}

/// What a function calls itself, as far as a pair of functions goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls {
    /// The last parts of what is called.
    names: BTreeSet<String>,
    /// Those of them whose results become somebody else's.
    handed: BTreeSet<String>,
}

impl Calls {
    /// Those of the body of a function, or of a module, without the functions inside of it.
    pub(super) fn of(suite: &[Stmt]) -> Calls {
        let body = Body::of(suite);
        let is_handed = |site: &&Site| {
            let named = body.name_of(site.range);
            body.given_away.contains(&site.range)
                || named.is_some_and(|name| {
                    body.shared.contains(name) || body.handed.iter().any(|(handed, _)| handed == name)
                })
        };
        let handed = body.sites.iter().filter(is_handed).map(|site| site.name.clone()).collect();
        Calls { handed, names: body.sites.into_iter().map(|site| site.name).collect() }
    }

    /// Whether both are called, and what the first gives stays there.
    pub fn both(&self, first: &str, second: &str) -> bool {
        self.names.contains(first) && self.names.contains(second) && !self.handed.contains(first)
    }
}

/// What keeps its arguments: methods of containers and those who look after resources. A class does, too.
const KEEPERS: &str =
    "add append appendleft callback closing enter_context insert push put register setdefault submit";

/// The last words of the names of functions whose results keep what they are made of.
const WRAPPERS: &str = "iter iterator proxy reader stream wrap wrapper writer";

/// The bodies of a file: that of the module, and those of all functions.
pub(super) fn bodies(suite: &[Stmt]) -> Vec<Body> {
    let mut found = Functions(Vec::new());
    suite.iter().for_each(|stmt| found.visit_stmt(stmt));
    std::iter::once(suite).chain(found.0).map(Body::of).collect()
}

struct Functions<'a>(Vec<&'a [Stmt]>);

impl<'a> Visitor<'a> for Functions<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::FunctionDef(def) = stmt {
            self.0.push(&def.body);
        }
        walk_stmt(self, stmt);
    }
}

/// Whether a call makes a daemon.
fn is_of_daemon(call: &ExprCall) -> bool {
    let daemon = call.arguments.keywords.iter().find(|keyword| keyword.arg.as_deref() == Some("daemon"));
    daemon.is_some_and(|daemon| !matches!(&daemon.value, Expr::BooleanLiteral(literal) if !literal.value))
}

/// Names with dots, as they stand.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr)),
        _ => None,
    }
}

impl Body {
    fn of(suite: &[Stmt]) -> Body {
        let mut body = Body::default();
        suite.iter().for_each(|stmt| body.visit_stmt(stmt));
        body
    }

    /// The name that the result of a call gets.
    pub fn name_of(&self, call: TextRange) -> Option<&String> {
        self.bound.iter().find(|(range, _)| *range == call).map(|(_, name)| name)
    }

    fn call(&mut self, call: &ExprCall) {
        let text = dotted(&call.func);
        let (name, receiver) = match &*call.func {
            Expr::Name(name) => (name.id.to_string(), None),
            Expr::Attribute(attribute) => {
                (attribute.attr.to_string(), Some((dotted(&attribute.value), attribute.value.range())))
            }
            _ => return,
        };
        let argument = call.arguments.args.first().and_then(|first| Some((dotted(first)?, first.range())));
        let keeps = KEEPERS.split(' ').any(|keeper| keeper == name)
            || name.starts_with(char::is_uppercase)
            || name.rsplit('_').next().is_some_and(|word| WRAPPERS.split(' ').any(|wrapper| wrapper == word));
        if keeps {
            call.arguments.args.iter().for_each(|argument| self.hand(argument));
            call.arguments.keywords.iter().for_each(|keyword| self.hand(&keyword.value));
        }
        self.sites.push(Site { name, text, receiver, argument, range: call.range() });
    }

    /// The names that become somebody else's where a value does.
    fn hand(&mut self, value: &Expr) {
        match value {
            Expr::Name(name) => self.handed.push((name.id.to_string(), name.range())),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|part| self.hand(part)),
            Expr::List(list) => list.elts.iter().for_each(|part| self.hand(part)),
            Expr::Set(set) => set.elts.iter().for_each(|part| self.hand(part)),
            Expr::Dict(dict) => dict.items.iter().for_each(|item| self.hand(&item.value)),
            Expr::Starred(starred) => self.hand(&starred.value),
            Expr::If(conditional) => {
                self.hand(&conditional.body);
                self.hand(&conditional.orelse);
            }
            Expr::BoolOp(operation) => operation.values.iter().for_each(|part| self.hand(part)),
            Expr::Call(call) => self.given_away.push(call.range()),
            // A method that is not called may be called by whoever gets it.
            Expr::Attribute(attribute) => {
                if let Some(text) = dotted(&attribute.value) {
                    self.handed.push((text, attribute.value.range()));
                }
            }
            _ => {}
        }
    }

    /// Of what a test asks the truth.
    fn test(&mut self, test: &Expr) {
        match test {
            Expr::Name(name) => self.truths.push((Some(name.id.to_string()), name.range())),
            Expr::Call(call) => self.truths.push((None, call.range())),
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => self.test(&unary.operand),
            Expr::BoolOp(operation) => operation.values.iter().for_each(|part| self.test(part)),
            _ => {}
        }
    }

    fn assigned(&mut self, targets: &[Expr], value: &Expr) {
        match targets {
            [Expr::Attribute(attribute)] if attribute.attr.as_str() == "daemon" => {
                self.daemons.extend(dotted(&attribute.value));
            }
            [Expr::Name(name)] if value.as_call_expr().is_some_and(is_of_daemon) => {
                self.daemons.insert(name.id.to_string());
            }
            [Expr::Name(name)] if value.is_call_expr() => {
                self.bound.push((value.range(), name.id.to_string()))
            }
            [Expr::Name(name), others @ ..] if value.is_call_expr() => {
                self.bound.push((value.range(), name.id.to_string()));
                if !others.iter().all(Expr::is_name_expr) {
                    self.hand(value);
                }
            }
            [Expr::Name(_)] if value.is_name_expr() => {}
            [Expr::Name(_)] if value.is_attribute_expr() => self.hand(value),
            _ => self.hand(value),
        }
    }
}

impl Visitor<'_> for Body {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                let mut inner = Inner(&mut self.shared);
                return walk_stmt(&mut inner, stmt);
            }
            Stmt::Global(global) => self.shared.extend(global.names.iter().map(ToString::to_string)),
            Stmt::Nonlocal(nonlocal) => self.shared.extend(nonlocal.names.iter().map(ToString::to_string)),
            Stmt::Expr(expr) if expr.value.is_call_expr() => self.bare.push(expr.value.range()),
            // What `+=` makes of an object is nobody's to say.
            Stmt::AugAssign(assign) if assign.target.is_name_expr() => self.hand(&assign.target),
            Stmt::Assign(assign) => self.assigned(&assign.targets, &assign.value),
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.assigned(std::slice::from_ref(&assign.target), value);
                }
            }
            Stmt::Return(returned) => returned.value.iter().for_each(|value| self.hand(value)),
            Stmt::With(with) => {
                let names = with.items.iter().filter(|item| !item.context_expr.is_call_expr());
                names.for_each(|item| self.hand(&item.context_expr));
            }
            Stmt::If(branch) => {
                let others = branch.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref());
                std::iter::once(&*branch.test).chain(others).for_each(|test| self.test(test));
            }
            Stmt::While(turn) => self.test(&turn.test),
            Stmt::Try(statement) => {
                if let [first, .., last] | [first @ last] = &statement.finalbody[..] {
                    self.cleanups.push(TextRange::new(first.start(), last.end()));
                }
            }
            Stmt::Assert(assert) => self.test(&assert.test),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Lambda(_) | Expr::Generator(_) => return walk_expr(&mut Inner(&mut self.shared), expr),
            Expr::Call(call) => {
                self.call(call);
                // A method that is an argument may be called by whoever gets it.
                call.arguments
                    .args
                    .iter()
                    .filter(|value| value.is_attribute_expr())
                    .for_each(|value| self.hand(value));
            }
            Expr::Yield(yielded) => yielded.value.iter().for_each(|value| self.hand(value)),
            Expr::If(conditional) => self.test(&conditional.test),
            Expr::Compare(compare) => {
                if let (Expr::Name(name), [op @ (CmpOp::Is | CmpOp::IsNot)], [Expr::NoneLiteral(_)]) =
                    (&*compare.left, &*compare.ops, &*compare.comparators)
                {
                    self.compared.push((name.id.to_string(), compare.range(), *op == CmpOp::IsNot));
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

/// The names that an inner function uses.
struct Inner<'a>(&'a mut BTreeSet<String>);

impl Visitor<'_> for Inner<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        if let Expr::Name(name) = expr {
            self.0.insert(name.id.to_string());
        }
        walk_expr(self, expr);
    }
}
