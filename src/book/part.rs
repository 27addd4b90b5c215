//! Which part of the language a chapter is about: what its front matter says.

use crate::book::chapters::Chapter;
use crate::diagnostic::Diagnostic;

/// A part of the language. It decides how the programs of a chapter are loaded, and which programs its rules can concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The control core: a program is lowered to the core, where a name that nothing defines is unknown.
    Core,
    /// The whole language: a program is loaded as a run loads it, and keeps objects.
    #[default]
    Objects,
}

/// The line before and behind front matter.
const MARK: &str = "---\n";

/// The part that a chapter says it is about: `part: core` or `part: objects` between two lines `---` at its top.
///
/// # Errors
/// A line of the front matter that says nothing else.
pub fn of(chapter: &Chapter) -> Result<Part, Diagnostic> {
    let Some(rest) = chapter.text.strip_prefix(MARK) else { return Ok(Part::default()) };
    let fault = |title: String, offset: usize, length: usize| {
        Diagnostic::new(title, chapter.file.clone())
            .at(chapter.text.clone(), offset..offset + length)
            .help("write `part: core` or `part: objects` between two lines `---` at the top of the chapter")
    };
    let Some(end) = rest.find(MARK) else {
        return Err(fault("front matter without its end".into(), 0, MARK.len() - 1));
    };
    let mut part = Part::default();
    let mut offset = MARK.len();
    for line in rest[..end].split_inclusive('\n') {
        part = match line.trim() {
            "part: core" => Part::Core,
            "part: objects" => Part::Objects,
            words => return Err(fault(format!("`{words}` is no part"), offset, line.trim_end().len())),
        };
        offset += line.len();
    }
    Ok(part)
}
