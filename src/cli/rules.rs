//! `trylemma rules`: the rules as inference rules.

use crate::book::Book;
use crate::book::rule::Rule;
use crate::check::litmus::{load_litmus, observe};
use crate::check::verdict::counted;
use crate::cli::options::{Format, Semantics, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::diagnostic::nearest;
use crate::limits::Limits;
use crate::render::rules;

/// The arguments of `rules`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One rule by its name, such as finally/enter; all by default
    name: Option<String>,
    /// Name the litmus programs that fire each rule, and do not only count them
    #[arg(long)]
    coverage: bool,
    /// Show the figures of the table of control and frame
    #[arg(long)]
    table: bool,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "latex"]))]
    format: Format,
    #[command(flatten)]
    semantics: Semantics,
}

/// Shows the rules.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    if args.table {
        return table(&book, out);
    }
    let chosen = chosen(args, &book)?;
    let coverage = match args.format {
        Format::Text => Some(coverage(&book)?),
        _ => None,
    };
    for rule in &chosen {
        match args.format {
            Format::Text => out.text(&rules::text(rule))?,
            Format::Latex => out.text(&rules::latex(rule))?,
            _ => return Err(Failure::Usage("rules writes text or latex".into())),
        }
        if let Some(coverage) = &coverage {
            let place = book.rules.iter().position(|r| r.name == rule.name).unwrap_or_default();
            let programs = &coverage[place];
            let fired = counted(programs.len() as u128, "litmus program");
            out.line(format!("    section #{}; fired by {fired}", rule.section))?;
            if args.coverage || args.name.is_some() {
                for program in programs {
                    out.line(format!("      {program}"))?;
                }
            }
        }
        out.line("")?;
    }
    Ok(0)
}

fn table(book: &Book, out: &mut Output) -> Result<u8> {
    let summary = &book.table()?;
    out.line(format!("{:>4} rules", book.rules.len()))?;
    out.line(format!("{:>4} cells with exactly one rule", summary.determined))?;
    out.line(format!("{:>4} cells that are a deliberate choice", summary.choices))?;
    out.line(format!("{:>4} final cells", summary.finals))?;
    out.line(format!("{:>4} impossible cells", summary.impossible))?;
    Ok(0)
}

fn chosen<'a>(args: &Args, book: &'a Book) -> Result<Vec<&'a Rule>> {
    let Some(name) = &args.name else { return Ok(book.rules.iter().collect()) };
    match book.rule(name) {
        Some(rule) => Ok(vec![rule]),
        None => {
            let near = nearest(name, book.rules.iter().map(|rule| rule.name.as_str()));
            Err(Failure::Usage(format!("no rule `{name}`; {near}")))
        }
    }
}

/// For each rule, the litmus programs that fire it.
fn coverage(book: &Book) -> Result<Vec<Vec<String>>> {
    let mut fired = vec![Vec::new(); book.rules.len()];
    for litmus in &book.litmus {
        let program = load_litmus(book, litmus)?;
        for rule in observe(book, &program, Limits::default()).rules {
            fired[rule as usize].push(litmus.name.clone());
        }
    }
    Ok(fired)
}
