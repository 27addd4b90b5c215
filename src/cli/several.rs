//! What a command says of several versions of Python: once for those of which it says the same.

use crate::book::version::{Version, in_words};
use crate::check::verdict::counted;
use crate::cli::options::{Format, Semantics};
use crate::cli::output::{Failure, Output, Result, data_text};
use crate::trace::FORMAT;
use crate::trace::report::UnderVersions;

/// What was said of some versions.
struct Said {
    versions: Vec<Version>,
    text: String,
    /// Why there is no report, where there is none.
    error: Option<String>,
    code: u8,
}

/// A command for one version, in a format.
type Command<'a> = &'a dyn Fn(&Semantics, Format, &mut Output) -> Result<u8>;

/// Calls a command for each version, and writes what it says once for all that it says the same of as text, the figures of its search
/// apart. A refutation decides the exit code before an error, and that before a limit.
///
/// # Errors
/// A format that is not for several versions.
pub fn each(
    semantics: &Semantics,
    versions: &[Version],
    format: Format,
    out: &mut Output,
    command: Command,
) -> Result<u8> {
    if matches!(format, Format::Sarif | Format::Dot | Format::Pytest) {
        return Err(Failure::Usage(
            "--format: several versions are told as text, json or ron; or name one with --python".into(),
        ));
    }
    let is_data = matches!(format, Format::Json | Format::Ron);
    let shown = if is_data { Format::Text } else { format };
    let mut groups: Vec<Said> = Vec::new();
    for version in versions {
        let Some(said) = say(semantics, *version, shown, command) else { return Ok(0) };
        let same = |other: &&mut Said| {
            (other.code, &other.error, common(&other.text)) == (said.code, &said.error, common(&said.text))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.versions.push(*version),
            None => groups.push(said),
        }
    }
    match is_data {
        true => data(semantics, format, &groups, out, command)?,
        false => text(&groups, versions, out)?,
    }
    let order = [1, 2, 3, 0];
    let codes = groups.iter().map(|said| said.code);
    Ok(codes.min_by_key(|code| order.iter().position(|other| other == code)).unwrap_or(0))
}

/// What a command says of one version; nothing where nobody reads it.
fn say(semantics: &Semantics, version: Version, format: Format, command: Command) -> Option<Said> {
    let (text, code) = Output::kept(|out| command(&semantics.at(version), format, out));
    let (error, code) = match code {
        Ok(code) => (None, code),
        Err(failure) => failure.told().map(|(error, code)| (Some(error), code))?,
    };
    Some(Said { versions: vec![version], text, error, code })
}

/// A report without what tells one book from another: its version and hash, and how many states were searched.
fn common(text: &str) -> String {
    let figures = ["states", "state", "steps", "step"].map(|noun| format!(" {noun}, "));
    let differs =
        |line: &&str| line.starts_with("(Python ") || figures.iter().any(|figure| line.contains(figure));
    text.lines().filter(|line| !differs(line)).collect::<Vec<_>>().join("\n")
}

fn text(groups: &[Said], all: &[Version], out: &mut Output) -> Result<()> {
    for Said { versions, text, error, .. } in groups {
        out.line(format!("== Python {}", in_words(versions, all)))?;
        out.text(text)?;
        error.iter().try_for_each(|error| out.line(error.trim_end()))?;
    }
    let (all, parts) = (counted(all.len() as u128, "version"), counted(groups.len() as u128, "group"));
    out.line(format!("== {all} of Python in {parts}"))
}

/// A list of reports as they are written for one version, each behind the versions that it is about.
fn data(
    semantics: &Semantics,
    format: Format,
    groups: &[Said],
    out: &mut Output,
    command: Command,
) -> Result<()> {
    let mut parts = Vec::new();
    for Said { versions, error, code, .. } in groups {
        let under = UnderVersions {
            format: FORMAT,
            versions: versions.iter().map(ToString::to_string).collect(),
            code: *code,
            error: error.clone(),
            report: error.is_none().then_some(PLACE),
        };
        let around = data_text(format, &under)?;
        let report = match (error, versions.first()) {
            (None, Some(first)) => say(semantics, *first, format, command).map(|said| said.text),
            _ => None,
        };
        parts.push(around.trim_end().replace(&format!("\"{PLACE}\""), report.unwrap_or_default().trim_end()));
    }
    out.line(format!("[\n{}\n]", parts.join(",\n")))
}

/// What stands for a report until it is put there: both formats write what is in them as it is written by itself.
const PLACE: &str = "the report stands here";
