//! The words of a source as the tokenizers of Python 1.5 to 2.7 find them, one at a time: which are keywords may change on
//! the way.

use std::collections::VecDeque;

use crate::book::syntax::{Grammar, Kind};

/// A word and where it stands. The ends of lines and changes of indentation are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What is no word: where, and what is said of it.
pub(super) type Fault = (usize, &'static str);

/// Columns that a tab leads to.
const TAB: usize = 8;

/// Reads words.
pub(super) struct Words<'a> {
    text: &'a str,
    grammar: &'a Grammar,
    place: usize,
    /// The columns that suites begin at.
    indentation: Vec<usize>,
    brackets: usize,
    /// Whether a logical line begins here.
    fresh: bool,
    ready: VecDeque<Token>,
}

impl<'a> Words<'a> {
    pub(super) fn new(text: &'a str, grammar: &'a Grammar) -> Self {
        let (indentation, ready) = (vec![0], VecDeque::new());
        Words { text, grammar, place: 0, indentation, brackets: 0, fresh: true, ready }
    }

    /// The next word; behind the last one stands the end of the file, again and again.
    pub(super) fn next(&mut self) -> Result<Token, Fault> {
        if let Some(token) = self.ready.pop_front() {
            return Ok(token);
        }
        if self.fresh {
            self.fresh = false;
            self.indent()?;
            if let Some(token) = self.ready.pop_front() {
                return Ok(token);
            }
        }
        self.skip_blanks()?;
        match self.rest().chars().next() {
            None => Ok(self.end()),
            Some('\n') => {
                let token = self.empty(Kind::Newline);
                self.place += 1;
                self.fresh = true;
                Ok(token)
            }
            Some(first) => self.word(first),
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.place..]
    }

    fn empty(&self, kind: Kind) -> Token {
        Token { kind, start: self.place, end: self.place }
    }

    /// The end of a file that ends in the middle of a line ends that, too.
    fn end(&mut self) -> Token {
        let open = self.indentation.len() - 1;
        self.indentation.truncate(1);
        for _ in 0..open {
            self.ready.push_back(self.empty(Kind::Dedent));
        }
        self.ready.push_back(self.empty(Kind::End));
        if self.is_in_line() {
            return self.empty(Kind::Newline);
        }
        self.ready.pop_front().unwrap_or(self.empty(Kind::End))
    }

    /// Whether something stands on the last line that no line end ends.
    fn is_in_line(&mut self) -> bool {
        !std::mem::replace(&mut self.fresh, true) && self.brackets == 0
    }

    /// Goes to the first line that is not blank, and tells how its indentation differs from that of the line before.
    fn indent(&mut self) -> Result<(), Fault> {
        let column = loop {
            let column = self.column();
            match self.rest().chars().next() {
                None => {
                    // Blank lines at the end of the file close no suite by themselves.
                    self.fresh = true;
                    return Ok(());
                }
                Some('#' | '\n') => {
                    let length = self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
                    self.place += length;
                }
                Some(_) => break column,
            }
        };
        let current = self.indentation.last().copied().unwrap_or_default();
        if column > current {
            self.indentation.push(column);
            self.ready.push_back(self.empty(Kind::Indent));
        }
        while self.indentation.last().is_some_and(|current| column < *current) {
            self.indentation.pop();
            self.ready.push_back(self.empty(Kind::Dedent));
        }
        if self.indentation.last() != Some(&column) {
            return Err((self.place, "unindent does not match any outer indentation level"));
        }
        Ok(())
    }

    /// The column of the first word of a line, whose blanks are passed.
    fn column(&mut self) -> usize {
        let mut column = 0;
        loop {
            match self.text.as_bytes().get(self.place) {
                Some(b' ') => column += 1,
                Some(b'\t') => column = (column / TAB + 1) * TAB,
                Some(b'\x0c') => column = 0,
                _ => return column,
            }
            self.place += 1;
        }
    }

    /// Passes blanks, comments, and the ends of lines that end nothing.
    fn skip_blanks(&mut self) -> Result<(), Fault> {
        loop {
            let rest = self.rest();
            let length = match rest.as_bytes().first() {
                Some(b' ' | b'\t' | b'\x0c') => 1,
                Some(b'\n') if self.brackets > 0 => 1,
                Some(b'#') => rest.find('\n').unwrap_or(rest.len()),
                Some(b'\\') if rest.starts_with("\\\n") => 2,
                // Whatever ends with a backslash goes on with nothing.
                Some(b'\\') if rest.len() == 1 => 1,
                Some(b'\\') => {
                    return Err((self.place, "unexpected character after line continuation character"));
                }
                _ => return Ok(()),
            };
            self.place += length;
        }
    }

