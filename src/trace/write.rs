//! How traces and what is like them are written: RON, JSON, and the canonical form that checksums are of.

use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::Formatter;
use sha2::{Digest, Sha256};

use crate::trace::Trace;

/// A text, or why the serialiser failed, which is a fault of this crate.
pub type Written = Result<String, String>;

/// How deep what is written has a line for each part.
const DEPTH: usize = 2;

/// A value as RON.
///
/// # Errors
/// When the serialiser fails.
pub fn ron_text(value: &impl Serialize) -> Written {
    let pretty = ron::ser::PrettyConfig::new().depth_limit(DEPTH).struct_names(true);
    let mut text = ron::ser::to_string_pretty(value, pretty).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

/// A value as JSON, a line for each part of its parts, and what is deeper on one line.
///
/// # Errors
/// When the serialiser fails.
pub fn json(value: &impl Serialize) -> Written {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Lines::default());
    value.serialize(&mut serializer).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// JSON without blanks, the members of each object in the order of their names' characters.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(members) => {
            out.push('[');
            for (place, member) in members.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "," });
                canonical(member, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (place, (name, member)) in members.into_iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "," });
                out.push_str(&Value::String(name.clone()).to_string());
                out.push(':');
                canonical(member, out);
            }
            out.push('}');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

impl Trace {
    /// The trace as RON, ready to be written to a file.
    ///
    /// # Errors
    /// When the serialiser fails, which is a fault of this crate.
    pub fn to_ron(&self) -> Written {
        ron_text(self)
    }

    /// The checksum that the trace should carry.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn digest(&self) -> Written {
        let mut value = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let Value::Object(members) = &mut value {
            members.remove("checksum");
        }
        let mut text = String::new();
        canonical(&value, &mut text);
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The same trace with its checksum.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn sealed(mut self) -> Result<Trace, String> {
        self.checksum = self.digest()?;
        Ok(self)
    }
}

/// Breaks lines down to [`DEPTH`].
#[derive(Default)]
struct Lines {
    depth: usize,
    filled: bool,
}

impl Lines {
    fn line<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }

    fn open<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled && self.depth < DEPTH {
            self.line(writer)?;
        }
        self.filled = true;
        writer.write_all(bracket)
    }

    fn next<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(if self.depth > DEPTH { b", " } else { b"," })?;
        }
        if self.depth <= DEPTH { self.line(writer) } else { Ok(()) }
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.next(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.next(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}
