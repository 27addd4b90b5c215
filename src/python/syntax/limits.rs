//! Limits on a source, checked before anything recurses over it.
//!
//! The parser and the syntax tree recurse as deep as the source nests, so depth is
//! bounded on the tokens, which are read without recursion.

use std::borrow::Cow;
use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

use crate::diagnostic::Diagnostic;

/// The largest source, in bytes.
const SOURCE: usize = 64 << 20;
/// Levels of indentation, as CPython's tokenizer allows them.
const INDENTATION: usize = 100;
/// Open brackets, as CPython's tokenizer allows them.
const BRACKETS: usize = 200;
/// Operators, calls and brackets that one expression may pile up before it is
/// parsed. The exact limit on nesting, [`EXPRESSION`], is checked on the tree.
const CHAIN: usize = 10_000;
/// Levels of nested expressions.
pub(super) const EXPRESSION: usize = 200;
/// Depth of a core term, which bounds the length of statement and argument lists.
pub(super) const TERM: usize = 2_000;

/// Reads `bytes` as the text of the file `origin`, without a byte order mark; every line ends with `\n`.
///
/// # Errors
/// Bytes that are no text, or more of them than the limit.
pub(super) fn text<'a>(origin: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Diagnostic> {
    if bytes.len() > SOURCE {
        return Err(Diagnostic::new("the file is too large", origin)
            .help(format!("a source may have at most {} MiB", SOURCE >> 20)));
    }
    let binary = Diagnostic::new("not a text file", origin);
    let encoding = encoding(bytes).unwrap_or_default();
    match encoding.as_str() {
        LATIN => {
            return Ok(Cow::Owned(
                lines(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>()).into_owned(),
            ));
        }
        "" | "utf-8" => {}
        "ascii" if bytes.is_ascii() => {}
        _ => {
            return Err(Diagnostic::new(format!("cannot read a file in the encoding `{encoding}`"), origin)
                .help("save the file as UTF-8, and take the line with `coding` out"));
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(lines(text.strip_prefix('\u{feff}').unwrap_or(text))),
        Ok(_) => Err(binary.help("the file contains NUL bytes; give a Python source")),
        Err(error) => {
            Err(binary.help(format!("byte {} is not UTF-8; save the file as UTF-8", error.valid_up_to())))
        }
    }
}

/// The encoding that a comment in one of the first two lines asks for (PEP 263), under one name for each.
pub(super) fn encoding(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty()).take(2) {
        let line = line.trim_ascii_start();
        if !line.is_empty() && line[0] != b'#' {
            return None;
        }
        let line = String::from_utf8_lossy(line);
        let named = line.match_indices("coding").find_map(|(place, word)| {
            let rest = line[place + word.len()..].strip_prefix([':', '='])?.trim_start_matches([' ', '\t']);
            let end = rest.find(|char: char| !(char.is_alphanumeric() || "-_.".contains(char)));
            Some(&rest[..end.unwrap_or(rest.len())]).filter(|name| !name.is_empty())
        });
        if let Some(name) = named {
            return Some(canonical(name));
        }
    }
    None
}

/// The encoding whose bytes are the first characters.
const LATIN: &str = "latin-1";

fn canonical(name: &str) -> String {
    let name = name.to_lowercase().replace('_', "-");
    let is =
        |names: &str| names.split(' ').any(|known| known == name || name.starts_with(&format!("{known}-")));
    let known = match () {
        () if is("utf-8 utf8 u8") => "utf-8",
        () if is("latin-1 iso-8859-1 iso-latin-1 iso8859-1 latin1 latin l1") => LATIN,
        () if is("ascii us-ascii") => "ascii",
        () => return name,
    };
    known.to_string()
}

/// The text with the ends of lines of all systems as `\n`, also those in strings.
fn lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Checks the nesting of `source`.
///
/// # Errors
/// The first place where a limit is passed.
pub(super) fn nesting(origin: &str, source: &str) -> Result<(), Diagnostic> {
    let Some((limit, count)) = first_excess(source) else {
        return Ok(());
    };
    let (title, most) = match limit {
        Limit::Indentation => ("too many levels of indentation", INDENTATION),
        Limit::Brackets => ("too many nested parentheses", BRACKETS),
        Limit::Chain => ("the expression is nested too deeply", CHAIN),
    };
    Err(Diagnostic::new(title, origin)
        .at(source, place(source, count))
        .label("this is one level too many")
        .help(format!("at most {most} levels are read; split the code into smaller parts")))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Indentation,
    Brackets,
    Chain,
}

/// What a scan over the tokens keeps count of.
#[derive(Default)]
struct Scan {
    indentation: usize,
    /// For each open bracket, the chain outside of it.
    brackets: Vec<usize>,
    /// Nesting tokens since the last separator at this level of brackets.
    chain: usize,
    /// The sum of `brackets` and `chain`.
    total: usize,
}

