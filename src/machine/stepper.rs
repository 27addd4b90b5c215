//! The machine: a book's rules over a bank of terms, by one of two engines.

use std::fmt;
use std::sync::Arc;

use egg::{ENodeOrVar, Id, Subst, Symbol};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::book::Book;
use crate::book::grammar::Grammar;
use crate::book::rule::{Pattern, Rule};
use crate::limits::Limits;
use crate::machine::bank::Bank;
use crate::machine::compiled;
use crate::machine::domain::{Context, Domain, Tables};
use crate::machine::matching::Matcher;
use crate::machine::reference;
use crate::machine::transfer::{Moved, Transfer};
use crate::term::words::words;
use crate::term::{Args, Term};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No rule applies.
    Stuck,
    /// The book declares the state impossible.
    Impossible,
    /// The rules go round from this state to itself, and nothing happens on the way.
    Silent,
    /// A limit was reached: which one.
    Limit(&'static str),
    /// This function gave what the book does not declare of it.
    Misfit(Symbol),
    /// The rules ask what stands in this hole of the program. Only programs that were
    /// started with holes have such states.
    Open(Id),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Stuck => out.write_str("no rule applies"),
            Fault::Impossible => out.write_str("a state is reached that the book declares impossible"),
            Fault::Silent => out.write_str("the rules go round for ever, and nothing happens on the way"),
            Fault::Limit(name) => write!(out, "the limit of {name} is reached"),
            Fault::Misfit(name) => {
                write!(out, "the function `{name}` gives what is not of the sort that the grammar declares")
            }
            Fault::Open(_) => out.write_str("the program has a part that was left open"),
        }
    }
}

/// What a state leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Successors<'a> {
    /// The transitions, in the order of the book's rules.
    Edges(&'a [Edge]),
    /// The path has ended.
    Final,
    /// The rules fail here.
    Fault(Fault),
}

/// Which stepper makes the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// egg matches and builds.
    Reference,
    /// Flat code made from the rules.
    #[default]
    Compiled,
}

/// The rules of a book over a bank of terms.
#[derive(Debug)]
pub struct Machine {
    bank: Bank,
    rules: Rules,
    source: Arc<[Rule]>,
    grammar: Arc<Grammar>,
    domain: &'static dyn Domain,
    tables: Tables,
    finals: Vec<Matcher>,
    impossible: Vec<Matcher>,
    layout: FxHashMap<Symbol, Layout>,
    asking: FxHashMap<(Symbol, Symbol), bool>,
    memo: Memo,
    limits: Limits,
    computed: u64,
}

#[derive(Debug)]
enum Rules {
    Reference(Box<reference::Rules>),
    Compiled(Box<compiled::Rules>),
}

impl Rules {
    fn another(&self) -> Rules {
        match self {
            Rules::Reference(rules) => Rules::Reference(rules.clone()),
            Rules::Compiled(rules) => {
                let mut rules = rules.clone();
                rules.forget();
                Rules::Compiled(rules)
            }
        }
    }
}

/// Control, its first part and the top frame: what a rule is looked up by.
pub(super) type Cell = (Symbol, Symbol, Symbol);

/// Where a state keeps its frames and its world.
#[derive(Debug, Clone, Copy)]
struct Layout {
    frames: usize,
    world: usize,
}

/// What was computed of states. Terms that are no states, and states not asked about, have 0.
#[derive(Debug, Default)]
struct Memo {
    places: Vec<u32>,
    found: Vec<Found>,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy)]
enum Found {
    Edges { first: u32, count: u32 },
    Final,
    Fault(Fault),
}

impl Memo {
    fn recall(&self, place: u32) -> Successors<'_> {
        match self.found[place as usize - 1] {
            Found::Edges { first, count } => {
                Successors::Edges(&self.edges[first as usize..][..count as usize])
            }
            Found::Final => Successors::Final,
            Found::Fault(fault) => Successors::Fault(fault),
        }
    }
}

