//! Tracebacks as CPython prints them, from the entries that an exception carries.
//!
//! Which activations an exception was raised in or passed, and at which lines, is decided by the rules of chapter 14.
//! The carets that CPython draws under parts of a line are left out.

use std::collections::BTreeMap;

use crate::python::builtins::tracebacks::Entry;
use crate::python::syntax::Program;

/// So many entries for the same line are printed before the others are counted.
const REPEATED: usize = 3;

/// The texts of the files of a program, line by line.
#[derive(Debug, Clone, Default)]
pub struct Files {
    texts: BTreeMap<String, Vec<String>>,
}

impl Files {
    /// The files of a program.
    pub fn of(program: &Program) -> Files {
        let lines = |text: &str| text.lines().map(|line| line.trim_end().to_string()).collect();
        let own = (program.name.clone(), lines(&program.source));
        let modules = program.modules.values().map(|module| (module.file.clone(), lines(&module.text)));
        Files { texts: modules.chain([own]).collect() }
    }

    /// The lines of a traceback, the outermost call first; `None` where there are no entries.
    pub fn traceback(&self, entries: &[Entry]) -> Option<Vec<String>> {
        let mut lines = Vec::new();
        let same = |one: &Entry, other: &Entry| {
            (&one.file, one.line, &one.name) == (&other.file, other.line, &other.name)
        };
        for group in entries.chunk_by(same) {
            lines.extend(group.iter().take(REPEATED).flat_map(|entry| self.entry(entry)));
            match group.len().saturating_sub(REPEATED) {
                0 => {}
                1 => lines.push("  [Previous line repeated 1 more time]".into()),
                more => lines.push(format!("  [Previous line repeated {more} more times]")),
            }
        }
        (!lines.is_empty()).then_some(lines)
    }

    fn entry(&self, entry: &Entry) -> Vec<String> {
        let mut lines = vec![format!("  File \"{}\", line {}, in {}", entry.file, entry.line, entry.name)];
        lines.extend(self.shown(entry).into_iter().map(|line| format!("    {line}")));
        lines
    }

    /// The lines of the source that are shown of an entry, their common indentation taken off.
    fn shown(&self, entry: &Entry) -> Vec<String> {
        let all = self.texts.get(&entry.file).map_or(&[][..], Vec::as_slice);
        let line = |offset: usize| (entry.line + offset).checked_sub(1).and_then(|index| all.get(index));
        if entry.shown.is_empty() {
            let only = line(0).map(|text| text.trim().to_string());
            return only.filter(|text| !text.is_empty()).into_iter().collect();
        }
        let numbers = entry.shown.split(',').filter_map(|number| number.parse::<usize>().ok());
        let last = numbers.max().unwrap_or_default();
        let within: Vec<&str> = (0..=last).filter_map(line).map(String::as_str).collect();
        let margin = margin(&within);
        let shown: Vec<String> = entry
            .shown
            .split(',')
            .filter_map(|part| match part.strip_prefix('~') {
                Some(more) => Some(format!("...<{more} lines>...")),
                None => Some(without(line(part.parse().ok()?)?, margin)),
            })
            .collect();
        // What is left out may have been the line that stood furthest to the left.
        let margin = self::margin(&shown.iter().map(String::as_str).collect::<Vec<_>>());
        shown.iter().map(|text| without(text, margin)).collect()
    }
}

/// How many characters of indentation lines have in common; empty ones do not count.
fn margin(lines: &[&str]) -> usize {
    let indented = lines.iter().filter(|line| !line.trim().is_empty());
    indented.map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default()
}

fn without(line: &str, margin: usize) -> String {
    line.get(margin..).unwrap_or_default().to_string()
}
