//! What the compiler says of the blocks that a statement stands in: how many there may be, where jumps may lead, and
//! which clauses a `try` statement has.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Stmt, StmtIf, StmtTry};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Diagnostic;
use crate::python::syntax::constants;
use crate::python::syntax::lower::Symbols;
use crate::python::syntax::parse::Source;

/// Checks a body.
///
/// # Errors
/// The first block that stands in too many others, jump that is not allowed, or clause in the wrong place.
pub(super) fn check(source: &Source, body: &[Stmt]) -> Result<(), Diagnostic> {
    Blocks { source, jumps: Vec::new() }.suite(body, Around::default())
}

/// The jumps that leave a `finally` clause (PEP 765), each with its word, in the order of the source.
pub(super) fn jumps_out_of_finally<'a>(source: &Source, body: &'a [Stmt]) -> Vec<(&'a Stmt, &'static str)> {
    let mut blocks = Blocks { source, jumps: Vec::new() };
    // Of a body with an error nothing is told but that.
    blocks.suite(body, Around::default()).map_or(Vec::new(), |()| blocks.jumps)
}

/// What is said of an `else` without an `except` before it.
pub(super) const LONE_ELSE: &str = "expected 'except' or 'finally' block";

/// The first `else` of a `try` statement without `except`, in what the parser made of a file with errors.
pub(super) fn lone_else(source: &Source, body: &[Stmt]) -> Option<TextRange> {
    struct Finder<'s> {
        source: &'s Source<'s>,
        found: Option<TextRange>,
    }
    impl<'a> Visitor<'a> for Finder<'_> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if let (None, Stmt::Try(inner)) = (self.found, stmt) {
                self.found = else_of(self.source, inner);
            }
            visitor::walk_stmt(self, stmt);
        }
    }
    let mut finder = Finder { source, found: None };
    finder.visit_body(body);
    finder.found
}

/// The `else` of a `try` statement that has no `except`.
fn else_of(source: &Source, inner: &StmtTry) -> Option<TextRange> {
    const WORD: &str = "else";
    let first = inner.orelse.first().filter(|_| inner.handlers.is_empty())?;
    let start = inner.body.last().map_or(inner.start(), Ranged::end);
    let between = source.slice(&TextRange::new(start, first.start()));
    let offset = between.rfind(WORD).and_then(|offset| u32::try_from(offset).ok())?;
    Some(TextRange::at(start + TextSize::from(offset), TextSize::of(WORD)))
}

struct Blocks<'s, 'a> {
    source: &'s Source<'s>,
    jumps: Vec<(&'a Stmt, &'static str)>,
}

/// What stands around a statement, within its function or class.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    blocks: usize,
    /// A loop that a jump may be about.
    in_loop: bool,
    /// A `finally` clause, with no loop between.
    in_finally: bool,
    /// The suite of a `try` statement, with no loop between.
    in_try: bool,
    /// The suite of a `try` statement with `finally`, or what stands in one.
    is_guarded: bool,
    /// An `except*` clause: no jump leaves it, not even one of a loop around it.
    in_star: bool,
    /// A suite that never runs, as the compiler sees.
    is_dead: bool,
}

impl Around {
    fn within(self, blocks: usize) -> Around {
        Around { blocks: self.blocks + blocks, ..self }
    }

    fn dead_where(self, never: bool) -> Around {
        Around { is_dead: self.is_dead || never, ..self }
    }
}

