//! `trylemma equiv`: whether two functions, fragments or files do the same, and on which path they part.

mod sides;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::book::Book;
use crate::cli::entering::base_limits;
use crate::cli::equiv::sides::{Pair, Text};
use crate::cli::input::read_bytes;
use crate::cli::options::{Format, Semantics, Source, formats};
use crate::cli::output::{Failure, Output, Result, data_text};
use crate::limits::Limits;
use crate::prove::equivalence::{Failed, Judge, Judged, Level};
use crate::python::Setting;
use crate::render::equivalence;
use crate::trace::FORMAT;
use crate::trace::equivalence::{EquivReport, PairReport};
use crate::trace::record::record;

/// The arguments of `equiv`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is compared: two functions, as FILE::f and FILE::g; two files, function by function; two fragments, which are pieces of a
    /// function's body; one file that has the functions `before` and `after`; or a folder of such files. - is standard input
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    sides: Vec<PathBuf>,
    /// The function of both files
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// How much has to be the same: 1 events and how it ends, 2 also what is being handled, 3 also context and cause, 4 also the entries
    /// of the traceback
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    level: u8,
    /// Python text that stands before each fragment: it defines what fragments use
    #[arg(long, value_name = "FILE")]
    prelude: Option<PathBuf>,
    /// Where traces go of where they part, two for each pair; `replay` checks them
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    semantics: Semantics,
    #[command(flatten)]
    source: Source,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
    format: Format,
}

/// Pairs of states that are looked at, unless `--limit states=N` says otherwise: enough for an answer within seconds.
const STATES: usize = 100_000;

/// What is not tried of an unknown.
const NO_GROUPS: &str = "what is unknown raises no group of exceptions";

/// Compares what is named, and says at which level it is the same. The exit code is 0 where that is the level asked for, or a finer one.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    if args.source.entry.is_some() {
        return Err(Failure::Usage(
            "--entry: name two functions, as FILE::f FILE::g, or one of both files by --function".into(),
        ));
    }
    let book = args.semantics.book()?;
    let job = Job {
        args,
        book: &book,
        limits: args.semantics.limits_from(Limits { states: STATES, ..base_limits() })?,
    };
    let in_folder = args.sides.len() == 1 && args.sides[0].is_dir();
    let (mut told, mut pairs) = (Vec::new(), Vec::new());
    for found in sides::pairs(&job)? {
        match found {
            Ok(found) => pairs.extend(found),
            Err((name, failure)) => told.push(refused([name.clone(), name], failure)?),
        }
    }
    let judge = || Judge::new(&book, job.limits, args.semantics.engine());
    let report = |judge: &mut Judge, pair: &Pair| match job.report(judge, pair) {
        Ok(report) => Ok((code(&report, args.level), report)),
        Err(failure) if in_folder => refused(pair.names(), failure),
        Err(failure) => Err(failure),
    };
    let compared: Vec<_> = pairs.par_iter().map_init(judge, report).collect::<Result<_>>()?;
    told.extend(compared);
    told.sort_by(|(_, one), (_, other)| one.sides.cmp(&other.sides));
    let code = told.iter().map(|(code, _)| *code).max().unwrap_or_default();
    let found = told.into_iter().map(|(_, report)| report).collect();
    let report = EquivReport {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        pairs: found,
    };
    match args.format {
        Format::Text => out.text(&equivalence::text(&report))?,
        format => out.data(format, &report)?,
    }
    Ok(code)
}

/// What is said of a pair that cannot be compared, and the exit code.
fn refused(sides: [String; 2], failure: Failure) -> Result<(u8, PairReport)> {
    match failure.told() {
        Some((why, code)) => Ok((code, PairReport::refused(sides, why))),
        None => Err(failure),
    }
}

/// What a pair adds to the exit code: where both are the same as far as was looked, and a limit was reached before the level that is asked
/// for, nobody knows.
fn code(report: &PairReport, asked: u8) -> u8 {
    match (report.level >= asked, &report.limit) {
        (true, _) => 0,
        (false, Some(_)) => 3,
        (false, None) => 1,
    }
}

/// What is compared by which rules.
struct Job<'a> {
    args: &'a Args,
    book: &'a Book,
    limits: Limits,
}

impl Job<'_> {
    fn text(&self, path: &Path) -> Result<Text> {
        Ok(Text { name: path.display().to_string(), bytes: read_bytes(path)? })
    }

    fn report(&self, judge: &mut Judge, pair: &Pair) -> Result<PairReport> {
        let mut granted: Vec<String> = pair.has_groups().then(|| NO_GROUPS.to_string()).into_iter().collect();
        let mut judged = self.judged(judge, pair, Setting::Imported)?;
        if judged.limit.is_some() && judged.level.is_none() && pair.has_module() {
            // Behind less of the module there may be an answer.
            judged = self.judged(judge, pair, Setting::Alone)?;
            granted.push("nothing of what the module binds is known".to_string());
        }
        if let Some(folder) = &self.args.out {
            self.write(folder, pair, judge, &judged)?;
        }
        Ok(PairReport::of(pair.names(), judge.machine(), &judged, pair.lines_before(), granted))
    }

    fn judged(&self, judge: &mut Judge, pair: &Pair, setting: Setting) -> Result<Judged> {
        let load = |view| pair.load(self, view, setting);
        judge.judge(pair.asks(), &load).map_err(|failed| match failed {
            Failed::Load(failure) => failure,
            Failed::Rules(fault) => Failure::Usage(format!("the rules fail: {fault}")),
        })
    }

    /// Writes the two traces of where a pair parts.
    fn write(&self, folder: &Path, pair: &Pair, judge: &mut Judge, judged: &Judged) -> Result<()> {
        let Some(parted) = judged.parted.as_ref().filter(|parted| parted.level < Level::Traceback) else {
            return Ok(());
        };
        std::fs::create_dir_all(folder)?;
        for (side, name) in pair.names().iter().enumerate() {
            let path = &parted.difference.paths[side];
            let trace = record(judge.machine(), self.book, &parted.subjects[side], path);
            let trace = trace.sealed().map_err(Failure::Usage)?;
            let plain = |char: char| if char.is_alphanumeric() || "-_.".contains(char) { char } else { '_' };
            let file: String = name.chars().map(plain).collect();
            let side = ["one", "other"][side];
            std::fs::write(folder.join(format!("{file}.{side}.ron")), data_text(Format::Ron, &trace)?)?;
        }
        Ok(())
    }
}
