//! `trylemma properties`: what can be checked, and what each claims.

use std::path::PathBuf;

use crate::book::property::{Kind, Property};
use crate::cli::input::read_text;
use crate::cli::options::{Format, Semantics, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::diagnostic::nearest;
use crate::trace::report::{PropertiesReport, PropertyEntry};

/// The arguments of `properties`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One property by name; all by default
    name: Option<String>,
    /// A Markdown file with properties of your own, to be listed too
    #[arg(long, value_name = "FILE")]
    properties: Option<PathBuf>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "json", "ron"]))]
    format: Format,
    #[command(flatten)]
    semantics: Semantics,
}

/// Lists the properties.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    let mut all = book.properties.clone();
    if let Some(path) = &args.properties {
        all.extend(book.read_properties(&path.display().to_string(), &read_text(path)?)?);
    }
    if let Some(name) = &args.name {
        let near = nearest(name, all.iter().map(|property| property.name.as_str()));
        all.retain(|property| property.name == *name);
        if all.is_empty() {
            return Err(Failure::Usage(format!("no property `{name}`; {near}")));
        }
    }
    let report = PropertiesReport {
        format: crate::trace::FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        properties: all.iter().map(entry).collect(),
    };
    match args.format {
        Format::Text => text(&report, out)?,
        format => out.data(format, &report)?,
    }
    Ok(0)
}

fn entry(property: &Property) -> PropertyEntry {
    let kind = match property.kind {
        Kind::Theorem => "theorem",
        Kind::Hazard => "hazard",
        Kind::Contract => "contract",
    };
    PropertyEntry {
        name: property.name.clone(),
        kind: kind.into(),
        claim: property.claim.clone(),
        objects: property.objects,
    }
}

/// Hazards and contracts first: they are what people look for.
fn text(report: &PropertiesReport, out: &mut Output) -> Result<()> {
    let titles = [
        ("hazard", "Hazards, which programs have:"),
        ("contract", "Contracts, which are asked of a program:"),
        ("theorem", "Theorems, which hold of Python itself:"),
    ];
    for (kind, title) in titles {
        let mut of_kind = report.properties.iter().filter(|property| property.kind == kind).peekable();
        if of_kind.peek().is_none() {
            continue;
        }
        out.line(title)?;
        for property in of_kind {
            out.line(format!("  {:<34} {}", property.name, property.claim))?;
        }
        out.line("")?;
    }
    Ok(())
}
