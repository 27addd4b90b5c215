//! What changed inputs are handed to, and how a command may end.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::{self, TRYLEMMA, book, repository, text};
use crate::draw::Draw;

/// Seconds of processor time that a command may take. With the limits below, a second is enough.
const SECONDS: u64 = 60;

/// Seconds on the clock, where the machine is busy.
const PATIENCE: Duration = Duration::from_secs(600);

/// Address space in KiB, of which the stacks of the threads take a good part.
const SPACE: u64 = 12 << 20;

/// The limits of commands that search.
const LIMITS: &[&str] = &["--limit", "states=2000", "--limit", "steps=20000", "--limit", "terms=500000"];

/// A program that is small, and has an unknown in it.
const SMALL: &str = "def f(x):\n    try:\n        return u(x)\n    finally:\n        print('left')\nf(1)\n";

/// Assumptions of each kind.
const ASSUMPTIONS: &[&str] = &[
    "(calls: {\"u\": Call(returns: Some([None]), raises: Some([]))})\n",
    "(calls: {\"u\": Call(returns: Some([Bool(true), Int(3), Str(\"x\")]), raises: Some([\"ValueError\", \"OSError\"]))})\n",
    "(calls: {\"u\": (raises: Some([\"KeyError\"])), \"v.w\": (returns: Some([]))})\n",
];

/// One input for one command.
#[derive(Clone)]
pub struct Case {
    /// What kind of input it is.
    pub target: &'static str,
    /// The arguments; `FILE` stands for the input's path, or in a chapter's case the book's.
    pub arguments: Vec<String>,
    /// The name of the file that is changed.
    pub name: String,
    /// What stands in it.
    pub input: Vec<u8>,
}

/// What is changed.
pub struct Seeds {
    programs: Vec<String>,
    traces: Vec<String>,
    assumptions: Vec<String>,
    properties: Vec<String>,
    chapters: Vec<(String, String)>,
}

/// The files of a folder of the repository with an ending.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(repository(folder)).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("it is text"))).collect()
}

/// A trace of a small program that is refuted.
fn trace(program: &str, property: &str) -> Vec<String> {
    let (folder, path) = common::file("p.py", program);
    let folder = folder.path().display().to_string();
    common::trylemma(&["check", &path.display().to_string(), "--property", property, "--out", &folder]);
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let traces = paths.filter(|path| path.extension().is_some_and(|e| e == "ron"));
    traces.map(|path| std::fs::read_to_string(path).expect("a trace is text")).collect()
}

impl Seeds {
    /// Everything that is changed: of the book, of the examples, and some made here.
    pub fn collect() -> Seeds {
        let mut programs: Vec<String> = book().litmus().iter().map(|litmus| litmus.program.clone()).collect();
        let examples = files("examples", "py").into_iter().filter(|(name, _)| name != "release.py");
        programs.extend(examples.map(|(_, program)| program));
        programs.push(SMALL.into());
        let lost = "def f():\n    try:\n        u()\n    finally:\n        return 1\nf()\n";
        let traces = [
            trace(lost, "no-lost-exception"),
            trace("def f():\n    raise OSError\nf()\n", "no-lost-exception"),
        ];
        let mut traces = traces.concat();
        traces.extend(files("examples", "ron").into_iter().map(|(_, text)| text));
        let chapters: Vec<(String, String)> = files("semantics", "md");
        let properties = chapters.iter().filter(|(name, _)| name.contains("properties"));
        let blocks = properties.flat_map(|(_, text)| text.split("```property\n").skip(1).map(str::to_string));
        let blocks = blocks.filter_map(|rest| rest.split_once("```").map(|(block, _)| block.to_string()));
        Seeds {
            properties: blocks.map(|block| format!("# One\n\n```property\n{block}```\n")).collect(),
            programs,
            traces,
            assumptions: ASSUMPTIONS.iter().map(|text| text.to_string()).collect(),
            chapters,
        }
    }

