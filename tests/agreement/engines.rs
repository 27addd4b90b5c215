//! The compiled stepper agrees with the reference stepper, state by state: under the right
//! book and under every mutant of it.
//!
//! Both machines are searched breadth first and in lockstep. A term of the reference's bank is
//! compared by its twin in the other bank, which is found by `Id`, part by part.

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use egg::Id;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use trylemma::book::Book;
use trylemma::book::version::Version;
use trylemma::check::litmus::{Observed, limits_for, load_litmus, observe};
use trylemma::check::mutate::{Mutant, mutants};
use trylemma::check::{Enumeration, Fragment};
use trylemma::generate::programs;
use trylemma::limits::Limits;
use trylemma::machine::{Edge, Engine, Fault, Machine, Successors};
use trylemma::python::Program;
use trylemma::term::Term;

use crate::common::drawn::{drawn_programs, fresh_seed, setting, whole_program};
use crate::common::has_python;

/// The book that the crate was built with.
fn book() -> Book {
    Book::built_in(Version::DEFAULT).unwrap_or_else(|error| panic!("{error}"))
}

/// What a state leads to, without a borrow.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Edges(Vec<Edge>),
    Final,
    Fault(Fault),
}

impl From<Successors<'_>> for Next {
    fn from(successors: Successors) -> Next {
        match successors {
            Successors::Edges(edges) => Next::Edges(edges.to_vec()),
            Successors::Final => Next::Final,
            Successors::Fault(fault) => Next::Fault(fault),
        }
    }
}

/// The two steppers of a book.
struct Pair {
    reference: Machine,
    compiled: Machine,
    /// By id in the reference's bank: the id of the same term in the other one.
    twins: Vec<Option<Id>>,
    /// The states of the reference that were compared.
    compared: Vec<bool>,
    /// States compared so far, those forgotten included.
    states: usize,
    /// Whether the premises that fail are compared too.
    premises: bool,
    /// States of one program that are compared.
    most: usize,
}

/// Terms in the reference's bank before both machines forget.
const TERMS: usize = 300_000;

impl Pair {
    fn new(book: &Book, limits: Limits, most: usize) -> Pair {
        Pair {
            reference: Machine::with_engine(book, limits, Engine::Reference),
            compiled: Machine::with_engine(book, limits, Engine::Compiled),
            twins: Vec::new(),
            compared: Vec::new(),
            states: 0,
            premises: false,
            most,
        }
    }

    /// Compares the states that a program reaches, up to `most` that were not compared before. What
    /// another program reached was compared then, with what it leads to, up to where that was cut off.
    fn compare(&mut self, body: &Term, globals: &Term) -> Result<(), String> {
        if self.reference.forget_above(TERMS) {
            self.compiled.forget_above(0);
            self.twins.clear();
            self.compared.clear();
        }
        let start = self.reference.start(body, globals);
        let twin = self.compiled.start(body, globals);
        if self.twin(start) != twin {
            return Err(format!("it starts elsewhere: {}", self.compiled.bank().show(twin)));
        }
        let mut open = std::collections::VecDeque::from([start]);
        let mut left = self.most;
        while let Some(state) = open.pop_front() {
            if left == 0 {
                return Ok(());
            }
            if self.was_compared(state) {
                continue;
            }
            left -= 1;
            self.states += 1;
            let next = Next::from(self.reference.successors(state));
            self.compare_state(state, &next)
                .map_err(|why| format!("at {}: {why}", self.reference.bank().show(state)))?;
            if let Next::Edges(edges) = next {
                open.extend(edges.iter().map(|edge| edge.target));
            }
        }
        Ok(())
    }

    fn was_compared(&mut self, state: Id) -> bool {
        let place = usize::from(state);
        if self.compared.len() <= place {
            self.compared.resize(place + 1, false);
        }
        std::mem::replace(&mut self.compared[place], true)
    }

