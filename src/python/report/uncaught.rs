//! What CPython writes of an exception that nobody caught: the chain, notes and groups.

use egg::Id;
use rustc_hash::FxHashSet;

use crate::python::builtins::display;
use crate::python::builtins::hints;
use crate::python::report::ending::Ended;
use crate::python::report::traceback::Files;
use crate::python::values::Call;
use crate::python::values::vocabulary::vocabulary;

/// Exceptions of one group that are written.
const WIDTH: usize = 15;
/// Groups in groups that are written.
const DEPTH: usize = 10;
/// Exceptions of one report. Groups in groups may hold the same ones again and again.
const MOST: usize = 10_000;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// One exception of a report.
#[derive(Debug)]
struct Part {
    exception: Id,
    cause: Option<usize>,
    context: Option<usize>,
    suppress: bool,
    members: Option<Vec<usize>>,
    trace: Option<Vec<String>>,
    /// `Class: message` and the notes, line by line.
    summary: Vec<String>,
}

/// An exception with all that is told with it.
#[derive(Debug, Default)]
pub struct Report {
    parts: Vec<Part>,
    seen: FxHashSet<Id>,
}

impl Report {
    /// The report of an exception that a run ended with.
    pub fn of(ended: &mut Ended, files: &Files, exception: Id) -> Report {
        let mut report = Report::default();
        let first = report.add(ended, files, exception);
        let mut open = vec![first];
        while let Some(at) = open.pop() {
            open.extend(report.links(ended, files, at));
        }
        report
    }

    /// Adds the cause, the context and the members of a part; they are to be looked at next.
    fn links(&mut self, ended: &mut Ended, files: &Files, at: usize) -> Vec<usize> {
        let exception = self.parts[at].exception;
        let told = ended.call(|call| {
            let chain = call.chain(exception)?;
            let is_exception = |link: &Id| call.cx.bank.op(*link) == vocabulary().exception;
            let cause = Some(chain.cause).filter(is_exception);
            let context = Some(chain.context).filter(is_exception);
            Some((cause, context, chain.suppress, call.group_members(exception)))
        });
        let Some((cause, context, suppress, members)) = told else { return Vec::new() };
        let cause = cause.filter(|cause| !self.seen.contains(cause));
        let context = context.filter(|_| cause.is_none() && !suppress);
        let cause = cause.map(|cause| self.add(ended, files, cause));
        let context = context.filter(|context| !self.seen.contains(context));
        let context = context.map(|context| self.add(ended, files, context));
        let room = MOST.saturating_sub(self.parts.len());
        let members: Option<Vec<usize>> = members.map(|members| {
            let members = members.into_iter().take(room);
            members.map(|member| self.add(ended, files, member)).collect()
        });
        let part = &mut self.parts[at];
        (part.cause, part.context, part.suppress) = (cause, context, suppress);
        let next = cause.into_iter().chain(context).chain(members.iter().flatten().copied()).collect();
        part.members = members;
        next
    }

    fn add(&mut self, ended: &mut Ended, files: &Files, exception: Id) -> usize {
        self.seen.insert(exception);
        let summary = summary(ended, exception);
        let entries = ended.call(|call| call.traceback_entries(exception));
        let trace = files.traceback(&entries);
        let (cause, context, members, suppress) = (None, None, None, false);
        self.parts.push(Part { exception, cause, context, suppress, members, trace, summary });
        self.parts.len() - 1
    }
}

/// `Class: message`, with a hint, and the notes.
fn summary(ended: &mut Ended, exception: Id) -> Vec<String> {
    let text = ended.str(exception).unwrap_or_else(|| "<exception str() failed>".into());
    let class = ended.class_name(exception);
    let (text, hint, syntax, notes) = ended.call(|call| {
        let text = syntax_text(call, exception).unwrap_or(text);
        let hint = hint(call, exception);
        (text, hint, call.is_a(exception, "SyntaxError"), hints::notes(call, exception))
    });
    let text = match text {
        text if text.is_empty() && syntax => "<no detail available>".into(),
        text => text + &hint,
    };
    let line = if text.is_empty() { class } else { format!("{class}: {text}") };
    let mut lines: Vec<String> = line.split('\n').map(str::to_string).collect();
    match notes {
        Some(hints::Notes::Each(notes)) => {
            for note in notes {
                let text = ended.str(note).unwrap_or_else(|| "<note str() failed>".into());
                lines.extend(text.split('\n').map(str::to_string));
            }
        }
        Some(hints::Notes::Other(value)) => {
            let text = ended.repr(value).unwrap_or_else(|| "<__notes__ repr() failed>".into());
            lines.extend(text.split('\n').map(str::to_string));
        }
        None => {}
    }
    lines
}

/// A SyntaxError tells its place in lines before the last.
fn syntax_text(call: &mut Call, exception: Id) -> Option<String> {
    if !call.is_a(exception, "SyntaxError") {
        return None;
    }
    let [message, file, line] =
        ["msg", "filename", "lineno"].map(|name| call.exception_field(exception, name));
    let message = message.filter(|message| !call.is_none(*message))?;
    let message = display::str(call, message).ok()?;
    let file = file.filter(|file| !call.is_none(*file) && line.is_none_or(|line| call.is_none(line)));
    Some(match file.and_then(|file| call.text(file)) {
        Some(file) => format!("{message} ({file})"),
        None => message,
    })
}

