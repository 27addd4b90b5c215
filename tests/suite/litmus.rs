//! The litmus programs of the book: on the rules, and on real Python.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use trylemma::book::grammar::Arity;
use trylemma::book::litmus::{Litmus, Outcome};
use trylemma::book::part::Part;
use trylemma::book::rule::{Premise, Rule};
use trylemma::book::version::Version;
use trylemma::check::litmus::{Observed, is_of_core, limits_for, load_litmus, load_with_objects, observe};
use trylemma::limits::Limits;
use trylemma::python::Program;
use trylemma::term::Node;

use crate::common::{book, fresh_python, has_python};

struct Ran {
    litmus: &'static Litmus,
    program: Program,
    observed: Observed,
}

fn all() -> &'static [Ran] {
    static ALL: OnceLock<Vec<Ran>> = OnceLock::new();
    ALL.get_or_init(|| {
        let run = |litmus| {
            let program = load_litmus(book(), litmus).unwrap_or_else(|error| panic!("{error}"));
            let observed = observe(book(), &program, limits_for(&program, Limits::default()));
            Ran { litmus, program, observed }
        };
        in_two_threads(&book().litmus().iter().collect::<Vec<_>>(), |litmus| run(*litmus))
    })
}

/// What `work` makes of each item, in order.
fn in_two_threads<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (left, right) = items.split_at(items.len() / 2);
    std::thread::scope(|scope| {
        let left = scope.spawn(|| left.iter().map(&work).collect::<Vec<R>>());
        let right: Vec<R> = right.iter().map(&work).collect();
        let mut all = left.join().expect("a thread of the test");
        all.extend(right);
        all
    })
}

/// The names of those for which a claim fails.
fn except(holds: impl Fn(&Ran) -> bool) -> Vec<&'static str> {
    all().iter().filter(|ran| !holds(ran)).map(|ran| ran.litmus.name.as_str()).collect()
}

#[test]
fn each_program_has_the_outcomes_that_the_book_records() {
    let recorded = |ran: &Ran| ran.litmus.outcomes.iter().cloned().collect::<BTreeSet<Outcome>>();
    assert_eq!(except(|ran| ran.observed.outcomes == recorded(ran)), [""; 0]);
}

/// The programs of the core's chapters that call nothing unknown.
fn closed_core() -> Vec<&'static Ran> {
    let closed = |ran: &&Ran| is_of_core(book(), ran.litmus) && ran.program.unknowns.is_empty();
    all().iter().filter(closed).collect()
}

#[test]
fn programs_of_the_core_do_the_same_where_objects_are_kept() {
    let same = in_two_threads(&closed_core(), |ran| {
        let program = load_with_objects(book(), ran.litmus).unwrap_or_else(|error| panic!("{error}"));
        let observed = observe(book(), &program, limits_for(&program, Limits::default()));
        assert_eq!(observed.outcomes, ran.observed.outcomes, "{}", ran.litmus.name);
        assert!(observed.fault.is_none() && !observed.ambiguous, "{}", ran.litmus.name);
    });
    assert!(same.len() > 150, "only {} programs of the core are closed", same.len());
}

#[test]
fn programs_of_the_core_fire_rules_of_the_core_only() {
    let core = |rule: &u32| book().part(&book().rules[*rule as usize].place) == Part::Core;
    assert_eq!(except(|ran| ran.program.objects || ran.observed.rules.iter().all(core)), [""; 0]);
}

#[test]
fn the_rules_never_fail_on_a_program() {
    assert_eq!(except(|ran| ran.observed.fault.is_none()), [""; 0]);
}

#[test]
fn a_state_has_several_successors_only_by_a_choice() {
    assert_eq!(except(|ran| !ran.observed.ambiguous), [""; 0]);
}

#[test]
fn each_program_has_a_section_of_its_own() {
    let sections = RefCell::new(BTreeSet::new());
    assert_eq!(except(|ran| sections.borrow_mut().insert(&ran.litmus.section)), [""; 0]);
}

#[test]
fn each_rule_is_fired_by_a_program() {
    let fired: BTreeSet<u32> = all().iter().flat_map(|ran| &ran.observed.rules).copied().collect();
    let rules = (0..).zip(book().rules.iter());
    let idle: Vec<&str> =
        rules.filter(|(index, _)| !fired.contains(index)).map(|(_, rule)| rule.name.as_str()).collect();
    assert_eq!(idle, [""; 0], "what no litmus program fires");
}