    fn compare_state(&mut self, state: Id, next: &Next) -> Result<(), String> {
        let twin = self.twin(state);
        let expected = match next {
            Next::Final => Next::Final,
            Next::Fault(Fault::Open(hole)) => Next::Fault(Fault::Open(self.twin(*hole))),
            Next::Fault(fault) => Next::Fault(*fault),
            Next::Edges(edges) => Next::Edges(edges.iter().map(|edge| self.twin_edge(edge)).collect()),
        };
        let found = Next::from(self.compiled.successors(twin));
        if found != expected {
            return Err(format!(
                "the reference goes\n{}the compiled stepper\n{}",
                self.shown(&expected),
                self.shown(&found)
            ));
        }
        let failed = |machine: &mut Machine, state| -> BTreeSet<(u32, usize)> {
            machine.failed_premises(state).into_iter().collect()
        };
        if self.premises && failed(&mut self.reference, state) != failed(&mut self.compiled, twin) {
            return Err("other premises fail".into());
        }
        Ok(())
    }

    fn twin_edge(&mut self, edge: &Edge) -> Edge {
        Edge {
            rule: edge.rule,
            events: edge.events.iter().map(|event| self.twin(*event)).collect(),
            target: self.twin(edge.target),
        }
    }

    /// The same term in the bank of the compiled stepper.
    fn twin(&mut self, id: Id) -> Id {
        let place = usize::from(id);
        if self.twins.len() <= place {
            self.twins.resize(place + 1, None);
        }
        if let Some(twin) = self.twins[place] {
            return twin;
        }
        let mut node = self.reference.bank().get(id).clone();
        for arg in &mut node.args {
            *arg = self.twin(*arg);
        }
        let twin = self.compiled.bank_mut().add(node);
        self.twins[place] = Some(twin);
        twin
    }

    /// What the compiled stepper's states say, for people.
    fn shown(&self, next: &Next) -> String {
        let bank = self.compiled.bank();
        match next {
            Next::Edges(edges) => edges
                .iter()
                .map(|edge| {
                    let events: Vec<String> = edge.events.iter().map(|event| bank.show(*event)).collect();
                    let rule = self.compiled.rule_name(edge.rule);
                    format!("  by {rule}, ! {}, to {}\n", events.join(" "), bank.show(edge.target))
                })
                .collect(),
            other => format!("  {other:?}\n"),
        }
    }
}

/// Calls `work` on every item, in two threads; each has a pair of machines of its own.
fn in_two_threads<T: Sync>(items: &[T], pair: impl Fn() -> Pair + Sync, work: impl Fn(&mut Pair, &T) + Sync) {
    let next = AtomicUsize::new(0);
    let compared = AtomicUsize::new(0);
    let run = || {
        let mut pair = pair();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(&mut pair, item);
        }
        compared.fetch_add(pair.states, Ordering::Relaxed);
    };
    two_threads(&run);
    assert!(compared.into_inner() > 0, "nothing was compared");
}