fn hint(call: &mut Call, exception: Id) -> String {
    if !call.cx.constants().has("hint.name") {
        return String::new();
    }
    let names = call.names_where_raised(exception);
    if call.is_a(exception, "NameError") {
        let name = call.exception_field(exception, "name").and_then(|name| call.text(name));
        return match (names, name) {
            (Some(names), Some(name)) => hints::about_name(call, &name, names),
            _ => String::new(),
        };
    }
    if call.is_a(exception, "AttributeError") {
        return hints::about_attribute(call, exception, names);
    }
    if call.is_a(exception, "ImportError") && call.cx.constants().has("hint.import") {
        return hints::about_import(call, exception);
    }
    String::new()
}

/// What is written of an exception that nobody can handle, since it left a generator that was dropped.
pub fn ignored(ended: &mut Ended, files: &Files, generator: Id, exception: Id) -> String {
    let object = ended.repr(generator).unwrap_or_else(|| "<object repr() failed>".into());
    let mut entries = ended.call(|call| call.traceback_entries(exception));
    // Whatever dropped the generator did not call it: it has an entry where the exception is its own.
    if entries.len() > 1 {
        entries.remove(0);
    }
    // These are written without the help of the library, and with one line each.
    entries.iter_mut().for_each(|entry| entry.shown.clear());
    let mut lines = vec![match ended.has("traceback.closing-generator") {
        false => format!("Exception ignored in: {object}"),
        true => format!("Exception ignored while closing generator {object}:"),
    }];
    if let Some(trace) = files.traceback(&entries) {
        lines.push("Traceback (most recent call last):".into());
        lines.extend(trace);
    }
    lines.push(ended.last_line(exception));
    lines.join("\n") + "\n"
}

/// Where a report is written, and how deep in groups it is.
#[derive(Default)]
struct Page {
    text: String,
    depth: usize,
    /// Whether the box at hand is still to be closed.
    open: bool,
}

impl Page {
    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    fn line(&mut self, line: &str) {
        self.marked(line, '|');
    }

    fn marked(&mut self, line: &str, margin: char) {
        let (indent, depth) = (self.indent(), self.depth);
        let margin = if depth > 0 { format!("{margin} ") } else { String::new() };
        self.text.push_str(&format!("{indent}{margin}{line}\n"));
    }
}

impl Report {
    /// The report as text.
    pub fn text(&self) -> String {
        let mut page = Page::default();
        self.write(0, &mut page);
        page.text
    }

    /// The same without tracebacks: what is said of each exception, and how it is linked with the next.
    pub fn without_tracebacks(mut self) -> String {
        self.parts.iter_mut().for_each(|part| part.trace = None);
        self.text()
    }

    /// The part, after what it came from: the oldest first.
    fn write(&self, at: usize, page: &mut Page) {
        let mut links = vec![(None, at)];
        let mut last = at;
        loop {
            let part = &self.parts[last];
            let (message, link) = match (part.cause, part.context) {
                (Some(cause), _) => (CAUSE, cause),
                (None, Some(context)) if !part.suppress => (CONTEXT, context),
                _ => break,
            };
            if let Some(newest) = links.last_mut() {
                newest.0 = Some(message);
            }
            links.push((None, link));
            last = link;
        }
        for (message, at) in links.into_iter().rev() {
            for line in message.into_iter().flat_map(str::lines) {
                page.line(line);
            }
            self.write_one(&self.parts[at], page);
        }
    }

    fn write_one(&self, part: &Part, page: &mut Page) {
        let Some(members) = &part.members else {
            if let Some(trace) = &part.trace {
                page.line("Traceback (most recent call last):");
                trace.iter().for_each(|line| page.line(line));
            }
            part.summary.iter().for_each(|line| page.line(line));
            return;
        };
        if page.depth > DEPTH {
            page.line(&format!("... (max_group_depth is {DEPTH})"));
            return;
        }
        let outermost = page.depth == 0;
        page.depth += usize::from(outermost);
        if let Some(trace) = &part.trace {
            page.marked(
                "Exception Group Traceback (most recent call last):",
                if outermost { '+' } else { '|' },
            );
            trace.iter().for_each(|line| page.line(line));
        }
        part.summary.iter().for_each(|line| page.line(line));
        self.write_members(members, page);
        page.depth -= usize::from(outermost);
    }

    fn write_members(&self, members: &[usize], page: &mut Page) {
        page.open = false;
        let shown = members.len().min(WIDTH + 1);
        for (place, member) in members.iter().take(shown).enumerate() {
            let last = place + 1 == shown;
            page.open |= last;
            let cut = place >= WIDTH;
            let title = if cut { "...".into() } else { (place + 1).to_string() };
            let corner = if place == 0 { "+-" } else { "  " };
            page.text
                .push_str(&format!("{}{corner}+---------------- {title} ----------------\n", page.indent()));
            page.depth += 1;
            if cut {
                let more = members.len() - WIDTH;
                page.line(&format!("and {more} more exception{}", if more > 1 { "s" } else { "" }));
            } else {
                self.write(*member, page);
            }
            if last && page.open {
                page.text.push_str(&format!("{}+------------------------------------\n", page.indent()));
                page.open = false;
            }
            page.depth -= 1;
        }
    }
}
