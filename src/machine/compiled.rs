//! The compiled stepper: a decision table on control and top frame, and flat code behind it.
//!
//! A cell of the table is control, its first part and the top frame. When a cell is met first, the
//! rules that it admits are translated into code for it: loads of the parts that the rule
//! speaks of, the tests that the cell leaves open, calls, and a template of what is built.
//! It is made from the patterns alone and knows nothing of what they mean.

use std::sync::Arc;

use egg::{ENodeOrVar, Id, Symbol, Var};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::book::Book;
use crate::book::grammar::Grammar;
use crate::book::rule::{Pattern, Premise, Rule};
use crate::machine::bank::Bank;
use crate::machine::declared::Declared;
use crate::machine::domain::{Context, Domain, Function, Results, Tables};
use crate::machine::stepper::{Cell, Edge, candidates, frames_place};
use crate::term::words::words;
use crate::term::{Node, Term};

/// A place for a part of the state, or for a premise's result.
type Register = u8;

/// The rules of a book, translated as far as they were needed.
#[derive(Debug, Clone)]
pub struct Rules {
    domain: &'static dyn Domain,
    source: Arc<[Rule]>,
    grammar: Arc<Grammar>,
    /// Whether functions are held against the grammar: the rules were, and nobody has done so for this book.
    checked: bool,
    cells: FxHashMap<Cell, u32>,
    code: Vec<Vec<Code>>,
    ground: Ground,
    registers: Vec<Id>,
}

/// Terms without variables, kept in the bank from their first use on.
#[derive(Debug, Clone, Default)]
struct Ground {
    terms: Vec<Term>,
    ids: Vec<Option<Id>>,
}

/// One rule, for one cell.
#[derive(Debug, Clone)]
struct Code {
    rule: u32,
    matching: Vec<Match>,
    premises: Vec<Call>,
    target: Template,
    events: Vec<Template>,
}

/// An instruction of a left side.
#[derive(Debug, Clone)]
enum Match {
    /// Load a part of a term.
    Part { of: Register, index: u8, into: Register },
    /// Fail unless the term has this constructor.
    Is { at: Register, op: Symbol },
    /// Fail unless the term has one of these constructors.
    Among { at: Register, ops: Box<[Symbol]> },
}

/// A premise: a function, its arguments, and what its results are to be.
#[derive(Debug, Clone)]
struct Call {
    function: Function,
    declared: Declared,
    args: Vec<Template>,
    expects: Expects,
}

#[derive(Debug, Clone)]
enum Expects {
    Some,
    None,
    Each(Register),
}

/// What is built.
#[derive(Debug, Clone)]
enum Template {
    Register(Register),
    Ground(u16),
    Node(Symbol, Box<[Template]>),
}

/// How matching a left side ended.
enum Matched {
    Yes,
    No,
    Open(Id),
}

impl Rules {
    /// The rules of a book; nothing is translated yet.
    pub fn new(domain: &'static dyn Domain, book: &Book) -> Rules {
        Rules {
            domain,
            source: book.rules.clone(),
            grammar: book.grammar.clone(),
            checked: !book.is_mutant() && (cfg!(debug_assertions) || !book.is_proven()),
            cells: FxHashMap::default(),
            code: Vec::new(),
            ground: Ground::default(),
            registers: vec![Id::from(0); usize::from(Register::MAX) + 1],
        }
    }

    /// To be called when the bank was emptied.
    pub fn forget(&mut self) {
        self.ground.ids.iter_mut().for_each(|id| *id = None);
    }

