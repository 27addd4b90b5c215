//! What `equiv` compares: functions, fragments, and the bodies of modules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::check::program::Subject;
use crate::cli::check::paths::{Named, files, named};
use crate::cli::equiv::Job;
use crate::cli::output::{Failure, Result};
use crate::prove::equivalence::View;
use crate::python::{FRAGMENT, Fragment, Program, Setting, Twin};

/// The functions that are compared where a file is given alone.
const NAMES: [&str; 2] = ["before", "after"];

/// What asks for the exception that is being handled, or for what led to another, in other words than `raise`.
const ASKING: [&str; 9] = [
    "exc_info",
    "exception",
    "traceback",
    "contextmanager",
    "ExitStack",
    "exc_",
    "__context__",
    "logging",
    "import *",
];

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// The name of the file.
    pub(super) name: String,
    /// What it says.
    pub(super) bytes: Vec<u8>,
}

/// What is compared on one side.
#[derive(Debug, Clone)]
struct Side {
    text: Text,
    /// The function that is entered; the module's body is compared where there is none.
    entry: Option<String>,
    /// What it is called in the report.
    shown: String,
    /// Lines of the text that are not the user's.
    before: usize,
}

/// Two sides.
#[derive(Debug, Clone)]
pub(super) struct Pair([Side; 2]);

impl Pair {
    fn functions(texts: [Text; 2], entries: [&str; 2]) -> Pair {
        let [one, other] = texts;
        let side = |text: Text, entry: &str| Side {
            shown: format!("{}::{entry}", text.name),
            entry: Some(entry.to_string()),
            before: 0,
            text,
        };
        Pair([side(one, entries[0]), side(other, entries[1])])
    }

    /// What the sides are called.
    pub(super) fn names(&self) -> [String; 2] {
        self.0.each_ref().map(|side| side.shown.clone())
    }

    /// How many lines of each text are not the user's.
    pub(super) fn lines_before(&self) -> [usize; 2] {
        self.0.each_ref().map(|side| side.before)
    }

    /// Whether it would matter to one of them if an unknown raised a group of exceptions.
    pub(super) fn has_groups(&self) -> bool {
        self.mentions(&["except*", "except *", "suppress"])
    }

    /// Whether one of them may ask for what is being handled around it: by a `raise` without an exception, or in other words.
    pub(super) fn asks(&self) -> bool {
        let is_bare = |line: &str| {
            let behind = line.split("raise").skip(1).map(str::trim_start);
            behind.into_iter().any(|rest| rest.is_empty() || rest.starts_with(['#', ';']))
        };
        let lines = |side: &Side| String::from_utf8_lossy(&side.text.bytes).lines().any(is_bare);
        self.0.iter().any(lines) || self.mentions(&ASKING)
    }

    fn mentions(&self, words: &[&str]) -> bool {
        let has =
            |side: &Side, word: &str| side.text.bytes.windows(word.len()).any(|part| part == word.as_bytes());
        self.0.iter().any(|side| words.iter().any(|word| has(side, word)))
    }

    /// Whether functions are entered behind a module that may be too much.
    pub(super) fn has_module(&self) -> bool {
        self.0.iter().all(|side| side.entry.is_some() && side.before == 0)
    }

    /// Both sides as programs that are seen in one way.
    pub(super) fn load(&self, job: &Job, view: View, setting: Setting) -> Result<[Subject; 2]> {
        let [one, other] = &self.0;
        let first = one.program(job, other, view, setting)?;
        let second =
            if one.text == other.text { first.clone() } else { other.program(job, one, view, setting)? };
        let subjects = [one.subject(job, other, view, first)?, other.subject(job, one, view, second)?];
        let parameters = [0, 1].map(|side| {
            let entry = self.0[side].entry.as_deref();
            entry
                .and_then(|entry| subjects[side].program.function(entry).ok())
                .map(|info| info.params.clone())
        });
        if parameters[0] != parameters[1] {
            let told = |side: usize| {
                let parameters = parameters[side].clone().unwrap_or_default();
                format!("{}({})", self.0[side].shown, parameters.join(", "))
            };
            return Err(Failure::Usage(format!(
                "the functions have different parameters: {} and {}; nobody can call one for the other",
                told(0),
                told(1)
            )));
        }
        Ok(subjects)
    }
}

impl Side {
    /// The program with its entry.
    fn subject(&self, job: &Job, other: &Side, view: View, program: Program) -> Result<Subject> {
        let program = match &self.entry {
            // It may stand behind `if __name__ == "__main__":`.
            Some(entry) if program.setting == Setting::Imported && program.function(entry).is_err() => self
                .program(job, other, view, Setting::Script)?
                .with_entry(entry)
                .map_err(Failure::of_entry)?,
            Some(entry) => program.with_entry(entry).map_err(Failure::of_entry)?,
            None => program,
        };
        let assumptions = job.args.source.assumptions()?;
        Ok(Subject { program, entry: self.entry.clone(), assumptions })
    }

