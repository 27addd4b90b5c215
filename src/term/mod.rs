//! The one term language: constructors applied to terms, shared by `egg`.
//!
//! A [`Node`] is a constructor or atom (an interned [`Symbol`]) with child
//! [`Id`]s. Which constructors exist, their sorts and their arities are said by
//! the grammar chapter of the book, not here, so a book can grow the language
//! without a change to the crate.
//!
//! ```
//! use trylemma::term::{parse_term, Term};
//!
//! let term: Term = parse_term("(seq pass break)").unwrap();
//! assert_eq!(term.to_string(), "(seq pass break)");
//! ```

pub mod rows;
pub mod words;

use std::fmt;

use egg::{FromOp, Id, Language, RecExpr, Symbol};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// A constructor with its arguments, or an atom (a node without children).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// The constructor's or atom's name.
    pub op: Symbol,
    /// The arguments, in order.
    pub args: Args,
}

/// The arguments of a [`Node`]; few constructors have more than six.
pub type Args = SmallVec<[Id; 6]>;

/// A term without sharing information: nodes in post-order, the root last.
pub type Term = RecExpr<Node>;

impl Node {
    /// Builds the node `(op args…)`.
    pub fn new(op: impl Into<Symbol>, args: impl IntoIterator<Item = Id>) -> Self {
        Node { op: op.into(), args: args.into_iter().collect() }
    }
}

impl Language for Node {
    type Discriminant = (Symbol, usize);

    fn discriminant(&self) -> Self::Discriminant {
        (self.op, self.args.len())
    }

    fn matches(&self, other: &Self) -> bool {
        self.op == other.op && self.args.len() == other.args.len()
    }

    fn children(&self) -> &[Id] {
        &self.args
    }

    fn children_mut(&mut self) -> &mut [Id] {
        &mut self.args
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.op.fmt(f)
    }
}

impl FromOp for Node {
    type Error = std::convert::Infallible;

    fn from_op(op: &str, children: Vec<Id>) -> Result<Self, Self::Error> {
        Ok(Node::new(op, children))
    }
}

/// Parses the s-expression `text` into a term.
///
/// # Errors
/// A one-line description of what is malformed.
pub fn parse_term(text: &str) -> Result<Term, String> {
    text.parse::<Term>().map_err(|e| e.to_string())
}

/// Builds terms bottom up, in a style close to the grammar's own notation.
///
/// ```
/// use trylemma::term::Builder;
///
/// let mut b = Builder::default();
/// let pass = b.atom("pass");
/// let seq = b.node("seq", [pass, pass]);
/// assert_eq!(b.finish(seq).to_string(), "(seq pass pass)");
/// ```
#[derive(Debug, Default, Clone)]
pub struct Builder {
    nodes: Vec<Node>,
}

impl Builder {
    /// Adds `(op args…)` and returns its place in the term under construction.
    pub fn node(&mut self, op: &str, args: impl IntoIterator<Item = Id>) -> Id {
        self.push(Node::new(op, args))
    }

    /// Adds a nullary constructor or an atom. Free text must go through [`escape`].
    pub fn atom(&mut self, name: &str) -> Id {
        self.node(name, [])
    }

    /// Adds `(op text)` for arbitrary text, escaped: an atom, or the tree of a long string.
    pub fn literal(&mut self, op: &str, text: &str) -> Id {
        let atom = match ["str", "unicode"].contains(&op) && is_long(text) {
            true => self.letters(text),
            false => self.atom(&escape(text)),
        };
        self.node(op, [atom])
    }

    fn letters(&mut self, text: &str) -> Id {
        let mut atoms = FxHashMap::default();
        let mut letter = |char: char| self.atom(&escape(char.encode_utf8(&mut [0; 4])));
        let letters: Vec<Id> =
            text.chars().map(|char| *atoms.entry(char).or_insert_with(|| letter(char))).collect();
        rows::tree(&letters, |op, parts| self.push(Node { op, args: parts.into() }))
    }

    /// The node at a place.
    pub fn get(&self, place: Id) -> &Node {
        &self.nodes[usize::from(place)]
    }

    /// Copies a finished term in, and returns its root's place.
    pub fn splice(&mut self, term: &Term) -> Id {
        let first = self.nodes.len();
        for node in term {
            let copy = node.clone().map_children(|id| Id::from(first + usize::from(id)));
            self.nodes.push(copy);
        }
        Id::from(self.nodes.len().saturating_sub(1))
    }

    /// The term under `root`.
    pub fn finish(&self, root: Id) -> Term {
        // A term mostly uses all that was built; what it does not use is left out.
        let mut used = vec![false; self.nodes.len()];
        used[usize::from(root)] = true;
        for place in (0..=usize::from(root)).rev() {
            if used[place] {
                self.nodes[place].for_each(|child| used[usize::from(child)] = true);
            }
        }
        let mut places = vec![Id::from(0); self.nodes.len()];
        let mut nodes = Vec::with_capacity(usize::from(root) + 1);
        for (place, node) in self.nodes.iter().enumerate().filter(|(place, _)| used[*place]) {
            places[place] = Id::from(nodes.len());
            nodes.push(node.clone().map_children(|child| places[usize::from(child)]));
        }
        Term::from(nodes)
    }

    fn push(&mut self, node: Node) -> Id {
        self.nodes.push(node);
        Id::from(self.nodes.len() - 1)
    }
}

/// Characters that the atom of a string has at most; a longer string is a tree of characters.
const LONG: usize = 64;

/// Whether a string is too long for an atom.
pub fn is_long(text: &str) -> bool {
    text.len() > LONG && text.chars().nth(LONG).is_some()
}

/// The text that an atom of a term spells, or the tree of a long string.
pub fn text_of(term: &Term, id: Id) -> String {
    if !["row", "rows"].contains(&term[id].op.as_str()) || term[id].args.is_empty() {
        return unescape(term[id].op.as_str());
    }
    term[id].args.iter().map(|part| text_of(term, *part)).collect()
}

/// Makes any text an atom that survives an s-expression: everything but
/// letters, digits, `_`, `.` and `-` becomes `%` and the UTF-8 bytes in hex.
/// The empty text becomes `%`.
pub fn escape(text: &str) -> String {
    if text.is_empty() {
        return "%".into();
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-') {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02x}"));
        }
    }
    out
}

/// The inverse of [`escape`]. Text that is not well escaped is returned as it is.
pub fn unescape(atom: &str) -> String {
    let mut bytes = Vec::with_capacity(atom.len());
    let mut rest = atom.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'%', None) if tail.is_empty() && bytes.is_empty() => rest = tail,
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| atom.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_survives_as_an_atom() {
        for text in ["", "a b", "(x)", "?v", "100%", "é\n\"q\"", "%41"] {
            assert_eq!(unescape(&escape(text)), text);
            let mut b = Builder::default();
            let root = b.literal("str", text);
            let term = b.finish(root);
            assert_eq!(parse_term(&term.to_string()).unwrap(), term);
        }
    }
}
