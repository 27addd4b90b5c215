//! The litmus programs of the book: on the rules, and on real Python.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use trylemma::check::litmus::{Observed, load_litmus, observe};
use trylemma::limits::Limits;
use trylemma::python::Program;
use trylemma::spec::grammar::Arity;
use trylemma::spec::litmus::{Litmus, Outcome};
use trylemma::spec::rule::{Premise, Rule};
use trylemma::term::Node;

use super::common::{book, has_python, python, text};

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
            let observed = observe(book(), &program, Limits::default());
            Ran { litmus, program, observed }
        };
        book().litmus.iter().map(run).collect()
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
    let rules = (0..).zip(&book().rules);
    let idle: Vec<_> = rules.filter(|(index, _)| !fired.contains(index)).map(|(_, rule)| rule.name).collect();
    assert!(idle.is_empty(), "no litmus program fires {idle:?}");
}

/// The rules whose programs stand in a later chapter, because they need what only that one
/// introduces: handlers for what observes their targets, and the values that nothing defines.
const LATER: [&str; 9] = [
    "probe/enter",
    "probe/bound",
    "probe/unbound",
    "observe/raise",
    "truth/unknown",
    "raise/unknown",
    "match/unknown",
    "isinstance/unknown",
    "isinstance/unknown-class",
];

#[test]
fn each_rule_is_fired_in_its_own_chapter_unless_a_later_one_introduces_what_it_needs() {
    let mut fired = BTreeSet::new();
    for ran in all() {
        let chapter = ran.litmus.place.chapter;
        fired.extend(ran.observed.rules.iter().map(|rule| (chapter, *rule)));
    }
    let rules = (0..).zip(&book().rules);
    let idle: Vec<&str> = rules
        .filter(|(index, rule)| !fired.contains(&(rule.place.chapter, *index)))
        .map(|(_, rule)| rule.name.as_str())
        .collect();
    assert_eq!(idle, LATER);
}

#[test]
fn each_premise_fails_in_a_program() {
    let failed: BTreeSet<(u32, usize)> = all().iter().flat_map(|ran| &ran.observed.failed).copied().collect();
    let mut never = Vec::new();
    for (index, rule) in (0..).zip(&book().rules) {
        for place in 0..rule.premises.len() {
            if can_fail(&rule.premises[place]) && !failed.contains(&(index, place)) {
                never.push(describe(rule, place));
            }
        }
    }
    assert!(never.is_empty(), "no litmus program fails\n{}", never.join("\n"));
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

/// Runs each program of a JSON list in a module of its own, and prints a JSON list of
/// what each printed and the last line of its traceback.
const HARNESS: &str = r#"
import contextlib, io, json, sys, traceback
seen = []
for program in json.load(sys.stdin):
    output, ending = io.StringIO(), "normal"
    with contextlib.redirect_stdout(output):
        try:
            exec(compile(program, "litmus.py", "exec"), {"__name__": "__main__"})
        except BaseException as raised:
            lines = traceback.format_exception_only(type(raised), raised)
            ending = "raises " + lines[-1].rstrip("\n").split("\n")[-1]
    seen.append([output.getvalue().splitlines(), ending])
json.dump(seen, sys.stdout)
"#;

#[test]
fn closed_programs_do_on_real_python_what_the_book_records() {
    if !has_python("json") {
        return;
    }
    let closed: Vec<&Ran> = all().iter().filter(|ran| ran.program.unknowns.is_empty()).collect();
    let closed: Vec<&Ran> = closed.into_iter().filter(|ran| ran.litmus.outcomes.len() == 1).collect();
    let sources: Vec<&str> = closed.iter().map(|ran| ran.litmus.program.as_str()).collect();
    let input = serde_json::to_string(&sources).expect("strings are JSON");
    let output = python(&["-c", HARNESS], &input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let seen: Vec<(Vec<String>, String)> = serde_json::from_slice(&output.stdout).expect("a list");
    let mut differ = BTreeMap::new();
    for (ran, (output, ending)) in closed.iter().zip(seen) {
        let real = Outcome { output, ending };
        if real != ran.litmus.outcomes[0] {
            differ.insert(&ran.litmus.name, (real, &ran.litmus.outcomes[0]));
        }
    }
    assert!(closed.len() > 100, "only {} programs are closed", closed.len());
    assert!(differ.is_empty(), "Python and the book differ: {differ:#?}");
}
