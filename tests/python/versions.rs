//! The programs whose outcomes under 25 versions of Python are recorded beside the repository, each under every version that is
//! read.
//!
//! `TRYLEMMA_VERSIONS=3.6,3.7` takes these versions, `TRYLEMMA_PROGRAMS=gen-` the programs whose ids begin so; each
//! difference is printed. `TRYLEMMA_BOOK=FOLDER` takes the book of a folder.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Deserialize;
use serde_json::Value;
use trylemma::book::Book;
use trylemma::book::litmus::Span;
use trylemma::book::version::Version;
use trylemma::check::litmus::{limits_for, load_litmus, observe};
use trylemma::diagnostic::{Diagnostic, ErrorKind};
use trylemma::limits::Limits;
use trylemma::machine::Machine;
use trylemma::machine::stepper::Successors;
use trylemma::python::report::ending::{Ended, Ending};
use trylemma::python::report::traceback::Files;
use trylemma::python::report::uncaught::Report;
use trylemma::python::{LoadOptions, Program, load};

use crate::common::repository;

/// What is recorded: see the README beside it.
#[derive(Deserialize)]
struct Recorded {
    versions: Vec<String>,
    programs: Vec<Source>,
    outcomes: BTreeMap<String, BTreeMap<String, BTreeMap<String, Value>>>,
}

#[derive(Deserialize)]
struct Source {
    id: String,
    source: String,
}

/// The first version whose texts, chains and warnings are compared, too.
const WORDED: Version = Version::new(3, 8);

/// Before this version the texts of syntax errors are compared.
const OLD: Version = Version::new(3, 0);

/// Programs with two errors in one place, of which some versions tell the other one, and `None = 1`, which each tells otherwise.
const TWICE: [&str; 4] = ["contin-019", "syntax-021", "syntax-022", "syntax-030"];

/// How the model does.
#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    same: usize,
    differ: usize,
    refused: usize,
    /// Of the same ones, those whose words differ.
    words: usize,
}

/// Of a hundred programs, at most so many are refused.
const REFUSED: usize = 3;

impl Figures {
    fn and(self, other: Figures) -> Figures {
        Figures {
            same: self.same + other.same,
            differ: self.differ + other.differ,
            refused: self.refused + other.refused,
            words: self.words + other.words,
        }
    }
}

impl Recorded {
    fn read() -> Option<Recorded> {
        let path = repository("../shared/versions/outcomes.json");
        if !path.exists() {
            // Past the capture of the test harness.
            let _ = writeln!(std::io::stderr(), "skipped: there is no {}", path.display());
            return None;
        }
        let text = std::fs::read_to_string(path).expect("the record can be read");
        Some(serde_json::from_str(&text).expect("the record is JSON"))
    }

    /// Whether a group of versions, `A..B,C`, has one.
    fn has(&self, group: &str, release: &str) -> bool {
        let place = |name: &str| self.versions.iter().position(|version| version == name);
        group.split(',').any(|part| {
            let (first, last) = part.split_once("..").unwrap_or((part, part));
            (place(first)..=place(last)).contains(&place(release))
        })
    }

    fn outcome(&self, program: &str, release: &str) -> &BTreeMap<String, Value> {
        let groups = &self.outcomes[program];
        groups
            .iter()
            .find(|(group, _)| self.has(group, release))
            .map(|(_, outcome)| outcome)
            .expect("each has one")
    }

    /// A field that may differ within a group.
    fn field(&self, outcome: &BTreeMap<String, Value>, name: &str, release: &str) -> Value {
        match outcome.get(name) {
            Some(Value::Object(groups)) => {
                let own = groups.iter().find(|(group, _)| self.has(group, release));
                own.map_or(Value::Null, |(_, value)| value.clone())
            }
            Some(value) => value.clone(),
            None => Value::Null,
        }
    }
}