fn two_threads(run: &(dyn Fn() + Sync)) {
    std::thread::scope(|scope| {
        let spawn = || std::thread::Builder::new().stack_size(32 << 20).spawn_scoped(scope, run);
        let threads = [spawn(), spawn()].map(|thread| thread.expect("a thread starts"));
        for thread in threads {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

/// Programs of the right book are small: none is cut off below this.
const MOST: usize = 100_000;

/// The sizes of the core that are compared in full; the largest only where CI or TRYLEMMA_FULL is set.
fn largest() -> usize {
    let full = ["CI", "TRYLEMMA_FULL"].into_iter().any(|name| std::env::var_os(name).is_some());
    if full { 5 } else { 4 }
}

#[test]
fn the_steppers_agree_on_every_program_of_the_core_up_to_size_4_or_5() {
    let book = book();
    let globals = Fragment::Core.globals(&book);
    let enumeration = Enumeration::new(Fragment::Core);
    let mut ranges: Vec<(usize, Range<u128>)> = Vec::new();
    for size in 1..=largest() {
        let count = enumeration.count(size);
        ranges.extend((0..count).step_by(5_000).map(|first| (size, first..count.min(first + 5_000))));
    }
    let pair = || Pair::new(&book, Limits::default(), MOST);
    in_two_threads(&ranges, pair, |pair, (size, range)| {
        let enumeration = Enumeration::new(Fragment::Core);
        for index in range.clone() {
            let body = enumeration.program(*size, index).expect("a program has the number");
            let outcome = pair.compare(&body, &globals);
            outcome.unwrap_or_else(|why| panic!("program {index} of size {size}, {why}"));
        }
    });
}

#[test]
fn the_steppers_agree_on_every_litmus_program_and_on_the_premises_that_fail_there() {
    let book = book();
    let litmus = litmus(&book);
    let pair = || Pair { premises: true, ..Pair::new(&book, Limits::default(), MOST) };
    in_two_threads(&litmus, pair, |pair, (name, program)| {
        let outcome = pair.compare(&program.body, &program.globals);
        outcome.unwrap_or_else(|why| panic!("litmus program “{name}”, {why}"));
    });
}

/// Under a mutant, of a program with objects, so many states are compared.
const MOST_WITH_OBJECTS: usize = 150;

/// Programs of the whole language that are drawn unless `TRYLEMMA_DRAWN` says otherwise.
const DRAWN: usize = 1_000;

#[test]
fn the_steppers_agree_on_drawn_programs_of_the_whole_language() {
    if !has_python("sys; assert sys.version_info >= (3, 11, 4)") {
        return;
    }
    let seed = setting("TRYLEMMA_SEED", fresh_seed);
    let count = setting("TRYLEMMA_DRAWN", || DRAWN.to_string()).parse().expect("TRYLEMMA_DRAWN is a number");
    // Past the capture of the test harness: a seed is of use only where it is seen.
    let _ = writeln!(std::io::stderr(), "both steppers: {count} programs with TRYLEMMA_SEED={seed}");
    let programs: Vec<(usize, String)> = drawn_programs(&seed, count).into_iter().enumerate().collect();
    let book = book();
    let pair = || Pair::new(&book, Limits::default(), MOST);
    in_two_threads(&programs, pair, |pair, (number, source)| {
        let program = whole_program(source).unwrap_or_else(|refusal| panic!("program {number}: {refusal}"));
        let outcome = pair.compare(&program.body, &program.globals);
        outcome.unwrap_or_else(|why| panic!("program {number} of seed {seed}, {why}"));
    });
}

fn litmus(book: &Book) -> Vec<(String, Program)> {
    let load = |litmus| load_litmus(book, litmus).unwrap_or_else(|error| panic!("{error}"));
    book.litmus().iter().map(|litmus| (litmus.name.clone(), load(litmus))).collect()
}

/// Programs drawn by the strategy, nested at most so deep; the seed decides which.
fn drawn(fragment: Fragment, depth: u32, seed: u8, count: usize) -> Vec<Term> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = programs(fragment, depth);
    let mut draw = || strategy.new_tree(&mut runner).expect("a program is drawn").current().term();
    (0..count).map(|_| draw()).collect()
}

/// Of a drawn program, which may be large, so many states are compared.
const MOST_DRAWN: usize = 2_000;

#[test]
fn the_steppers_agree_on_20_000_drawn_programs() {
    let book = book();
    let mut batches = Vec::new();
    for fragment in [Fragment::Core, Fragment::Closed] {
        batches.extend((0..40).map(|seed| (fragment, 1 + u32::from(seed) % 3, seed)));
    }
    let pair = || Pair::new(&book, Limits::default(), MOST_DRAWN);
    in_two_threads(&batches, pair, |pair, (fragment, depth, seed)| {
        let globals = fragment.globals(&book);
        for (number, body) in drawn(*fragment, *depth, *seed, 250).iter().enumerate() {
            let outcome = pair.compare(body, &globals);
            outcome.unwrap_or_else(|why| {
                panic!("{fragment:?} of depth {depth}, seed {seed}, program {number}: {body}\n{why}")
            });
        }
    });
}

/// What every mutant is run on.
struct Programs {
    core: Vec<Term>,
    /// The litmus programs with what the right rules make of them, those of few states first.
    litmus: Vec<(Program, Observed)>,
    drawn: Vec<Term>,
    globals: Term,
}

/// A mutant may grow or go on for ever, so its machines have the limits that `mutants` runs with,
/// and of each program so many states are compared.
const MOST_OF_A_MUTANT: usize = 1_000;

/// A mutant of a rule about objects is run on so many litmus programs that the rule is for.
const PROGRAMS_WITH_OBJECTS: usize = 3;

impl Programs {
    fn new(book: &Book) -> Programs {
        let enumeration = Enumeration::new(Fragment::Core);
        let all = |size| (0..enumeration.count(size)).map(move |index| (size, index));
        let core = (1..=3).flat_map(all).filter_map(|(size, index)| enumeration.program(size, index));
        let observed = |(_, program): (String, Program)| {
            let observed = observe(book, &program, limits_for(&program, Limits::default()));
            (program, observed)
        };
        let mut litmus: Vec<(Program, Observed)> = litmus(book).into_iter().map(observed).collect();
        litmus.sort_by_key(|(_, observed)| observed.states);
        Programs {
            core: core.collect(),
            litmus,
            drawn: drawn(Fragment::Core, 2, 7, 50),
            globals: Fragment::Core.globals(book),
        }
    }

    /// The programs that a mutant is run on: those of the core, or a few litmus programs about objects.
    fn for_mutant(&self, book: &Book, mutant: &Mutant) -> Vec<(&Term, &Term)> {
        let concerned = self.litmus.iter().filter(|(_, observed)| mutant.concerns(observed));
        let concerned = concerned.map(|(program, _)| (program.objects, (&program.body, &program.globals)));
        if !mutant.is_of_core(book) {
            return concerned.take(PROGRAMS_WITH_OBJECTS).map(|(_, terms)| terms).collect();
        }
        let cores = self.core.iter().chain(&self.drawn).map(|body| (body, &self.globals));
        cores.chain(concerned.filter(|(objects, _)| !objects).map(|(_, terms)| terms)).collect()
    }

    fn agree(&self, book: &Book, mutant: &Mutant) {
        let limits = Limits { activations: 12, depth: 600, ..Limits::default() };
        let most = if mutant.is_of_core(book) { MOST_OF_A_MUTANT } else { MOST_WITH_OBJECTS };
        let mut pair = Pair::new(&mutant.book(book), limits, most);
        for (body, globals) in self.for_mutant(book, mutant) {
            let outcome = pair.compare(body, globals);
            outcome.unwrap_or_else(|why| panic!("{}, {}: {body}\n{why}", mutant.rule, mutant.change));
        }
    }
}

#[test]
fn a_rule_that_differs_is_noticed() {
    let book = book();
    let lost = mutants(&book).into_iter().find(|mutant| mutant.rule.as_str() == "finally/resume");
    let mutant = lost.expect("the rule has a mutant");
    let mut pair = Pair::new(&book, Limits::default(), MOST);
    pair.compiled = Machine::new(&mutant.book(&book), Limits::default());
    let enumeration = Enumeration::new(Fragment::Core);
    let body = |index| enumeration.program(3, index).expect("a program has the number");
    let globals = Fragment::Core.globals(&book);
    let differ = (0..enumeration.count(3)).filter(|index| pair.compare(&body(*index), &globals).is_err());
    assert!(differ.count() > 0);
}

#[test]
fn the_steppers_agree_under_every_mutant() {
    let book = book();
    let all = mutants(&book);
    assert!(all.len() >= 600, "{} mutants", all.len());
    let programs = Programs::new(&book);
    let next = AtomicUsize::new(0);
    two_threads(&|| {
        while let Some(mutant) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            programs.agree(&book, mutant);
        }
    });
}
