//! Errors for the reader: what is wrong, where, and what to do about it.
//!
//! Python sources, chapters of the book and RON files are all reported with the
//! same [`Diagnostic`], so every front end shows a place in the same way.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// Characters shown of a long source line on each side of the place.
const CONTEXT: usize = 60;

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
        Diagnostic {
            title: title.into(),
            origin: origin.into(),
            source: String::new(),
            span: None,
            label: String::new(),
            help: String::new(),
        }
    }

    /// Places the error at the bytes `span` of the file's whole text `source`.
    ///
    /// A span that leaves the text, or that splits a character, is moved to the
    /// nearest place in it, so a place computed by someone else is never a panic.
    pub fn at(mut self, source: impl Into<String>, span: Range<usize>) -> Self {
        self.source = source.into();
        let start = floor_boundary(&self.source, span.start);
        let end = floor_boundary(&self.source, span.end).max(start);
        self.span = Some(start..end);
        self
    }

    /// Sets the words that stand under the excerpt.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the advice that closes the report.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// What is wrong, in one line.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The name of the file that the error is about.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The place, in bytes of the file's text, where there is one.
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
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
        let start = self.span.as_ref().map_or(0, |span| span.start);
        self.source.get(..start).unwrap_or_default()
    }

    /// The part of the place's first line to show, and the place within it.
    fn excerpt(&self, span: &Range<usize>) -> (String, Range<usize>) {
        let before = self.before();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = self.source.get(span.start..).unwrap_or_default();
        let line_end = span.start + rest.find('\n').unwrap_or(rest.len());
        let end = span.end.min(line_end);
        let head = &self.source[line_start..span.start];
        let shown = &self.source[span.start..end];
        let tail = &self.source[end..line_end];

        let (head, cut_head) = last_chars(head, CONTEXT);
        let (shown, cut_shown) = first_chars(shown, CONTEXT);
        let (tail, cut_tail) = first_chars(if cut_shown { "" } else { tail }, CONTEXT);
        let mut text = String::from(if cut_head { "..." } else { "" });
        text.push_str(&printable(head));
        let from = text.len();
        text.push_str(&printable(shown));
        let to = text.len();
        text.push_str(&printable(tail.trim_end_matches('\r')));
        text.push_str(if cut_shown || cut_tail { "..." } else { "" });
        (text, from..to)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (title, origin) = (printable(&self.title), printable(&self.origin));
        let (label, help) = (printable(&self.label), printable(&self.help));
        let excerpt = self.span.as_ref().map(|span| self.excerpt(span));
        let mut group = Group::with_title(Level::ERROR.primary_title(title));
        let place = Origin::path(origin);
        group = match excerpt {
            None => group.element(place),
            Some((text, span)) => {
                let mark = AnnotationKind::Primary.span(span);
                let mark = if label.is_empty() { mark } else { mark.label(label) };
                let snippet = Snippet::source(text).line_start(self.line());
                group
                    .element(place.line(self.line()).char_column(self.column()))
                    .element(snippet.annotation(mark))
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

/// The first `count` characters of `text`, and whether there were more.
fn first_chars(text: &str, count: usize) -> (&str, bool) {
    match text.char_indices().nth(count) {
        Some((at, _)) => (&text[..at], true),
        None => (text, false),
    }
}

/// The last `count` characters of `text`, and whether there were more.
fn last_chars(text: &str, count: usize) -> (&str, bool) {
    match text.char_indices().rev().nth(count) {
        Some((at, first)) => (&text[at + first.len_utf8()..], true),
        None => (text, false),
    }
}

/// `text` with every character that could steer a terminal made visible.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push(c),
            '\t' => out.push_str("    "),
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
        let shown = Diagnostic::new("t\x1b", "o\x1b").at(text, 0..1).label("\x1b").to_string();
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        assert!(!shown.contains('\u{202e}'));
    }

    #[test]
    fn a_place_outside_the_text_is_moved_into_it() {
        for span in [0..0, 5..9, 1..2, 100..200, 4..1] {
            let error = Diagnostic::new("t", "d.py").at("é\nb", span);
            assert!(error.line() >= 1 && error.to_string().contains("d.py"));
        }
        assert!(Diagnostic::new("t", "e").at("", 0..0).to_string().contains("e:1:1"));
    }
}
