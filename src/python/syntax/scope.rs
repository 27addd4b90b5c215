//! Which names are local, and what is known of the global ones.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::{ExceptHandler, Expr, Parameters, Stmt};

/// Where the statements being lowered stand.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The function whose body it is; `None` at module level.
    pub(super) function: Option<String>,
    /// The function's parameters and the names that it assigns anywhere.
    pub(super) locals: BTreeSet<String>,
    /// Inside the body of a loop.
    pub(super) in_loop: bool,
    /// Inside a `finally` clause, with no loop between.
    pub(super) in_finally: bool,
}

impl Scope {
    /// The scope of a function with these parameters and this body.
    pub(super) fn function(name: &str, parameters: &Parameters, body: &[Stmt]) -> Self {
        let mut locals: BTreeSet<String> =
            parameters.iter().map(|parameter| parameter.name().to_string()).collect();
        assigned(body, &mut locals);
        Scope { function: Some(name.to_string()), locals, ..Scope::default() }
    }
}

/// Collects the names that the statements bind. Statements that lowering refuses
/// need not be looked into.
fn assigned(body: &[Stmt], names: &mut BTreeSet<String>) {
    for stmt in body {
        match stmt {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    bind(target, names);
                }
            }
            Stmt::AnnAssign(assign) => bind(&assign.target, names),
            Stmt::If(stmt) => {
                assigned(&stmt.body, names);
                for clause in &stmt.elif_else_clauses {
                    assigned(&clause.body, names);
                }
            }
            Stmt::While(stmt) => {
                assigned(&stmt.body, names);
                assigned(&stmt.orelse, names);
            }
            Stmt::For(stmt) => {
                bind(&stmt.target, names);
                assigned(&stmt.body, names);
                assigned(&stmt.orelse, names);
            }
            Stmt::Try(stmt) => {
                assigned(&stmt.body, names);
                for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                    names.extend(handler.name.as_ref().map(ToString::to_string));
                    assigned(&handler.body, names);
                }
                assigned(&stmt.orelse, names);
                assigned(&stmt.finalbody, names);
            }
            _ => {}
        }
    }
}

fn bind(target: &Expr, names: &mut BTreeSet<String>) {
    if let Expr::Name(name) = target {
        names.insert(name.id.to_string());
    }
}

/// What lowering has seen of the global names.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Names read or defined as classes, in the order of their first mention.
    pub(super) mentions: Vec<String>,
    seen: BTreeSet<String>,
    /// Names read, and whether one reading says that the name is a class.
    pub(super) used: BTreeMap<String, bool>,
    /// Names bound at module level.
    pub(super) bound: BTreeSet<String>,
    /// Names read outside the function of the same name.
    pub(super) read_elsewhere: BTreeSet<String>,
}

impl Names {
    /// Notes a reading of the global `name` in `scope`.
    pub(super) fn read(&mut self, name: &str, scope: &Scope) {
        self.mention(name);
        self.used.entry(name.to_string()).or_default();
        if scope.function.as_deref() != Some(name) {
            self.read_elsewhere.insert(name.to_string());
        }
    }

    /// Notes that a reading says that `name` is an exception class.
    pub(super) fn read_as_class(&mut self, name: &str) {
        self.used.insert(name.to_string(), true);
    }

    /// Notes a mention of a name that may be a class's.
    pub(super) fn mention(&mut self, name: &str) {
        if self.seen.insert(name.to_string()) {
            self.mentions.push(name.to_string());
        }
    }
}