    /// The transitions of a state, added to `edges` in the order of the rules; or the hole
    /// that must be filled before they can be told.
    pub(super) fn edges(
        &mut self,
        bank: &mut Bank,
        tables: &Tables,
        state: Id,
        cell: Cell,
        edges: &mut Vec<Edge>,
    ) -> Option<Id> {
        let cell = self.cell(cell);
        let Rules { code, ground, registers, grammar, .. } = self;
        for code in &code[cell] {
            registers[0] = state;
            match code.matches(bank, registers) {
                Matched::No => {}
                Matched::Open(hole) => return Some(hole),
                Matched::Yes => {
                    let mut run = Run { cx: Context { bank, tables }, grammar, ground, registers };
                    run.solve(code, 0, &mut |run| {
                        let events = code.events.iter().map(|event| run.build(event)).collect();
                        let target = run.build(&code.target);
                        edges.push(Edge { rule: code.rule, events, target });
                    });
                }
            }
        }
        None
    }

    /// The rules that match but for a premise, and that premise's place.
    pub(super) fn failed_premises(
        &mut self,
        bank: &mut Bank,
        tables: &Tables,
        state: Id,
        cell: Cell,
    ) -> Vec<(u32, usize)> {
        let cell = self.cell(cell);
        let Rules { code, ground, registers, grammar, .. } = self;
        let mut failed = Vec::new();
        for code in &code[cell] {
            registers[0] = state;
            if let Matched::Yes = code.matches(bank, registers) {
                let mut run = Run { cx: Context { bank, tables }, grammar, ground, registers };
                let reached = run.solve(code, 0, &mut |_| {});
                if reached < code.premises.len() {
                    failed.push((code.rule, reached));
                }
            }
        }
        failed
    }

    fn cell(&mut self, cell: Cell) -> usize {
        if let Some(place) = self.cells.get(&cell) {
            return *place as usize;
        }
        let code = candidates(&self.grammar, &self.source, cell)
            .into_iter()
            .map(|index| {
                let rule = &self.source[index as usize];
                let mut code =
                    Translation::new(self.domain, &self.grammar, &mut self.ground, rule).code(index, cell);
                if !self.checked {
                    code.premises.iter_mut().for_each(|call| call.declared = Declared::default());
                }
                code
            })
            .collect();
        self.code.push(code);
        self.cells.insert(cell, self.code.len() as u32 - 1);
        self.code.len() - 1
    }
}

impl Code {
    #[inline]
    fn matches(&self, bank: &Bank, registers: &mut [Id]) -> Matched {
        let otherwise = |at: Id, found: Symbol| {
            // What is not known may be anything: a hole of the program, or the frames below.
            let open = [words().hole, words().below].contains(&found);
            if open { Matched::Open(at) } else { Matched::No }
        };
        for instruction in &self.matching {
            match instruction {
                Match::Part { of, index, into } => {
                    registers[usize::from(*into)] =
                        bank.get(registers[usize::from(*of)]).args[usize::from(*index)];
                }
                Match::Is { at, op } => {
                    let id = registers[usize::from(*at)];
                    let found = bank.op(id);
                    if found != *op {
                        return otherwise(id, found);
                    }
                }
                Match::Among { at, ops } => {
                    let id = registers[usize::from(*at)];
                    let found = bank.op(id);
                    if !ops.contains(&found) {
                        return otherwise(id, found);
                    }
                }
            }
        }
        Matched::Yes
    }
}

/// Running the code of one rule.
struct Run<'a> {
    cx: Context<'a>,
    grammar: &'a Grammar,
    ground: &'a mut Ground,
    registers: &'a mut [Id],
}

