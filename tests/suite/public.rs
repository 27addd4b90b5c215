//! The public API, item by item: a change of it is seen.
//!
//! `TRYLEMMA_WRITE=1 cargo test --test suite public` writes the list anew.

use std::path::Path;

use crate::common::repository;

/// The list.
const LIST: &str = "tests/suite/public_items.txt";

/// What `src/lib.rs` shows to others: the module that it comes from, and the name.
fn shown(lib: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in lib.split("\npub use ").skip(1) {
        let path = path.split(';').next().unwrap_or_default();
        let (module, names) =
            path.rsplit_once("::{").or_else(|| path.rsplit_once("::")).unwrap_or(("", path));
        for name in names.trim_end_matches('}').split(',').map(str::trim).filter(|name| !name.is_empty()) {
            found.push((module.replace("::", "/"), name.to_string()));
        }
    }
    found
}

/// The sources of a module: its file, or all files of its folder.
fn sources(module: &Path) -> Vec<String> {
    let read = |path: &Path| std::fs::read_to_string(path).expect("a source is text");
    if !module.is_dir() {
        return vec![read(&module.with_extension("rs"))];
    }
    let entries = std::fs::read_dir(module).expect("a module");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// The source that defines an item.
fn defining(module: &Path, name: &str) -> String {
    let heads = ["struct", "enum", "fn"].map(|kind| format!("\npub {kind} {name}"));
    let defines = |source: &String| {
        heads
            .iter()
            .filter_map(|head| source.split_once(&head[..]))
            .any(|(_, rest)| !rest.starts_with(char::is_alphanumeric))
    };
    sources(module).into_iter().find(defines).unwrap_or_default()
}

/// The block behind a line, up to the line that closes it.
fn block<'s>(lines: &[&'s str], head: usize) -> Vec<&'s str> {
    lines[head + 1..].iter().take_while(|line| !line.starts_with('}')).copied().collect()
}

/// A head of a function up to its body, on one line.
fn signature(lines: &[&str]) -> String {
    let mut words = String::new();
    for line in lines {
        words.push_str(line.trim());
        if line.ends_with('{') || line.ends_with(';') {
            break;
        }
        words.push(' ');
    }
    words.trim_end_matches(['{', ' ']).replace("( ", "(").replace(", )", ")")
}

/// What is public of an item: itself, its fields or variants, and its functions.
fn parts(source: &str, name: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let head: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        match head.as_slice() {
            ["pub", "fn", own, ..] if *own == name => found.push(signature(&lines[at..])),
            ["pub", kind @ ("struct" | "enum"), own, ..] if *own == name => {
                found.push(format!("{kind} {name}"));
                if !line.ends_with('{') {
                    continue;
                }
                let visible = |line: &&&str| match *kind {
                    "struct" => line.starts_with("    pub "),
                    _ => {
                        line.starts_with("    ")
                            && !line.starts_with("     ")
                            && !line.trim().starts_with(['/', '#', '}'])
                    }
                };
                let fields = block(&lines, at);
                found.extend(fields.iter().filter(visible).map(|line| format!("    {}", line.trim())));
            }
            ["impl", ..] if line.ends_with('{') && !line.contains(" for ") && head.contains(&name) => {
                let body = block(&lines, at);
                for (at, line) in body.iter().enumerate() {
                    let hidden = body[..at].iter().rev().take_while(|line| !line.is_empty());
                    if line.starts_with("    pub ")
                        && !hidden.clone().any(|line| line.contains("doc(hidden)"))
                    {
                        found.push(format!("    {}", signature(&body[at..])));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn the_public_items_are_those_of_the_list() {
    let lib = std::fs::read_to_string(repository("src/lib.rs")).expect("the crate has a root");
    let mut list = String::new();
    for (module, name) in shown(&lib) {
        let own = name.split(" as ").next().unwrap_or_default();
        let parts = parts(&defining(&repository("src").join(&module), own), own);
        assert!(!parts.is_empty(), "{module}::{name} is not found");
        let renamed = if own == name { String::new() } else { format!("{name}\n") };
        list.push_str(&format!("{renamed}{}\n\n", parts.join("\n")));
    }
    let path = repository(LIST);
    if std::env::var_os("TRYLEMMA_WRITE").is_some() {
        std::fs::write(&path, &list).expect("the list can be written");
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(list, expected, "if that is meant: TRYLEMMA_WRITE=1 cargo test --test suite public");
}
