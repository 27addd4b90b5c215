//! Core terms as Python source, and values as Python writes them.
//!
//! Markers and lines are left out. Loading what [`statement`] printed of a loaded
//! file gives the same term again. A term that is no statement is printed as a
//! comment, never as code that means something else.

use std::collections::BTreeSet;

use egg::Id;

use crate::book::version::Timeline;
use crate::python::values::write;
use crate::python::values::write::parts;
use crate::term::Term;

/// The source of a `Statement`, each line indented by `indent` levels of four
/// spaces and ended by a newline.
pub fn statement(term: &Term, indent: usize) -> String {
    statement_in(term, indent, &Timeline::default())
}

/// The same in a version.
pub fn statement_in(term: &Term, indent: usize, timeline: &Timeline) -> String {
    let mut printer = Printer { term, out: String::new(), timeline };
    if let Some(root) = root(term) {
        printer.statement(root, indent);
    }
    printer.out
}

/// The source of an `Expression`.
pub fn expression(term: &Term) -> String {
    root(term).map_or_else(String::new, |root| write::expression(term, root))
}

/// The name of a `Target`.
pub fn target(term: &Term) -> String {
    root(term).map_or_else(String::new, |root| write::target(term, root))
}

/// A value as Python's `repr` writes it; a class or function is written as its name.
pub fn value(term: &Term) -> String {
    root(term).map_or_else(String::new, |root| write::value(term, root))
}

/// The values of a `Values`, as Python's `repr` writes them.
pub fn values(term: &Term) -> Vec<String> {
    root(term).map_or_else(Vec::new, |root| write::values(term, root))
}

/// The source of an enumerated program, whose `body` is a function's: the classes
/// among `A`, `B` and `C` that it uses (`C` derives from `A`), the function
/// `program`, and a call of it.
pub fn program(body: &Term) -> String {
    program_in(body, &Timeline::default())
}

/// The same in a version.
pub fn program_in(body: &Term, timeline: &Timeline) -> String {
    let mut out = String::new();
    for class in used_classes(body) {
        let base = if class == "C" { "A" } else { "Exception" };
        out.push_str(&format!("class {class}({base}): pass\n"));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let mut printer = Printer { term: body, out, timeline };
    printer.out.push_str("def program():\n");
    if let Some(root) = root(body) {
        printer.function_body(root, 1);
    }
    printer.out.push_str("\nprogram()\n");
    printer.out
}

fn root(term: &Term) -> Option<Id> {
    term.len().checked_sub(1).map(Id::from)
}

fn used_classes(term: &Term) -> BTreeSet<&'static str> {
    let mut used = BTreeSet::new();
    for node in term {
        let (kind, name) = (node.op.as_str(), node.args.first());
        if let (true, Some(&name)) = (matches!(kind, "global" | "class"), name) {
            let known = ["A", "B", "C"].into_iter();
            used.extend(known.filter(|class| term[name].op.as_str() == *class));
        }
    }
    if used.contains("C") {
        used.insert("A");
    }
    used
}

struct Printer<'t> {
    term: &'t Term,
    out: String,
    timeline: &'t Timeline,
}

impl<'t> Printer<'t> {
    fn node(&self, id: Id) -> (&'static str, &'t [Id]) {
        parts(&self.term[id])
    }

    fn expression(&self, id: Id) -> String {
        write::expression(self.term, id)
    }

    fn target(&self, id: Id) -> String {
        write::target(self.term, id)
    }

