//! The reference stepper: each step is a match and an instantiation by egg.

use egg::{ENodeOrVar, Id, PatternAst, Searcher, Subst, Symbol};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::bank::Bank;
use super::functions::{Constants, Context};
use super::matching::{Matcher, Restrictions, admits, restrictions};
use super::premise::Condition;
use crate::limits::Limits;
use crate::spec::Book;
use crate::spec::grammar::Grammar;
use crate::spec::rule::{Pattern, Rule};
use crate::term::{Node, Term};

/// A transition of the reduction graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The rule, as an index into the book's rules.
    pub rule: u32,
    /// The events, in order.
    pub events: SmallVec<[Id; 2]>,
    /// The state reached.
    pub target: Id,
}

/// Why a state has no successor although no path may end there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No rule applies.
    Stuck,
    /// The book declares the state impossible.
    Impossible,
    /// The rules go round from this state to itself, and nothing happens on the way.
    Silent,
    /// A limit was reached: which one.
    Limit(&'static str),
}

/// What a state leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Successors {
    /// The transitions, in the order of the book's rules.
    Edges(Vec<Edge>),
    /// The path has ended.
    Final,
    /// The rules fail here.
    Fault(Fault),
}

/// The rules of a book over a bank of terms.
#[derive(Debug)]
pub struct Machine {
    bank: Bank,
    rules: Vec<Compiled>,
    names: Vec<Symbol>,
    grammar: Grammar,
    constants: Constants,
    finals: Vec<Matcher>,
    impossible: Vec<Matcher>,
    layout: FxHashMap<Symbol, Layout>,
    index: FxHashMap<Cell, Vec<u32>>,
    memo: Vec<Option<Box<Successors>>>,
    limits: Limits,
    computed: u64,
}

/// Control, its first part and the top frame: what a rule is looked up by.
type Cell = (Symbol, Symbol, Symbol);

/// Where a state keeps its frames and its world.
#[derive(Debug, Clone, Copy)]
struct Layout {
    frames: usize,
    world: usize,
}

#[derive(Debug)]
struct Compiled {
    lhs: egg::Pattern<Node>,
    restrictions: Restrictions,
    premises: Vec<Condition>,
    rhs: PatternAst<Node>,
    events: Vec<PatternAst<Node>>,
}

impl Machine {
    /// A machine for a book, with an empty bank.
    pub fn new(book: &Book, limits: Limits) -> Machine {
        let grammar = book.grammar.clone();
        let matchers =
            |patterns: &[Pattern]| patterns.iter().map(|pattern| Matcher::new(&grammar, pattern)).collect();
        Machine {
            bank: Bank::default(),
            rules: book.rules.iter().map(|rule| compile(&grammar, rule)).collect(),
            names: book.rules.iter().map(|rule| rule.name).collect(),
            constants: Constants::of(book),
            finals: matchers(&book.finals),
            impossible: matchers(&book.impossible),
            layout: layouts(&grammar),
            index: FxHashMap::default(),
            memo: Vec::new(),
            grammar,
            limits,
            computed: 0,
        }
    }

    /// The bank of terms.
    pub fn bank(&self) -> &Bank {
        &self.bank
    }

    /// The bank of terms, to add to.
    pub fn bank_mut(&mut self) -> &mut Bank {
        &mut self.bank
    }

    /// The limits that the machine was made with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many states were stepped by matching and building, rather than recalled.
    pub fn computed(&self) -> u64 {
        self.computed
    }

