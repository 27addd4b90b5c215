//! Errors for the reader: what is wrong, where, and what to do about it.
//!
//! Python sources, chapters of the book and RON files are all reported with the
//! same [`Diagnostic`], so every front end shows a place in the same way.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// One error: a title, the place it is about, and what to do.
///
/// ```
/// use trylemma::diagnostic::Diagnostic;
///
/// let error = Diagnostic::new("unknown sort", "book.md")
///     .at("a ::= b\n", 6..7)
///     .label("not declared")
///     .help("declare it in a `grammar` block");
/// assert_eq!((error.line(), error.column()), (1, 7));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Boxed, so that results that hardly ever fail stay small.
    report: Box<Report>,
}

/// What sort of trouble an error is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ErrorKind {
    /// What is read is wrong, or too large.
    #[default]
    Fault,
    /// It is valid and has no meaning here yet: the construct, by its name.
    NotModelled(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Report {
    kind: ErrorKind,
    title: String,
    origin: String,
    source: String,
    span: Option<Range<usize>>,
    label: String,
    help: String,
}

impl Diagnostic {
    /// An error named `title` about the file `origin`, with no place in it yet.
    pub fn new(title: impl Into<String>, origin: impl Into<String>) -> Self {
        let (title, origin) = (title.into(), origin.into());
        Diagnostic { report: Box::new(Report { title, origin, ..Report::default() }) }
    }

    /// A refusal of a construct that has no meaning here yet.
    pub(crate) fn not_modelled(construct: impl Into<String>, origin: impl Into<String>) -> Self {
        let construct = construct.into();
        let mut refusal = Diagnostic::new(format!("not modelled yet: {construct}"), origin);
        refusal.report.kind = ErrorKind::NotModelled(construct);
        refusal
    }

    /// Places the error at the bytes `span` of the file's whole text `source`.
    ///
    /// A span that leaves the text, or that splits a character, is moved to the
    /// nearest place in it, so a place computed by someone else is never a panic.
    pub fn at(mut self, source: impl Into<String>, span: Range<usize>) -> Self {
        self.report.source = source.into();
        let start = floor_boundary(&self.report.source, span.start);
        let end = floor_boundary(&self.report.source, span.end).max(start);
        self.report.span = Some(start..end);
        self
    }

    /// Sets the words that stand under the excerpt.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.report.label = label.into();
        self
    }

    /// Sets the advice that closes the report.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.report.help = help.into();
        self
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.report.kind
    }

    /// What is wrong, in one line.
    pub fn title(&self) -> &str {
        &self.report.title
    }

    /// The name of the file that the error is about.
    pub fn origin(&self) -> &str {
        &self.report.origin
    }

    /// The place, in bytes of the file's text, where there is one.
    pub fn span(&self) -> Option<Range<usize>> {
        self.report.span.clone()
    }

    /// The line of the place, from 1; also 1 where there is no place.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// The column of the place in characters, from 1; also 1 where there is no place.
    pub fn column(&self) -> usize {
        let before = self.before();
        let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
        line.chars().count() + 1
    }

    /// The text before the place.
    fn before(&self) -> &str {
        let start = self.report.span.as_ref().map_or(0, |span| span.start);
        self.report.source.get(..start).unwrap_or_default()
    }

    /// The first line of the place, and the place within it.
    fn excerpt(&self, span: &Range<usize>) -> (String, Range<usize>) {
        let before = self.before();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = self.report.source.get(span.start..).unwrap_or_default();
        let line_end = span.start + rest.find('\n').unwrap_or(rest.len());
        let part = |range: Range<usize>| printable(self.report.source.get(range).unwrap_or_default());

        let mut text = part(line_start..span.start);
        let from = text.len();
        text.push_str(&part(span.start..span.end.min(line_end)));
        let to = text.len();
        text.push_str(part(span.end.min(line_end)..line_end).trim_end_matches('\u{240d}'));
        (text, from..to)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |text: &str| printable(text).replace('\t', " ");
        let (title, origin) = (words(&self.report.title), words(&self.report.origin));
        let (label, help) = (words(&self.report.label), words(&self.report.help));
        let mut group = Group::with_title(Level::ERROR.primary_title(title));
        group = match self.report.span.as_ref().map(|span| self.excerpt(span)) {
            None => group.element(Origin::path(origin)),
            Some((text, span)) => {
                let mark = AnnotationKind::Primary.span(span);
                let mark = if label.is_empty() { mark } else { mark.label(label) };
                let snippet = Snippet::source(text).path(origin).line_start(self.line());
                group.element(snippet.annotation(mark))
            }
        };
        if !help.is_empty() {
            group = group.element(Level::HELP.message(help));
        }
        let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
        f.write_str(&renderer.render(&[group]))
    }
}

