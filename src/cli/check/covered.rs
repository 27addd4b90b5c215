//! What was covered of a file, and what was not.

use std::collections::BTreeSet;

use crate::python::{Interest, InterestKind, Program};
use crate::trace::report::{Covered, FileReport};

/// The report on a file of which paths came to these lines. `asked` is the only function that is asked for, where one is.
pub(super) fn report(program: &Program, lines: &BTreeSet<usize>, asked: Option<&str>) -> FileReport {
    let concerns = |interest: &&Interest| asked.is_none_or(|asked| is_inside(interest, asked));
    let interests: Vec<&Interest> = program.places_of_interest.iter().filter(concerns).collect();
    let share = |which: &dyn Fn(&InterestKind) -> bool| {
        let chosen = interests.iter().filter(|interest| which(&interest.kind));
        let entered = chosen.clone().filter(|interest| lines.contains(&interest.entered)).count();
        Covered { entered, of: chosen.count() }
    };
    let all: BTreeSet<usize> = interests
        .iter()
        .filter(|interest| interest.kind == InterestKind::Line)
        .map(|interest| interest.line)
        .collect();
    FileReport {
        name: program.name.clone(),
        refused: None,
        functions: share(&|kind| matches!(kind, InterestKind::Function(_))),
        statements: share(&|kind| matches!(kind, InterestKind::Statement(_))),
        clauses: share(&|kind| matches!(kind, InterestKind::Clause(_))),
        lines: Covered { entered: all.intersection(lines).count(), of: all.len() },
        open: open(program, &interests, lines),
    }
}

/// Whether something is a function, or in it.
pub(in crate::cli) fn is_inside(interest: &Interest, function: &str) -> bool {
    let is = |name: &str| {
        name.strip_prefix(function).is_some_and(|rest| rest.is_empty() || rest.starts_with(".<locals>"))
    };
    match &interest.kind {
        InterestKind::Function(name) if is(name) => true,
        _ => interest.function.as_deref().is_some_and(is),
    }
}

/// What was not entered: functions, and in those that were entered, `try` and `with` statements and clauses.
fn open(program: &Program, interests: &[&Interest], lines: &BTreeSet<usize>) -> Vec<String> {
    let closed: BTreeSet<&str> = interests
        .iter()
        .filter(|interest| !lines.contains(&interest.entered))
        .filter_map(|interest| match &interest.kind {
            InterestKind::Function(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for interest in interests.iter().filter(|interest| !lines.contains(&interest.entered)) {
        let outside = interest.function.as_deref().is_some_and(|function| closed.contains(function));
        let line = interest.line;
        match &interest.kind {
            _ if outside => {}
            InterestKind::Function(name) => {
                let plain = name.replace(".<locals>", "");
                let why = program.not_modelled(&plain);
                found.push(why.unwrap_or_else(|| format!("the function `{plain}` at line {line}")));
            }
            InterestKind::Statement(kind) => found.push(format!("the `{kind}` statement at line {line}")),
            InterestKind::Clause(kind) => found.push(format!("the `{kind}` clause at line {line}")),
            InterestKind::Line => {}
        }
    }
    found
}

/// Whether a function with a `try` or `with` statement, or such a statement of the module, was never entered. What a complete
/// graph does not reach in a function that was entered can not be reached.
pub(super) fn lacks(program: &Program, lines: &BTreeSet<usize>, asked: Option<&str>) -> bool {
    let interests = &program.places_of_interest;
    let concerns = |interest: &&Interest| asked.is_none_or(|asked| is_inside(interest, asked));
    let statements = interests.iter().filter(concerns);
    let mut statements = statements.filter(|interest| matches!(interest.kind, InterestKind::Statement(_)));
    statements.any(|statement| match &statement.function {
        None => !lines.contains(&statement.entered),
        Some(function) => interests
            .iter()
            .find(|interest| interest.kind == InterestKind::Function(function.clone()))
            .is_some_and(|function| !lines.contains(&function.entered)),
    })
}