    /// The grammar of the book.
    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    /// A rule's name.
    pub fn rule_name(&self, rule: u32) -> &'static str {
        self.names[rule as usize].as_str()
    }

    /// What functions need.
    pub fn context(&mut self) -> Context<'_> {
        Context { bank: &mut self.bank, constants: &self.constants }
    }

    /// Forgets all terms and transitions, once the bank holds more than `nodes` terms.
    /// Ids from before mean nothing afterwards. Returns whether it did.
    pub fn forget_above(&mut self, nodes: usize) -> bool {
        let full = self.bank.len() > nodes;
        if full {
            self.bank = Bank::default();
            self.memo.clear();
        }
        full
    }

    /// The initial state of a program: its body about to be evaluated in the outermost
    /// activation, with these global names and nothing handled or assumed.
    pub fn start(&mut self, body: &Term, globals: &Term) -> Id {
        let body = self.bank.add_term(body);
        let globals = self.bank.add_term(globals);
        let bank = &mut self.bank;
        let [end, locals, none, facts, base] =
            ["end", "no-names", "none", "no-facts", "base"].map(|name| bank.node(name, []));
        let world = bank.node("world", [locals, globals, none, facts, base]);
        bank.node("eval", [body, end, world])
    }

    /// What a state leads to. Asked again, it answers from memory.
    pub fn successors(&mut self, state: Id) -> &Successors {
        let place = usize::from(state);
        if self.memo.len() <= place {
            self.memo.resize_with(place + 1, || None);
        }
        if self.memo[place].is_none() {
            self.computed += 1;
            let found = self.step(state);
            self.memo[place] = Some(Box::new(found));
        }
        self.memo[place].as_deref().unwrap_or(&Successors::Final)
    }

    /// The frames of a state's current activation.
    pub fn frames_of(&self, state: Id) -> Id {
        self.bank.arg(state, self.layout_of(state).frames)
    }

    /// The state's world.
    pub fn world_of(&self, state: Id) -> Id {
        self.bank.arg(state, self.layout_of(state).world)
    }

    fn layout_of(&self, state: Id) -> Layout {
        let last = self.bank.get(state).args.len().saturating_sub(1);
        let default = Layout { frames: last.saturating_sub(1), world: last };
        self.layout.get(&self.bank.op(state)).copied().unwrap_or(default)
    }

    fn step(&mut self, state: Id) -> Successors {
        let measure = self.bank.measure(state);
        if measure.activations > self.limits.activations {
            return Successors::Fault(Fault::Limit("activations"));
        }
        if measure.depth > self.limits.depth {
            return Successors::Fault(Fault::Limit("depth"));
        }
        if measure.size > self.limits.nodes {
            return Successors::Fault(Fault::Limit("nodes"));
        }
        let cell = self.cell(state);
        if !self.index.contains_key(&cell) {
            let candidates = self.candidates(cell);
            self.index.insert(cell, candidates);
        }
        let mut edges = Vec::new();
        for position in 0..self.index[&cell].len() {
            let rule = self.index[&cell][position];
            self.apply(rule, state, &mut edges);
        }
        if edges.is_empty() { self.without_rule(state) } else { Successors::Edges(edges) }
    }

    /// The rules whose left side matches a state but whose premises do not all hold: each
    /// with the place of the first premise that fails. For coverage of the premises.
    pub fn failed_premises(&mut self, state: Id) -> Vec<(u32, usize)> {
        let cell = self.cell(state);
        let mut failed = Vec::new();
        for index in self.candidates(cell) {
            let rule = &self.rules[index as usize];
            let Some(found) = rule.lhs.search_eclass(self.bank.egraph(), state) else { continue };
            for subst in found.substs {
                if !admits(&self.bank, &rule.restrictions, &subst) {
                    continue;
                }
                let mut cx = Context { bank: &mut self.bank, constants: &self.constants };
                let mut solutions: SmallVec<[Subst; 1]> = SmallVec::from_iter([subst]);
                for (place, condition) in rule.premises.iter().enumerate() {
                    solutions = solutions.into_iter().flat_map(|s| condition.solve(&mut cx, s)).collect();
                    if solutions.is_empty() {
                        failed.push((index, place));
                        break;
                    }
                }
            }
        }
        failed
    }

    fn without_rule(&self, state: Id) -> Successors {
        let is = |matchers: &[Matcher]| {
            matchers.iter().any(|m| m.matches(&self.bank, state, &mut Subst::default()))
        };
        if is(&self.finals) {
            Successors::Final
        } else if is(&self.impossible) {
            Successors::Fault(Fault::Impossible)
        } else {
            Successors::Fault(Fault::Stuck)
        }
    }

    fn cell(&self, state: Id) -> Cell {
        let frames = self.frames_of(state);
        let top = self.bank.get(frames).args.first().copied().unwrap_or(frames);
        (self.bank.op(state), self.bank.op(self.bank.arg(state, 0)), self.bank.op(top))
    }

    /// The rules whose left side does not rule the cell out; egg decides among them.
    fn candidates(&self, (control, first, top): Cell) -> Vec<u32> {
        let frames = self.layout.get(&control).map_or(1, |layout| layout.frames);
        (0..self.rules.len() as u32)
            .filter(|index| {
                let lhs = &self.rules[*index as usize].lhs.ast;
                let ENodeOrVar::ENode(root) = &lhs[lhs.root()] else { return true };
                root.op == control
                    && self.may_match(lhs, root.args[0], first)
                    && self.may_match_top(lhs, root.args[frames], top)
            })
            .collect()
    }

    fn may_match(&self, lhs: &Pattern, at: Id, op: Symbol) -> bool {
        match &lhs[at] {
            ENodeOrVar::ENode(node) => node.op == op,
            ENodeOrVar::Var(var) => match self.grammar.sort_of_variable(&var.to_string()) {
                Some(sort) if self.grammar.is_restricted(sort) => {
                    self.grammar.sorts[sort].constructors.contains(&op)
                }
                _ => true,
            },
        }
    }

    fn may_match_top(&self, lhs: &Pattern, frames: Id, op: Symbol) -> bool {
        match &lhs[frames] {
            ENodeOrVar::ENode(node) => match node.args.first() {
                Some(top) => self.may_match(lhs, *top, op),
                None => node.op == op,
            },
            ENodeOrVar::Var(_) => true,
        }
    }

    fn apply(&mut self, index: u32, state: Id, edges: &mut Vec<Edge>) {
        let rule = &self.rules[index as usize];
        let Some(found) = rule.lhs.search_eclass(self.bank.egraph(), state) else { return };
        let mut solutions: SmallVec<[Subst; 1]> =
            found.substs.into_iter().filter(|subst| admits(&self.bank, &rule.restrictions, subst)).collect();
        let mut cx = Context { bank: &mut self.bank, constants: &self.constants };
        for condition in &rule.premises {
            solutions = solutions.into_iter().flat_map(|subst| condition.solve(&mut cx, subst)).collect();
        }
        for subst in solutions {
            let events = rule.events.iter().map(|event| self.bank.instantiate(event, &subst)).collect();
            let target = self.bank.instantiate(&rule.rhs, &subst);
            edges.push(Edge { rule: index, events, target });
        }
    }
}

fn compile(grammar: &Grammar, rule: &Rule) -> Compiled {
    Compiled {
        restrictions: restrictions(grammar, &rule.lhs),
        lhs: egg::Pattern::new(rule.lhs.clone()),
        premises: rule.premises.iter().map(Condition::new).collect(),
        rhs: rule.rhs.clone(),
        events: rule.events.clone(),
    }
}

fn layouts(grammar: &Grammar) -> FxHashMap<Symbol, Layout> {
    let place = |args: &[usize], name: &str| {
        let sort = grammar.sort_named(name).ok()?;
        args.iter().position(|arg| *arg == sort)
    };
    grammar.sorts[crate::spec::state_sort(grammar)]
        .constructors
        .iter()
        .filter_map(|op| {
            let args = &grammar.constructors[op].args;
            let layout = Layout { frames: place(args, "Frames")?, world: place(args, "World")? };
            Some((*op, layout))
        })
        .collect()
}
