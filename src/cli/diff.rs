//! `trylemma diff`: where two books, two versions of Python or two programs part, step by step.

use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::check::did::Did;
use crate::check::telling::{Kind, LIMITS, Sample, Told, told};
use crate::check::verdict::counted;
use crate::cli::across::parted;
use crate::cli::input::read_bytes;
use crate::cli::options::{Format, Semantics, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::cli::sizes::threads;
use crate::machine::Machine;
use crate::python::{LoadOptions, Program, load};
use crate::render::versions::lines;
use crate::trace::FORMAT;
use crate::trace::across::{DiffReport, Group};
use crate::trace::parting::{Parted, Side, parting};

/// Programs of the core up to this size are tried, unless somebody says otherwise.
const SIZE: usize = 4;

/// The arguments of `diff`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A program that is run under both books, or versions; or two programs. Without any, the smallest program of the core is looked for
    /// on which two books do not do the same
    #[arg(num_args = 0..=2, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    semantics: Semantics,
    /// Programs of the core up to this size are tried
    #[arg(long, value_name = "N", default_value_t = SIZE)]
    size: usize,
    /// How many threads run programs; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
    format: Format,
}

/// Finds where both part. The exit code is 1 where they do, and 3 where a limit leaves it open.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let (books, names) = books(args)?;
    let report = match &args.files[..] {
        [] => smallest(args, &books, names)?,
        [only] => {
            let options = books.each_ref().map(options);
            let programs = [loaded(&options[0], only)?, loaded(&options[1], only)?];
            of_programs(&books, &programs, names)
        }
        [one, other] => {
            let programs = [loaded(&options(&books[0]), one)?, loaded(&options(&books[1]), other)?];
            of_programs(&books, &programs, [one, other].map(|path| path.display().to_string()))
        }
        _ => return Err(Failure::Usage("diff compares two programs at most".into())),
    };
    match args.format {
        Format::Text => text(&report, out)?,
        format => out.data(format, &report)?,
    }
    Ok(match (&report.parting, report.differ, report.open) {
        (None, 0, 0) => 0,
        (None, 0, _) => 3,
        _ => 1,
    })
}

/// The two books that the flags name, and what they are called: where two programs are compared, the same twice.
fn books(args: &Args) -> Result<([Book; 2], [String; 2])> {
    if let Some(versions) = args.semantics.several()? {
        let (Some(first), Some(last)) = (versions.first(), versions.last()) else {
            return Err(Failure::Usage("--python: no version is in this range".into()));
        };
        let books = [args.semantics.book_of(*first)?, args.semantics.book_of(*last)?];
        return Ok((books, [first, last].map(|version| format!("Python {version}"))));
    }
    let book = args.semantics.book()?;
    let shown = args.semantics.folder().map(|folder| folder.display().to_string());
    match shown {
        Some(shown) if args.files.len() < 2 => {
            let built_in = Book::built_in(book.version)?;
            Ok(([built_in, book], ["the book".to_string(), shown]))
        }
        None if args.files.len() < 2 => Err(Failure::Usage(
            "name another book (--semantics DIR), two versions (--python 3.10..3.11), or two programs".into(),
        )),
        _ => Ok(([book.clone(), book], [String::new(), String::new()])),
    }
}

fn options(book: &Book) -> LoadOptions {
    LoadOptions { objects: true, ..LoadOptions::of(book) }
}

fn loaded(options: &LoadOptions, path: &Path) -> Result<Program> {
    let options = LoadOptions { folder: path.parent().map(Path::to_path_buf), ..options.clone() };
    Ok(load(&path.display().to_string(), &read_bytes(path)?, &options)?)
}

/// Where two programs part that were loaded, each under its book.
fn of_programs(books: &[Book; 2], programs: &[Program; 2], names: [String; 2]) -> DiffReport {
    let Parted { parting, whole } = first_step(books, programs);
    DiffReport {
        format: FORMAT,
        rules: books.each_ref().map(|book| book.hash.clone()),
        sides: names,
        programs: 1,
        differ: usize::from(parting.is_some()),
        open: usize::from(parting.is_none() && !whole),
        program: None,
        groups: Vec::new(),
        parting,
    }
}

fn first_step(books: &[Book; 2], programs: &[Program; 2]) -> Parted {
    let mut machines = books.each_ref().map(|book| Machine::new(book, LIMITS));
    let [one, other] = &mut machines;
    parting(
        &mut Side { book: &books[0], machine: one, program: &programs[0] },
        &mut Side { book: &books[1], machine: other, program: &programs[1] },
    )
}

/// The smallest program of the core on which two books do not do the same, and how many there are of its size.
fn smallest(args: &Args, books: &[Book; 2], names: [String; 2]) -> Result<DiffReport> {
    let mut report = DiffReport {
        format: FORMAT,
        rules: books.each_ref().map(|book| book.hash.clone()),
        sides: names.clone(),
        programs: 0,
        differ: 0,
        open: 0,
        program: None,
        groups: Vec::new(),
        parting: None,
    };
    for size in 1..=args.size {
        let samples = Sample::of_core(size);
        let found = told(books, &samples, threads(args.threads));
        report.programs += samples.len();
        report.open +=
            found.iter().filter(|told| told.dids.iter().any(|did| matches!(did, Did::Open(_)))).count();
        let apart: Vec<usize> = (0..samples.len()).filter(|at| found[*at].tells(0, 1)).collect();
        report.differ = apart.len();
        let Some(first) = apart.into_iter().min_by_key(|at| samples[*at].source.len()) else { continue };
        report.show(&samples[first], &found[first], books, &names)?;
        break;
    }
    Ok(report)
}

impl DiffReport {
    fn show(&mut self, sample: &Sample, told: &Told, books: &[Book; 2], names: &[String; 2]) -> Result<()> {
        debug_assert!(matches!(sample.kind, Kind::Core(_)));
        self.program = Some(sample.source.clone());
        self.groups = [0, 1].map(|side| Group::named(told.did(side), &names[side])).into();
        let [one, other] = [0, 1].map(|side| sample.load(&books[side], &options(&books[side])));
        self.parting = first_step(books, &[one?, other?]).parting;
        Ok(())
    }
}

fn text(report: &DiffReport, out: &mut Output) -> Result<()> {
    let [one, other] = &report.sides;
    if let Some(program) = &report.program {
        out.line(format!(
            "{one} and {other} do not do the same on {} of {}; the smallest:",
            report.differ,
            counted(report.programs as u128, "program")
        ))?;
        program.lines().try_for_each(|line| out.line(format!("    {line}").trim_end()))?;
        for group in &report.groups {
            out.line(format!("  {}", group.versions.join(", ")))?;
            lines(group).iter().try_for_each(|line| out.line(format!("    {line}").trim_end()))?;
        }
    }
    match &report.parting {
        Some(parting) => parted([one, other], parting, out)?,
        None if report.differ > 0 => out.line("no step tells them apart that was compared")?,
        None => out.line(format!(
            "{one} and {other} do the same on {}",
            counted((report.programs - report.open) as u128, "program")
        ))?,
    }
    if report.open > 0 {
        out.line(format!("a limit was reached on {}", counted(report.open as u128, "program")))?;
    }
    Ok(())
}
