//! What a version of Python cannot read yet, of what the parser reads for every version. The book's timeline says since
//! when each construct is there; ruff's parser knows what came with 3.8 and later ones.

use std::borrow::Cow;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Arguments, AtomicNodeIndex, ExceptHandler, Expr, ExprContext, ExprTuple, Operator, Stmt, StmtFunctionDef,
    StmtImportFrom, StmtWith, WithItem,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::Symbols;
use crate::python::syntax::parse::Source;

/// Checks a module.
///
/// # Errors
/// The first construct that the version does not have.
pub(super) fn check(source: &Source, body: &[Stmt]) -> Result<(), Diagnostic> {
    let mut walk = Walk { source, around: vec![Around::default()], found: None, compiled: None };
    walk.visit_body(body);
    match walk.found.or(walk.compiled) {
        Some((range, construct)) => {
            let own = if construct == CAPTURED {
                Some(format!("can not delete variable '{}' referenced in nested scope", source.slice(&range)))
            } else if source.timeline.has("syntax.compiler-texts") {
                own_text(source, range, construct)
            } else {
                None
            };
            let title = own.unwrap_or_else(|| format!("{construct} is not in Python {}", source.version));
            Err(source.syntax(&range, title))
        }
        None => Ok(()),
    }
}

const CAPTURED: &str = "unbinding a name that an inner function uses";
const FUTURE: &str = "this future import";
const RETURN: &str = "`return` with a value in a generator";

/// What the version itself says of a construct.
fn own_text(source: &Source, range: TextRange, construct: &str) -> Option<String> {
    if construct == RETURN {
        return Some("'return' with argument inside generator".into());
    }
    let (_, names) = source.slice(&range).split_once("import").filter(|_| construct == FUTURE)?;
    let names = names.split(|char: char| char != '_' && !char.is_alphanumeric());
    let unknown =
        names.filter(|name| !name.is_empty()).find(|name| !source.timeline.has(&format!("future.{name}")));
    Some(format!("future feature {} is not defined", unknown?))
}

/// The function that a place stands in.
#[derive(Debug, Default)]
struct Around {
    is_function: bool,
    is_async: bool,
    symbols: Symbols,
}

struct Walk<'s> {
    source: &'s Source<'s>,
    around: Vec<Around>,
    /// What the version's parser does not read.
    found: Option<Found>,
    /// What its compiler rejects where its parser reads all.
    compiled: Option<Found>,
}

