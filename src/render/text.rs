//! Traces as lines of text.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::python::{DRIVER, Statements};
use crate::trace::terms::Terms;
use crate::trace::{Entry, Step, Trace, words};

/// Nodes of a part of a state that is written out; of a larger one the place in the trace's table.
const WRITTEN: u64 = 1_000;

/// A trace, one step a line, with the events below; with `full`, frames and world too.
pub fn steps(trace: &Trace, full: bool) -> String {
    let text = Text { terms: Terms::read(&trace.terms).unwrap_or_default(), full };
    let mut out = String::new();
    let _ = writeln!(out, "{:>5}  {:<26} {:>5}  control", "step", "rule", "line");
    let _ = writeln!(out, "{:>5}  {:<26} {:>5}  {}", 0, "", "", text.control(&trace.start));
    text.detail(&mut out, trace.start.term, None);
    let mut before = trace.start.term;
    for (index, step) in trace.path().enumerate() {
        let line = step.line.map(|line| line.to_string()).unwrap_or_default();
        let library = step.library.as_ref().map(|name| format!("[library: {name}] ")).unwrap_or_default();
        let module = step.module.as_ref().map(|name| format!("[{name}] ")).unwrap_or_default();
        let state = Entry { term: step.state, shown: step.shown.clone() };
        let control = text.control(&state);
        let _ = writeln!(out, "{:>5}  {:<26} {line:>5}  {module}{library}{control}", index + 1, step.rule);
        if let Some(choice) = trace.choices.iter().find(|choice| choice.step == index + 1) {
            let _ = writeln!(out, "{:>39}  chosen: {}", "", choice.what);
        }
        for shown in step.events.iter().filter_map(|event| text.event(event)) {
            let _ = writeln!(out, "{:>39}  * {shown}", "");
        }
        text.detail(&mut out, step.state, Some(before));
        before = step.state;
    }
    match &trace.outcome {
        Some(outcome) => _ = writeln!(out, "the path ends: {}", text.completion(outcome)),
        None => _ = writeln!(out, "the trace stops here"),
    }
    if let Some(broken) = &trace.property {
        let _ = writeln!(out, "step {} breaks {}: {}", broken.step, broken.name, broken.told());
    }
    out
}

/// What is shown of the entries of a trace's table; a display text that a trace leaves out is made.
struct Text {
    terms: Terms,
    full: bool,
}

impl Text {
    fn control(&self, state: &Entry) -> String {
        state.shown.clone().unwrap_or_else(|| self.terms.show(state.term, WRITTEN))
    }

    fn event(&self, event: &Entry) -> Option<String> {
        event.shown.clone().or_else(|| words::event(&self.terms.term(event.term)?, &Statements::new()))
    }

    /// Whether an event of the library's functions concerns a reader: what is written, and functions that are called.
    fn concerns(&self, event: &Entry) -> bool {
        let Some(term) = self.terms.term(event.term) else { return true };
        let root = term.as_ref().last();
        let name = root.map_or("", |root| root.op.as_str());
        let marker = root.and_then(|root| root.args.first()).map(|marker| term[*marker].op.as_str());
        match name {
            "enter" | "leave" => marker == Some("body"),
            name => name == "output",
        }
    }

    fn completion(&self, outcome: &Entry) -> String {
        outcome.shown.clone().unwrap_or_else(|| self.terms.show(outcome.term, WRITTEN))
    }

    /// The frames of a state, and its world where it is not that of the state before.
    fn detail(&self, out: &mut String, state: usize, before: Option<usize>) {
        let Some(state) = self.terms.state(state).filter(|_| self.full) else { return };
        for frame in &state.frames {
            let _ = writeln!(out, "{:>39}  | {}", "", self.terms.show(*frame, WRITTEN));
        }
        let world = before.and_then(|before| self.terms.state(before)).map(|before| before.world);
        if world != Some(state.world) {
            let _ = writeln!(out, "{:>39}  @ {}", "", self.terms.show(state.world, WRITTEN));
        }
    }
}

/// The step behind the module, where the library enters a function by itself.
pub fn entered(trace: &Trace) -> usize {
    let driven = |step: &Step| step.library.as_deref() == Some(DRIVER);
    trace.entry.as_ref().and_then(|_| trace.path().position(driven)).unwrap_or(0)
}

/// A line that control passes on a path.
#[derive(Debug, Default)]
pub struct Passed {
    /// The line; none before the first.
    pub line: Option<usize>,
    /// The module that it is in, where that is not the program's own file.
    pub module: Option<String>,
    /// What is chosen and what happens there, in words.
    pub happenings: Vec<String>,
}

/// The lines that control passes, with the choices and events on each; of a module, behind which a function is entered by itself,
/// what was chosen only.
pub fn passed(trace: &Trace) -> Vec<Passed> {
    let text = Text { terms: Terms::read(&trace.terms).unwrap_or_default(), full: false };
    let mut lines = Vec::new();
    let mut here = Passed::default();
    let entered = entered(trace);
    let round = trace.property.as_ref().and_then(|broken| broken.round);
    for (index, step) in trace.path().enumerate() {
        if round == Some(index) {
            here.happenings.push("from here on the same happens again and again:".into());
        }
        let mut chosen = trace.choices.iter().filter(|choice| !choice.what.is_empty());
        let choice = chosen.find(|choice| choice.step == index + 1).map(|choice| choice.what.clone());
        if index < entered {
            here.happenings.extend(choice);
            continue;
        }
        let moves = (step.line, &step.module) != (here.line, &here.module);
        if moves && step.library.is_none() && step.line.is_some() {
            let next = Passed { line: step.line, module: step.module.clone(), happenings: Vec::new() };
            lines.push(std::mem::replace(&mut here, next));
        }
        if let Some(choice) = choice {
            here.happenings.push(choice);
            continue;
        }
        let told = step.events.iter().filter(|event| step.library.is_none() || text.concerns(event));
        here.happenings.extend(told.filter_map(|event| text.event(event)));
    }
    if let Some(outcome) = &trace.outcome {
        here.happenings.push(format!("the program ends: {}", text.completion(outcome)));
    }
    lines.push(here);
    lines
}

/// A trace as the lines that control passes, with the choices and events between them.
pub fn narrative(trace: &Trace) -> String {
    let lines_of = |text: &'_ str| text.lines().map(str::to_string).collect::<Vec<_>>();
    let own = lines_of(&trace.program);
    let modules: BTreeMap<&String, Vec<String>> =
        trace.modules.iter().map(|(name, module)| (name, lines_of(&module.text))).collect();
    let mut out = String::new();
    for passed in passed(trace) {
        if let Some(number) = passed.line {
            let lines = passed.module.as_ref().and_then(|module| modules.get(module)).unwrap_or(&own);
            let line = number.checked_sub(1).and_then(|place| lines.get(place)).map_or("", String::as_str);
            let module = passed.module.as_ref().map(|module| format!("[{module}] ")).unwrap_or_default();
            let _ = writeln!(out, "{number:>5} | {module}{line}");
        }
        for happening in &passed.happenings {
            let _ = writeln!(out, "      * {happening}");
        }
    }
    if let Some(broken) = &trace.property {
        let _ = writeln!(out, "   => {}", broken.told());
    }
    out
}
