//! `trylemma check FILE...`: what is entered in files, and what is found there.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::book::Book;
use crate::book::property::Kind;
use crate::check::names::Names;
use crate::check::program::{Subject, Watched, search_program};
use crate::check::verdict::{Verdict, counted};
use crate::check::workers::pool;
use crate::cli::check::paths::{Named, files};
use crate::cli::check::{Args, Checked, Finding, covered};
use crate::cli::options::Source;
use crate::cli::output::{Failure, Result};
use crate::cli::report;
use crate::cli::selection::Selected;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::python::{Assumptions, Program};
use crate::trace::Trace;
use crate::trace::report::{FileReport, SubjectReport};
use crate::trace::words;

/// States of the graph of one function, unless `--limit states=N` says otherwise: enough for an answer within seconds.
const STATES: usize = 300_000;

/// Nodes of a state of a program in a file.
const NODES: u64 = 2_000_000_000;

/// States of the graph of a module that is explored again before each of its functions.
const SMALL: u64 = 20_000;

/// What checking files came to.
pub(super) struct Files {
    /// The programs that were searched, and what was found in all.
    pub(super) checked: Checked,
    /// What was covered of each file.
    pub(super) reports: Vec<FileReport>,
    /// What could not be checked, as errors; the rest was.
    pub(super) failures: Vec<String>,
    /// Whether something that the properties are about was never entered.
    pub(super) lacks: bool,
}

/// How programs are searched.
struct Means<'a> {
    book: &'a Book,
    source: &'a Source,
    watched: &'a [Watched],
    limits: Limits,
    engine: Engine,
}

/// A file that was loaded.
struct Loaded {
    named: Named,
    program: Program,
    assumptions: Assumptions,
}

/// What was found in one program.
struct Searched {
    report: SubjectReport,
    verdicts: Vec<Verdict<Box<Trace>>>,
    lines: BTreeSet<usize>,
    /// Whether some path ends without an exception.
    completes: bool,
}

/// What was found in one file.
struct FileChecked {
    searched: Vec<Searched>,
    report: FileReport,
    failures: Vec<String>,
    lacks: bool,
}

/// Checks the files, each by itself: the module, and each function after it.
pub(super) fn check(args: &Args, book: &Book, selected: &[Selected]) -> Result<Files> {
    // Nodes are counted without sharing, and the code of imported modules is shared many times.
    let base = Limits { states: STATES, nodes: NODES, ..Limits::default() };
    let limits = Limits { memory: args.sizes.memory(), ..args.semantics.limits_from(base)? };
    let limits = args.widening.of(limits);
    let (engine, threads) = (args.semantics.engine(), args.sizes.threads());
    let named = files(&args.files, args.source.entry.as_deref())?;
    let (loaded, refused) = load_all(args, book, named)?;
    let mut selected = selected.to_vec();
    if !loaded.iter().any(|loaded| loaded.program.objects) {
        // Of a program of the core there is nothing to observe that these speak of: they hold where they are named.
        selected.retain(|s| !s.watched.property.objects || args.selection.named(&s.watched.property));
    }
    let names = Names::of(book, loaded.iter().map(|loaded| &loaded.program));
    for chosen in &mut selected {
        names.fit_watched(&mut chosen.watched).map_err(Failure::Usage)?;
    }
    if args.selection.is_open(book) {
        loaded.iter().for_each(|loaded| add_conventional(&loaded.program, book, &mut selected));
    }
    selected.retain(|chosen| !args.selection.leaves_out(&chosen.watched.property));
    let watched: Vec<Watched> = selected.iter().map(|s| s.watched.clone()).collect();
    let means = Means { book, source: &args.source, watched: &watched, limits, engine };
    // The cores share the functions out, unless there is one graph only.
    let one = |loaded: &Loaded| loaded.named.entry.is_some() || loaded.program.functions.is_empty();
    let inside = if matches!(&loaded[..], [loaded] if one(loaded)) { threads } else { 1 };
    let check = |loaded: &Loaded| check_file(&means, loaded, inside);
    let results: Vec<Result<FileChecked>> = match pool(threads) {
        Some(pool) => pool.install(|| loaded.par_iter().map(check).collect()),
        None => loaded.iter().map(check).collect(),
    };
    gather(&selected, results.into_iter().collect::<Result<Vec<_>>>()?, refused)
}

