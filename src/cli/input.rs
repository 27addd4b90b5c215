//! What is read: files, and standard input.

use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::cli::output::Result;
use crate::diagnostic::Diagnostic;

/// Files of more bytes than this are refused: they are no programs, books or parts of jobs.
const LARGEST: u64 = 256 << 20;

/// The bytes of a file; `-` is standard input.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    // It is read once, and asked for again where several versions read the same program.
    static STDIN: Mutex<Option<Vec<u8>>> = Mutex::new(None);
    let mut bytes = Vec::new();
    let read = match path == Path::new("-") {
        true => {
            let mut known = STDIN.lock().unwrap_or_else(PoisonError::into_inner);
            let read = match &*known {
                Some(known) => known.as_slice().read_to_end(&mut bytes),
                None => std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes),
            };
            *known = Some(bytes.clone());
            read
        }
        false => std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)),
    };
    if bytes.len() as u64 > LARGEST {
        return Err(Diagnostic::new(
            format!("the file has more than {LARGEST} bytes"),
            path.display().to_string(),
        )
        .help("give the path of a program, a book or a part of a job")
        .into());
    }
    read.map(|_| bytes).map_err(|error| {
        let help = "give the path of a readable file, or - for standard input";
        Diagnostic::new(format!("cannot read the file: {error}"), path.display().to_string())
            .help(help)
            .into()
    })
}

/// The text of a file.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read_bytes(path)?).map_err(|_| {
        Diagnostic::new("the file is not UTF-8 text", path.display().to_string())
            .help("give a text file")
            .into()
    })
}

/// What a program reads: all of standard input, where the program asks for any of it.
pub(super) fn standard_input(program: &[u8]) -> Result<String> {
    let asks = program.windows(5).any(|word| word == b"input");
    if !asks || std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        return Ok(String::new());
    }
    read_text(Path::new("-"))
}