/// A text with `0x...` in the place of each address.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut masked = parts.next().unwrap_or_default().to_string();
    for part in parts {
        masked.push_str("0x...");
        masked.push_str(part.trim_start_matches(|char: char| char.is_ascii_hexdigit()));
    }
    masked
}

/// What the model does with a program.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    stdout: String,
    ends: String,
    line: Option<usize>,
    text: Option<String>,
    chain: Vec<String>,
    warnings: Vec<String>,
}

/// Runs a program; why it is refused where it is.
fn seen(book: &Book, source: &str, places: bool) -> Result<Seen, String> {
    let options = LoadOptions { objects: true, places, ..LoadOptions::of(book) };
    match load("prog.py", source.as_bytes(), &options) {
        Ok(program) => run(book, &program),
        Err(fault) => rejected(&fault),
    }
}

fn rejected(fault: &Diagnostic) -> Result<Seen, String> {
    match fault.kind() {
        ErrorKind::Fault if fault.title().starts_with("invalid syntax") => {
            let text = fault.title().strip_prefix("invalid syntax: ").map(str::to_string);
            Ok(Seen { ends: "SyntaxError".into(), line: Some(fault.line()), text, ..Seen::default() })
        }
        _ => Err(fault.title().to_string()),
    }
}

fn run(book: &Book, program: &Program) -> Result<Seen, String> {
    let limits = limits_for(program, Limits::default());
    let mut machine = Machine::new(book, limits);
    let mut state = machine.start(&program.body, &program.globals);
    let mut seen = Seen {
        warnings: program.warnings.iter().filter_map(|text| warning(text)).collect(),
        ..Seen::default()
    };
    for _ in 0..limits.steps {
        let edge = match machine.successors(state) {
            Successors::Edges([edge]) => edge.clone(),
            Successors::Final => {
                finish(&mut machine, state, program, &mut seen);
                return Ok(seen);
            }
            other => return Err(format!("{other:?}")),
        };
        let bank = machine.bank();
        for event in &edge.events {
            match bank.op(*event).as_str() {
                "output" => seen.stdout.push_str(&bank.text(bank.arg(*event, 0))),
                "complaint" => seen.warnings.extend(warning(&bank.text(bank.arg(*event, 0)))),
                _ => {}
            }
        }
        state = edge.target;
    }
    Err("steps".into())
}

/// `LINE: CATEGORY: text` of a warning as it is written.
fn warning(text: &str) -> Option<String> {
    let first = text.lines().next()?.strip_prefix("prog.py:")?;
    first.contains("Warning: ").then(|| first.to_string())
}

fn finish(machine: &mut Machine, state: egg::Id, program: &Program, seen: &mut Seen) {
    let mut heard = |_: &Machine, _: &trylemma::machine::stepper::Edge| {};
    let mut ended = Ended::new(machine, state, &mut heard);
    match ended.ending() {
        Ending::Normal | Ending::Returned(_) | Ending::Exit { code: 0, .. } => seen.ends = "normal".into(),
        Ending::Exit { code, .. } => seen.ends = format!("exit {code}"),
        Ending::Uncaught(exception) => {
            let name = ended.class_name(exception);
            seen.ends = format!("raises {}", name.rsplit('.').next().unwrap_or_default());
            let report = Report::of(&mut ended, &Files::of(program), exception).text();
            let mut parts = parts_of(&report);
            seen.text = parts.pop();
            seen.chain = parts;
        }
    }
}

