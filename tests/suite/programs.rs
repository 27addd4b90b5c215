//! Programs that the strategies draw: printed, loaded again, shrunk.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use trylemma::check::Fragment;
use trylemma::check::core::Core;
use trylemma::check::program::as_file;
use trylemma::generate::programs;
use trylemma::limits::Limits;
use trylemma::machine::Machine;
use trylemma::machine::stepper::Successors;
use trylemma::python::print;
use trylemma::term::Term;

use crate::common::book;

/// What an observer sees of a program without choices, apart from its lines, its calls and what markers tell, which only a file has.
fn events(body: &Term, globals: &Term) -> Vec<String> {
    let mut machine = Machine::new(book(), Limits::default());
    let mut state = machine.start(body, globals);
    let mut seen = Vec::new();
    while let Successors::Edges(edges) = machine.successors(state) {
        let [edge] = edges else { panic!("a closed program has a choice") };
        let edge = edge.clone();
        let shown = edge.events.iter().map(|event| machine.bank().show(*event));
        let of_files = |event: &String| {
            event.starts_with("(line ")
                || event.contains(" (body ")
                || event.starts_with("(tested handed-on ")
        };
        seen.extend(shown.filter(|event| !of_files(event)));
        state = edge.target;
    }
    assert_eq!(machine.successors(state), Successors::Final);
    seen
}

fn loads(program: &Core) -> bool {
    as_file(book(), Fragment::Core, &program.term()).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_program_that_is_loaded_prints_as_before(program in programs(Fragment::Core, 2)) {
        let subject = as_file(book(), Fragment::Core, &program.term()).expect("it loads");
        let printed = print::statement(&subject.program.body, 0);
        let module = subject.program.source.trim_end().replace("\n\n", "\n");
        prop_assert_eq!(printed.trim_end().replace("\n\n", "\n"), module);
    }

    #[test]
    fn a_closed_program_does_the_same_from_a_file(program in programs(Fragment::Closed, 2)) {
        let body = program.term();
        let subject = as_file(book(), Fragment::Closed, &body).expect("it loads");
        let direct = events(&body, &Fragment::Closed.globals(book()));
        prop_assert_eq!(direct, events(&subject.program.body, &subject.program.globals));
    }

    #[test]
    fn a_program_has_at_least_one_statement(program in programs(Fragment::Core, 3)) {
        prop_assert!(program.size() >= 1);
    }
}

/// Draws programs, and hands each to a test with what it shrinks to.
fn each_tree(test: impl Fn(&mut dyn ValueTree<Value = Core>)) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..50 {
        test(&mut programs(Fragment::Core, 2).new_tree(&mut runner).expect("a program is drawn"));
    }
}

#[test]
fn a_program_shrinks_to_well_formed_ones_that_are_no_larger() {
    each_tree(|tree| {
        let drawn = tree.current().size();
        let mut more = tree.simplify();
        while more {
            let smaller = tree.current();
            assert!(smaller.size() <= drawn, "from size {drawn} to {smaller:?}");
            assert!(loads(&smaller), "{smaller:?}");
            more = tree.complicate();
        }
    });
}

#[test]
fn a_program_shrinks_to_pass_where_everything_fails() {
    each_tree(|tree| {
        while tree.simplify() {}
        assert_eq!(tree.current(), Core::Pass);
    });
}

#[test]
fn a_program_shrinks_to_a_smallest_one_that_fails() {
    let has_finally = |program: &Core| print::program(&program.term()).contains("finally");
    each_tree(|tree| {
        if !has_finally(&tree.current()) {
            return;
        }
        let mut smallest = tree.current();
        let mut more = tree.simplify();
        while more {
            more = if has_finally(&tree.current()) {
                smallest = tree.current();
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        assert_eq!(smallest, Core::TryFinally(Box::new(Core::Pass), Box::new(Core::Pass)));
    });
}
