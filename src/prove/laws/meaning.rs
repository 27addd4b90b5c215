//! What a statement of the core does, found by running it: in every surrounding that it can tell apart, at each level.
//!
//! No law is asked here, and nothing is known of `try` but what the rules do.

use egg::Id;
use rustc_hash::FxHashMap;

use crate::book::Book;
use crate::check::telling;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::machine::{Engine, Machine};
use crate::prove::equivalence::stand::{Kind, unknown_call, walk};
use crate::prove::laws::automaton::{Automaton, Place, Word};
use crate::prove::laws::terms::{BEHIND, BROKEN, CONTINUED, surrounded};
use crate::python::report::output_of;
use crate::python::values::Objects;
use crate::python::values::vocabulary::vocabulary;
use crate::python::{Assumptions, Call, Literal};
use crate::python::{LoadOptions, load};
use crate::term::Term;

/// The levels at which statements are compared: events and how it ends; what is being handled, too; contexts and causes, too.
pub const LEVELS: usize = 3;

/// The exception classes of the core, with one that nothing names. The list makes it a program of the whole language, in which exceptions
/// are objects and have contexts.
const CLASSES: &str = "class A(Exception): pass\nclass B(Exception): pass\nclass C(A): pass\nclass Other(Exception): pass\n[]\n";

/// What may be handled around a statement: nothing, an exception of each class that a condition can name, or another one.
pub const AROUND: [Option<&str>; 5] = [None, Some("A"), Some("B"), Some("C"), Some("Other")];

/// The functions that are called, of which nothing is known but what they may raise; and the one that is asked in tests.
pub const CALLED: [&str; 5] = ["f", "g", "h", "i", "j"];
const TEST: &str = "c";

/// Statements that laws are about are small; one in which contexts grow without end is not followed for long.
const LIMITS: Limits = Limits { states: 500, ..telling::LIMITS };

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Its automaton at each level.
    pub levels: [Automaton; LEVELS],
    /// How its paths end.
    pub ends: Ends,
}

/// The ways in which a statement can end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ends {
    /// Off its end.
    pub completes: bool,
    /// By `return`, `break` or `continue`.
    pub jumps: bool,
    /// By raising.
    pub raises: bool,
}

/// Who finds out what statements do.
pub struct Meanings {
    machine: Machine,
    globals: Term,
    words: Vec<String>,
    numbers: FxHashMap<String, Word>,
}

/// The graph of what is seen of a statement, at each level.
#[derive(Default)]
struct Found {
    places: Vec<[Place; LEVELS]>,
    numbers: FxHashMap<Id, usize>,
    open: Vec<(usize, Id, Kind)>,
    ends: Ends,
}

impl Meanings {
    /// By the rules of a book.
    ///
    /// # Errors
    /// The classes of the core cannot be defined under it.
    pub fn of(book: &Book) -> Result<Meanings, Diagnostic> {
        let mut assumptions = Assumptions::default();
        for name in CALLED {
            assumptions.calls.insert(name.into(), Call { returns: Some(vec![Literal::None]), raises: None });
        }
        let answers = vec![Literal::Bool(true), Literal::Bool(false)];
        let test = Call { returns: Some(answers), raises: Some(Vec::new()) };
        assumptions.calls.insert(TEST.into(), test);
        let calls: Vec<String> = CALLED.iter().map(|name| format!("{name}()")).collect();
        // What an unknown raises is of the classes that clauses name.
        let text = format!(
            "{CLASSES}def calls():\n    try: {}; {TEST}()\n    except (A, B, C, Other): pass\nhere()\n",
            calls.join("; ")
        );
        let options = LoadOptions { assumptions, lines: false, ..LoadOptions::of(book) };
        let program = load("core.py", text.as_bytes(), &options)?;
        let mut machine = Machine::with_engine(book, LIMITS, Engine::default());
        let start = machine.start(&program.body, &program.globals);
        let failed =
            |fault: Fault| Diagnostic::new(format!("the rules fail: {fault}"), "core.py".to_string());
        // Where `here` is called all is defined, and nothing was dropped yet.
        let (_, end) = walk(&mut machine, start, &mut |_, _| {}).map_err(failed)?;
        let globals = machine.bank().arg(machine.world_of(end), 1);
        let globals = machine.bank().term(globals);
        Ok(Meanings { machine, globals, words: Vec::new(), numbers: FxHashMap::default() })
    }