/// The rules whose programs stand in a later chapter, because they need what only that one
/// introduces: handlers for what observes their targets, the values that nothing defines, objects and generators.
const LATER: [&str; 12] = [
    "probe/enter",
    "probe/bound",
    "probe/unbound",
    "observe/raise",
    "truth/object",
    "truth/unknown",
    "reraise/outer",
    "match/tuple-object",
    "match/unknown",
    "isinstance/unknown",
    "isinstance/unknown-class",
    "respond/exception",
];

#[test]
fn each_rule_is_fired_in_its_own_chapter_unless_a_later_one_introduces_what_it_needs() {
    let mut fired = BTreeSet::new();
    for ran in all() {
        let chapter = book().chapter(&ran.litmus.place);
        fired.extend(ran.observed.rules.iter().map(|rule| (chapter, *rule)));
    }
    let rules = (0..).zip(book().rules.iter());
    let idle: Vec<&str> = rules
        .filter(|(index, rule)| !fired.contains(&(book().chapter(&rule.place), *index)))
        .map(|(_, rule)| rule.name.as_str())
        .collect();
    assert_eq!(idle, LATER);
}

#[test]
fn each_rule_of_the_core_is_shown_by_a_program_beside_it() {
    let shown: BTreeSet<(usize, u32)> = all()
        .iter()
        .flat_map(|ran| ran.observed.rules.iter().map(|rule| (ran.litmus.place.chapter, *rule)))
        .collect();
    let rules = (0..).zip(book().rules.iter());
    let hidden: Vec<&str> = rules
        .filter(|(index, rule)| !shown.contains(&(rule.place.chapter, *index)))
        .filter(|(_, rule)| book().part(&rule.place) == Part::Core)
        .map(|(_, rule)| rule.name.as_str())
        .collect();
    let core = |name: &&str| book().rule(name).is_some_and(|rule| book().part(&rule.place) == Part::Core);
    let later: Vec<&str> = LATER.into_iter().filter(core).collect();
    assert_eq!(hidden, later, "what no program in the chapter itself fires, but only the catalogue");
}

#[test]
fn each_premise_fails_in_a_program() {
    let failed: BTreeSet<(u32, usize)> = all().iter().flat_map(|ran| &ran.observed.failed).copied().collect();
    let mut never = Vec::new();
    for (index, rule) in (0..).zip(book().rules.iter()) {
        for place in 0..rule.premises.len() {
            if can_fail(&rule.premises[place]) && !failed.contains(&(index, place)) {
                never.push(describe(rule, place));
            }
        }
    }
    assert_eq!(never, [""; 0], "what no litmus program fails");
}

fn can_fail(premise: &Premise) -> bool {
    match premise {
        Premise::If(_) | Premise::Unless(_) | Premise::Undefined(_) => true,
        Premise::Let(..) => {
            let call = premise.call();
            let function = match &call[call.root()] {
                egg::ENodeOrVar::ENode(Node { op, .. }) => book().grammar.functions.get(op),
                egg::ENodeOrVar::Var(_) => None,
            };
            function.is_some_and(|signature| signature.arity == Arity::Partial)
        }
        Premise::In(..) => false,
    }
}

fn describe(rule: &Rule, place: usize) -> String {
    format!("premise {} of {}: {}", place + 1, rule.name, rule.premises[place].call())
}

/// Whether it is recorded what a version of Python does; not where other versions differ and this one was not asked.
fn is_known(litmus: &Litmus, version: Version) -> bool {
    let asked =
        version == Version::DEFAULT || litmus.elsewhere.iter().any(|(other, _)| other.admits(version));
    asked || litmus.elsewhere.is_empty()
}

#[test]
fn closed_programs_do_on_real_python_what_the_book_records() {
    if !has_python("sys; assert sys.version_info >= (3, 11, 4)") {
        return;
    }
    let closed: Vec<&Ran> = all().iter().filter(|ran| ran.program.unknowns.is_empty()).collect();
    let sources: Vec<String> = closed.iter().map(|ran| ran.litmus.program.clone()).collect();
    let (version, seen) = fresh_python(&sources);
    let mut differ = BTreeMap::new();
    for (ran, (output, ending)) in closed.iter().zip(seen) {
        let real = Outcome { output: output.lines().map(str::to_string).collect(), ending };
        let recorded = ran.litmus.outcomes_under(version);
        if is_known(ran.litmus, version) && !recorded.contains(&real) {
            differ.insert(&ran.litmus.name, (real, recorded));
        }
    }
    assert!(closed.len() > 600, "only {} programs are closed", closed.len());
    assert!(differ.is_empty(), "Python and the book differ: {differ:#?}");
}
