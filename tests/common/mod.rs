//! What the tests share.

mod command;
pub mod drawn;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

pub use command::*;
use tempfile::TempDir;
use trylemma::book::Book;
use trylemma::book::version::Version;

/// The book that the crate was built with.
pub fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| Book::built_in(Version::DEFAULT).unwrap_or_else(|error| panic!("{error}")))
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A replacement in a chapter: the chapter, what stands there once, and what is to stand there.
pub type Edit<'a> = (&'a str, &'a str, &'a str);

/// A copy of `semantics/`, its library and all, with edits.
pub fn edited_book(edits: &[Edit]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    copy(&repository("semantics"), folder.path());
    for (chapter, from, to) in edits {
        let path = folder.path().join(chapter);
        let text = std::fs::read_to_string(&path).expect("the chapter is there");
        assert_eq!(text.matches(from).count(), 1, "{chapter} has this once: {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("the chapter can be written");
    }
    folder
}

/// Copies what a folder holds.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("the folder is there").map(|entry| entry.expect("an entry")) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => {
                std::fs::create_dir(&to).expect("a folder");
                copy(&from, &to);
            }
            false => _ = std::fs::copy(&from, &to).expect("a copy"),
        }
    }
}

/// A temporary folder with one file in it, and the file's path.
pub fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("the file can be written");
    (folder, path)
}

/// Whether `python3` is there with a module. Where it is not, the test is to be skipped,
/// and a line that says so has been printed; where `CI` is set, the test fails.
pub fn has_python(module: &str) -> bool {
    let output = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    let found = output.is_ok_and(|output| output.status.success());
    if !found {
        let test = std::thread::current().name().unwrap_or("a test").to_string();
        let reason = format!("no python3 with the module {module}");
        assert!(std::env::var_os("CI").is_none(), "{reason}, and CI is set");
        // Past the capture of the test harness, which would hide it.
        let _ = writeln!(std::io::stderr(), "skipped {test}: {reason}");
    }
    found
}

/// Runs `python3`, without its warnings, and hands it `input`.
pub fn python(arguments: &[&str], input: &str) -> Output {
    python_at(Path::new("python3"), arguments, input)
}

/// The same for an interpreter.
pub fn python_at(interpreter: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(interpreter)
        .args(["-W", "ignore"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    let mut stdin = child.stdin.take().expect("it reads");
    let input = input.to_string();
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("python3 ends");
    // A script that failed has not read all of it; its exit code says so.
    let _ = feeder.join();
    output
}

/// The versions that the book reads of which an interpreter is installed: as `python3.8` on the path, or by pyenv. The others are named
/// as skipped.
pub fn installed(versions: &[Version]) -> Vec<(Version, PathBuf)> {
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let pyenv = pyenv.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    let kept = pyenv.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let kept: Vec<PathBuf> =
        kept.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for version in versions {
        let name = format!("python{version}");
        let own = kept.iter().map(|folder| folder.join(&name)).find(|path| path.exists());
        let path = own.unwrap_or_else(|| PathBuf::from(&name));
        let (major, minor) = version.pair();
        let ask = format!("import sys; assert sys.version_info[:2] == ({major}, {minor})");
        let runs =
            Command::new(&path).args(["-c", &ask]).output().is_ok_and(|output| output.status.success());
        if runs { found.push((*version, path)) } else { missing.push(version.to_string()) }
    }
    if !missing.is_empty() {
        let test = std::thread::current().name().unwrap_or("a test").to_string();
        let _ = writeln!(std::io::stderr(), "{test}: no interpreter of Python {}", missing.join(", "));
    }
    found
}

/// Whether the sizes are to be checked for which the tests take minutes.
pub fn full() -> bool {
    ["CI", "TRYLEMMA_FULL"].into_iter().any(|name| std::env::var_os(name).is_some())
}

/// Text that a program wrote.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// How `fresh.py` is started: imported, so that `__main__` belongs to the programs.
const FRESH: &str = "import sys; sys.path.insert(0, sys.argv[1]); \
    fresh = __import__('fresh' if sys.version_info >= (3,) else 'fresh_early'); sys.path.pop(0); fresh.main()";

/// What each program prints and how it ends under `python3`, each in an interpreter of its own; and which
/// version that is.
pub fn fresh_python(programs: &[String]) -> (Version, Vec<(String, String)>) {
    fresh_python_at(Path::new("python3"), programs)
}

/// The same under an interpreter.
pub fn fresh_python_at(interpreter: &Path, programs: &[String]) -> (Version, Vec<(String, String)>) {
    #[derive(serde::Deserialize)]
    struct Answer {
        version: (u8, u8),
        seen: Vec<(String, String)>,
    }
    let input = serde_json::to_string(programs).expect("strings are JSON");
    let folder = repository("tests/differential").display().to_string();
    let output = python_at(interpreter, &["-B", "-c", FRESH, &folder], &input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let answer: Answer = serde_json::from_slice(&output.stdout).expect("an answer");
    (Version::new(answer.version.0, answer.version.1), answer.seen)
}
