//! Random changes of a text: of its bytes, its words, and its lines.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// Words and expressions that programs seldom have, and that functions of the book were not always ready for.
const RARE: &[&str] = &[
    "u",
    "u.y",
    "type(u)",
    "str(type(u.y))",
    "type(u).__name__",
    "u()",
    "[x for x in u]",
    "(x for x in u)",
    "dict(zip(u, v))",
    "set(u)",
    "tuple(u)",
    "sorted(u)",
    "len(u)",
    "u[0]",
    "u == v",
    "not u",
    "'%s' % u",
    "f'{u!r:>9}'",
    "{u: v}",
    "*u",
    "**u",
    "None",
    "True",
    "()",
    "[]",
    "{}",
    "0",
    "-1",
    "10**30",
    "1e400",
    "float('nan')",
    "''",
    "'unknown'",
    "'rows'",
    "'ref'",
    "'\\ud800'",
    "b''",
    "'x' * 100",
    "range(100)",
    "[0] * 100",
    "object()",
    "type",
    "int",
    "super()",
    "Exception",
    "ExceptionGroup('g', [ValueError(1)])",
    "BaseException",
    "StopIteration",
    "GeneratorExit",
    "SystemExit",
    "KeyboardInterrupt",
    "isinstance(u, int)",
    "issubclass(type(u), u)",
    "getattr(u, 'x')",
    "hash(u)",
    "iter(u)",
    "next(u)",
    "zip(u, v)",
    "map(u, v)",
    "filter(None, u)",
    "enumerate(u)",
    "max(u)",
    "sum(u)",
    "repr(u)",
    "print",
    "open",
    "lambda: (yield)",
    "pass",
    "break",
    "continue",
    "return",
    "raise",
    "yield",
    "finally",
    "except",
    "except*",
    "else",
    "try",
    "with",
    "as",
    "while",
    "for",
    "in",
    "is",
    "del",
    "global",
    "nonlocal",
    "import",
    "from",
    "class",
    "def",
    "assert",
    "e",
    "self",
    "__class__",
    "__context__",
    "__exit__",
    "__enter__",
    "__init__",
    "__eq__",
];

/// A source of chances that one seed and one number decide.
pub struct Draw {
    rng: TestRng,
}

impl Draw {
    /// The chances of one case.
    pub fn new(seed: &str, number: u64) -> Draw {
        let text = format!("{number}-{seed}");
        let bytes: Vec<u8> = text.bytes().chain(std::iter::repeat(0)).take(32).collect();
        Draw { rng: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes) }
    }

    /// A number below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.rng.next_u64() % bound.max(1) as u64) as usize
    }

    /// Whether one chance in so many comes true.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// One of several.
    pub fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }

    /// The text with some changes; `others` are texts to take from.
    pub fn change(&mut self, text: &str, others: &[String]) -> Vec<u8> {
        let mut text = text.to_string();
        loop {
            text = match self.below(4) {
                0 => self.change_lines(&text, others),
                _ => self.change_words(&text, others),
            };
            if self.one_in(2) {
                break;
            }
        }
        let mut bytes = text.into_bytes();
        if self.one_in(8) {
            self.change_bytes(&mut bytes);
        }
        bytes
    }

    fn change_bytes(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let byte = *self.of(b"\0\t\n\r \"#'()*,-.0:;=[\\]_{}\x80\xc3\xff");
        match self.below(3) {
            0 => bytes.insert(at, byte),
            1 if at < bytes.len() => bytes[at] = byte,
            _ => bytes.truncate(at),
        }
    }

    fn change_lines(&mut self, text: &str, others: &[String]) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        let at = self.below(lines.len());
        match self.below(6) {
            _ if lines.is_empty() => {}
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => {
                let line = lines.remove(at);
                lines.insert(self.below(lines.len() + 1), line);
            }
            3 => lines[at] = format!("    {}", lines[at]),
            4 => lines[at] = lines[at].strip_prefix("    ").unwrap_or(&lines[at]).to_string(),
            _ => {
                let other: Vec<&str> = self.of(others).lines().collect();
                if !other.is_empty() {
                    let indent: String = lines[at].chars().take_while(|c| *c == ' ').collect();
                    let from = self.below(other.len());
                    let until = (from + 1 + self.below(3)).min(other.len());
                    let taken =
                        other[from..until].iter().map(|line| format!("{indent}{}", line.trim_start()));
                    lines.splice(at..at, taken);
                }
            }
        }
        lines.join("\n") + "\n"
    }

    fn change_words(&mut self, text: &str, others: &[String]) -> String {
        let mut words: Vec<String> = words(text);
        let places: Vec<usize> = (0..words.len()).filter(|at| !words[*at].trim().is_empty()).collect();
        if places.is_empty() {
            return self.of(RARE).to_string();
        }
        let at = *self.of(&places);
        match self.below(6) {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[at].clone()),
            2 => {
                let other = *self.of(&places);
                words.swap(at, other);
            }
            3 => {
                let other: &String = self.of(others);
                let other = self::words(other);
                words[at] = self.of(&other).clone();
            }
            4 => words.insert(at, format!("{} ", self.of(RARE))),
            _ => words[at] = self.of(RARE).to_string(),
        }
        words.concat()
    }
}

/// The text in pieces: names and numbers, runs of blanks, quoted texts, and single signs.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = |part: &dyn Fn(char) -> bool| rest.find(|c| !part(c)).unwrap_or(rest.len());
        let length = match first {
            ' ' => end(&|c| c == ' '),
            '\'' | '"' => match rest[1..].find([first, '\n']) {
                Some(close) if rest[1 + close..].starts_with(first) => close + 2,
                _ => 1,
            },
            _ if first.is_alphanumeric() || first == '_' => end(&|c| c.is_alphanumeric() || c == '_'),
            _ => first.len_utf8(),
        };
        found.push(rest[..length].to_string());
        rest = &rest[length..];
    }
    if found.is_empty() { vec![String::new()] } else { found }
}