impl Run<'_> {
    /// Calls `then` under each solution of the premises from `place` on. Returns how many
    /// premises held at most.
    fn solve(&mut self, code: &Code, place: usize, then: &mut dyn FnMut(&mut Self)) -> usize {
        let Some(call) = code.premises.get(place) else {
            then(self);
            return place;
        };
        let args: SmallVec<[Id; 6]> = call.args.iter().map(|arg| self.build(arg)).collect();
        let results: Results = (call.function)(&mut self.cx, &args);
        if let Some(function) = call.declared.misfit(self.grammar, self.cx.bank, &results) {
            self.cx.bank.reject(function);
        }
        match call.expects {
            Expects::Some if results.is_empty() => place,
            Expects::None if !results.is_empty() => place,
            Expects::Some | Expects::None => self.solve(code, place + 1, then),
            Expects::Each(register) => {
                let mut reached = place;
                for result in results {
                    self.registers[usize::from(register)] = result;
                    reached = reached.max(self.solve(code, place + 1, then));
                }
                reached
            }
        }
    }

    fn build(&mut self, template: &Template) -> Id {
        match template {
            Template::Register(register) => self.registers[usize::from(*register)],
            Template::Ground(place) => self.ground.get(usize::from(*place), self.cx.bank),
            Template::Node(op, parts) => {
                let mut args: SmallVec<[Id; 6]> = SmallVec::new();
                for part in parts {
                    args.push(self.build(part));
                }
                self.cx.bank.make(*op, &args)
            }
        }
    }
}

impl Ground {
    fn get(&mut self, place: usize, bank: &mut Bank) -> Id {
        let Ground { terms, ids } = self;
        *ids[place].get_or_insert_with(|| bank.add_term(&terms[place]))
    }

    fn add(&mut self, term: Term) -> u16 {
        let place = self.terms.iter().position(|known| *known == term).unwrap_or_else(|| {
            self.terms.push(term);
            self.ids.push(None);
            self.terms.len() - 1
        });
        place as u16
    }
}

/// The translation of one rule.
struct Translation<'a> {
    domain: &'static dyn Domain,
    grammar: &'a Grammar,
    ground: &'a mut Ground,
    rule: &'a Rule,
    matching: Vec<Match>,
    registers: usize,
    variables: FxHashMap<Var, Register>,
    /// Where the parts of the left side are, so that one which is built again is taken as it is.
    parts: Vec<(Id, Register)>,
}

impl<'a> Translation<'a> {
    fn new(
        domain: &'static dyn Domain,
        grammar: &'a Grammar,
        ground: &'a mut Ground,
        rule: &'a Rule,
    ) -> Self {
        Translation {
            domain,
            grammar,
            ground,
            rule,
            matching: Vec::new(),
            registers: 1,
            variables: FxHashMap::default(),
            parts: Vec::new(),
        }
    }

    fn code(mut self, index: u32, cell: Cell) -> Code {
        self.state(cell);
        let premises = self.rule.premises.iter().map(|premise| self.call(premise)).collect();
        let target = self.template(&self.rule.rhs, self.rule.rhs.root());
        let events = self.rule.events.iter().map(|event| self.template(event, event.root())).collect();
        Code { rule: index, matching: self.matching, premises, target, events }
    }

    /// The left side; what the cell says needs no test.
    fn state(&mut self, (control, first, top): Cell) {
        let lhs = &self.rule.lhs;
        let ENodeOrVar::ENode(root) = &lhs[lhs.root()] else {
            return self.part(lhs.root(), 0, None);
        };
        let frames = frames_place(self.grammar, control);
        self.parts.push((lhs.root(), 0));
        for (index, arg) in root.args.iter().enumerate() {
            let into = self.load(0, index);
            match &lhs[*arg] {
                ENodeOrVar::ENode(stack) if index == frames => {
                    let op = if stack.args.is_empty() { Some(top) } else { None };
                    if let Some(frame) = stack.args.first() {
                        self.matching.push(Match::Is { at: into, op: stack.op });
                        self.parts.push((*arg, into));
                        let at = self.load(into, 0);
                        self.part(*frame, at, Some(top));
                        for (index, rest) in stack.args.iter().enumerate().skip(1) {
                            let at = self.load(into, index);
                            self.part(*rest, at, None);
                        }
                    } else {
                        self.part(*arg, into, op);
                    }
                }
                _ => self.part(*arg, into, (index == 0).then_some(first)),
            }
        }
    }