/// Files with the reason why they cannot be loaded.
type Refused = Vec<(Named, String)>;

/// The files that can be loaded, and why the others cannot. One file that is refused is an error.
fn load_all(args: &Args, book: &Book, named: Vec<Named>) -> Result<(Vec<Loaded>, Refused)> {
    let several = named.len() > 1;
    let (mut loaded, mut refused) = (Vec::new(), Vec::new());
    for named in named {
        let pairs = args.selection.pairs_in(book, &named.path)?;
        match args.source.load_paired(book, &named.path, pairs) {
            Ok((program, assumptions)) => loaded.push(Loaded { named, program, assumptions }),
            Err(Failure::Diagnostic(error)) if several => refused.push((named, error.to_string())),
            Err(error) => return Err(error),
        }
    }
    for Loaded { named, program, .. } in &loaded {
        if let Some(entry) = &named.entry {
            program.function(entry)?;
        }
    }
    Ok((loaded, refused))
}

/// Puts what was found in all files together, in their order.
fn gather(selected: &[Selected], files: Vec<FileChecked>, refused: Refused) -> Result<Files> {
    let mut verdicts: Vec<Verdict<Box<Trace>>> = selected.iter().map(|_| Verdict::Holds).collect();
    let mut found: Vec<Vec<Trace>> = selected.iter().map(|_| Vec::new()).collect();
    let (mut subjects, mut reports, mut failures, mut lacks) = (Vec::new(), Vec::new(), Vec::new(), false);
    for file in files {
        for searched in file.searched {
            for ((verdict, traces), one) in verdicts.iter_mut().zip(&mut found).zip(searched.verdicts) {
                if let Verdict::Refuted(trace) = &one
                    && !traces.iter().any(|known| is_same(known, trace))
                {
                    traces.push((**trace).clone());
                }
                *verdict = std::mem::replace(verdict, Verdict::Holds).and(one);
            }
            subjects.push(searched.report);
        }
        reports.push(file.report);
        failures.extend(file.failures);
        lacks |= file.lacks;
    }
    for (named, why) in refused {
        let name = named.path.display().to_string();
        reports.push(FileReport { name, refused: Some(why.clone()), ..FileReport::default() });
        failures.push(why);
    }
    let bound = match subjects.len() {
        1 => "every path of this program".to_string(),
        n => format!("every path of these {n} programs"),
    };
    let findings =
        selected.iter().zip(verdicts).zip(found).map(|((selected, verdict), mut traces)| Finding {
            watched: selected.watched.clone(),
            verdict,
            others: if traces.is_empty() { traces } else { traces.split_off(1) },
            bound: bound.clone(),
            asked: selected.asked,
        });
    Ok(Files { checked: (subjects, findings.collect()), reports, failures, lacks })
}

/// Whether two paths break their property in the same place: one of them through the module, it may be, and the other by itself.
fn is_same(one: &Trace, other: &Trace) -> bool {
    let place = |trace: &Trace| (trace.file.clone(), report::broken_at(trace));
    let reason = |trace: &'_ Trace| trace.property.as_ref().map(|broken| broken.reason.clone());
    place(one) == place(other) && reason(one) == reason(other)
}