impl Machine {
    /// A machine for a book about a language, with an empty bank and the stepper asked for.
    pub fn of(domain: &'static dyn Domain, book: &Book, limits: Limits, engine: Engine) -> Machine {
        let grammar = book.grammar.clone();
        let matchers =
            |patterns: &[Pattern]| patterns.iter().map(|pattern| Matcher::new(&grammar, pattern)).collect();
        Machine {
            bank: match engine {
                Engine::Reference => Bank::for_egg(domain.counted()),
                Engine::Compiled => Bank::counting(domain.counted()),
            }
            .with_largest(limits.members),
            rules: match engine {
                Engine::Reference => Rules::Reference(Box::new(reference::Rules::new(domain, book))),
                Engine::Compiled => Rules::Compiled(Box::new(compiled::Rules::new(domain, book))),
            },
            source: book.rules.clone(),
            domain,
            tables: domain.tables(book),
            finals: matchers(&book.finals),
            impossible: matchers(&book.impossible),
            layout: layouts(&grammar),
            asking: FxHashMap::default(),
            memo: Memo::default(),
            grammar,
            limits,
            computed: 0,
        }
    }

    /// A machine with the same rules and limits, and an empty bank: for another thread.
    pub fn another(&self) -> Machine {
        Machine {
            bank: self.bank.emptied(),
            rules: self.rules.another(),
            source: self.source.clone(),
            grammar: self.grammar.clone(),
            domain: self.domain,
            tables: self.tables.clone(),
            finals: self.finals.clone(),
            impossible: self.impossible.clone(),
            layout: self.layout.clone(),
            asking: self.asking.clone(),
            memo: Memo::default(),
            limits: self.limits,
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
        self.source[rule as usize].name.as_str()
    }

    /// What functions need.
    pub fn context(&mut self) -> Context<'_> {
        Context { bank: &mut self.bank, tables: &self.tables }
    }

    /// Forgets all terms and transitions, once the bank holds more than `nodes` terms.
    /// Ids from before mean nothing afterwards. Returns whether it did.
    pub fn forget_above(&mut self, nodes: usize) -> bool {
        let full = self.bank.len() > nodes;
        if full {
            self.bank = self.bank.emptied();
            self.memo = Memo::default();
            if let Rules::Compiled(rules) = &mut self.rules {
                rules.forget();
            }
        }
        full
    }

    /// Empties the bank of all but the terms, their parts included. Other ids mean nothing afterwards.
    pub fn keep_only(&mut self, terms: impl IntoIterator<Item = Id>) -> Moved {
        let transfer = Transfer::of(&self.bank, terms);
        self.forget_above(0);
        transfer.unpack(&mut self.bank)
    }

    /// The state without the objects that neither it nor the terms lead to; `None` where the state's world is not
    /// all that it knows of the heap.
    pub fn collected(&mut self, state: Id, others: &[Id]) -> Option<Id> {
        let world = self.layout_of(state).world;
        self.domain.collected(&mut self.bank, state, world, others)
    }

    /// About how many bytes the terms and transitions take.
    pub fn bytes(&self) -> usize {
        let Memo { places, found, edges } = &self.memo;
        let memo = edges.len() * size_of::<Edge>() + found.len() * size_of::<Found>() + places.len() * 4;
        self.bank.bytes() + memo
    }

    /// The initial state of a program: its body, about to be evaluated, and the global names that it begins with.
    pub fn start(&mut self, body: &Term, globals: &Term) -> Id {
        let body = self.bank.add_term(body);
        let globals = self.bank.add_term(globals);
        self.domain.start(&mut self.bank, body, globals)
    }