    /// The text of what is seen.
    pub fn word(&self, word: Word) -> &str {
        &self.words[word as usize]
    }

    /// What a statement without markers does.
    ///
    /// # Errors
    /// A limit is reached, or the rules fail.
    pub fn of_statement(&mut self, statement: &Term) -> Result<Meaning, Fault> {
        self.machine.forget_above(LIMITS.terms);
        let mut found = Found::default();
        let mut starts = Vec::with_capacity(AROUND.len());
        for around in AROUND {
            let body = surrounded(statement, around);
            let start = self.machine.start(&body, &self.globals);
            starts.push(self.place(&mut found, start)?);
        }
        while let Some((place, state, kind)) = found.open.pop() {
            let here = self.looked_at(&mut found, state, kind)?;
            found.places[place] = here;
            if found.places.len() > LIMITS.states {
                return Err(Fault::Limit("states"));
            }
        }
        let smallest = |level: usize| {
            let places: Vec<Place> = found.places.iter().map(|place| place[level].clone()).collect();
            Automaton::smallest(&places, &starts)
        };
        Ok(Meaning { levels: [0, 1, 2].map(smallest), ends: found.ends })
    }

    /// The number of the place where a run stands.
    fn place(&mut self, found: &mut Found, start: Id) -> Result<usize, Fault> {
        let (kind, state) = walk(&mut self.machine, start, &mut |_, _| {})?;
        if let Some(known) = found.numbers.get(&state) {
            return Ok(*known);
        }
        let place = found.places.len();
        found.numbers.insert(state, place);
        found.places.push([0; LEVELS].map(|seen| Place { seen, outcomes: Vec::new() }));
        found.open.push((place, state, kind));
        Ok(place)
    }

    fn looked_at(&mut self, found: &mut Found, state: Id, kind: Kind) -> Result<[Place; LEVELS], Fault> {
        match kind {
            Kind::Endless => {
                Ok(self.same("goes on for ever").map(|seen| Place { seen, outcomes: Vec::new() }))
            }
            Kind::Ended => {
                let ended = self.ended(state, &mut found.ends);
                Ok(ended.map(|seen| Place { seen, outcomes: Vec::new() }))
            }
            Kind::Asking | Kind::Seen => {
                let edges = match self.machine.successors(state) {
                    Successors::Edges(edges) => edges.to_vec(),
                    _ => Vec::new(),
                };
                let seen = self.seen(state, &edges);
                let mut here = seen.map(|seen| Place { seen, outcomes: Vec::new() });
                for edge in &edges {
                    let target = self.place(found, edge.target)?;
                    let words = self.outcome(edge);
                    for (place, word) in here.iter_mut().zip(words) {
                        place.outcomes.push((word, target));
                    }
                }
                here.iter_mut().for_each(|place| place.outcomes.sort_unstable());
                Ok(here)
            }
        }
    }

    fn number(&mut self, text: String) -> Word {
        let next = self.words.len() as Word;
        let Meanings { numbers, words, .. } = self;
        *numbers.entry(text).or_insert_with_key(|text| {
            words.push(text.clone());
            next
        })
    }

    /// What is seen alike at each level.
    fn same(&mut self, text: &str) -> [Word; LEVELS] {
        [self.number(text.to_string()); LEVELS]
    }

