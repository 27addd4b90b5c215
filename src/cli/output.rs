//! Where a command writes to, and how it fails.

use std::io::{self, BufWriter, StdoutLock, Write};

use crate::cli::options::Format;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::limits::LimitReached;
use crate::trace::{json, ron_text};

/// Why a command ended without a verdict.
#[derive(Debug)]
pub enum Failure {
    /// Bad input, with its place.
    Diagnostic(Diagnostic),
    /// A wrong or missing argument.
    Usage(String),
    /// A limit was reached.
    Limit(LimitReached),
    /// What is asked for is there, and not modelled: the limit of the semantics.
    NotModelled(Diagnostic),
    /// Nothing can be written.
    Io(io::Error),
}

impl Failure {
    /// Why a function is not entered that somebody asks for.
    pub fn of_entry(error: Diagnostic) -> Failure {
        match error.kind() {
            ErrorKind::NotModelled(_) => Failure::NotModelled(error),
            ErrorKind::Fault => Failure::Diagnostic(error),
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(error: Diagnostic) -> Self {
        Failure::Diagnostic(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

impl From<LimitReached> for Failure {
    fn from(error: LimitReached) -> Self {
        Failure::Limit(error)
    }
}

impl Failure {
    /// What is said of it on standard error, and the exit code; nothing where nobody wants to read any more.
    pub fn told(&self) -> Option<(String, u8)> {
        Some(match self {
            Failure::Diagnostic(error) => (error.to_string(), 2),
            Failure::Usage(message) => (format!("error: {message}"), 2),
            Failure::Limit(limit) => (format!("error: {limit}"), 3),
            Failure::NotModelled(error) => (error.to_string(), 3),
            Failure::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => return None,
            Failure::Io(error) => (format!("error: the output cannot be written: {error}"), 2),
        })
    }
}

/// What a command returns: an exit code, or why there is none.
pub type Result<T> = std::result::Result<T, Failure>;

/// Where a command writes: buffered standard output, or a text that is kept.
pub struct Output(Target);

enum Target {
    Stdout(BufWriter<StdoutLock<'static>>),
    Kept(Vec<u8>),
}

impl Output {
    /// Takes hold of standard output.
    pub fn new() -> Output {
        Output(Target::Stdout(BufWriter::new(io::stdout().lock())))
    }

    /// What a command writes into such an output, and what it returns.
    pub fn kept<T>(write: impl FnOnce(&mut Output) -> T) -> (String, T) {
        let mut output = Output(Target::Kept(Vec::new()));
        let returned = write(&mut output);
        let bytes = match output.0 {
            Target::Kept(bytes) => bytes,
            Target::Stdout(_) => Vec::new(),
        };
        (String::from_utf8_lossy(&bytes).into_owned(), returned)
    }

    /// Writes text.
    pub fn text(&mut self, text: &str) -> Result<()> {
        match &mut self.0 {
            Target::Stdout(stdout) => stdout.write_all(text.as_bytes())?,
            Target::Kept(bytes) => bytes.extend_from_slice(text.as_bytes()),
        }
        Ok(())
    }

    /// Writes text and ends the line.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<()> {
        self.text(text.as_ref())?;
        self.text("\n")
    }

    /// Hands over what is buffered.
    pub fn flush(&mut self) -> Result<()> {
        if let Target::Stdout(stdout) = &mut self.0 {
            stdout.flush()?;
        }
        Ok(())
    }

    /// Writes a value as JSON or RON.
    pub fn data<T: serde::Serialize>(&mut self, format: Format, value: &T) -> Result<()> {
        self.text(&data_text(format, value)?)
    }
}

/// A value as JSON or RON.
pub fn data_text<T: serde::Serialize>(format: Format, value: &T) -> Result<String> {
    let failed = |error: &dyn std::fmt::Display| Failure::Io(io::Error::other(error.to_string()));
    match format {
        Format::Json => json(value),
        _ => ron_text(value),
    }
    .map_err(|error| failed(&error))
}

/// Writes a complaint to standard error; if that is closed, nobody wants to hear it.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{}", text.trim_end());
}

/// Writes to standard error what ends as it should already.
pub fn complain_text(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}