    /// What a state leads to. Asked again, it answers from memory.
    pub fn successors(&mut self, state: Id) -> Successors<'_> {
        let place = usize::from(state);
        if self.memo.places.len() <= place {
            self.memo.places.resize(place + 1, 0);
        }
        if self.memo.places[place] == 0 {
            self.computed += 1;
            let found = self.step(state);
            self.memo.found.push(found);
            self.memo.places[place] = self.memo.found.len() as u32;
        }
        self.memo.recall(self.memo.places[place])
    }

    /// What a state leads to, where that was asked before.
    pub fn known(&self, state: Id) -> Option<Successors<'_>> {
        let place = self.memo.places.get(usize::from(state)).filter(|place| **place > 0)?;
        Some(self.memo.recall(*place))
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

    fn step(&mut self, state: Id) -> Found {
        if let Some(limit) = self.exceeded(state) {
            return Found::Fault(Fault::Limit(limit));
        }
        let cell = self.cell(state);
        let control = self.bank.arg(state, 0);
        if cell.1 == words().hole {
            return Found::Fault(Fault::Open(control));
        }
        let frames = self.frames_of(state);
        let below = cell.2 == words().below;
        if below && self.asks_for_frames(cell) {
            return Found::Fault(Fault::Open(frames));
        }
        let first = self.memo.edges.len();
        let edges = &mut self.memo.edges;
        let open = match &mut self.rules {
            Rules::Reference(rules) => {
                rules.edges(&mut self.bank, &self.tables, state, cell, edges);
                None
            }
            Rules::Compiled(rules) => rules.edges(&mut self.bank, &self.tables, state, cell, edges),
        };
        let count = edges.len() - first;
        let limit = self.bank.limit_reached().map(Fault::Limit);
        if let Some(fault) = self.bank.rejected().map(Fault::Misfit).or(limit) {
            self.memo.edges.truncate(first);
            return Found::Fault(fault);
        }
        match open {
            Some(hole) => {
                self.memo.edges.truncate(first);
                Found::Fault(Fault::Open(hole))
            }
            None if count > 0 => Found::Edges { first: first as u32, count: count as u32 },
            None => self.without_rule(state),
        }
    }

    /// Whether some rule for a control and its first part says something of the frames.
    fn asks_for_frames(&mut self, (control, first, _): Cell) -> bool {
        if let Some(asks) = self.asking.get(&(control, first)) {
            return *asks;
        }
        let asks = asks_for_frames(&self.grammar, &self.source, control, first);
        self.asking.insert((control, first), asks);
        asks
    }

    /// The state with other frames.
    pub fn with_frames(&mut self, state: Id, frames: Id) -> Id {
        let place = self.layout_of(state).frames;
        let (op, mut args) = self.parts(state);
        args[place] = frames;
        self.bank.make(op, &args)
    }

    /// A term's constructor, and its arguments, to be changed. Every step comes here, and a call costs 2.5 % of the core.
    #[inline(always)]
    fn parts(&self, term: Id) -> (Symbol, Args) {
        let node = self.bank.get(term);
        (node.op, Args::from_slice(&node.args))
    }

    fn exceeded(&self, state: Id) -> Option<&'static str> {
        let measure = self.bank.measure(state);
        if measure.activations() > self.limits.activations {
            Some("activations")
        } else if measure.depth > self.limits.depth {
            Some("depth")
        } else if measure.size() > self.limits.nodes {
            Some("nodes")
        } else {
            None
        }
    }

    /// The rules whose left side matches a state but whose premises do not all hold: each
    /// with the place of the first premise that fails. For coverage of the premises.
    pub fn failed_premises(&mut self, state: Id) -> Vec<(u32, usize)> {
        let cell = self.cell(state);
        match &mut self.rules {
            Rules::Reference(rules) => rules.failed_premises(&mut self.bank, &self.tables, state, cell),
            Rules::Compiled(rules) => rules.failed_premises(&mut self.bank, &self.tables, state, cell),
        }
    }

    fn without_rule(&self, state: Id) -> Found {
        let is = |matchers: &[Matcher]| {
            matchers.iter().any(|m| m.matches(&self.bank, state, &mut Subst::default()))
        };
        if is(&self.finals) {
            Found::Final
        } else if is(&self.impossible) {
            Found::Fault(Fault::Impossible)
        } else {
            Found::Fault(Fault::Stuck)
        }
    }

    fn cell(&self, state: Id) -> Cell {
        let frames = self.frames_of(state);
        let stack = self.bank.get(frames);
        let top = match stack.args.first() {
            Some(top) if stack.op != words().below => *top,
            _ => frames,
        };
        (self.bank.op(state), self.bank.op(self.bank.arg(state, 0)), self.bank.op(top))
    }

    /// The state with a hole of its control filled or, where it has none, of its top frame. A frame that is
    /// not asked about keeps its hole, so that a loop comes back to the state that it began with.
    pub fn fill(&mut self, state: Id, hole: Id, content: Id) -> Id {
        let Layout { frames, .. } = self.layout_of(state);
        let (op, mut args) = self.parts(state);
        for arg in &mut args[..frames] {
            *arg = self.replace(*arg, hole, content);
        }
        let filled = self.bank.make(op, &args);
        if filled != state {
            return filled;
        }
        let stack = args[frames];
        if let [top, rest] = self.bank.get(stack).args[..] {
            let filled = self.replace(top, hole, content);
            if filled != top {
                let push = self.bank.op(stack);
                args[frames] = self.bank.make(push, &[filled, rest]);
            }
        }
        self.bank.make(op, &args)
    }

    /// The term with another in place of each `hole` in it.
    pub fn replace(&mut self, term: Id, hole: Id, content: Id) -> Id {
        if term == hole {
            return content;
        }
        // What is no deeper does not hold it.
        if self.bank.measure(term).depth <= self.bank.measure(hole).depth {
            return term;
        }
        let (op, mut args) = self.parts(term);
        for arg in &mut args {
            *arg = self.replace(*arg, hole, content);
        }
        if args == self.bank.get(term).args { term } else { self.bank.make(op, &args) }
    }
}