    fn ended(&mut self, state: Id, ends: &mut Ends) -> [Word; LEVELS] {
        let completion = self.machine.bank().arg(state, 0);
        let world = self.machine.world_of(state);
        let bank = self.machine.bank();
        let what = bank.get(completion).args.first().copied();
        match what {
            Some(exception) if bank.op(completion) == vocabulary().raising => {
                ends.raises = true;
                let words = [1, 2, 3]
                    .map(|level| format!("ends by raising {}", self.exception(exception, world, level)));
                words.map(|word| self.number(word))
            }
            Some(value) => {
                let word = bank.get(value).args.first().map_or("", |text| bank.op(*text).as_str());
                ends.completes |= word == BEHIND;
                ends.jumps |= word != BEHIND;
                let text = match word {
                    BEHIND => "ends normally".to_string(),
                    BROKEN => "ends by break".to_string(),
                    CONTINUED => "ends by continue".to_string(),
                    value => format!("ends by returning {value}"),
                };
                self.same(&text)
            }
            None => self.same("ends"),
        }
    }

    /// What is about to be seen, and from the second level on what is being handled then.
    fn seen(&mut self, state: Id, edges: &[Edge]) -> [Word; LEVELS] {
        let bank = self.machine.bank();
        let call = edges.first().and_then(|edge| unknown_call(bank, edge));
        let what = match (call, edges) {
            (Some(marker), _) => {
                format!("{}()", bank.get(marker).args.first().map_or("", |name| bank.op(*name).as_str()))
            }
            (None, [only]) => format!("prints {:?}", output_of(&self.machine, only).unwrap_or_default()),
            (None, _) => "asks".to_string(),
        };
        let world = self.machine.world_of(state);
        let handled = self.machine.bank().arg(world, 2);
        let mut words = [what.clone(), what.clone(), what];
        for (level, word) in words.iter_mut().enumerate().skip(1) {
            *word = format!("{word} while {} is handled", self.exception(handled, world, level + 1));
        }
        words.map(|word| self.number(word))
    }

    fn outcome(&mut self, edge: &Edge) -> [Word; LEVELS] {
        let bank = self.machine.bank();
        let left = edge.events.iter().find(|event| bank.op(**event).as_str() == "leave");
        let Some(completion) = left.map(|event| bank.arg(*event, 1)) else { return self.same("goes on") };
        let node = bank.get(completion);
        let Some(what) = node.args.first().copied() else { return self.same("returns") };
        if node.op == vocabulary().raising {
            let world = self.machine.world_of(edge.target);
            let words = [1, 2, 3].map(|level| format!("raises {}", self.exception(what, world, level)));
            return words.map(|word| self.number(word));
        }
        let text = format!("returns {}", bank.op(what));
        self.same(&text)
    }

    /// An exception in words: its class, and from the third level on what hangs on it.
    fn exception(&mut self, exception: Id, world: Id, level: usize) -> String {
        let mut told = String::new();
        let mut cx = self.machine.context();
        let objects = Objects::of(&mut cx, world);
        tell(&objects, exception, level, &mut Vec::new(), &mut told);
        told
    }
}

/// Tells an exception; one that was told before is named by how far back that was.
fn tell(objects: &Objects, exception: Id, level: usize, before: &mut Vec<Id>, told: &mut String) {
    let bank = &*objects.cx.bank;
    if bank.op(exception) != vocabulary().exception {
        return told.push_str("nothing");
    }
    if let Some(at) = before.iter().rposition(|known| *known == exception) {
        return told.push_str(&format!("the one {} before", before.len() - at));
    }
    told.push_str(&objects.cx.class_name(bank.arg(exception, 0)));
    let Some(chain) = objects.chain(exception).filter(|_| level > 2) else { return };
    before.push(exception);
    for (what, other) in [("context", chain.context), ("cause", chain.cause)] {
        if bank.op(other) == vocabulary().exception {
            told.push_str(&format!(" ({what} "));
            tell(objects, other, level, before, told);
            told.push(')');
        }
    }
    if chain.suppress {
        told.push_str(" (context suppressed)");
    }
    before.pop();
}
