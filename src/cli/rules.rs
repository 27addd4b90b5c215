//! `trylemma rules`: the rules as inference rules.

use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::book::rule::Rule;
use crate::check::litmus::{load_litmus, observe};
use crate::check::verdict::counted;
use crate::cli::options::{Format, Semantics, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::diagnostic::nearest;
use crate::limits::Limits;
use crate::render::book::pages as book_pages;
use crate::render::rules;

/// The arguments of `rules`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Rules by name: finally/enter, or finally for all that begin so, or a pattern such as */raise; all by default
    name: Option<String>,
    /// Write the book into this folder, as linked pages of HTML
    #[arg(long, value_name = "DIR", conflicts_with_all = ["name", "coverage", "table"])]
    book: Option<PathBuf>,
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
    if let Some(folder) = &args.book {
        return pages(&book, folder, out);
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
            if args.coverage || chosen.len() == 1 {
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

/// Writes the pages of the book.
fn pages(book: &Book, folder: &Path, out: &mut Output) -> Result<u8> {
    std::fs::create_dir_all(folder)?;
    let pages = book_pages(book);
    for page in &pages {
        std::fs::write(folder.join(&page.file), &page.text)?;
    }
    out.line(format!("{} files; open {}", pages.len(), folder.join("index.html").display()))?;
    Ok(0)
}

/// The rule of that name; else those of the group that it names, or whose names match it as a pattern.
fn chosen<'a>(args: &Args, book: &'a Book) -> Result<Vec<&'a Rule>> {
    let Some(name) = &args.name else { return Ok(book.rules.iter().collect()) };
    if let Some(rule) = book.rule(name) {
        return Ok(vec![rule]);
    }
    let pattern = if name.contains('*') { name.clone() } else { format!("{}/*", name.trim_end_matches('/')) };
    let found: Vec<&Rule> = book.rules.iter().filter(|rule| matches(&pattern, rule.name.as_str())).collect();
    match found.is_empty() {
        false => Ok(found),
        true => {
            let near = nearest(name, book.rules.iter().map(|rule| rule.name.as_str()));
            Err(Failure::Usage(format!("no rule `{name}`; {near}")))
        }
    }
}

/// Whether a name matches a pattern, in which `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, rest)) => name.strip_prefix(before).is_some_and(|name| {
            name.char_indices().any(|(at, _)| matches(rest, &name[at..])) || matches(rest, "")
        }),
    }
}

/// For each rule, the litmus programs that fire it.
fn coverage(book: &Book) -> Result<Vec<Vec<String>>> {
    let mut fired = vec![Vec::new(); book.rules.len()];
    for litmus in book.litmus() {
        let program = load_litmus(book, litmus)?;
        for rule in observe(book, &program, Limits::default()).rules {
            fired[rule as usize].push(litmus.name.clone());
        }
    }
    Ok(fired)
}