/// A construct and its place.
type Found = (TextRange, &'static str);

/// What CPython's compiler tells, and not its parser.
const OF_COMPILER: [&str; 3] =
    ["syntax.generator-return", "syntax.captured-target", "syntax.captured-deletion"];

impl Walk<'_> {
    /// Notes a construct where the version does not have it; the first one is told.
    fn needs(&mut self, name: &str, place: TextRange, construct: &'static str) {
        let late = OF_COMPILER.contains(&name) || name.starts_with("future.");
        let found = if late { &mut self.compiled } else { &mut self.found };
        let earlier = found.as_ref().is_none_or(|(range, _)| place.start() < range.start());
        if earlier && !self.source.timeline.has(name) {
            *found = Some((place, construct));
        }
    }

    fn here(&self) -> Option<&Around> {
        self.around.last().filter(|around| around.is_function)
    }

    fn function(&mut self, def: &StmtFunctionDef) {
        let symbols = Symbols::of_function(Some(&def.parameters), &def.body);
        self.around.push(Around { is_function: true, is_async: def.is_async, symbols });
        self.visit_body(&def.body);
        self.around.pop();
    }

    fn imported(&mut self, stmt: &Stmt) {
        let Stmt::ImportFrom(import) = stmt else { return };
        // Before there was such a module its import failed as that of any other does.
        if !is_future(import) || !self.source.timeline.has("syntax.future") {
            return;
        }
        for alias in &import.names {
            self.needs(&format!("future.{}", alias.name), stmt.range(), FUTURE);
        }
    }

    fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(def) if def.is_async => {
                self.needs("syntax.async", stmt.range(), "`async def`");
            }
            Stmt::AnnAssign(_) => {
                self.needs("syntax.variable-annotation", stmt.range(), "an annotated variable");
            }
            Stmt::AugAssign(assign) if assign.op == Operator::MatMult => {
                self.needs("syntax.matrix-multiplication", stmt.range(), "`@=`");
            }
            Stmt::Return(returned) if returned.value.is_some() && self.is_in_generator() => {
                self.needs("syntax.generator-return", stmt.range(), RETURN);
            }
            Stmt::Raise(raise) if raise.cause.is_some() => {
                self.needs("syntax.raise-from", stmt.range(), "`raise … from`");
            }
            Stmt::With(with) => self.items(with),
            Stmt::Delete(delete) => delete.targets.iter().for_each(|target| self.deletes(target)),
            Stmt::ImportFrom(_) => self.imported(stmt),
            _ => {}
        }
    }

    fn deletes(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) => self.unbinds("syntax.captured-deletion", &name.id, name.range()),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.deletes(target)),
            Expr::List(list) => list.elts.iter().for_each(|target| self.deletes(target)),
            _ => {}
        }
    }

    /// A name that is unbound, which a function inside may use.
    fn unbinds(&mut self, gate: &str, name: &str, place: TextRange) {
        let shared = |symbols: &Symbols| symbols.cells().contains(name) || symbols.nonlocals.contains(name);
        if self.here().is_some_and(|around| shared(&around.symbols)) {
            self.needs(gate, place, CAPTURED);
        }
    }

    fn items(&mut self, with: &StmtWith) {
        if let Some(bound) = parenthesised(self.source, with)
            .then(|| with.items.iter().find(|item| item.optional_vars.is_some()))
            .flatten()
        {
            self.needs("syntax.parenthesised-items", bound.range(), "`as` in parentheses");
        } else if with.items.len() > 1 && self.source.items(with).len() > 1 {
            self.needs("syntax.several-items", with.items[1].range(), "`with` of several items");
        }
    }

    /// Stars in a display, or among the arguments of a call.
    fn stars(&mut self, members: &[Expr], context: ExprContext) {
        if let Some(star) = members.iter().find(|member| member.is_starred_expr())
            && context == ExprContext::Load
        {
            self.needs("syntax.unpacking", star.range(), "unpacking in a display");
        }
    }

    fn arguments(&mut self, arguments: &Arguments) {
        let stars: Vec<TextSize> =
            arguments.args.iter().filter(|arg| arg.is_starred_expr()).map(Ranged::start).collect();
        let behind = |first: &TextSize| arguments.args.iter().any(|arg| arg.start() > *first);
        let spread = arguments.keywords.iter().filter(|keyword| keyword.arg.is_none()).count();
        if stars.first().is_some_and(behind) || spread > 1 {
            self.needs("syntax.unpacking", arguments.range, "unpacking before other arguments");
        }
    }

    fn is_in_generator(&self) -> bool {
        self.here().is_some_and(|around| around.symbols.generating && !around.is_async)
    }

    fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::FString(_) => self.needs("syntax.f-string", expr.range(), "an f-string"),
            Expr::NumberLiteral(_) if self.source.slice(expr).contains('_') => {
                self.needs("syntax.underscore", expr.range(), "`_` in a number");
            }
            Expr::StringLiteral(string)
                if string.value.iter().any(|part| part.flags.prefix().is_unicode()) =>
            {
                self.needs("syntax.unicode-literal", expr.range(), "a string with the prefix u");
            }
            Expr::BinOp(operation) if operation.op == Operator::MatMult => {
                self.needs("syntax.matrix-multiplication", expr.range(), "`@`");
            }
            Expr::YieldFrom(_) => self.needs("syntax.yield-from", expr.range(), "`yield from`"),
            Expr::Yield(_) if self.here().is_some_and(|around| around.is_async) => {
                self.needs("syntax.async-generator", expr.range(), "`yield` in an `async def`");
            }
            Expr::Tuple(tuple) => self.stars(&tuple.elts, tuple.ctx),
            Expr::List(list) => self.stars(&list.elts, list.ctx),
            Expr::Set(set) => self.stars(&set.elts, ExprContext::Load),
            Expr::Dict(dict) => {
                if let Some(spread) = dict.items.iter().find(|item| item.key.is_none()) {
                    self.needs("syntax.unpacking", spread.value.range(), "unpacking in a display");
                }
            }
            Expr::Call(call) => self.arguments(&call.arguments),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Walk<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.statement(stmt);
        match stmt {
            Stmt::FunctionDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                self.visit_parameters(&def.parameters);
                self.function(def);
            }
            Stmt::ClassDef(_) => {
                self.around.push(Around::default());
                visitor::walk_stmt(self, stmt);
                self.around.pop();
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.expression(expr);
        visitor::walk_expr(self, expr);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        if let Some(name) = &clause.name {
            self.unbinds("syntax.captured-target", name, name.range());
        }
        visitor::walk_except_handler(self, handler);
    }
}

fn is_future(import: &StmtImportFrom) -> bool {
    import.module.as_ref().is_some_and(|module| module.as_str() == "__future__")
}

/// Whether the items of a `with` statement stand in parentheses of their own.
fn parenthesised(source: &Source, with: &StmtWith) -> bool {
    let [first, second, ..] = &with.items[..] else { return false };
    let count = |from: TextSize, to: TextSize, sign: char| {
        source.slice(&TextRange::new(from, to)).matches(sign).count()
    };
    let opened = count(with.start(), first.start(), '(');
    opened > count(first.end(), second.start(), ')')
}

impl Source<'_> {
    /// Whether the bodies of generators are guarded against what leaves them as if they had ended: where the file asks for it and the version
    /// does not do so of itself.
    pub(super) fn guards_generators(&self, module: &[Stmt]) -> bool {
        let asks = |import: &StmtImportFrom| {
            is_future(import) && import.names.iter().any(|alias| alias.name.as_str() == "generator_stop")
        };
        !self.timeline.has("generator.always-guarded")
            && module.iter().filter_map(Stmt::as_import_from_stmt).any(asks)
    }

    /// The items of a `with` statement: where a version takes what stands in parentheses for a tuple, that is the one.
    pub(super) fn items<'w>(&self, with: &'w StmtWith) -> Cow<'w, [WithItem]> {
        if self.timeline.has("syntax.parenthesised-items") || !parenthesised(self, with) {
            return Cow::Borrowed(&with.items);
        }
        let elts: Vec<Expr> = with.items.iter().map(|item| item.context_expr.clone()).collect();
        let range = TextRange::new(
            elts.first().map_or(with.start(), Ranged::start),
            elts.last().map_or(with.start(), Ranged::end),
        );
        let tuple = ExprTuple {
            node_index: AtomicNodeIndex::NONE,
            range,
            elts,
            ctx: ExprContext::Load,
            parenthesized: true,
        };
        let context_expr = Expr::Tuple(tuple);
        Cow::Owned(vec![WithItem {
            node_index: AtomicNodeIndex::NONE,
            range,
            context_expr,
            optional_vars: None,
        }])
    }
}
