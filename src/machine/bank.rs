//! The bank of shared terms, in which equal terms have one [`Id`] and nothing is ever united:
//! an e-graph for the reference stepper, an [`Arena`] for the compiled one.
//!
//! Without unions each class of the e-graph holds one node and each term has one class, so an
//! [`Id`] *is* a term, and equal states are the same state.

use std::cmp::Ordering;
use std::sync::Arc;

use egg::{Analysis, DidMerge, EGraph, ENodeOrVar, Id, Language, PatternAst, Subst, Symbol};

use rustc_hash::FxHashMap;

use crate::limits::Limits;
use crate::machine::arena::Arena;
use crate::machine::caches::{Index, Notes};
use crate::machine::domain::Counted;
use crate::machine::fingerprint::{Fingerprint, Fingerprints};
use crate::machine::sequence;
use crate::term::words::words;
use crate::term::{Node, Term, escape, is_long, unescape};

/// What is known of a term without walking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measure {
    /// Whether a part of the term is unknown.
    pub unknown: bool,
    /// How many nodes it has when written out, without sharing; the largest number stands for all that do not fit.
    nodes: u32,
    /// How deeply it is nested; an atom is 1 deep.
    pub depth: u32,
    /// How many callers' activations it holds. An atom holds none: there it is one more than the number that the atom
    /// writes, and 0 where it writes none. (There are millions of measures.)
    tally: u32,
    /// The numbers of the exceptions in it, as bits. Bit 0 is always set: 0 is the number of
    /// an exception that was not raised yet.
    pub exceptions: u64,
}

/// The largest number of an exception. A state that holds more of them at a time, which takes
/// a program with as many names bound to exceptions, tells the rest apart no longer.
pub const MAX_EXCEPTION: u32 = 63;

impl Measure {
    /// The number that the atom writes.
    #[inline]
    pub fn number(&self) -> Option<u32> {
        if self.depth == 1 { self.tally.checked_sub(1) } else { None }
    }

    /// How many nodes the term has when written out, without sharing; beyond 32 bits they are not counted, and are more
    /// than any limit.
    #[inline]
    pub fn size(&self) -> u64 {
        if self.nodes == u32::MAX { u64::MAX } else { self.nodes.into() }
    }

    /// How many callers' activations the term holds.
    #[inline]
    pub fn activations(&self) -> u32 {
        if self.depth == 1 { 0 } else { self.tally }
    }

    /// The measure of `(op args…)`, from those of its arguments.
    #[inline]
    pub fn of<'a>(
        counted: &Counted,
        op: Symbol,
        args: &[Id],
        measure_of: impl Fn(Id) -> &'a Measure,
        op_of: impl Fn(Id) -> Symbol,
    ) -> Measure {
        let mut measure = Measure { exceptions: 1, ..Measure::default() };
        for arg in args {
            let part = measure_of(*arg);
            measure.unknown |= part.unknown;
            measure.depth = measure.depth.max(part.depth);
            measure.nodes = measure.nodes.saturating_add(part.nodes);
            measure.tally = measure.tally.max(part.activations());
            measure.exceptions |= part.exceptions;
        }
        measure.depth = measure.depth.saturating_add(1);
        measure.nodes = measure.nodes.saturating_add(1);
        if args.is_empty() {
            // An atom may be any word of a program, also one that a constructor has.
            measure.tally = op.as_str().parse().map_or(0, |number: u32| number.saturating_add(1));
            return measure;
        }
        let op = Some(op);
        if let (true, Some(number)) = (counted.numbered.contains(&op), args.last()) {
            let number = measure_of(*number).number().unwrap_or(0);
            measure.exceptions |= 1 << MAX_EXCEPTION.min(number);
        }
        if let (true, [exceptions]) = (op == Some(words().below), args) {
            // What stands for a stack tells which exceptions are in it; a stack with anything unknown is never put away.
            measure.exceptions |= op_of(*exceptions).as_str().parse().unwrap_or(u64::MAX);
        }
        if op == counted.text {
            // However the text is kept.
            measure.nodes = 2;
        }
        measure.unknown |= op == counted.unknown;
        measure.tally += u32::from(op == counted.activation);
        measure
    }
}

/// The e-class analysis that keeps a [`Measure`] for each term.
#[derive(Debug, Clone, Default)]
pub struct Measuring {
    counted: Counted,
}

