//! Names that are values, numbers and strings.

use ruff_python_ast::str::{Quote, TripleQuotes};
use ruff_python_ast::str_prefix::StringLiteralPrefix;
use ruff_python_ast::{
    AtomicNodeIndex, Expr, ExprBooleanLiteral, ExprContext, ExprName, ExprNoneLiteral, ExprNumberLiteral,
    ExprStringLiteral, Int, Number, StringLiteral, StringLiteralFlags, StringLiteralValue,
};
use ruff_text_size::{Ranged, TextRange};

use crate::book::syntax::Kind;
use crate::python::syntax::old::expressions::refused;
use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};

impl Reader<'_, '_> {
    /// A name; some stand for values, since programs do not bind them.
    pub(super) fn named(&self, name: &str, range: TextRange) -> Expr {
        let has = |name| self.source.timeline.has(name);
        match name {
            "None" => Expr::NoneLiteral(ExprNoneLiteral { node_index: AtomicNodeIndex::NONE, range }),
            "True" | "False" if self.is_assigned(name) => self.name_of(name, range),
            "True" | "False" if has("builtins.bool") => Expr::BooleanLiteral(ExprBooleanLiteral {
                node_index: AtomicNodeIndex::NONE,
                range,
                value: name == "True",
            }),
            "True" | "False" if has("builtins.True") => {
                let value = Number::Int(Int::from(u8::from(name == "True")));
                Expr::NumberLiteral(ExprNumberLiteral { node_index: AtomicNodeIndex::NONE, range, value })
            }
            _ => self.name_of(name, range),
        }
    }

    fn name_of(&self, name: &str, range: TextRange) -> Expr {
        let (node_index, ctx) = (AtomicNodeIndex::NONE, ExprContext::Load);
        Expr::Name(ExprName { node_index, range, id: name.into(), ctx })
    }

    pub(super) fn number(&self, part: &Tree) -> Read<Expr> {
        let text = self.text(part).to_ascii_lowercase();
        let Some(value) = number(&text) else { return self.error(part, "invalid token") };
        Ok(Expr::NumberLiteral(ExprNumberLiteral {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            value,
        }))
    }

    /// Strings that stand beside one another are one; it is a Unicode string where one of them is.
    pub(super) fn strings(&self, parts: &[Tree]) -> Expr {
        match parts.iter().map(|part| self.string(part, false)).collect() {
            Ok(literals) => string_of(literals),
            Err(what) => refused(what, covered(parts), Vec::new()),
        }
    }

    /// The same of a statement that is nothing else: of what kind the string is makes no difference.
    pub(super) fn documentation(&self, part: &Tree) -> Option<Expr> {
        let parts = match part {
            Tree::Branch(branch) if branch.rule == "texts" => &branch.parts[..],
            Tree::Leaf(token) if token.kind == Kind::Text => std::slice::from_ref(part),
            _ => return None,
        };
        parts.iter().map(|part| self.string(part, true)).collect::<Result<_, _>>().ok().map(string_of)
    }

    /// A string, or what is not modelled of it; `alone` says that it is for nobody but readers.
    fn string(&self, part: &Tree, alone: bool) -> Result<StringLiteral, &'static str> {
        let text = self.text(part);
        let (prefix, rest) = text.split_at(text.find(['"', '\'']).unwrap_or_default());
        let quote =
            if rest.len() >= 6 && rest[1..].starts_with([&rest[..1]; 2].concat().as_str()) { 3 } else { 1 };
        let inner = &rest[quote..rest.len() - quote];
        let has = |letter: char| prefix.contains([letter, letter.to_ascii_uppercase()]);
        let wide = has('u') || self.futures.contains(&"unicode_literals") && !has('b');
        let flags = StringLiteralFlags::empty().with_prefix(match (wide, has('r')) {
            (true, _) => StringLiteralPrefix::Unicode,
            (false, true) => StringLiteralPrefix::Raw { uppercase: false },
            _ => StringLiteralPrefix::Empty,
        });
        let style = if rest.starts_with('"') { Quote::Double } else { Quote::Single };
        let triple = if quote == 3 { TripleQuotes::Yes } else { TripleQuotes::No };
        let flags = flags.with_quote_style(style).with_triple_quotes(triple);
        let value = unescaped(inner, wide, has('r')).ok_or("this escape sequence of a string")?;
        // Each character of a string is a byte.
        if !alone && !wide && !value.is_ascii() {
            return Err("a string of bytes that are no ASCII");
        }
        Ok(StringLiteral {
            range: part.range(),
            node_index: AtomicNodeIndex::NONE,
            value: value.into(),
            flags,
        })
    }
}

/// Where parts stand.
fn covered(parts: &[impl Ranged]) -> TextRange {
    let start = parts.first().map_or(TextRange::default(), Ranged::range);
    parts.last().map_or(start, |last| start.cover(last.range()))
}