    /// A case by chance.
    pub fn case(&self, draw: &mut Draw) -> Case {
        let of = |target, name: &str, input, arguments: &[&str], limits: bool| {
            let limits = if limits { LIMITS } else { &[] };
            let arguments = arguments.iter().chain(limits).map(|word| word.to_string()).collect();
            Case { target, name: name.into(), input, arguments }
        };
        let more =
            |draw: &mut Draw, words: &[&'static str], flags: &[&[&'static str]]| -> Vec<&'static str> {
                let mut words: Vec<&str> = words.to_vec();
                if draw.one_in(3) {
                    let flags: &&[&str] = draw.of(flags);
                    words.extend_from_slice(flags);
                }
                words
            };
        if draw.one_in(4) {
            let (texts, target, name, arguments): (_, _, _, &[&str]) = match draw.below(3) {
                0 => (&self.traces, "replay", "t.ron", &["replay", "FILE"]),
                1 => (&self.assumptions, "assume", "a.ron", &["explore", "small.py", "--assume", "FILE"]),
                _ => (&self.properties, "properties", "p.md", &["check", "small.py", "--properties", "FILE"]),
            };
            let text = draw.of(texts).clone();
            return of(target, name, draw.change(&text, texts), arguments, target != "replay");
        }
        if draw.one_in(8) {
            let (name, chapter) = draw.of(&self.chapters).clone();
            let texts: Vec<String> = self.chapters.iter().map(|(_, text)| text.clone()).collect();
            let command = *draw.of(&["run", "explore", "check", "step"]);
            let arguments = [command, "small.py", "--semantics", "FILE"];
            return of("semantics", &name, draw.change(&chapter, &texts), &arguments, true);
        }
        let program = draw.of(&self.programs).clone();
        let input = draw.change(&program, &self.programs);
        let versions: &[&[&str]] = &[&["--python", "3.8"], &["--python", "3.11"], &["--engine", "reference"]];
        let (target, words) = match draw.below(5) {
            0 => ("run", more(draw, &["run", "FILE"], versions)),
            1 => (
                "check",
                more(
                    draw,
                    &["check", "FILE"],
                    &[&["--hazards"], &["--threads", "2"], versions[0], versions[2]],
                ),
            ),
            2 => (
                "check --unknown",
                more(draw, &["check", "FILE", "--unknown"], &[&["--hazards"], &["--format", "json"]]),
            ),
            3 => (
                "step",
                more(
                    draw,
                    &["step", "FILE"],
                    &[&["--format", "json"], &["--format", "ron"], &["--unknown"], versions[2]],
                ),
            ),
            _ => (
                "explore",
                more(
                    draw,
                    &["explore", "FILE"],
                    &[&["--format", "dot"], &["--format", "json"], &["--unknown"], &["--paths", "3"]],
                ),
            ),
        };
        of(target, "p.py", input, &words, true)
    }
}

impl Case {
    /// How the case fails; nothing where it ends as it should.
    pub fn run(&self) -> Option<String> {
        let folder = TempDir::new().expect("a temporary folder");
        let began = Instant::now();
        let output = self.output(&folder);
        let Some(output) = output else { return Some(format!("{}: no end", self.target)) };
        if common::failed(&output) {
            let stderr = text(&output.stderr);
            let place = stderr.lines().find(|line| line.contains("panicked at")).unwrap_or_default();
            let place = place.split_once("panicked at").map_or(place, |(_, place)| place);
            return Some(format!("a panic at{place}"));
        }
        match output.status.code() {
            Some(0..=3) => None,
            // What the program itself exits with.
            Some(_) if self.target == "run" && self.may_exit() => None,
            Some(code) => Some(format!("{}: exit code {code}", self.target)),
            None => Some(format!(
                "{}: {} after {} s",
                self.target,
                output.status,
                began.elapsed().as_secs() / 10 * 10
            )),
        }
    }

    fn may_exit(&self) -> bool {
        let input = text(&self.input).to_lowercase();
        input.contains("exit") || input.contains("quit")
    }

    /// What the command says; nothing where it goes on for ever.
    fn output(&self, folder: &TempDir) -> Option<Output> {
        let path = self.written(folder.path());
        let arguments = self.arguments.iter().map(|word| if word == "FILE" { &path } else { word });
        let limited = format!("ulimit -v {SPACE}; ulimit -t {SECONDS}; ulimit -c 0; exec \"$0\" \"$@\"");
        let [out, err] = ["out", "err"].map(|name| folder.path().join(name));
        let file = |path: &Path| std::fs::File::create(path).expect("a file");
        let mut child = Command::new("sh")
            .args(["-c", &limited, TRYLEMMA])
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(file(&out))
            .stderr(file(&err))
            .spawn()
            .expect("the binary starts");
        let began = Instant::now();
        let mut pause = Duration::from_millis(2);
        let status = loop {
            if let Some(status) = child.try_wait().expect("the child is ours") {
                break status;
            }
            if began.elapsed() > PATIENCE {
                child.kill().expect("it can be killed");
                child.wait().expect("it ends");
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        };
        let read = |path: &Path| std::fs::read(path).expect("the file is there");
        Some(Output { status, stdout: read(&out), stderr: read(&err) })
    }

    /// Writes what the command reads, and says where it is.
    fn written(&self, folder: &Path) -> String {
        std::fs::write(folder.join("small.py"), SMALL).expect("a file");
        let target = if self.target == "semantics" { copied_book(folder) } else { folder.to_path_buf() };
        std::fs::write(target.join(&self.name), &self.input).expect("a file");
        let path = if self.target == "semantics" { target } else { target.join(&self.name) };
        path.display().to_string()
    }

    /// How to see it again; the input is kept in a file.
    pub fn shown(&self, number: &str, how: &str) -> String {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
        let path = folder.join(format!("{number}-{}", self.name));
        let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &self.input));
        let place = kept.map_or_else(|error| format!("not kept: {error}"), |()| path.display().to_string());
        let command = self.arguments.join(" ");
        format!("{how}\n  trylemma {command}, where the file is {place}:\n{}", text(&self.input))
    }
}

/// A copy of the book, to be changed.
fn copied_book(folder: &Path) -> PathBuf {
    let target = folder.join("book");
    copy(&repository("semantics"), &target);
    target
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().unwrap_or_default());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(std::fs::copy(&path, &target).expect("a copy")),
        }
    }
}
