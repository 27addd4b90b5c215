//! A piece of a function's body as a function of its own, in which each way of leaving it can be seen.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::book::version::Timeline;
use crate::diagnostic::Diagnostic;
use crate::python::syntax::limits;
use crate::python::syntax::parse::Source;

/// The name of the function that a fragment becomes.
pub const FRAGMENT: &str = "fragment";

/// What the function returns where the fragment does not: control goes on behind it, or it leaves the loop around it, or the turn.
const BEHIND: &str = "<goes on behind the fragment>";
const BROKEN: &str = "<breaks>";
const CONTINUED: &str = "<continues>";

/// A fragment that was read.
#[derive(Debug, Clone)]
pub struct Fragment {
    name: String,
    text: String,
    /// Whether it has jumps that a loop around it takes.
    jumps: bool,
    /// Whether it is a module: it defines something, and nothing in it leaves a function or a loop around it.
    module: bool,
    /// Where texts stand that go over more than one line.
    texts: Vec<TextRange>,
}

impl Fragment {
    /// Reads a fragment.
    ///
    /// # Errors
    /// The first syntax error.
    pub fn read(name: &str, bytes: &[u8], timeline: &Timeline) -> Result<Fragment, Diagnostic> {
        let text = limits::text(name, bytes)?;
        limits::nesting(name, &text)?;
        let suite = Source::new(name, &text, timeline).parse()?;
        let mut found = Found::default();
        suite.iter().for_each(|stmt| found.visit_stmt(stmt));
        let Found { jumps, returns, texts, .. } = found;
        let defines = |stmt: &Stmt| stmt.is_function_def_stmt() || stmt.is_class_def_stmt();
        let module = !jumps && !returns && suite.iter().any(defines);
        Ok(Fragment { name: name.to_string(), text: text.into_owned(), jumps, module, texts })
    }

    /// Whether it is a module: it defines something, and nothing in it leaves a function or a loop around it.
    pub fn is_module(&self) -> bool {
        self.module
    }

    /// Whether it has jumps that a loop around it takes.
    pub fn jumps(&self) -> bool {
        self.jumps
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The fragment as a function, in a loop where that is said, behind a text that defines what it uses; and how many lines stand
    /// before its own.
    pub fn function(&self, prelude: &str, in_loop: bool) -> (String, usize) {
        let mut text = prelude.to_string();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("def {FRAGMENT}():\n"));
        let indent = if in_loop {
            text.push_str("    for turn_of_the_fragment in True, False:\n");
            text.push_str("        if not turn_of_the_fragment:\n");
            text.push_str(&format!("            return {CONTINUED:?}\n"));
            "        "
        } else {
            "    "
        };
        let before = text.lines().count();
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let inside = self
                .texts
                .iter()
                .any(|range| usize::from(range.start()) < at && at < usize::from(range.end()));
            if !inside && !line.trim().is_empty() {
                text.push_str(indent);
            }
            text.push_str(line);
            at += line.len();
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("{indent}return {BEHIND:?}\n"));
        if in_loop {
            text.push_str(&format!("    return {BROKEN:?}\n"));
        }
        (text, before)
    }
}

/// What is looked for in a fragment.
#[derive(Default)]
struct Found {
    jumps: bool,
    returns: bool,
    functions: usize,
    texts: Vec<TextRange>,
    loops: usize,
}

impl Found {
    fn suite(&mut self, suite: &[Stmt], loops: usize) {
        self.loops += loops;
        suite.iter().for_each(|stmt| self.visit_stmt(stmt));
        self.loops -= loops;
    }
}

impl Visitor<'_> for Found {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Break(_) | Stmt::Continue(_) => self.jumps |= self.loops == 0,
            Stmt::For(turns) => {
                self.visit_expr(&turns.iter);
                self.suite(&turns.body, 1);
                self.suite(&turns.orelse, 0);
            }
            Stmt::While(turns) => {
                self.visit_expr(&turns.test);
                self.suite(&turns.body, 1);
                self.suite(&turns.orelse, 0);
            }
            Stmt::Return(_) => {
                self.returns |= self.functions == 0;
                walk_stmt(self, stmt);
            }
            // A jump in there is none of the fragment.
            Stmt::FunctionDef(def) => {
                self.functions += 1;
                self.suite(&def.body, 1);
                self.functions -= 1;
            }
            Stmt::ClassDef(class) => self.suite(&class.body, 1),
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &Expr) {
        let is_text = matches!(
            expr,
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_) | Expr::TString(_)
        );
        if is_text {
            self.texts.push(expr.range());
        } else {
            walk_expr(self, expr);
        }
    }
}