    fn token(&mut self, kind: Kind, length: usize) -> Token {
        let start = self.place;
        self.place += length;
        Token { kind, start, end: self.place }
    }

    fn word(&mut self, first: char) -> Result<Token, Fault> {
        let rest = self.rest();
        if let Some(prefix) = self.prefix() {
            let length =
                string(&rest[prefix..]).map_err(|(place, why)| (self.place + prefix + place, why))?;
            return Ok(self.token(Kind::Text, prefix + length));
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            return Ok(self.token(Kind::Name, length));
        }
        let then = rest.as_bytes().get(first.len_utf8());
        if first.is_ascii_digit() || first == '.' && then.is_some_and(u8::is_ascii_digit) {
            let length = number(rest, self.grammar).ok_or((self.place, "invalid token"))?;
            return Ok(self.token(Kind::Number, length));
        }
        let sign = self.grammar.signs.iter().find(|sign| rest.starts_with(sign.as_str()));
        match first {
            '(' | '[' | '{' => self.brackets += 1,
            ')' | ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        let length = sign.map_or(first.len_utf8(), String::len);
        Ok(self.token(Kind::Sign, length))
    }

    /// The length of the prefix of a string that begins here.
    fn prefix(&self) -> Option<usize> {
        let rest = self.rest();
        let quote = rest.find(['"', '\'']).filter(|place| *place <= 2)?;
        let is_known = quote == 0 || self.grammar.prefixes.contains(&rest[..quote].to_ascii_lowercase());
        is_known.then_some(quote)
    }
}

/// The length of a string that begins with its quote.
fn string(text: &str) -> Result<usize, Fault> {
    let quote = &text[..1];
    let triple = quote.repeat(3);
    let is_triple = text.starts_with(&triple);
    let end = if is_triple { triple.as_str() } else { quote };
    let mut place = end.len();
    while let Some(next) = text[place..].chars().next() {
        if text[place..].starts_with(end) {
            return Ok(place + end.len());
        }
        place += match next {
            '\\' => 1 + text[place + 1..].chars().next().map_or(0, char::len_utf8),
            '\n' if !is_triple => break,
            _ => next.len_utf8(),
        };
    }
    match is_triple {
        true => Err((place, "EOF while scanning triple-quoted string literal")),
        false => Err((place, "EOL while scanning string literal")),
    }
}

/// The length of a number; `None` where it is none.
fn number(text: &str, grammar: &Grammar) -> Option<usize> {
    let digits = |from: usize, fits: fn(&char) -> bool| {
        from + text[from..].chars().take_while(fits).map(char::len_utf8).sum::<usize>()
    };
    let decimal: fn(&char) -> bool = char::is_ascii_digit;
    let at = |place: usize, any: &str| text[place..].chars().next().is_some_and(|c| any.contains(c));
    let radix = text.get(..2).map(str::to_ascii_lowercase).filter(|radix| grammar.radices.contains(radix));
    if let Some(radix) = radix {
        let fits: fn(&char) -> bool = match radix.as_str() {
            "0x" => char::is_ascii_hexdigit,
            "0o" => |c| ('0'..='7').contains(c),
            _ => |c| ('0'..='1').contains(c),
        };
        let end = digits(2, fits);
        return (end > 2).then_some(end + usize::from(at(end, "lL")));
    }
    let whole = digits(0, decimal);
    let mut end = whole;
    if at(end, ".") {
        end = digits(end + 1, decimal);
    }
    if at(end, "eE") {
        let sign = usize::from(at(end + 1, "+-"));
        let power = digits(end + 1 + sign, decimal);
        end = if power > end + 1 + sign { power } else { end };
    }
    end += usize::from(end == whole && at(end, "lL") || at(end, "jJ"));
    // Zero in front makes a number octal.
    let octal = whole > 1 && text.starts_with('0') && end - whole <= usize::from(at(whole, "lL"));
    (!octal || text[..whole].bytes().all(|digit| digit < b'8')).then_some(end)
}
