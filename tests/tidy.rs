//! The shape of the tree, read from its files: which way imports run, how long files are, and what is no interface.
//!
//! The book is below the engine, the engine below the language, the language below checking, and the command line
//! on top (`ARCHITECTURE.md`). What this test refuses is moved, and not listed here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of `src/`, lowest first: each imports from itself and from lines above it here.
const LAYERS: &[&[&str]] = &[
    &["diagnostic", "limits", "term"],
    &["book"],
    &["machine"],
    &["python"],
    &["check"],
    &["prove", "trace", "render", "generate"],
    &["api", "cli"],
];

/// The same inside `src/python/`.
const LANGUAGE: &[&[&str]] =
    &[&["values"], &["builtins"], &["functions"], &["syntax", "semantics"], &["report"]];

/// Lines that a file has at most.
const LONGEST: usize = 600;

/// Files of more than 400 lines. The list only shrinks: a file that became shorter is taken out.
const LONG: &[&str] = &[
    "src/book/mod.rs",
    "src/check/contents.rs",
    "src/check/exhaustive.rs",
    "src/check/local.rs",
    "src/check/monitor.rs",
    "src/check/shared.rs",
    "src/cli/sizes.rs",
    "src/machine/bank.rs",
    "src/machine/compiled.rs",
    "src/machine/stepper.rs",
    "src/python/builtins/attributes/reading.rs",
    "src/python/builtins/iterators.rs",
    "src/python/builtins/maths.rs",
    "src/python/builtins/sequences/subscripts.rs",
    "src/python/syntax/lower/expressions.rs",
    "src/python/syntax/lower/modules.rs",
    "src/trace/replay.rs",
];

/// Where the names of hidden attributes are spelled, once each.
const HIDDEN_NAMES: &str = "src/python/values/hidden.rs";

struct File {
    path: PathBuf,
    /// The modules that it is in, from the top: `python`, `values`, `heap`.
    module: Vec<String>,
    text: String,
}

impl File {
    /// The text without comments, and without the module of its tests; nothing of a file that is all tests.
    fn code(&self) -> String {
        if self.text.contains("#![cfg(test)]\n") {
            return String::new();
        }
        let text = match self.text.split_once("#[cfg(test)]\nmod ") {
            Some((code, rest)) if rest.lines().next().is_some_and(|line| line.ends_with('{')) => code,
            _ => &self.text,
        };
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.map(|line| format!("{line}\n")).collect()
    }

    fn name(&self) -> String {
        self.path.display().to_string().replace('\\', "/")
    }

