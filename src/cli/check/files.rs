//! `trylemma check FILE...`: what is entered in files, and what is found there.

use crate::book::Book;
use crate::book::property::Kind;
use crate::check::names::Names;
use crate::check::program::{Subject, Watched};
use crate::check::verdict::Verdict;
use crate::check::workers::{in_order, pool};
use crate::cli::check::paths::{Named, files};
use crate::cli::check::search::{Means, Searched, search};
use crate::cli::check::{Args, Checked, Finding, covered};
use crate::cli::entering::{self, Loaded};
use crate::cli::output::{Failure, Result};
use crate::cli::report;
use crate::cli::selection::Selected;
use crate::python::Program;
use crate::trace::Trace;
use crate::trace::report::FileReport;

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

/// What was found in one file.
struct FileChecked {
    searched: Vec<Searched>,
    /// The counterexamples with the properties that they break, each place once.
    found: Vec<(usize, Trace)>,
    report: FileReport,
    failures: Vec<String>,
    lacks: bool,
}

/// What breaks a property that was asked for, and how.
pub(in crate::cli) type Broken<'a> = (&'a Watched, &'a Trace);

/// Checks the files, each by itself: the module, and each function after it. What is found in a file is told as soon as that file and
/// those before it were searched, by line.
pub(super) fn check(
    args: &Args,
    book: &Book,
    selected: &[Selected],
    tell: &mut dyn FnMut(&[Broken]) -> Result<()>,
) -> Result<Files> {
    let limits = entering::limits(&args.semantics, &args.widening, args.sizes.memory())?;
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
    let usual: Vec<bool> = selected.iter().map(|chosen| chosen.usual).collect();
    let means = Means { book, source: &args.source, watched: &watched, usual: &usual, limits, engine };
    // The cores share the functions out, unless there is one graph only.
    let inside = if matches!(&loaded[..], [loaded] if loaded.is_one_graph()) { threads } else { 1 };
    let check = |number: usize| check_file(&means, &loaded[number], inside);
    let mut files = Vec::with_capacity(loaded.len());
    in_order(pool(threads).as_ref(), loaded.len(), check, |checked| {
        let checked = checked?;
        let asked = checked.found.iter().filter(|(property, _)| selected[*property].asked);
        let mut asked: Vec<Broken> =
            asked.map(|(property, trace)| (&selected[*property].watched, trace)).collect();
        asked.sort_by_cached_key(|(_, trace)| report::broken_at(trace));
        tell(&asked)?;
        files.push(checked);
        Ok::<(), Failure>(())
    })?;
    gather(&selected, files, refused)
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
            Ok((program, assumptions)) => {
                let entry = named.entry.as_ref().map_or(Ok(()), |entry| program.function(entry).map(drop));
                match entry.map_err(Failure::of_entry) {
                    Err(Failure::NotModelled(error)) if several => {
                        refused.push((named, error.to_string()));
                        continue;
                    }
                    other => other?,
                }
                loaded.push(Loaded { path: named.path, asked: named.entry, program, assumptions });
            }
            Err(Failure::Diagnostic(error)) if several => refused.push((named, error.to_string())),
            Err(error) => return Err(error),
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
        file.found.into_iter().for_each(|(property, trace)| found[property].push(trace));
        for searched in file.searched {
            for (verdict, one) in verdicts.iter_mut().zip(searched.verdicts) {
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
    let look = |subject: &Subject, states| search(means, subject, threads, states);
    let entered = entering::enter(means.book, means.source, loaded, look)?;
    let (program, asked, lines) = (&loaded.program, loaded.asked.as_deref(), entered.lines());
    let mut report = covered::report(program, &lines, asked);
    report.open.splice(0..0, entered.notes);
    let lacks = covered::lacks(program, &lines, asked);
    let searched: Vec<Searched> = entered.sights.into_iter().map(|sight| sight.found).collect();
    let mut found: Vec<(usize, Trace)> = Vec::new();
    for (property, verdict) in searched.iter().flat_map(|searched| searched.verdicts.iter().enumerate()) {
        let Verdict::Refuted(trace) = verdict else { continue };
        if !found.iter().any(|(other, known)| *other == property && is_same(known, trace)) {
            found.push((property, (**trace).clone()));
        }
    }
    Ok(FileChecked { searched, found, report, failures: entered.failures, lacks })
}

/// Asks for the contracts that the names of a program's functions call for.
fn add_conventional(program: &Program, book: &Book, selected: &mut Vec<Selected>) {
    let known = |name: &String| program.callables.contains(name) || program.unknowns.contains(name);
    for contract in selected.iter_mut().filter(|s| s.watched.property.kind == Kind::Contract) {
        let functions = contract.watched.property.functions();
        contract.asked |= !functions.is_empty() && functions.iter().all(known);
    }
    let calling = |first: &String, second: &String| {
        let functions = program.functions.iter().map(|function| &function.calls);
        functions.chain([&program.calls]).any(|calls| calls.both(first, second))
    };
    let usual = |(first, second): &&(String, String)| known(first) && known(second) && calling(first, second);
    for pair in book.pairs.iter().filter(usual) {
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
