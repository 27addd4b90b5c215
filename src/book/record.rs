//! Constructors whose parts have names, so that a rule shows only those that it is about.
//!
//! `?w{handled: ?x}` on a left side names parts of what stands there, the others having the variables that the
//! declaration gives them. Elsewhere in the rule `?w` is the same again, and `?w{handled: none}` the same but for
//! one part. All of it is written out when the book is read: what runs are plain patterns.

use std::borrow::Cow;

/// A declaration: `?w = (world locals: ?l … callers: ?d)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    variable: String,
    constructor: String,
    /// Each part's name, and the variable that stands for it where a rule does not say another.
    parts: Vec<(String, String)>,
}

/// The parts of a record in a rule.
type Parts = Vec<String>;

impl Record {
    /// Reads a line of a `record` block.
    ///
    /// # Errors
    /// What is malformed.
    pub fn parse(line: &str) -> Result<Record, String> {
        let malformed = || format!("`{line}`: expected `?w = (constructor name: ?v …)`");
        let (variable, term) = line.split_once(" = ").ok_or_else(malformed)?;
        let term = term.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')')).ok_or_else(malformed)?;
        let mut words = term.split_whitespace();
        let constructor = words.next().ok_or_else(malformed)?;
        let mut parts = Vec::new();
        while let Some(name) = words.next() {
            let name = name.strip_suffix(':').ok_or_else(malformed)?;
            let value = words.next().filter(|word| word.starts_with('?')).ok_or_else(malformed)?;
            parts.push((name.to_string(), value.to_string()));
        }
        let variable = variable.trim();
        match variable.starts_with('?') && !parts.is_empty() {
            true => Ok(Record { variable: variable.into(), constructor: constructor.into(), parts }),
            false => Err(malformed()),
        }
    }

    /// The variable, such as `?w`.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// The pattern that the declaration stands for, with its own variables.
    pub fn pattern(&self) -> String {
        self.term(&self.own())
    }

    fn own(&self) -> Parts {
        self.parts.iter().map(|(_, variable)| variable.clone()).collect()
    }

    fn term(&self, parts: &Parts) -> String {
        format!("({} {})", self.constructor, parts.join(" "))
    }

    /// Where the variable stands next in a text, as a whole word.
    fn find(&self, text: &str) -> Option<usize> {
        let goes_on = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let places = text.match_indices(self.variable.as_str());
        let whole = |at: &usize| !text[at + self.variable.len()..].starts_with(goes_on);
        places.map(|(at, _)| at).find(whole)
    }

    /// The parts behind the variable, with `base` for those that are not named, and what is left of the text.
    fn read<'a>(&self, text: &'a str, base: &Parts) -> Result<(Parts, &'a str), String> {
        let mut parts = base.clone();
        let Some(inner) = text.strip_prefix('{') else { return Ok((parts, text)) };
        let (inner, rest) = inner.split_once('}').ok_or_else(|| format!("`{text}`: `{{` without `}}`"))?;
        let mut named = Vec::new();
        for part in inner.split(',') {
            let (name, term) =
                part.split_once(':').ok_or_else(|| format!("`{part}`: expected `name: term`"))?;
            let (name, term) = (name.trim(), term.trim());
            let place = self.parts.iter().position(|(known, _)| known == name).ok_or_else(|| {
                let known: Vec<&str> = self.parts.iter().map(|(known, _)| known.as_str()).collect();
                format!("`{}` has no part `{name}`, but {}", self.variable, known.join(", "))
            })?;
            if named.contains(&place) {
                return Err(format!("the part `{name}` is named twice"));
            }
            named.push(place);
            parts[place] = term.to_string();
        }
        Ok((parts, rest))
    }

    /// The parts that a left side has: those that it names, and the declared variables.
    fn parts_of(&self, left: &str) -> Result<Parts, String> {
        let at = self.find(left).ok_or_else(|| {
            format!("the left side has no `{}`, of which the rule names parts", self.variable)
        })?;
        Ok(self.read(&left[at + self.variable.len()..], &self.own())?.0)
    }

    fn expand(&self, text: &str, base: &Parts) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = self.find(rest) {
            let (parts, behind) = self.read(&rest[at + self.variable.len()..], base)?;
            out.push_str(&rest[..at]);
            out.push_str(&self.term(&parts));
            rest = behind;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The records that one rule names parts of, with the parts that its left side has.
#[derive(Debug, Default)]
pub struct Expansion<'a> {
    records: Vec<(&'a Record, Parts)>,
}

impl<'a> Expansion<'a> {
    /// What is to be written out in a rule, given its whole text and its left side.
    ///
    /// # Errors
    /// What is malformed.
    pub fn of(records: &'a [Record], rule: &str, left: &str) -> Result<Expansion<'a>, String> {
        let named = records.iter().filter(|record| rule.contains(&format!("{}{{", record.variable)));
        let records = named.map(|record| Ok((record, record.parts_of(left)?)));
        Ok(Expansion { records: records.collect::<Result<_, String>>()? })
    }

    /// A piece of the rule, written out.
    ///
    /// # Errors
    /// What is malformed.
    pub fn expand<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, String> {
        let mut text = Cow::Borrowed(text);
        for (record, parts) in &self.records {
            text = Cow::Owned(record.expand(&text, parts)?);
        }
        match text.contains(['{', '}']) {
            true => Err(format!("`{}`: no `record` block names the parts of what stands there", text.trim())),
            false => Ok(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> [Record; 1] {
        [Record::parse("?w = (world locals: ?l handled: ?h)").expect("a declaration")]
    }

    fn expanded(left: &str, piece: &str) -> Result<String, String> {
        let records = world();
        let expansion = Expansion::of(&records, &format!("{left} {piece}"), left)?;
        expansion.expand(piece).map(Cow::into_owned)
    }

    #[test]
    fn parts_that_are_not_named_are_those_of_the_left_side() {
        let of = |left, piece| expanded(left, piece).expect("it is well formed");
        assert_eq!(of("(a ?w{handled: none})", "(a ?w{handled: none})"), "(a (world ?l none))");
        assert_eq!(of("(a ?w{handled: none})", "(b ?w ?w1)"), "(b (world ?l none) ?w1)");
        assert_eq!(of("(a ?w)", "(b ?w{handled: (f ?x), locals: ?l1})"), "(b (world ?l1 (f ?x)))");
        assert_eq!(of("(a ?w)", "(b ?w)"), "(b ?w)");
    }

    #[test]
    fn what_is_no_part_is_named() {
        let fails = |left, piece| expanded(left, piece).expect_err("it is malformed");
        assert_eq!(fails("(a ?w)", "(a ?w{handeld: ?x})"), "`?w` has no part `handeld`, but locals, handled");
        assert!(fails("(a ?w)", "(a ?w{handled: ?x, handled: ?y})").contains("named twice"));
        assert!(fails("(a ?w)", "(a ?w{handled: ?x)").contains("`{` without `}`"));
        assert!(fails("(a ?k)", "(a ?w{handled: ?x})").contains("the left side has no `?w`"));
        assert!(fails("(a ?w)", "(a ?k{handled: ?x})").contains("no `record` block"));
    }
}
