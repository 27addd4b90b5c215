//! `trylemma check FILE...`: what is entered in files, and what is found there.

use crate::book::Book;
use crate::book::property::Kind;
use crate::check::names::Names;
use crate::check::program::{Subject, Watched, search_program};
use crate::check::verdict::Verdict;
use crate::cli::check::{Args, Checked, Finding};
use crate::cli::output::{Failure, Result};
use crate::cli::report;
use crate::cli::selection::Selected;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::python::{Assumptions, Program};
use crate::trace::Trace;
use crate::trace::report::SubjectReport;
use crate::trace::words;

/// Checks the files, each by itself: the module, and the functions that are entered after it.
pub(super) fn check(args: &Args, book: &Book, selected: &[Selected]) -> Result<Checked> {
    let limits = Limits { memory: args.sizes.memory(), ..args.semantics.limits_from(Limits::default())? };
    let limits = args.widening.of(limits);
    let means = (limits, args.semantics.engine(), args.sizes.threads());
    let load = |file| args.source.load_paired(book, file, args.selection.pairs_in(book, file)?);
    let loaded = args.files.iter().map(|file| load(file)).collect::<Result<Vec<_>>>()?;
    let mut selected = selected.to_vec();
    if !loaded.iter().any(|(program, _)| program.objects) {
        // Of a program of the core there is nothing to observe that these speak of: they hold where they are named.
        selected.retain(|s| !s.watched.property.objects || args.selection.named(&s.watched.property));
    }
    let names = Names::of(book, loaded.iter().map(|(program, _)| program));
    for chosen in &mut selected {
        names.fit_watched(&mut chosen.watched).map_err(Failure::Usage)?;
    }
    if args.selection.is_open(book) {
        loaded.iter().for_each(|(program, _)| add_conventional(program, book, &mut selected));
    }
    let watched: Vec<Watched> = selected.iter().map(|s| s.watched.clone()).collect();
    let mut subjects = Vec::new();
    let mut verdicts: Vec<Verdict<Box<Trace>>> = watched.iter().map(|_| Verdict::Holds).collect();
    for (program, assumptions) in loaded {
        for subject in entries(args, program, &assumptions)? {
            subjects.push(check_subject(book, &subject, &watched, means, &mut verdicts)?);
        }
    }
    let bound = match subjects.len() {
        1 => "every path of this program".to_string(),
        n => format!("every path of these {n} programs"),
    };
    let findings = selected.iter().zip(verdicts).map(|(selected, verdict)| Finding {
        watched: selected.watched.clone(),
        verdict,
        bound: bound.clone(),
        asked: selected.asked,
    });
    Ok((subjects, findings.collect()))
}

/// Checks one program, and adds what is refuted to the verdicts.
fn check_subject(
    book: &Book,
    subject: &Subject,
    watched: &[Watched],
    (limits, engine, threads): (Limits, Engine, usize),
    verdicts: &mut [Verdict<Box<Trace>>],
) -> Result<SubjectReport> {
    let (mut machine, findings, reachability) =
        search_program(book, subject, watched, limits, engine, threads);
    if let Some(breakdown) = &findings.breakdown {
        let state = words::control_of(&machine.bank().term(breakdown.state));
        return Err(report::breakdown(&subject.program.name, &breakdown.fault, &state).into());
    }
    if let Some(fault) = findings.refutations.iter().find(|refutation| refutation.ambiguous) {
        let name = &watched[fault.property].property.name;
        return Err(Failure::Usage(format!(
            "the property `{name}` is ambiguous: {}; tell them apart by a premise",
            fault.reason
        )));
    }
    let found = crate::trace::counterexample::verdicts(&mut machine, book, subject, watched, &findings)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    for (verdict, found) in verdicts.iter_mut().zip(found) {
        *verdict = std::mem::replace(verdict, Verdict::Holds).and(found);
    }
    Ok(SubjectReport {
        name: subject.program.name.clone(),
        entry: subject.entry.clone(),
        programs: 1,
        states: findings.states.into(),
        steps: findings.steps.into(),
        // What the monitors know is told by the path, so the paths are those of the program.
        paths: reachability.paths(),
        runs: None,
        outcomes: Default::default(),
        limit: findings.limit.as_ref().map(ToString::to_string),
        unknown: subject.program.unknowns.clone(),
        taken: subject.program.taken.iter().cloned().chain(findings.turns.map(words::widened)).collect(),
    })
}

/// The module, and each function that nothing in the file mentions; or the one asked for.
fn entries(args: &Args, program: Program, assumptions: &Assumptions) -> Result<Vec<Subject>> {
    let subject = |entry: Option<&str>| -> Result<Subject> {
        let program = match entry {
            Some(entry) => program.with_entry(entry)?,
            None => program.clone(),
        };
        Ok(Subject { program, entry: entry.map(str::to_string), assumptions: assumptions.clone() })
    };
    if let Some(entry) = &args.source.entry {
        return Ok(vec![subject(Some(entry))?]);
    }
    let uncalled = program.functions.iter().filter(|function| !function.called);
    std::iter::once(subject(None)).chain(uncalled.map(|function| subject(Some(&function.name)))).collect()
}

/// Asks for the contracts that the names of a program's functions call for.
fn add_conventional(program: &Program, book: &Book, selected: &mut Vec<Selected>) {
    let known = |name: &String| program.callables.contains(name) || program.unknowns.contains(name);
    for contract in selected.iter_mut().filter(|s| s.watched.property.kind == Kind::Contract) {
        let functions = contract.watched.property.functions();
        contract.asked |= !functions.is_empty() && functions.iter().all(known);
    }
    for pair in book.pairs.iter().filter(|(first, second)| known(first) && known(second)) {
        if !selected.iter().any(|s| s.watched.pair.as_ref() == Some(pair)) {
            selected.extend(Selected::of_pair(book, pair));
        }
    }
    let asked = &program.pairs.0.asked;
    for pair in program.pairs.1.iter().filter(|pair| !asked.contains(pair)) {
        selected.extend(Selected::of_objects(book, pair));
    }
}