impl Measuring {
    /// The analysis that counts these constructors.
    pub fn of(counted: Counted) -> Measuring {
        Measuring { counted }
    }
}

impl Analysis<Node> for Measuring {
    type Data = Measure;

    fn make(egraph: &mut EGraph<Node, Self>, node: &Node, _id: Id) -> Measure {
        let counted = &egraph.analysis.counted;
        Measure::of(counted, node.op, &node.args, |arg| &egraph[arg].data, |arg| egraph[arg].nodes[0].op)
    }

    fn merge(&mut self, _a: &mut Measure, _b: Measure) -> DidMerge {
        // Only the agreement check unites, and only states, which are parts of nothing.
        DidMerge(false, false)
    }
}

/// Terms without unions.
#[derive(Debug, Clone)]
pub struct Bank {
    terms: Terms,
    fingerprints: Fingerprints,
    /// Whole terms that are asked for again and again, by a name.
    kept: FxHashMap<Symbol, Id>,
    /// Members or characters that a value has at most.
    largest: usize,
    /// The limit that a function came upon.
    limit: std::cell::Cell<Option<&'static str>>,
    /// The function that gave what the book does not declare.
    rejected: std::cell::Cell<Option<Symbol>>,
    /// What was found out about terms that are costly to walk.
    noted: Notes,
}

#[derive(Debug, Clone)]
enum Terms {
    Egg(Box<EGraph<Node, Measuring>>),
    Flat(Arena),
}

impl Terms {
    #[inline]
    fn get(&self, id: Id) -> &Node {
        match self {
            Terms::Flat(arena) => arena.get(id),
            Terms::Egg(egraph) => &egraph[id].nodes[0],
        }
    }
}

impl Default for Bank {
    fn default() -> Self {
        Bank::new(Terms::Flat(Arena::default()))
    }
}

impl Bank {
    fn new(terms: Terms) -> Bank {
        Bank {
            terms,
            fingerprints: Fingerprints::default(),
            kept: FxHashMap::default(),
            largest: Limits::default().members,
            limit: Default::default(),
            rejected: Default::default(),
            noted: Notes::default(),
        }
    }

    /// An empty bank for the compiled stepper, that counts these constructors in its terms.
    pub fn counting(counted: Counted) -> Bank {
        Bank::new(Terms::Flat(Arena::new(counted)))
    }

    /// The bank, in which values have at most so many members or characters.
    pub fn with_largest(self, largest: usize) -> Bank {
        Bank { largest, ..self }
    }

    /// How many members or characters a value has at most.
    pub fn largest(&self) -> usize {
        self.largest
    }

    /// To be called by functions that come upon a limit: the state at hand has no successor.
    pub fn reach(&self, limit: &'static str) {
        self.limit.set(Some(limit));
    }

    /// A function gave what the book does not declare: the state at hand has no successor.
    pub fn reject(&self, function: Symbol) {
        self.rejected.set(Some(function));
    }

    /// The function that gave what the book does not declare, since this was asked last.
    pub fn rejected(&self) -> Option<Symbol> {
        self.rejected.take()
    }

