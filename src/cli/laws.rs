//! `trylemma laws`: the laws of `try`, held against their instances.

use std::path::PathBuf;

use rayon::prelude::*;

use crate::book::Book;
use crate::book::law::{Claim, Law};
use crate::cli::input::read_text;
use crate::cli::options::{Format, Semantics, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::diagnostic::nearest;
use crate::prove::laws::{Counterexample, Extent, Facts, Instanced, instanced};
use crate::render::laws;
use crate::trace::FORMAT;
use crate::trace::laws::{CounterexampleReport, InstancesReport, LawReport, LawsReport, LevelReport};

/// The arguments of `laws`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One law, or fallacy, by name; all by default
    name: Option<String>,
    /// A Markdown file with laws of your own, in `law` blocks as in semantics/24-laws.md: they alone are checked
    #[arg(long, value_name = "FILE")]
    laws: Option<PathBuf>,
    /// Show the laws, and check nothing
    #[arg(long)]
    list: bool,
    /// The size of what stands for all variables of a law together, at most
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=8))]
    size: u8,
    /// How many instances of each size are tried, at most: where there are more, they are taken at even distances
    #[arg(long, value_name = "N", default_value_t = 3_000)]
    most: u64,
    #[command(flatten)]
    semantics: Semantics,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
    format: Format,
}

/// Checks laws by their instances. The exit code is 1 where one fails that is claimed, or a fallacy is not found out; 3 where nothing is
/// known of one.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    let laws = chosen(args, &book)?;
    let extent = Extent { size: args.size.into(), most: args.most };
    let found: Vec<LawReport> = match args.list {
        true => laws.iter().map(|law| report(law, None)).collect(),
        false => {
            let checked = |law: &Law| {
                let mut facts = Facts::of(&book)?;
                let found = instanced(&book, &mut facts, law, extent);
                let found = found.map_err(|why| Failure::Usage(format!("law {}: {why}", law.name)))?;
                Ok(report(law, Some((extent, found))))
            };
            laws.par_iter().map(checked).collect::<Result<_>>()?
        }
    };
    let whole = LawsReport {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        laws: found,
    };
    match args.format {
        Format::Text => out.text(&laws::text(&whole, args.name.is_some()))?,
        format => out.data(format, &whole)?,
    }
    let code = |law: &LawReport| match law.is_as_claimed() {
        Some(true) => 0,
        Some(false) => 1,
        None => 3,
    };
    let codes: Vec<u8> = whole.laws.iter().map(code).collect();
    Ok(match args.list {
        true => 0,
        false if codes.contains(&1) => 1,
        false => codes.into_iter().max().unwrap_or_default(),
    })
}

/// The laws that the flags name.
fn chosen(args: &Args, book: &Book) -> Result<Vec<Law>> {
    let mut laws = match &args.laws {
        Some(path) => book.read_laws(&path.display().to_string(), &read_text(path)?)?,
        None => book.laws.clone(),
    };
    if let Some(name) = &args.name {
        let near = nearest(name, laws.iter().map(|law| law.name.as_str()));
        laws.retain(|law| law.name == *name);
        if laws.is_empty() {
            return Err(Failure::Usage(format!("no law `{name}`; {near}")));
        }
    }
    Ok(laws)
}

fn report(law: &Law, found: Option<(Extent, Instanced)>) -> LawReport {
    LawReport {
        name: law.name.clone(),
        level: match law.claim {
            Claim::Holds(level) => Some(level),
            Claim::False => None,
        },
        claim: law.sentence.clone(),
        conditions: law.conditions.iter().map(ToString::to_string).collect(),
        left: law.left.to_string(),
        right: law.right.to_string(),
        instances: found.map(|(extent, found)| instances(extent, found)),
    }
}

fn instances(extent: Extent, found: Instanced) -> InstancesReport {
    let levels = found.counterexamples.into_iter().zip(found.applied).zip(found.failed);
    let level = |((counterexample, applied), failed): ((Option<Counterexample>, u64), u64)| LevelReport {
        applied,
        failed,
        counterexample: counterexample.map(|it| CounterexampleReport {
            left: it.left,
            right: it.right,
            around: it.around,
            way: it.way,
            then: it.then,
        }),
    };
    InstancesReport {
        size: extent.size,
        tried: found.tried,
        all: found.all.to_string(),
        open: found.open,
        levels: levels.map(level).collect(),
    }
}
