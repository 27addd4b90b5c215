//! What is outside of a program: files, which are only read (what is written is kept by the library), and time, which is
//! a clock of its own.

use std::path::{Component, Path, PathBuf};

use crate::python::builtins::Table;
use crate::python::builtins::signatures::in_library;
use crate::python::values::hidden;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    (
        "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
        in_library,
    ),
    ("prim.has", has),
    ("prim.worded", worded),
    ("prim.read_file", read_file),
    ("prim.file_key", file_key),
    ("prim.file_state", file_state),
    ("prim.line_end", line_end),
    ("time.time()", now),
    ("time.monotonic()", now),
    ("time.perf_counter()", now),
    ("time.process_time()", now),
    ("time.sleep(seconds, /)", sleep),
];

/// How far the clock goes each time it is looked at, in seconds.
const TICK: f64 = 0.001;

/// Files of more bytes than this are not read; nor are devices and pipes, which may never end.
const LARGEST: u64 = 16 << 20;

/// Whether the version of Python has what the book's timeline calls so.
fn has(call: &mut Call) -> Answer {
    let [name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let has = call.cx.constants().has(&name);
    Ok(call.bool(has))
}

/// A message of the book about these texts.
fn worded(call: &mut Call) -> Answer {
    let texts: Option<Vec<String>> = call.args.clone().into_iter().map(|text| call.text(text)).collect();
    let texts = texts.ok_or(Failure::Undefined)?;
    let (key, texts) = texts.split_first().ok_or(Failure::Undefined)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let text = call.cx.constants().worded(key, &texts);
    Ok(call.str(&text))
}

/// What is in a file: a str, or bytes where it is no UTF-8.
fn read_file(call: &mut Call) -> Answer {
    let [path] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(path).unwrap_or_default();
    let read = std::fs::metadata(&name).and_then(|about| {
        let ends = about.is_dir() || about.is_file() && about.len() <= LARGEST;
        if ends { std::fs::read(&name) } else { Err(std::io::Error::other("too large")) }
    });
    match read.map(String::from_utf8) {
        Ok(Ok(text)) => Ok(call.str(&text)),
        Ok(Err(other)) => Ok(call.bytes(other.as_bytes())),
        Err(error) => Err(failed(call, path, &error)),
    }
}

/// The absolute path of a file, the same one however it is written.
fn file_key(call: &mut Call) -> Answer {
    let [path] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(path).unwrap_or_default();
    let whole = std::env::current_dir().unwrap_or_default().join(name);
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    Ok(call.str(&plain.display().to_string()))
}

/// Whether a file could be written: that it is there, or that it is not and its folder is; or what the system says.
fn file_state(call: &mut Call) -> Answer {
    let [path] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(path).unwrap_or_default();
    let file = Path::new(&name);
    let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
    let found = match std::fs::metadata(file) {
        Ok(about) if about.is_dir() => Err(std::io::Error::from(std::io::ErrorKind::IsADirectory)),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !name.is_empty() => {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            if name.ends_with('/') || !folder.is_dir() { Err(missing()) } else { Ok(false) }
        }
        Err(error) => Err(error),
    };
    match found {
        Ok(there) => Ok(call.bool(there)),
        Err(error) => Err(failed(call, path, &error)),
    }
}

/// The OSError for what the system says.
fn failed(call: &mut Call, path: egg::Id, error: &std::io::Error) -> Failure {
    let (number, text) = match error.kind() {
        std::io::ErrorKind::NotFound => (2, "No such file or directory"),
        std::io::ErrorKind::PermissionDenied => (13, "Permission denied"),
        std::io::ErrorKind::IsADirectory => (21, "Is a directory"),
        std::io::ErrorKind::NotADirectory => (20, "Not a directory"),
        _ => (5, "Input/output error"),
    };
    let (number, text) = (call.int(number), call.str(text));
    call.args = vec![number, text, path];
    let class = call.cx.constants().worded("open-error", &[]);
    let class = call.class(&class);
    match call.exception_of(class) {
        Ok(exception) => Failure::Raised(exception),
        Err(failure) => failure,
    }
}

/// Where the line that starts at a place of a text ends, its line end included.
fn line_end(call: &mut Call) -> Answer {
    let [text, start] = call.args[..] else { return Err(Failure::Undefined) };
    let text = call.text(text).unwrap_or_default();
    let start = call.integer(start).and_then(|start| usize::try_from(start).ok()).unwrap_or(0);
    let rest = text.chars().skip(start);
    let length = rest.clone().take_while(|char| *char != '\n').count();
    let end = start + length + usize::from(rest.into_iter().nth(length).is_some());
    Ok(call.int(end))
}

fn clock(call: &Objects) -> f64 {
    let shown = call.module_env("time").and_then(|env| call.lookup(env, hidden::CLOCK));
    match shown.map(|shown| call.view(shown)) {
        Some(View::Float(seconds)) => seconds,
        _ => 0.0,
    }
}

fn advance(call: &mut Call, seconds: f64) -> egg::Id {
    let time = clock(call) + seconds;
    let time = call.float(time);
    call.set_module_name("time", hidden::CLOCK, Some(time));
    time
}

/// The clock starts at 0 and goes on whenever it is looked at, so that a run says the same each time.
fn now(call: &mut Call) -> Answer {
    Ok(advance(call, TICK))
}

fn sleep(call: &mut Call) -> Answer {
    let [seconds] = call.args[..] else { return Err(Failure::Undefined) };
    let seconds = match call.view(seconds) {
        View::Float(seconds) => seconds,
        _ => call.integer(seconds).and_then(|int| int.to_string().parse().ok()).unwrap_or(0.0),
    };
    if seconds < 0.0 {
        return Err(call.value_error("sleep length must be non-negative"));
    }
    advance(call, seconds);
    Ok(call.none())
}