/// Checks one file: its module, and each of its functions in a graph of its own, or the function that is asked for.
fn check_file(means: &Means, loaded: &Loaded, threads: usize) -> Result<FileChecked> {
    let Loaded { named, program, assumptions } = loaded;
    let subject = |program: Program, entry: Option<&str>| Subject {
        program,
        entry: entry.map(str::to_string),
        assumptions: assumptions.clone(),
    };
    let asked = named.entry.as_deref();
    let names: Vec<&str> = match asked {
        Some(entry) => vec![entry],
        None => program.functions.iter().map(|function| function.name.as_str()).collect(),
    };
    let module = search(means, &subject(program.clone(), None), threads);
    let mut failures = Vec::new();
    let why = match &module {
        Ok(module) => alone(module),
        Err(Searching::Failed(why)) => {
            failures.push(why.clone());
            Some("the rules fail in the module".to_string())
        }
        Err(Searching::Wrong(why)) => return Err(Failure::Usage(why.clone())),
    };
    let base = match &why {
        Some(_) if !names.is_empty() => means.source.load_alone(means.book, &named.path, program)?,
        _ => program.clone(),
    };
    let enter = |name: &&str| -> std::result::Result<Searched, Searching> {
        let entered = base.with_entry(name).map_err(|error| Searching::Failed(error.to_string()))?;
        search(means, &subject(entered, Some(name)), threads)
    };
    let results: Vec<_> = names.par_iter().map(enter).collect();
    let mut searched: Vec<Searched> = if asked.is_none() { module.into_iter().collect() } else { Vec::new() };
    for result in results {
        match result {
            Ok(found) => searched.push(found),
            Err(Searching::Failed(why)) => failures.push(why),
            Err(Searching::Wrong(why)) => return Err(Failure::Usage(why)),
        }
    }
    let lines: BTreeSet<usize> = searched.iter().flat_map(|one| one.lines.iter().copied()).collect();
    let mut report = covered::report(program, &lines, asked);
    if let Some(why) = why.filter(|_| !names.is_empty()) {
        report.open.insert(0, format!("{why}; its names are unknown for its functions"));
    }
    let lacks = covered::lacks(program, &lines, asked);
    Ok(FileChecked { searched, report, failures, lacks })
}

/// Why the functions of a module are entered without it, where they are.
fn alone(module: &Searched) -> Option<String> {
    if let Some(limit) = &module.report.limit {
        return Some(format!("the module reaches a limit ({limit})"));
    }
    if !module.completes {
        let last = module.lines.last().map_or(String::new(), |line| format!(" at line {line}"));
        return Some(format!("the module raises{last} on every path"));
    }
    (module.report.states > SMALL.into())
        .then(|| format!("the module alone has {}", counted(module.report.states, "state")))
}

/// Why there is no answer of a program.
enum Searching {
    /// A fault of the book, or a function that cannot be entered: the others can.
    Failed(String),
    /// A property that is wrong whatever it is checked of.
    Wrong(String),
}

/// Searches one program.
fn search(means: &Means, subject: &Subject, threads: usize) -> std::result::Result<Searched, Searching> {
    let Means { book, watched, limits, engine, .. } = means;
    let (mut machine, findings, reachability) =
        search_program(book, subject, watched, *limits, *engine, threads);
    if let Some(error) = report::broken(&machine, subject, &findings) {
        return Err(Searching::Failed(error.to_string()));
    }
    if let Some(fault) = findings.refutations.iter().find(|refutation| refutation.ambiguous) {
        let name = &watched[fault.property].property.name;
        return Err(Searching::Wrong(format!(
            "the property `{name}` is ambiguous: {}; tell them apart by a premise",
            fault.reason
        )));
    }
    let mut verdicts =
        crate::trace::counterexample::verdicts(&mut machine, book, subject, watched, &findings)
            .map_err(Searching::Failed)?;
    for (verdict, _) in verdicts.iter_mut().zip(*watched).filter(|(_, watched)| is_of(watched, subject)) {
        *verdict = Verdict::Holds;
    }
    let normal = |completion: &egg::Id| machine.bank().op(*completion).as_str() == "normal";
    let completes = findings.ended.iter().any(normal);
    let report = SubjectReport {
        name: subject.program.name.clone(),
        entry: subject.entry.clone(),
        alone: subject.program.alone,
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
    };
    Ok(Searched { report, verdicts, lines: findings.lines, completes })
}

/// Whether a property is about a pair of functions of which one is entered by itself: that its caller does not call the other
/// is no fault of either.
fn is_of(watched: &Watched, subject: &Subject) -> bool {
    let entered = |name: &String| Some(name) == subject.entry.as_ref();
    watched.pair.as_ref().is_some_and(|(first, second)| entered(first) || entered(second))
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
        for one in Selected::of_objects(book, pair) {
            // Several files may have the same.
            let same = |known: &Selected| {
                let (known, one) = (&known.watched, &one.watched);
                known.pair == one.pair && known.property.name == one.property.name
            };
            if !selected.iter().any(same) {
                selected.push(one);
            }
        }
    }
}