/// The rules whose left side does not rule a cell out; matching decides among them.
pub(super) fn candidates(grammar: &Grammar, rules: &[Rule], (control, first, top): Cell) -> Vec<u32> {
    let frames = layouts(grammar).get(&control).map_or(1, |layout| layout.frames);
    (0..rules.len() as u32)
        .filter(|index| {
            let lhs = &rules[*index as usize].lhs;
            let ENodeOrVar::ENode(root) = &lhs[lhs.root()] else { return true };
            root.op == control
                && may_match(grammar, lhs, root.args[0], first)
                && may_match_top(grammar, lhs, root.args[frames], top)
        })
        .collect()
}

/// Whether a rule for a control and its first part says what the frames are.
fn asks_for_frames(grammar: &Grammar, rules: &[Rule], control: Symbol, first: Symbol) -> bool {
    let frames = frames_place(grammar, control);
    rules.iter().map(|rule| &rule.lhs).any(|lhs| match &lhs[lhs.root()] {
        ENodeOrVar::ENode(root) => {
            root.op == control
                && may_match(grammar, lhs, root.args[0], first)
                && matches!(lhs[root.args[frames]], ENodeOrVar::ENode(_))
        }
        ENodeOrVar::Var(_) => true,
    })
}

/// Where the states of a control keep their frames.
pub(super) fn frames_place(grammar: &Grammar, control: Symbol) -> usize {
    layouts(grammar).get(&control).map_or(1, |layout| layout.frames)
}

fn may_match(grammar: &Grammar, lhs: &Pattern, at: Id, op: Symbol) -> bool {
    match &lhs[at] {
        ENodeOrVar::ENode(node) => node.op == op,
        ENodeOrVar::Var(var) => match grammar.sort_of_variable(&var.to_string()) {
            Some(sort) if grammar.is_restricted(sort) => grammar.sorts[sort].constructors.contains(&op),
            _ => true,
        },
    }
}

fn may_match_top(grammar: &Grammar, lhs: &Pattern, frames: Id, op: Symbol) -> bool {
    match &lhs[frames] {
        ENodeOrVar::ENode(node) => match node.args.first() {
            Some(top) => may_match(grammar, lhs, *top, op),
            None => node.op == op,
        },
        ENodeOrVar::Var(_) => true,
    }
}

fn layouts(grammar: &Grammar) -> FxHashMap<Symbol, Layout> {
    let place = |args: &[usize], name: &str| {
        let sort = grammar.sort_named(name).ok()?;
        args.iter().position(|arg| *arg == sort)
    };
    grammar.sorts[crate::book::state_sort(grammar)]
        .constructors
        .iter()
        .filter_map(|op| {
            let args = &grammar.constructors[op].args;
            let layout = Layout { frames: place(args, "Frames")?, world: place(args, "World")? };
            Some((*op, layout))
        })
        .collect()
}