impl std::error::Error for Diagnostic {}

/// The largest character boundary of `text` that is at most `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// `text` with every character that could steer a terminal made visible, each by one
/// character, so that columns stay.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('?')),
            '\u{7f}' => out.push('\u{2421}'),
            // C1 controls, then marks that change the direction of text or join lines.
            '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

/// Whether a name is one of those that are known.
///
/// # Errors
/// What is most like it, where it is not.
pub fn known<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Result<(), String> {
    if known.clone().any(|other| other == name) { Ok(()) } else { Err(nearest(name, known)) }
}

/// Advice that names what is most like `name`.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let mut ranked: Vec<(usize, &str)> =
        known.map(|other| (strsim::damerau_levenshtein(name, other), other)).collect();
    ranked.sort_unstable();
    ranked.dedup();
    let names: Vec<String> = ranked.iter().take(3).map(|(_, other)| format!("`{other}`")).collect();
    match names.as_slice() {
        [] => "there are none".to_string(),
        _ => format!("there are, among others: {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_with_its_excerpt() {
        let text = "x = 1\nwith é: pass\n";
        let error = Diagnostic::new("`with` statement", "a.py")
            .at(text, 12..14)
            .label("not modelled")
            .help("rewrite it");
        let shown = error.to_string();
        assert_eq!((error.line(), error.column()), (2, 6));
        assert!(shown.starts_with("error: `with` statement\n"), "{shown}");
        assert!(shown.contains("--> a.py:2:6"), "{shown}");
        assert!(shown.contains("with é: pass"), "{shown}");
        assert!(shown.contains("help: rewrite it"), "{shown}");
    }

    #[test]
    fn without_a_place_only_the_file_is_named() {
        let shown = Diagnostic::new("not a text file", "b.py").help("look").to_string();
        assert!(shown.contains("--> b.py"), "{shown}");
        assert!(shown.contains("help: look"), "{shown}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}@{}", "a".repeat(100_000), "b".repeat(100_000));
        let shown = Diagnostic::new("t", "c.py").at(text, 100_000..100_001).to_string();
        assert!(shown.len() < 1_000, "{} bytes", shown.len());
        assert!(shown.contains("aa@bb"), "{shown}");
        assert!(shown.contains("c.py:1:100001"), "{shown}");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let text = "a\x1b[31m\u{9b}\u{202e}\x07 b\r\nc";
        let shown = Diagnostic::new("t\x1b", "o\x1b").at(text, 0..1).label("\x1b\t").to_string();
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        assert!(!shown.contains('\u{202e}'));
    }

    #[test]
    fn a_place_outside_the_text_is_moved_into_it() {
        for span in [0..0, 5..9, 1..2, 100..200, Range { start: 4, end: 1 }] {
            let error = Diagnostic::new("t", "d.py").at("é\nb", span);
            assert!(error.line() >= 1 && error.to_string().contains("d.py"));
        }
        assert!(Diagnostic::new("t", "e").at("", 0..0).to_string().contains("e:1:1"));
    }
}