    /// A part of the left side that is in `at`, and whose constructor may be known.
    fn part(&mut self, place: Id, at: Register, known: Option<Symbol>) {
        self.parts.push((place, at));
        match &self.rule.lhs[place] {
            ENodeOrVar::Var(var) => {
                self.variables.insert(*var, at);
                let sort = self.grammar.sort_of_variable(&var.to_string());
                if let (Some(sort), None) = (sort.filter(|sort| self.grammar.is_restricted(*sort)), known) {
                    let ops = self.grammar.sorts[sort].constructors.clone().into();
                    self.matching.push(Match::Among { at, ops });
                }
            }
            ENodeOrVar::ENode(node) => {
                if known.is_none() {
                    self.matching.push(Match::Is { at, op: node.op });
                }
                for (index, arg) in node.args.iter().enumerate() {
                    let into = self.load(at, index);
                    self.part(*arg, into, None);
                }
            }
        }
    }

    fn load(&mut self, of: Register, index: usize) -> Register {
        let into = self.fresh();
        self.matching.push(Match::Part { of, index: index as u8, into });
        into
    }

    fn fresh(&mut self) -> Register {
        // Loading the book refuses rules with more parts than there are registers.
        self.registers += 1;
        (self.registers - 1) as Register
    }

    fn call(&mut self, premise: &Premise) -> Call {
        let call = premise.call();
        let (name, args) = match &call[call.root()] {
            ENodeOrVar::ENode(node) => (node.op, node.args.to_vec()),
            ENodeOrVar::Var(_) => (Symbol::from("same"), Vec::new()),
        };
        let args = args.iter().map(|arg| self.template(call, *arg)).collect();
        let (function, _) = self.domain.function(name).unwrap_or((|_, _| Results::new(), 0));
        let expects = match premise {
            Premise::If(_) => Expects::Some,
            Premise::Unless(_) | Premise::Undefined(_) => Expects::None,
            Premise::Let(var, _) | Premise::In(var, _) => {
                let register = self.fresh();
                self.variables.insert(*var, register);
                Expects::Each(register)
            }
        };
        Call { function, declared: Declared::of(self.grammar, name), args, expects }
    }

    fn template(&mut self, pattern: &Pattern, at: Id) -> Template {
        match &pattern[at] {
            ENodeOrVar::Var(var) => Template::Register(self.variables.get(var).copied().unwrap_or(0)),
            ENodeOrVar::ENode(node) => {
                if let Some(term) = ground(pattern, at) {
                    return Template::Ground(self.ground.add(term));
                }
                let lhs = &self.rule.lhs;
                if let Some((_, at)) = self.parts.iter().find(|(part, _)| same(lhs, *part, pattern, at)) {
                    return Template::Register(*at);
                }
                Template::Node(node.op, node.args.iter().map(|arg| self.template(pattern, *arg)).collect())
            }
        }
    }
}

/// The pattern as a term, where it has no variables.
fn ground(pattern: &Pattern, at: Id) -> Option<Term> {
    fn add(pattern: &Pattern, at: Id, term: &mut Term) -> Option<Id> {
        let ENodeOrVar::ENode(node) = &pattern[at] else { return None };
        let args = node.args.iter().map(|arg| add(pattern, *arg, term)).collect::<Option<Vec<_>>>()?;
        Some(term.add(Node::new(node.op, args)))
    }
    let mut term = Term::default();
    add(pattern, at, &mut term)?;
    Some(term)
}

fn same(left: &Pattern, l: Id, right: &Pattern, r: Id) -> bool {
    match (&left[l], &right[r]) {
        (ENodeOrVar::Var(l), ENodeOrVar::Var(r)) => l == r,
        (ENodeOrVar::ENode(l), ENodeOrVar::ENode(r)) => {
            l.op == r.op
                && l.args.len() == r.args.len()
                && l.args.iter().zip(&r.args).all(|(l, r)| same(left, *l, right, *r))
        }
        _ => false,
    }
}
