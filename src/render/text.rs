//! Traces as lines of text.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::trace::terms::Terms;
use crate::trace::{Entry, Trace, words};

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
        let _ = writeln!(out, "step {} breaks {}: {}", broken.step, broken.name, broken.reason);
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
        event.shown.clone().or_else(|| words::event(&self.terms.term(event.term)?))
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

/// A trace as the lines that control passes, with the choices and events between them.
pub fn narrative(trace: &Trace) -> String {
    let text = Text { terms: Terms::read(&trace.terms).unwrap_or_default(), full: false };
    let lines_of = |text: &'_ str| text.lines().map(str::to_string).collect::<Vec<_>>();
    let own = lines_of(&trace.program);
    let modules: BTreeMap<&String, Vec<String>> =
        trace.modules.iter().map(|(name, module)| (name, lines_of(&module.text))).collect();
    let mut out = String::new();
    let mut shown = (None, &None);
    for (index, step) in trace.path().enumerate() {
        if (step.line, &step.module) != shown
            && let Some(number) = step.line
        {
            let lines = step.module.as_ref().and_then(|module| modules.get(module)).unwrap_or(&own);
            let line = number.checked_sub(1).and_then(|place| lines.get(place)).map_or("", String::as_str);
            let module = step.module.as_ref().map(|module| format!("[{module}] ")).unwrap_or_default();
            let _ = writeln!(out, "{number:>5} | {module}{line}");
            shown = (step.line, &step.module);
        }
        let choice = trace.choices.iter().find(|choice| choice.step == index + 1);
        if let Some(choice) = choice {
            let _ = writeln!(out, "      * {}", choice.what);
            continue;
        }
        for event in step.events.iter().filter_map(|event| text.event(event)) {
            let _ = writeln!(out, "      * {event}");
        }
    }
    if let Some(outcome) = &trace.outcome {
        let _ = writeln!(out, "      * the program ends: {}", text.completion(outcome));
    }
    if let Some(broken) = &trace.property {
        let _ = writeln!(out, "   => {}", broken.reason);
    }
    out
}
