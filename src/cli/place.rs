//! Where a path breaks its property, as its reader is told.

use crate::render::text;
use crate::term::escape;
use crate::trace::terms::Terms;
use crate::trace::{Step, Trace};

/// The line of the program's own file in which a path breaks its property.
pub(super) fn broken_at(trace: &Trace) -> usize {
    let last = trace.property.as_ref().map_or(usize::MAX, |broken| broken.step);
    if let Some(line) = trace.property.as_ref().and_then(|broken| broken.clause) {
        return line;
    }
    if let Some(line) = uncaught_at(trace, last) {
        return line;
    }
    let is_own = |step: &&Step| step.module.is_none() && step.library.is_none();
    let behind = entered(trace);
    let end = if behind > 0 { last.min(left(trace)) } else { last };
    let own = || trace.path().enumerate().take(end).skip(behind).filter(|(_, step)| is_own(step));
    // What goes round begins with its first line, wherever control is when it is seen.
    if let Some(round) = trace.property.as_ref().and_then(|broken| broken.round)
        && let Some(line) = own().filter(|(index, _)| *index >= round).filter_map(|(_, step)| step.line).min()
    {
        return line;
    }
    let line = own().filter_map(|(_, step)| step.line).last();
    line.or_else(|| trace.path().take(last).filter(is_own).filter_map(|step| step.line).last()).unwrap_or(1)
}

/// Where the exception was raised that a path ends with, where it is the end of the path that breaks the property.
fn uncaught_at(trace: &Trace, last: usize) -> Option<usize> {
    let origin =
        trace.origin.as_ref().filter(|origin| last >= trace.steps.len() && origin.module.is_none())?;
    let step = trace.path().nth(origin.step.checked_sub(1)?)?;
    origin.line.filter(|_| step.library.is_none())
}

/// How many steps come before the function that is entered by itself: those of the module. None where no function is.
fn entered(trace: &Trace) -> usize {
    let Some(entry) = &trace.entry else { return 0 };
    match text::entered(trace) {
        0 => of_body(trace, entry, "enter").next().unwrap_or(0),
        driven => driven,
    }
}

/// How many steps come before control is back in the module, from the function that was entered by itself.
fn left(trace: &Trace) -> usize {
    let Some(entry) = &trace.entry else { return usize::MAX };
    // A path may break its property before that, and in the library last.
    let Some(returned) = of_body(trace, entry, "leave").last() else { return usize::MAX };
    let driven = trace.path().enumerate().filter(|(_, step)| step.library.is_some()).last();
    driven.map_or(returned, |(last, _)| last)
}

/// The steps at which the body of a function is entered, or left.
fn of_body<'t>(trace: &'t Trace, function: &'t str, event: &'t str) -> impl Iterator<Item = usize> + 't {
    let terms = Terms::read(&trace.terms).unwrap_or_default();
    let is_it = move |term: usize| {
        let Some(term) = terms.term(term) else { return false };
        let Some(root) = term.as_ref().last().filter(|root| root.op.as_str() == event) else { return false };
        let marker = root.args.first().map(|marker| &term[*marker]);
        let name = marker.filter(|marker| marker.op.as_str() == "body").and_then(|body| body.args.first());
        name.is_some_and(|name| term[*name].op.as_str() == escape(function))
    };
    let steps = trace.path().enumerate();
    steps.filter(move |(_, step)| step.events.iter().any(|entry| is_it(entry.term))).map(|(number, _)| number)
}