    fn line(&mut self, indent: usize, text: &str) {
        for _ in 0..indent {
            self.out.push_str("    ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// The statement within markers and lines.
    fn bare(&self, mut id: Id) -> Id {
        loop {
            id = match self.node(id) {
                ("watch" | "at" | "marked" | "marked-raising" | "standing", &[_, inner])
                | ("probe", &[_, _, inner])
                | ("session" | "interruptible", &[inner]) => inner,
                _ => return id,
            };
        }
    }

    /// Whether an expression is there for its marker alone: no file says None as a statement with one.
    fn is_told(&self, id: Id) -> bool {
        let inner = match self.node(id) {
            ("observe", &[_, inner]) => inner,
            _ => return false,
        };
        matches!(self.node(inner), ("const", &[value]) if self.node(value).0 == "none")
    }

    fn is_pass(&self, id: Id) -> bool {
        self.node(self.bare(id)).0 == "pass"
    }

    fn statement(&mut self, id: Id, indent: usize) {
        let mut id = self.bare(id);
        while let ("seq", &[first, rest]) = self.node(id) {
            self.statement(first, indent);
            id = self.bare(rest);
        }
        match self.node(id) {
            (word @ ("pass" | "break" | "continue"), []) => self.line(indent, word),
            ("reraise", []) => self.line(indent, "raise"),
            ("expression", &[e]) if self.is_told(e) => {}
            ("expression", &[e]) => self.line(indent, &self.expression(e)),
            ("raise", &[e]) => self.line(indent, &format!("raise {}", self.expression(e))),
            ("return", &[e]) => self.returns(e, indent),
            ("assign", &[target, e]) => self.assign(target, e, indent),
            ("class-definition", &[target, _, base]) => {
                let (name, base) = (self.target(target), self.expression(base));
                self.line(indent, &format!("class {name}({base}): pass"));
            }
            ("if", &[test, then, orelse]) => self.conditional(test, then, orelse, indent),
            ("while", &[test, body, orelse]) => {
                self.line(indent, &format!("while {}:", self.expression(test)));
                self.statement(body, indent + 1);
                self.optional("else", orelse, indent);
            }
            ("delete", &[target]) => self.line(indent, &format!("del {}", self.target(target))),
            ("raise-from", &[e, cause]) => {
                let (e, cause) = (self.expression(e), self.expression(cause));
                self.line(indent, &format!("raise {e} from {cause}"));
            }
            ("with", &[_, manager, target, body]) => {
                let target = match self.node(target) {
                    ("nowhere", _) => String::new(),
                    _ => format!(" as {}", self.target(target)),
                };
                self.block(&format!("with {}{target}", self.expression(manager)), body, indent);
            }
            ("try-star", &[_, suite, clauses, orelse]) => self.try_star(suite, clauses, orelse, indent),
            ("for" | "loop", &[target, iterable, body, orelse]) => {
                let (target, iterable) = (self.target(target), self.expression(iterable));
                self.line(indent, &format!("for {target} in {iterable}:"));
                self.statement(body, indent + 1);
                self.optional("else", orelse, indent);
            }
            ("try-except", &[suite, clauses, orelse]) => {
                self.try_except(suite, clauses, orelse, indent);
            }
            ("try-finally", &[suite, clause]) => self.try_finally(suite, clause, indent),
            (op, _) => self.line(indent, &format!("pass  # not a statement: {}", op.escape_debug())),
        }
    }

    fn returns(&mut self, value: Id, indent: usize) {
        match self.expression(value).as_str() {
            "None" => self.line(indent, "return"),
            text => self.line(indent, &format!("return {text}")),
        }
    }

    /// A function's value bound to the function's name is a definition.
    fn assign(&mut self, target: Id, value: Id, indent: usize) {
        let name = self.target(target);
        if let ("const", &[constant]) = self.node(value)
            && let ("function", &[own, params, body]) = self.node(constant)
            && write::name(self.term, own) == name
        {
            let params = write::parameters(self.term, params).join(", ");
            self.line(indent, &format!("def {name}({params}):"));
            self.function_body(body, indent + 1);
            return;
        }
        let value = self.expression(value);
        self.line(indent, &format!("{name} = {value}"));
    }

    fn function_body(&mut self, body: Id, indent: usize) {
        let globals = self.assigned_globals(body);
        if !globals.is_empty() {
            let names: Vec<String> = globals.into_iter().collect();
            self.line(indent, &format!("global {}", names.join(", ")));
        }
        self.statement(body, indent);
    }

    /// The global names that a function's body binds.
    fn assigned_globals(&self, body: Id) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut todo = vec![body];
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            let (op, args) = self.node(id);
            if let ("assign" | "as" | "class-definition" | "for", Some(&target)) = (op, args.first())
                && self.node(target).0 == "global"
            {
                names.insert(self.target(target));
            }
            todo.extend(args.iter().filter(|_| op != "const"));
        }
        names
    }

    fn conditional(&mut self, test: Id, then: Id, orelse: Id, indent: usize) {
        let (mut word, mut test, mut then, mut orelse) = ("if", test, then, orelse);
        loop {
            self.line(indent, &format!("{word} {}:", self.expression(test)));
            self.statement(then, indent + 1);
            let ("if", &[e, s, t]) = self.node(self.bare(orelse)) else {
                break;
            };
            (word, test, then, orelse) = ("elif", e, s, t);
        }
        self.optional("else", orelse, indent);
    }

    /// A clause that is left out where it does nothing.
    fn optional(&mut self, word: &str, body: Id, indent: usize) {
        if !self.is_pass(body) {
            self.block(word, body, indent);
        }
    }

    fn block(&mut self, head: &str, body: Id, indent: usize) {
        self.line(indent, &format!("{head}:"));
        self.statement(body, indent + 1);
    }

    fn try_except(&mut self, suite: Id, clauses: Id, orelse: Id, indent: usize) {
        if self.node(clauses).0 == "no-clause" {
            // Python has no such `try`; without clauses `else` is what comes next.
            self.statement(suite, indent);
            return self.statement(orelse, indent);
        }
        self.block("try", suite, indent);
        let mut rest = clauses;
        loop {
            match self.node(rest) {
                ("clause", &[condition, binder, body, next]) => {
                    let mut head = format!("except {}", self.expression(condition));
                    if let ("as", &[target]) = self.node(binder) {
                        let before = if self.timeline.has("syntax.except-as") { " as" } else { "," };
                        head.push_str(&format!("{before} {}", self.target(target)));
                    }
                    self.block(&head, body, indent);
                    rest = next;
                }
                ("bare", &[body]) => break self.block("except", body, indent),
                _ => break,
            }
        }
        self.optional("else", orelse, indent);
    }

    fn try_star(&mut self, suite: Id, clauses: Id, orelse: Id, indent: usize) {
        self.block("try", suite, indent);
        let mut rest = clauses;
        while let ("star-clause", &[condition, binder, body, next]) = self.node(rest) {
            let name = match self.node(binder) {
                ("as", &[target]) => format!(" as {}", self.target(target)),
                _ => String::new(),
            };
            self.block(&format!("except* {}{name}", self.expression(condition)), body, indent);
            rest = next;
        }
        self.optional("else", orelse, indent);
    }

    /// A suite that is a `try` with `except` makes one statement with this `finally`.
    fn try_finally(&mut self, suite: Id, clause: Id, indent: usize) {
        match self.node(self.bare(suite)) {
            ("try-except", &[inner, clauses, orelse])
                if self.node(clauses).0 != "no-clause" && self.timeline.has("syntax.one-try") =>
            {
                self.try_except(inner, clauses, orelse, indent);
            }
            _ => self.block("try", suite, indent),
        }
        self.block("finally", clause, indent);
    }
}