    fn program(&self, job: &Job, other: &Side, view: View, setting: Setting) -> Result<Program> {
        let setting = if self.entry.is_some() && self.before == 0 { setting } else { Setting::Script };
        let beside = match self.text == other.text {
            true => String::new(),
            false => String::from_utf8_lossy(&other.text.bytes).into_owned(),
        };
        let twin = Twin { beside, handling: view.handling };
        job.args.source.load_twin(job.book, (&self.text.name, &self.text.bytes), twin, view.places, setting)
    }
}

/// The pairs of a file, or what is said of one from which there are none.
type Found = std::result::Result<Vec<Pair>, (String, Failure)>;

/// The pairs that the arguments name; those of a folder file by file, so that one that is wrong does not stop the others.
///
/// # Errors
/// A file cannot be read, or there is nothing to compare in it.
pub(super) fn pairs(job: &Job) -> Result<Vec<Found>> {
    let function = job.args.function.as_deref();
    let found = match &job.args.sides[..] {
        [only] if only.is_dir() => {
            let files = files(std::slice::from_ref(only), None)?;
            let each =
                |file: &Named| alone(job, &file.path).map_err(|why| (file.path.display().to_string(), why));
            return Ok(files.iter().filter(|file| !is_after(&file.path)).map(each).collect());
        }
        [only] => alone(job, only)?,
        [one, other] => {
            let [one, other] = [named(one, function), named(other, function)];
            two(job, &one, &other)?
        }
        _ => Vec::new(),
    };
    Ok(vec![Ok(found)])
}

/// Whether a file is the second of two that stand in one folder.
fn is_after(path: &Path) -> bool {
    path.ends_with(format!("{}.py", NAMES[1])) && sibling(path, NAMES[0]).exists()
}

fn sibling(path: &Path, stem: &str) -> PathBuf {
    path.with_file_name(format!("{stem}.py"))
}

/// The pair of a file that is given alone: it has two functions, or another file stands beside it.
fn alone(job: &Job, path: &Path) -> Result<Vec<Pair>> {
    let other = sibling(path, NAMES[1]);
    if path.ends_with(format!("{}.py", NAMES[0])) && other.exists() {
        let [one, other] = [path.to_path_buf(), other].map(|path| Named { path, entry: None });
        return two(job, &one, &other);
    }
    let text = job.text(path)?;
    Ok(vec![Pair::functions([text.clone(), text], NAMES)])
}

fn two(job: &Job, one: &Named, other: &Named) -> Result<Vec<Pair>> {
    let texts = [job.text(&one.path)?, job.text(&other.path)?];
    match [&one.entry, &other.entry] {
        [Some(one), Some(other)] => Ok(vec![Pair::functions(texts, [one, other])]),
        [None, None] => match fragments(job, &texts)? {
            Some(pair) => Ok(vec![pair]),
            None => modules(job, texts),
        },
        _ => Err(Failure::Usage("name a function of both files, or of none: FILE::f FILE::g".into())),
    }
}

/// Two texts as fragments, unless both define functions or classes and none jumps.
fn fragments(job: &Job, texts: &[Text; 2]) -> Result<Option<Pair>> {
    let mut read = Vec::with_capacity(2);
    for text in texts {
        read.push(Fragment::read(&text.name, &text.bytes, &job.book.timeline)?);
    }
    if read.iter().all(Fragment::is_module) {
        return Ok(None);
    }
    let prelude = match &job.args.prelude {
        Some(path) => String::from_utf8_lossy(&job.text(path)?.bytes).into_owned(),
        None => String::new(),
    };
    let in_loop = read.iter().any(Fragment::jumps);
    let side = |fragment: &Fragment| {
        let (text, before) = fragment.function(&prelude, in_loop);
        Side {
            text: Text { name: fragment.name().to_string(), bytes: text.into_bytes() },
            entry: Some(FRAGMENT.to_string()),
            shown: fragment.name().to_string(),
            before,
        }
    };
    let [one, other] = [side(&read[0]), side(&read[1])];
    Ok(Some(Pair([one, other])))
}

/// Two files: their bodies, and each function of both that does not read the same.
fn modules(job: &Job, texts: [Text; 2]) -> Result<Vec<Pair>> {
    let [one, other] = texts.each_ref().map(|text| Side {
        text: text.clone(),
        entry: None,
        shown: text.name.clone(),
        before: 0,
    });
    let view = View { handling: false, places: false };
    let programs =
        [one.program(job, &other, view, Setting::Script)?, other.program(job, &one, view, Setting::Script)?];
    let names = programs.each_ref().map(|program| {
        program.functions.iter().map(|function| function.name.as_str()).collect::<BTreeSet<_>>()
    });
    if let Some(only) = names[0].symmetric_difference(&names[1]).next() {
        let has = if names[0].contains(only) { &one } else { &other };
        return Err(Failure::Usage(format!(
            "only {} has a function `{only}`; name the functions that belong together: FILE::f FILE::g",
            has.shown
        )));
    }
    let mut found = vec![Pair([one, other])];
    for name in &names[0] {
        let text = |program: &Program| program.function(name).map(|info| info.text.clone()).ok();
        let [one, other] = programs.each_ref().map(text);
        if one != other {
            found.push(Pair::functions(texts.clone(), [name, name]));
        }
    }
    Ok(found)
}