impl<'a> Blocks<'_, 'a> {
    /// `CO_MAXBLOCKS`: a generator has had a block of its own since 3.12, and everyone one more.
    fn most(&self) -> usize {
        if self.source.timeline.has("compiler.block-21") { 21 } else { 20 }
    }

    /// Whether the compiler does not look at a suite, since it never runs.
    fn passes_over(&self, around: Around) -> bool {
        around.is_dead && !self.source.timeline.has("syntax.last-clause-everywhere")
    }

    fn suite(&mut self, body: &'a [Stmt], around: Around) -> Result<(), Diagnostic> {
        body.iter().try_for_each(|stmt| self.stmt(stmt, around))
    }

    /// A suite in blocks that begin with a statement.
    fn block(&mut self, place: &Stmt, body: &'a [Stmt], around: Around) -> Result<(), Diagnostic> {
        if around.blocks > self.most() {
            return Err(self.source.syntax(&place.range(), "too many statically nested blocks"));
        }
        self.suite(body, around)
    }

    fn stmt(&mut self, stmt: &'a Stmt, around: Around) -> Result<(), Diagnostic> {
        match stmt {
            Stmt::FunctionDef(def) => {
                let symbols = Symbols::of_function(Some(&def.parameters), &def.body);
                let own = symbols.generating && self.source.timeline.has("compiler.generator-block");
                self.suite(&def.body, Around::default().within(usize::from(own)))
            }
            Stmt::ClassDef(def) => self.suite(&def.body, Around::default()),
            Stmt::For(inner) => {
                self.looped(stmt, &inner.body, around)?;
                self.suite(&inner.orelse, around)
            }
            Stmt::While(inner) => {
                let never = constants::truth(self.source, &inner.test) == Some(false);
                self.looped(stmt, &inner.body, around.dead_where(never))?;
                self.suite(&inner.orelse, around)
            }
            Stmt::With(inner) => self.block(stmt, &inner.body, around.within(inner.items.len())),
            Stmt::If(inner) => self.chosen(inner, around),
            Stmt::Match(inner) => inner.cases.iter().try_for_each(|case| self.suite(&case.body, around)),
            Stmt::Try(inner) => self.clauses(stmt, inner, around),
            Stmt::Return(_) => self.jump(stmt, "return", around),
            Stmt::Break(_) => self.jump(stmt, "break", around),
            Stmt::Continue(_) => self.jump(stmt, "continue", around),
            Stmt::Expr(inner) if inner.value.is_yield_expr() && around.is_guarded => self.allows(
                "syntax.yield-in-try-finally",
                stmt,
                "'yield' not allowed in a 'try' block with a 'finally' clause",
            ),
            _ => Ok(()),
        }
    }

    /// An `if` statement: what stands behind a test that is always true never runs.
    fn chosen(&mut self, inner: &'a StmtIf, around: Around) -> Result<(), Diagnostic> {
        let others = inner.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body));
        let mut rest = around;
        for (test, body) in std::iter::once((Some(&*inner.test), &inner.body)).chain(others) {
            let truth = test.and_then(|test| constants::truth(self.source, test));
            self.suite(body, rest.dead_where(truth == Some(false)))?;
            rest = rest.dead_where(truth == Some(true));
        }
        Ok(())
    }

    fn looped(&mut self, stmt: &Stmt, body: &'a [Stmt], around: Around) -> Result<(), Diagnostic> {
        let inside = Around { in_loop: true, in_finally: false, in_try: false, ..around.within(1) };
        self.block(stmt, body, inside)
    }

    fn clauses(&mut self, stmt: &Stmt, inner: &'a StmtTry, around: Around) -> Result<(), Diagnostic> {
        if let Some(place) = else_of(self.source, inner) {
            return Err(self.source.syntax(&place, LONE_ELSE));
        }
        let outside = around;
        let cleans = !inner.finalbody.is_empty();
        let mut around = around.within(usize::from(cleans));
        (around.in_try, around.is_guarded) = (outside.in_try || cleans, outside.is_guarded || cleans);
        let suite = around.within(usize::from(!inner.handlers.is_empty()));
        self.block(stmt, &inner.body, Around { in_try: true, ..suite })?;
        for (place, ExceptHandler::ExceptHandler(handler)) in inner.handlers.iter().enumerate() {
            if handler.type_.is_none() && place + 1 < inner.handlers.len() && !self.passes_over(around) {
                const TEXT: &str = "default 'except:' must be last";
                let has = |name| self.source.timeline.has(name);
                return Err(match inner.body.first() {
                    _ if !has("syntax.last-clause-at-suite") => {
                        let last = handler.body.last().map_or(handler.end(), Ranged::end);
                        self.source.syntax(&TextRange::empty(last), TEXT)
                    }
                    Some(first) if !has("syntax.last-clause-at-itself") => self.source.syntax(first, TEXT),
                    _ => self.source.syntax(handler, TEXT),
                });
            }
            // The target of a clause is unbound at its end, which is a `finally` of its own.
            let named = usize::from(handler.name.is_some() || inner.is_star);
            let clause = around.within(1 + named);
            let star = Around { in_star: true, in_loop: false, ..clause };
            self.block(stmt, &handler.body, if inner.is_star { star } else { clause })?;
        }
        self.suite(&inner.orelse, around)?;
        match &*inner.finalbody {
            [] => Ok(()),
            clause => {
                self.block(stmt, clause, Around { in_finally: true, in_try: false, ..outside.within(1) })
            }
        }
    }

    /// What a version does not have.
    fn allows(&self, name: &str, stmt: &Stmt, text: &str) -> Result<(), Diagnostic> {
        match self.source.timeline.has(name) {
            true => Ok(()),
            false => Err(self.source.syntax(stmt, text)),
        }
    }

    /// `continue`, which is not everywhere in a `try` statement in every version.
    fn continued(&self, stmt: &Stmt, around: Around) -> Result<(), Diagnostic> {
        const NOWHERE: &str = "'continue' not properly in loop";
        let has = |name| self.source.timeline.has(name);
        if around.in_try {
            let named = has("syntax.continue-named-in-try");
            let text = if named { "'continue' not supported inside 'try' clause" } else { NOWHERE };
            self.allows("syntax.continue-in-try", stmt, text)?;
        }
        if around.in_try && around.in_finally && has("syntax.continue-unseen") {
            return Err(self
                .source
                .refuse(stmt, "`continue` in a `try` suite in a `finally` clause, which breaks the loop"));
        }
        if around.in_finally {
            let named = has("syntax.continue-named-in-finally");
            let text = if named { "'continue' not supported inside 'finally' clause" } else { NOWHERE };
            self.allows("syntax.continue-in-finally", stmt, text)?;
        }
        Ok(())
    }

    fn jump(&mut self, stmt: &'a Stmt, word: &'static str, around: Around) -> Result<(), Diagnostic> {
        if around.in_star && (stmt.is_return_stmt() || !around.in_loop) {
            let text = "'break', 'continue' and 'return' cannot appear in an except* block";
            return Err(self.source.syntax(stmt, text));
        }
        if stmt.is_continue_stmt() && !around.is_dead {
            self.continued(stmt, around)?;
        }
        if around.in_finally {
            self.jumps.push((stmt, word));
        }
        Ok(())
    }
}