/// One string of literals that stand beside one another.
fn string_of(mut literals: Vec<StringLiteral>) -> Expr {
    let range = covered(&literals);
    let value = match literals.len() {
        1 => StringLiteralValue::single(literals.remove(0)),
        _ => StringLiteralValue::concatenated(literals),
    };
    Expr::StringLiteral(ExprStringLiteral { node_index: AtomicNodeIndex::NONE, range, value })
}

/// The value of a number in small letters.
fn number(text: &str) -> Option<Number> {
    if let Some(imaginary) = text.strip_suffix('j') {
        return Some(Number::Complex { real: 0.0, imag: imaginary.parse().ok()? });
    }
    let digits = text.strip_suffix('l').unwrap_or(text);
    let whole =
        |digits: &str, radix, token: &str| Int::from_str_radix(digits, radix, token).ok().map(Number::Int);
    match digits.get(..2) {
        Some("0x") => whole(&digits[2..], 16, digits),
        Some("0o") => whole(&digits[2..], 8, digits),
        Some("0b") => whole(&digits[2..], 2, digits),
        _ if !digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse().ok().map(Number::Float),
        Some(zero) if zero.starts_with('0') => whole(digits, 8, &format!("0o{digits}")),
        _ => digits.parse().ok().map(Number::Int),
    }
}

/// The text of a string without its escape sequences.
fn unescaped(text: &str, unicode: bool, raw: bool) -> Option<String> {
    let mut found = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('\\') {
        found.push_str(&rest[..place]);
        rest = &rest[place..];
        let (value, length) = escape(rest, unicode, raw)?;
        match value {
            Some(value) => found.push(value),
            // What means nothing stands for itself.
            None if length == 0 => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                found.push_str(&rest[..length]);
                rest = &rest[length..];
            }
            None => {}
        }
        rest = &rest[length..];
    }
    found.push_str(rest);
    Some(found)
}

/// What an escape sequence at the start of a text stands for, and its length: 0 where it means nothing. `None` for what is
/// no character.
fn escape(text: &str, unicode: bool, raw: bool) -> Option<(Option<char>, usize)> {
    let code = |digits: &str, radix, length| {
        let code = u32::from_str_radix(digits, radix).ok()?;
        Some((Some(char::from_u32(code)?), length))
    };
    let next = text[1..].chars().next();
    let wide = match next {
        Some('u') => 4,
        Some('U') => 8,
        _ => 0,
    };
    if unicode && wide > 0 {
        return code(text.get(2..2 + wide)?, 16, 2 + wide);
    }
    if raw {
        return Some((None, 0));
    }
    let simple = |value| Some((Some(value), 2));
    match next {
        Some('\n') => Some((None, 2)),
        Some(same @ ('\\' | '\'' | '"')) => simple(same),
        Some('a') => simple('\x07'),
        Some('b') => simple('\x08'),
        Some('f') => simple('\x0c'),
        Some('n') => simple('\n'),
        Some('r') => simple('\r'),
        Some('t') => simple('\t'),
        Some('v') => simple('\x0b'),
        Some('x') => code(text.get(2..4)?, 16, 4),
        Some('N') if unicode => None,
        Some('0'..='7') => {
            let digits = text[1..].bytes().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
            code(&text[1..=digits], 8, 1 + digits)
        }
        _ => Some((None, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_behind_a_zero() {
        let values = ["0777", "0", "10l", "0x1fl", "0b11", "0o17", "99999999999999999999"].map(number);
        let values = values.map(|value| value.and_then(|value| value.as_int().map(ToString::to_string)));
        let values = values.map(Option::unwrap_or_default);
        assert_eq!(values, ["511", "0", "10", "31", "3", "15", "99999999999999999999"]);
        assert_eq!(number("010.5"), Some(Number::Float(10.5)));
        assert_eq!(number("1.5j"), Some(Number::Complex { real: 0.0, imag: 1.5 }));
    }

    #[test]
    fn escapes_of_strings_are_not_those_of_unicode_strings() {
        let read = |text, unicode, raw| unescaped(text, unicode, raw);
        assert_eq!(read(r"a\n\x41\101\q\u0041", false, false).as_deref(), Some("a\nAA\\q\\u0041"));
        assert_eq!(read(r"\u0041\U00000042", true, false).as_deref(), Some("AB"));
        assert_eq!(read(r"\u0041\n", true, true).as_deref(), Some("A\\n"));
        assert_eq!(read(r"\n\'", false, true).as_deref(), Some(r"\n\'"));
        assert_eq!(read("a\\\nb", false, false).as_deref(), Some("ab"));
        assert_eq!([read(r"\ud800", true, false), read(r"\x4", false, false)], [None, None]);
        assert_eq!(read("\\é", false, false).as_deref(), Some("\\é"));
    }
}