    /// The paths behind `crate::` in it.
    fn imports(&self) -> BTreeSet<Vec<String>> {
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let code = self.code();
        let found = code.match_indices("crate::").map(|(at, prefix)| {
            let rest = &code[at + prefix.len()..];
            let path = &rest[..rest.find(|c| !word(c)).unwrap_or(rest.len())];
            path.split("::").filter(|part| !part.is_empty()).map(String::from).collect()
        });
        found.collect()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files() -> Vec<File> {
    let mut found = Vec::new();
    let mut open = vec![root().join("src")];
    while let Some(folder) = open.pop() {
        for entry in
            fs::read_dir(&folder).expect("a folder of the tree").map(|entry| entry.expect("an entry"))
        {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(file(&path));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn file(path: &Path) -> File {
    let path_in_tree = path.strip_prefix(root()).expect("a file of the tree");
    let mut module: Vec<String> = path_in_tree
        .with_extension("")
        .iter()
        .skip(1)
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    module.pop_if(|last| last == "mod");
    File {
        path: path_in_tree.to_path_buf(),
        module,
        text: fs::read_to_string(path).expect("a file of the tree is text"),
    }
}

/// Files of a folder that are no part of any layer stand for the whole: `lib.rs`, `main.rs`, `mod.rs`.
fn layer(layers: &[&[&str]], name: &str) -> Option<usize> {
    layers.iter().position(|layer| layer.contains(&name))
}

/// The imports that climb, with where they stand.
fn climbing(layers: &[&[&str]], depth: usize, files: &[File], prefix: &[&str]) -> Vec<String> {
    let inside = |path: &[String]| path.len() > depth && path[..depth].iter().eq(prefix.iter());
    let mut found = Vec::new();
    for file in files.iter().filter(|file| inside(&file.module)) {
        let Some(from) = layer(layers, &file.module[depth]) else { continue };
        for import in file.imports().iter().filter(|import| inside(import)) {
            if layer(layers, &import[depth]).is_some_and(|to| to > from) {
                found.push(format!("{} imports {}", file.name(), import.join("::")));
            }
        }
    }
    found
}

#[test]
fn no_import_climbs() {
    let files = files();
    let unknown: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.module.first().map(String::as_str))
        .filter(|name| !["lib", "main"].contains(name) && layer(LAYERS, name).is_none())
        .collect();
    assert!(unknown.is_empty(), "folders of src/ without a layer: {unknown:?}");
    let mut found = climbing(LAYERS, 0, &files, &[]);
    found.extend(climbing(LANGUAGE, 1, &files, &["python"]));
    assert!(found.is_empty(), "imports that climb:\n{}", found.join("\n"));
}

#[test]
fn no_folders_import_in_a_circle() {
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files() {
        // Inside the language folders are rooms of their own.
        let room = |path: &[String]| {
            let deep = path.first().is_some_and(|first| first == "python");
            path.iter().take(if deep { 2 } else { 1 }).cloned().collect::<Vec<_>>().join("::")
        };
        let from = room(&file.module);
        if ["lib", "main", "python"].contains(&from.as_str()) {
            continue;
        }
        let to = file.imports().into_iter().map(|import| room(&import));
        let named = |to: &String| *to != from && !["python", "python::PYTHON"].contains(&to.as_str());
        let to: BTreeSet<String> = to.filter(named).collect();
        arrows.entry(from).or_default().extend(to);
    }
    // What imports nothing that is left, and what nothing that is left imports, is in no circle.
    loop {
        let before = arrows.len();
        let left: BTreeSet<String> = arrows.keys().cloned().collect();
        let wanted: BTreeSet<String> = arrows.values().flatten().cloned().collect();
        arrows.retain(|room, to| wanted.contains(room) && to.iter().any(|to| left.contains(to)));
        if arrows.len() == before {
            break;
        }
    }
    assert!(arrows.is_empty(), "folders that import one another in a circle: {arrows:#?}");
}

#[test]
fn files_are_short() {
    let mut long = BTreeSet::new();
    for file in files() {
        let lines = file.text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines, and {LONGEST} are the limit", file.name());
        if lines > 400 {
            long.insert(file.name());
        }
    }
    let listed: BTreeSet<String> = LONG.iter().map(|name| name.to_string()).collect();
    assert_eq!(long, listed, "files of more than 400 lines; the list in this test only shrinks");
}

/// The engine knows no Python: it is small, and nothing in it is about the language.
#[test]
fn the_engine_is_small() {
    let lines: usize = files()
        .iter()
        .filter(|file| file.name().starts_with("src/machine/"))
        .map(|file| file.text.lines().count())
        .sum();
    assert!(lines <= 4000, "src/machine/ has {lines} lines");
}

/// How many methods the blocks that begin so have.
fn methods(files: &[File], block: &str) -> usize {
    let in_file = |file: &File| -> usize {
        let code = file.code();
        let blocks = code.split("\nimpl").skip(1).filter(|rest| rest.starts_with(block));
        let bodies = blocks.map(|rest| rest.split("\n}\n").next().unwrap_or(rest));
        bodies.map(|body| body.lines().filter(|line| is_method(line)).count()).sum()
    };
    files.iter().map(in_file).sum()
}

fn is_method(line: &str) -> bool {
    let bare = ["    pub(super) ", "    pub(crate) ", "    pub ", "    "];
    bare.iter().find_map(|before| line.strip_prefix(before)).is_some_and(|rest| rest.starts_with("fn "))
}

#[test]
fn a_call_does_only_what_reads_its_arguments() {
    let files = files();
    let methods = methods(&files, " Call<") + methods(&files, "<'c, 'b> Call<");
    assert!(
        (1..=40).contains(&methods),
        "a call has {methods} methods: what needs a world alone is one of `Objects`"
    );
}

#[test]
fn only_signatures_tell_how_many_arguments_a_builtin_takes() {
    const WORDS: [&str; 2] = ["exactly one argument (", "takes no arguments ({"];
    let told = |file: &&File| WORDS.iter().any(|words| file.code().contains(words));
    let places: Vec<String> = files().iter().filter(told).map(File::name).collect();
    // The last one is about functions that are written in Python.
    let known = [
        "src/python/builtins/definitions/objects.rs",
        "src/python/builtins/signatures.rs",
        "src/python/values/wording.rs",
    ];
    assert_eq!(places, known);
}

/// A name with a dot in front is the semantics' own among a program's names; each is named in one place.
#[test]
fn hidden_names_have_one_home() {
    for file in
        files().iter().filter(|file| file.name().starts_with("src/python/") && file.name() != HIDDEN_NAMES)
    {
        for line in file.code().lines() {
            let hidden = line.match_indices("\".").find(|(at, quote)| {
                let rest = &line[at + quote.len()..];
                let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                name.starts_with(|c: char| c.is_ascii_lowercase()) && rest[name.len()..].starts_with('"')
            });
            assert!(hidden.is_none(), "{}: {} stands in {HIDDEN_NAMES}", file.name(), line.trim());
        }
    }
}

/// What they hold is said in the book.
#[test]
fn hidden_names_are_declared_in_the_book() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a file of the tree");
    let (book, code) = (read("semantics/12-objects.md"), read(HIDDEN_NAMES));
    let block = book.split_once("```hidden\n").and_then(|(_, rest)| rest.split_once("```"));
    let declared: BTreeSet<&str> = block
        .expect("a block of hidden names")
        .0
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let spelled = code.lines().filter_map(|line| line.strip_prefix("pub const ")?.split('"').nth(1));
    assert_eq!(spelled.collect::<BTreeSet<&str>>(), declared);
}

/// English is no interface: what a message says decides nothing. Source text and the book's notation are read so, in
/// the folders that read them.
#[test]
fn messages_are_no_interface() {
    const ASKS: [&str; 4] = ["starts_with(\"", "strip_prefix(\"", "contains(\"", "ends_with(\""];
    let reads = |name: &str| {
        ["src/book/", "src/python/syntax/", "src/cli/"].iter().any(|folder| name.starts_with(folder))
    };
    for file in files().iter().filter(|file| !reads(&file.name())) {
        for line in file.code().lines() {
            for ask in ASKS {
                let said = line.split_once(ask).and_then(|(_, rest)| rest.split_once('"'));
                let prose = said.is_some_and(|(text, _)| text.trim().contains(' '));
                assert!(!prose, "{}: {} asks what a message says", file.name(), line.trim());
            }
        }
    }
}