    /// The limit that a function came upon since this was asked last.
    pub fn limit_reached(&self) -> Option<&'static str> {
        self.limit.take()
    }

    /// The text that an atom spells, or the tree of a long one.
    pub fn text(&self, text: Id) -> String {
        if !sequence::is_tree(self, text) {
            return unescape(self.op(text).as_str());
        }
        sequence::all(self, text)
            .into_iter()
            .map(|letter| self.noted.char(letter, || self.op(letter)))
            .collect()
    }

    /// The atom that spells a text, or the tree of a long one: texts that come and go are not interned.
    pub fn add_text(&mut self, text: &str) -> Id {
        if !is_long(text) {
            return self.node(&escape(text), []);
        }
        let letters: Vec<Id> = text.chars().map(|char| self.letter(char)).collect();
        sequence::of(self, &letters)
    }

    /// The atom of a character.
    pub fn letter(&mut self, char: char) -> Id {
        if let Some(letter) = self.noted.letter(char) {
            return letter;
        }
        let letter = self.node(&escape(char.encode_utf8(&mut [0; 4])), []);
        self.noted.note_letter(char, letter);
        letter
    }

    /// The members of a long `Values`; `None` where it is short.
    pub fn unrolled(&self, chain: Id) -> Option<Arc<[Id]>> {
        self.noted.unrolled(chain, |id| self.get(id))
    }

    /// The numbers of the objects that an object refers to, noted by its entry on the heap.
    pub fn numbers_in(&self, entry: Id, numbers: impl FnOnce() -> Vec<u32>) -> Arc<[u32]> {
        self.noted.numbers(entry, numbers)
    }

    /// The parts of a term that matter to somebody, noted by the term.
    pub fn parts_of(&self, term: Id, parts: impl FnOnce() -> Vec<Id>) -> Arc<[Id]> {
        self.noted.parts(term, parts)
    }

    /// The names of attributes that a piece of code stores, and those by which it asks for attributes, noted by it.
    pub fn attributes_in(&self, code: Id, names: impl FnOnce() -> [Vec<Id>; 2]) -> [Arc<[Id]>; 2] {
        self.noted.attributes(code, names)
    }

    /// What unknowns in a term raise, noted by the term.
    pub fn raised_in(&self, term: Id, raised: impl FnOnce() -> Vec<Id>) -> Arc<[Id]> {
        self.noted.raised(term, raised)
    }

    /// What is read where control and its frames are these, noted by both and by one of two purposes; `None` where anything
    /// may be.
    pub fn reads_of(
        &self,
        terms: (Id, Id, bool),
        reads: impl FnOnce() -> Option<Arc<[Id]>>,
    ) -> Option<Arc<[Id]>> {
        self.noted.reads(terms, reads)
    }

    /// What was noted of where a dict or set has its keys, to be changed and noted again.
    pub fn take_index(&self, payload: Id) -> Option<Index> {
        self.noted.take_index(payload)
    }

    /// Notes where a dict or set has its keys.
    pub fn note_index(&self, payload: Id, index: Index) {
        self.noted.note_index(payload, index);
    }

    /// An empty bank that egg can match in, and that counts these constructors in its terms.
    pub fn for_egg(counted: Counted) -> Bank {
        Bank::from_egraph(EGraph::new(Measuring::of(counted)))
    }

    /// The e-graph, for matching, where the bank has one.
    pub fn egraph(&self) -> Option<&EGraph<Node, Measuring>> {
        match &self.terms {
            Terms::Egg(egraph) => Some(egraph),
            Terms::Flat(_) => None,
        }
    }

    /// A bank over an e-graph of its own kind.
    pub(crate) fn from_egraph(egraph: EGraph<Node, Measuring>) -> Bank {
        Bank::new(Terms::Egg(Box::new(egraph)))
    }

    /// Gives the e-graph away; an empty one where the bank has none.
    pub(crate) fn into_egraph(self) -> EGraph<Node, Measuring> {
        match self.terms {
            Terms::Egg(egraph) => *egraph,
            Terms::Flat(_) => EGraph::default(),
        }
    }

    /// An empty bank of the same kind.
    pub fn emptied(&self) -> Bank {
        let bank = match &self.terms {
            Terms::Egg(egraph) => Bank::for_egg(egraph.analysis.counted),
            Terms::Flat(arena) => Bank::counting(arena.counted()),
        };
        bank.with_largest(self.largest)
    }

    /// Adds a node; equal nodes have equal ids.
    pub fn add(&mut self, node: Node) -> Id {
        match &mut self.terms {
            Terms::Flat(arena) => arena.make(node.op, &node.args),
            Terms::Egg(egraph) => {
                let id = egraph.add(node);
                settle(egraph);
                id
            }
        }
    }

    /// Adds `(op args…)`, its name interned already.
    #[inline]
    pub fn make(&mut self, op: Symbol, args: &[Id]) -> Id {
        match &mut self.terms {
            Terms::Flat(arena) => arena.make(op, args),
            Terms::Egg(_) => self.add(Node { op, args: args.into() }),
        }
    }

    /// Adds `(op args…)`.
    pub fn node(&mut self, op: &str, args: impl IntoIterator<Item = Id>) -> Id {
        self.add(Node::new(op, args))
    }

    /// Adds a whole term and returns its root.
    pub fn add_term(&mut self, term: &Term) -> Id {
        let mut ids: Vec<Id> = Vec::with_capacity(term.len());
        for node in term {
            let mut node = node.clone();
            for arg in &mut node.args {
                *arg = ids[usize::from(*arg)];
            }
            ids.push(self.add(node));
        }
        ids.last().copied().unwrap_or_default()
    }

    /// A whole term, added when its name is asked for first.
    pub fn keep(&mut self, name: Symbol, term: &Term) -> Id {
        if let Some(id) = self.kept.get(&name) {
            return *id;
        }
        let id = self.add_term(term);
        self.kept.insert(name, id);
        id
    }

    /// Adds the pattern under a substitution that binds all its variables.
    pub fn instantiate(&mut self, pattern: &PatternAst<Node>, subst: &Subst) -> Id {
        if let Terms::Egg(egraph) = &mut self.terms {
            let id = egraph.add_instantiation(pattern, subst);
            settle(egraph);
            return id;
        }
        let mut ids: Vec<Id> = Vec::with_capacity(pattern.len());
        for node in pattern {
            ids.push(match node {
                ENodeOrVar::Var(var) => subst[*var],
                ENodeOrVar::ENode(node) => {
                    self.add(node.clone().map_children(|child| ids[usize::from(child)]))
                }
            });
        }
        ids.last().copied().unwrap_or_default()
    }

    /// The one node of a term.
    #[inline]
    pub fn get(&self, id: Id) -> &Node {
        self.terms.get(id)
    }

    /// The constructor or atom at the root of a term.
    #[inline]
    pub fn op(&self, id: Id) -> Symbol {
        self.get(id).op
    }

    /// The `index`-th argument of a term; the term itself where it has none, so that no book, however
    /// it declares its constructors, makes a function fail.
    pub fn arg(&self, id: Id, index: usize) -> Id {
        self.get(id).args.get(index).copied().unwrap_or(id)
    }

    /// What is known of the term.
    #[inline]
    pub fn measure(&self, id: Id) -> Measure {
        match &self.terms {
            Terms::Flat(arena) => arena.measure(id),
            Terms::Egg(egraph) => egraph[id].data,
        }
    }

    /// The fingerprint of a term, which is the same in every bank.
    #[inline]
    pub fn fingerprint(&mut self, id: Id) -> Fingerprint {
        let Bank { terms, fingerprints, .. } = self;
        fingerprints.of(usize::from(id), |place| terms.get(Id::from(place)))
    }

    /// About how many bytes the terms take: a node with its arguments, its measure and its place in the table.
    pub fn bytes(&self) -> usize {
        self.len() * 100 + self.fingerprints.len() * size_of::<Fingerprint>()
    }

    /// How many distinct terms the bank holds.
    pub fn len(&self) -> usize {
        match &self.terms {
            Terms::Flat(arena) => arena.len(),
            Terms::Egg(egraph) => egraph.total_size(),
        }
    }

    /// Whether the bank is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An order of terms that does not depend on when they were added. Two terms share
    /// what they have in common, so only the first difference is walked to.
    pub fn order(&self, left: Id, right: Id) -> Ordering {
        let (mut left, mut right) = (left, right);
        while left != right {
            let (l, r) = (self.get(left), self.get(right));
            let by_root = l.op.as_str().cmp(r.op.as_str()).then(l.args.len().cmp(&r.args.len()));
            match l.args.iter().zip(&r.args).find(|(l, r)| l != r) {
                Some((l, r)) if by_root.is_eq() => (left, right) = (*l, *r),
                _ => return by_root,
            }
        }
        Ordering::Equal
    }

    /// The term without sharing.
    pub fn term(&self, id: Id) -> Term {
        self.get(id).build_recexpr(|child| self.get(child).clone())
    }

    /// The term as an s-expression.
    pub fn show(&self, id: Id) -> String {
        let mut out = String::new();
        self.write(id, &mut out);
        out
    }

    fn write(&self, id: Id, out: &mut String) {
        enum Part {
            Term(Id),
            Text(&'static str),
        }
        let mut stack = vec![Part::Term(id)];
        while let Some(part) = stack.pop() {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Term(id) => {
                    let node = self.get(id);
                    if node.args.is_empty() {
                        out.push_str(node.op.as_str());
                        continue;
                    }
                    out.push('(');
                    out.push_str(node.op.as_str());
                    stack.push(Part::Text(")"));
                    for arg in node.args.iter().rev() {
                        stack.push(Part::Term(*arg));
                        stack.push(Part::Text(" "));
                    }
                }
            }
        }
    }
}

/// Tells egg that the e-graph may be searched. Adding a node to an e-graph without unions
/// leaves every class canonical, so the rebuilding that egg asks for
/// after an addition would change nothing.
fn settle(egraph: &mut EGraph<Node, Measuring>) {
    egraph.clean = true;
}