/// What a report says of each exception, without tracebacks and the lines around groups; behind what comes before the last
/// stands how it is linked.
fn parts_of(report: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in report.lines() {
        // Behind the margin of a group stands what would stand at the left.
        let line = line.trim_start().strip_prefix("| ").unwrap_or(line).trim_end();
        let link = [
            ("The above exception was the direct cause", " (cause)"),
            ("During handling of the above", " (context)"),
        ]
        .into_iter()
        .find(|(sentence, _)| line.starts_with(sentence));
        if let (Some((_, link)), Some(last)) = (link, parts.last_mut()) {
            last.push_str(link);
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut()
            && !line.is_empty()
            && !line.starts_with("  ")
            && !line.starts_with("+-")
            && !line.contains("Traceback (most recent call last)")
        {
            last.push_str(if last.is_empty() { "" } else { "\n" });
            last.push_str(line);
        }
    }
    parts
}

/// How a program differs from what is recorded: in what it does, and in its words.
fn difference(
    recorded: &Recorded,
    program: &Source,
    known: (&str, Version),
    seen: &Seen,
) -> (Option<String>, Option<String>) {
    let (release, version) = known;
    let outcome = recorded.outcome(&program.id, release);
    let field = |name: &str| recorded.field(outcome, name, release);
    let text = |name: &str| field(name).as_str().unwrap_or_default().to_string();
    let (stdout, ends) = (text("stdout"), text("ends"));
    // The record does not tell addresses.
    let told = if stdout.contains("0x...") { without_addresses(&seen.stdout) } else { seen.stdout.clone() };
    if (&stdout, &ends) != (&told, &seen.ends) {
        return (Some(format!("{ends:?} {stdout:?}, the model {:?} {:?}", seen.ends, seen.stdout)), None);
    }
    if ends == "SyntaxError" {
        let line = field("line").as_u64();
        let same = line.is_none() || line == seen.line.map(|line| line as u64);
        if !same {
            return (None, Some(format!("line {line:?}, the model {:?}", seen.line)));
        }
        // Where nothing is said but that it is wrong, the model says more.
        let text = field("text").as_str().and_then(|text| Some(text.split_once(": ")?.1.to_string()));
        let said = text.filter(|text| {
            version < OLD && text != "invalid syntax" && !TWICE.contains(&program.id.as_str())
        });
        let same = said.is_none() || said == seen.text;
        return (None, (!same).then(|| format!("{said:?}, the model {:?}", seen.text)));
    }
    if version < WORDED || ends == "normal" && field("warnings").is_null() && seen.warnings.is_empty() {
        return (None, None);
    }
    let list = |name: &str| -> Vec<String> {
        let value = field(name);
        let list = value.as_array().cloned().unwrap_or_default();
        list.iter().map(|text| text.as_str().unwrap_or_default().to_string()).collect()
    };
    let words = (field("text").as_str().map(str::to_string), list("chain"), list("warnings"));
    let own = (seen.text.clone(), seen.chain.clone(), seen.warnings.clone());
    (None, (words != own).then(|| format!("{words:?}, the model {own:?}")))
}

/// Whether an environment variable, where it is set, names something.
fn wanted(variable: &str, name: &str, fits: fn(&str, &str) -> bool) -> bool {
    std::env::var(variable).map_or(true, |list| list.split(',').any(|part| fits(name, part)))
}

/// The book, or that of a folder, as it is while rules are written.
fn book(version: Version) -> Book {
    let read = match std::env::var_os("TRYLEMMA_BOOK") {
        Some(folder) => Book::from_folder(Path::new(&folder), version),
        None => Book::built_in(version),
    };
    read.unwrap_or_else(|error| panic!("{error}"))
}

fn compare(recorded: &Recorded, version: Version, release: &str, told: &Mutex<Vec<String>>) -> Figures {
    let book = book(version);
    let programs: Vec<&Source> = recorded
        .programs
        .iter()
        .filter(|program| wanted("TRYLEMMA_PROGRAMS", &program.id, |id, part| id.starts_with(part)))
        .collect();
    let one = |program: &&Source| {
        let ends = recorded.outcome(&program.id, release)["ends"].as_str().unwrap_or_default().to_string();
        let mut figures = Figures::default();
        let tell =
            |what: String| told.lock().expect("no panic").push(format!("{} {version}: {what}", program.id));
        match seen(&book, &program.source, false) {
            // A crash of the interpreter is not modelled.
            _ if ends.starts_with("killed") => figures.same = 1,
            Err(why) => {
                figures.refused = 1;
                tell(format!("refused: {why}"));
            }
            Ok(seen) => {
                let (differs, mut words) = difference(recorded, program, (release, version), &seen);
                if words.is_some()
                    && let Ok(placed) = self::seen(&book, &program.source, true)
                {
                    // What hints tell of names depends on where an exception was raised.
                    words = difference(recorded, program, (release, version), &placed).1;
                }
                (figures.same, figures.differ) =
                    (usize::from(differs.is_none()), usize::from(differs.is_some()));
                figures.words = usize::from(words.is_some());
                if let Some(why) = differs {
                    tell(format!("differs: {why}"));
                }
                if let Some(why) = words {
                    tell(format!("words: {why}"));
                }
            }
        }
        figures
    };
    let pool = rayon::ThreadPoolBuilder::new().stack_size(256 << 20).build().expect("threads");
    pool.install(|| {
        programs.into_par_iter().map(|program| one(&program)).reduce(Figures::default, Figures::and)
    })
}

#[test]
fn recorded_programs_do_what_each_version_did() {
    let Some(recorded) = Recorded::read() else { return };
    let told = Mutex::new(Vec::new());
    let mut lines = Vec::new();
    let mut all = Figures::default();
    let versions = book(Version::DEFAULT).versions;
    for known in versions.iter().filter(|known| known.refused.is_none()) {
        let name = known.version.to_string();
        if wanted("TRYLEMMA_VERSIONS", &name, |name, part| name == part) {
            let release = known.release.map(|part| part.to_string()).join(".");
            let figures = compare(&recorded, known.version, &release, &told);
            all = all.and(figures);
            let Figures { same, differ, refused, words } = figures;
            lines.push(format!(
                "{name}: {same} same ({words} in other words), {differ} differ, {refused} refused"
            ));
        }
    }
    let mut told = told.into_inner().expect("no panic");
    told.sort();
    // Past the capture of the test harness: the figures are what one wants to see.
    let _ = writeln!(std::io::stderr(), "{}", lines.join("\n"));
    if std::env::var_os("TRYLEMMA_TOLD").is_some() {
        let _ = writeln!(std::io::stderr(), "{}", told.join("\n"));
    }
    let is_wrong = |line: &&String| !line.contains(": refused: ");
    let wrong: Vec<&String> = told.iter().filter(is_wrong).collect();
    assert_eq!((all.differ, all.words), (0, 0), "{wrong:#?}");
    let Figures { same, differ, refused, .. } = all;
    if std::env::var_os("TRYLEMMA_PROGRAMS").is_none() {
        assert!(
            100 * refused <= REFUSED * (same + differ + refused),
            "{refused} are refused, {same} are not"
        );
    }
}

#[test]
fn litmus_programs_do_under_each_version_what_gates_say() {
    let versions = Book::built_in(Version::DEFAULT).expect("the book").versions;
    let mut compared = 0;
    for known in versions.iter().filter(|known| known.refused.is_none()) {
        let book = Book::built_in(known.version).expect("the book");
        for litmus in book.litmus() {
            let gated =
                |(span, _): &(Span, Vec<_>)| matches!(span, Span::Gated(_)) && span.admits(known.version);
            if litmus.elsewhere.iter().any(gated) {
                // What a version before Python 3.0 does not read has a newer syntax.
                let program = match load_litmus(&book, litmus) {
                    Err(_) if known.version < OLD => continue,
                    loaded => loaded.unwrap_or_else(|error| panic!("{error}")),
                };
                let observed = observe(&book, &program, limits_for(&program, Limits::default()));
                let outcomes: Vec<_> = observed.outcomes.into_iter().collect();
                assert_eq!(outcomes, litmus.outcomes, "{} under Python {}", litmus.section, known.version);
                compared += 1;
            }
        }
    }
    assert!(compared > 50, "{compared}");
}