impl Scan {
    fn token(&mut self, kind: TokenKind) -> Option<Limit> {
        use TokenKind as T;
        match kind {
            T::Indent => self.indentation += 1,
            T::Dedent => self.indentation = self.indentation.saturating_sub(1),
            T::Comma | T::Newline | T::Semi => {
                self.total -= self.chain;
                self.chain = 0;
            }
            T::Rpar | T::Rsqb | T::Rbrace => {
                if let Some(outside) = self.brackets.pop() {
                    self.total -= self.chain;
                    self.chain = outside;
                }
            }
            _ if nests(kind) => {
                self.chain += 1;
                self.total += 1;
                if matches!(kind, T::Lpar | T::Lsqb | T::Lbrace) {
                    self.brackets.push(self.chain);
                    self.chain = 0;
                }
            }
            _ => {}
        }
        if self.indentation > INDENTATION {
            Some(Limit::Indentation)
        } else if self.brackets.len() > BRACKETS {
            Some(Limit::Brackets)
        } else {
            (self.total > CHAIN).then_some(Limit::Chain)
        }
    }
}

/// Whether a token may open one more level of an expression. A doubtful one counts:
/// only operands, the flat operators and what ends an expression do not.
fn nests(kind: TokenKind) -> bool {
    use TokenKind as T;
    let flat = matches!(
        kind,
        T::Name
            | T::Int
            | T::Float
            | T::Complex
            | T::String
            | T::Comment
            | T::NonLogicalNewline
            | T::Newline
            | T::Indent
            | T::Dedent
            | T::EndOfFile
            | T::True
            | T::False
            | T::None
            | T::And
            | T::Or
            | T::Comma
            | T::Semi
            | T::Rpar
            | T::Rsqb
            | T::Rbrace
            | T::Ellipsis
            | T::FStringMiddle
            | T::FStringEnd
            | T::TStringMiddle
            | T::TStringEnd
    );
    !flat
}

/// The first limit passed, and how many tokens had been counted by then.
fn first_excess(source: &str) -> Option<(Limit, usize)> {
    let mut lexer = lex(source, Mode::Module);
    let mut scan = Scan::default();
    let mut count = 0;
    loop {
        let kind = lexer.next_token();
        if kind == TokenKind::EndOfFile {
            return None;
        }
        count += usize::from(counted(kind));
        if let Some(limit) = scan.token(kind) {
            return Some((limit, count));
        }
    }
}

/// Whether a token counts towards a place. The lexer adds the others at the end of a
/// cut source: line ends, and an error for brackets left open.
fn counted(kind: TokenKind) -> bool {
    use TokenKind as T;
    !matches!(kind, T::Dedent | T::Newline | T::NonLogicalNewline | T::Unknown)
}

/// Where the `count`th token of `source` ends. The lexer keeps the places of its
/// tokens to itself, so the shortest prefix with so many tokens is searched for.
fn place(source: &str, count: usize) -> Range<usize> {
    let enough = |end: usize| tokens_in(source.get(..end).unwrap_or(source), count) >= count;
    let (mut low, mut high) = (0, source.len());
    while low < high {
        let mut middle = low + (high - low) / 2;
        while !source.is_char_boundary(middle) {
            middle -= 1;
        }
        if enough(middle) {
            high = middle;
        } else {
            low = (middle + 1..=high).find(|&at| source.is_char_boundary(at)).unwrap_or(high);
        }
    }
    let start = (0..low).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
    start..low
}

/// The number of counted tokens of `source`, or `enough` if there are as many.
fn tokens_in(source: &str, enough: usize) -> usize {
    let mut lexer = lex(source, Mode::Module);
    let mut count = 0;
    while count < enough {
        let kind = lexer.next_token();
        if kind == TokenKind::EndOfFile {
            break;
        }
        count += usize::from(counted(kind));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(source: &str) -> String {
        let error = nesting("a.py", source).expect_err("a limit is passed");
        format!("{}:{} {}", error.line(), error.column(), error.title())
    }

    #[test]
    fn what_cpython_reads_is_within_the_limits() {
        let nested = format!("x = {}1{}\n", "(".repeat(200), ")".repeat(200));
        assert_eq!(nesting("a.py", &nested), Ok(()));
        let many = format!("f({})\n", "g(), -1, not x, ".repeat(50_000));
        assert_eq!(nesting("a.py", &many), Ok(()));
    }

    #[test]
    fn the_first_bracket_too_many_is_shown() {
        let nested = format!("y = 1\nx = {}", "(".repeat(100_000));
        assert_eq!(title(&nested), "2:205 too many nested parentheses");
    }

    #[test]
    fn chains_of_operators_and_calls_are_bounded() {
        for link in ["not ", "-", "lambda: ", "f()()", "a ** ", "a if b else ", "x.y."] {
            let chain = format!("x = {}", link.repeat(100_000));
            assert!(title(&chain).contains("the expression is nested too deeply"), "{link}");
        }
    }

    #[test]
    fn indentation_is_bounded() {
        let source: String = (0..1_000).map(|i| format!("{}try:\n", " ".repeat(i))).collect();
        assert_eq!(title(&source), "102:102 too many levels of indentation");
    }
}
