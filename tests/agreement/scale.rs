//! The search of one program at scale: whatever the number of threads and however little memory, it finds what a
//! plain search finds that keeps everything and takes one state after the other.
//!
//! With `TRYLEMMA_FULL` or `CI` set the sizes are larger.

mod plain;
mod program;

use std::process::Command;

use plain::{Found, plain_search};
use program::{flags, release, subject, watched};
use trylemma::book::Book;
use trylemma::book::rule::Rule;
use trylemma::check::litmus::{is_of_core, load_litmus};
use trylemma::check::program::Subject;
use trylemma::check::program::search_program;
use trylemma::limits::Limits;
use trylemma::machine::Engine;

use crate::common::{self, TRYLEMMA, book, file, full, repository, text};

/// So many bytes are enough for a million states, and far too few for their terms.
const LITTLE: usize = 64 << 20;

fn search(book: &Book, subject: &Subject, limits: Limits, engine: Engine, threads: usize) -> Found {
    let watched = watched(book);
    let (machine, findings, reachability) = search_program(book, subject, &watched, limits, engine, threads);
    assert_eq!(findings.states, reachability.len() as u64);
    assert_eq!(findings.steps, reachability.transitions() as u64);
    Found::of(&machine, &watched, &findings)
}

/// Asserts that all searches of a program find the same, and returns what.
fn alike(book: &Book, source: &str, limits: Limits, ways: &[(usize, usize)]) -> Found {
    let subject = subject(book, source);
    let expected = plain_search(book, &subject, &watched(book), limits, Engine::Compiled);
    for (threads, memory) in ways {
        let limits = Limits { memory: *memory, ..limits };
        let found = search(book, &subject, limits, Engine::Compiled, *threads);
        assert!(found == expected, "{threads} threads, {memory} bytes: {found:?} and not {expected:?}");
    }
    expected
}

#[test]
fn litmus_programs_are_searched_alike() {
    for litmus in book().litmus().iter().filter(|litmus| is_of_core(book(), litmus)) {
        let program = load_litmus(book(), litmus).unwrap_or_else(|error| panic!("{error}"));
        let subject = Subject { program, entry: None, assumptions: Default::default() };
        for engine in [Engine::Compiled, Engine::Reference] {
            let expected = plain_search(book(), &subject, &watched(book()), Limits::default(), engine);
            let found = search(book(), &subject, Limits::default(), engine, 2);
            assert!(found == expected, "{}: {found:?} and not {expected:?}", litmus.name);
        }
    }
}

#[test]
fn a_large_graph_is_searched_alike_on_any_number_of_threads_in_little_memory() {
    let memory = Limits::default().memory;
    let ways = [(1, memory), (2, LITTLE), (3, memory), (1, LITTLE)];
    let found = alike(book(), &release(8), Limits::default(), &ways);
    assert!(found.states > 250_000 && found.limit.is_none());
}

#[test]
fn the_reference_stepper_finds_the_same() {
    let subject = subject(book(), &release(3));
    let expected = search(book(), &subject, Limits::default(), Engine::Compiled, 1);
    assert!(search(book(), &subject, Limits::default(), Engine::Reference, 2) == expected);
}

#[test]
fn a_counterexample_deep_inside_is_as_short_as_small_graphs_say() {
    // Each step that must be done takes the path through one more branch.
    let length = |flags: usize| {
        let subject = subject(book(), &release(flags));
        let found = plain_search(book(), &subject, &watched(book()), Limits::default(), Engine::Compiled);
        found.path_length("paired-calls")
    };
    let (short, longer) = (length(4), length(6));
    let flags = if full() { flags() } else { 9 };
    let limits = Limits { memory: 256 << 20, ..Limits::default() };
    for threads in [1, 2] {
        let found = search(book(), &subject(book(), &release(flags)), limits, Engine::Compiled, threads);
        assert_eq!(found.path_length("paired-calls"), short + (longer - short) / 2 * (flags - 4));
        assert!(!full() || found.states > 4_000_000);
    }
}

#[test]
fn a_limit_of_states_cuts_all_searches_off_at_the_same_state() {
    // Before the first level that is shared out, in the middle of such levels, and at the very end.
    for states in [1, 5_000, 100_001, 200_000] {
        let limits = Limits { states, ..Limits::default() };
        let found = alike(book(), &release(8), limits, &[(1, LITTLE), (2, LITTLE), (3, 1 << 30)]);
        assert!(found.limit.is_some_and(|limit| limit.contains(&format!("{states} states"))));
    }
}

#[test]
fn a_limit_of_memory_cuts_all_searches_off_at_the_same_state() {
    let subject = subject(book(), &release(8));
    let limits = Limits { memory: 12 << 20, ..Limits::default() };
    let first = search(book(), &subject, limits, Engine::Compiled, 1);
    assert_eq!(
        first.limit.as_deref(),
        Some("the limit of 12MiB of memory was reached; raise it with --memory 48MiB")
    );
    assert!(first.states > 100_000);
    for threads in [2, 3] {
        assert!(search(book(), &subject, limits, Engine::Compiled, threads) == first);
    }
}

#[test]
fn a_graph_whose_rules_go_round_in_silence_is_found_out() {
    let mut rules: Vec<Rule> = book().rules.to_vec();
    let rule = rules.iter_mut().find(|rule| rule.name.as_str() == "finally/override").expect("a rule");
    rule.rhs = "(done ?a (push (pending ?c) ?k) ?w)".parse().expect("a pattern");
    let book = book().with_rules(rules);
    let source = release(8).replace("except KeyError:\n        stage = 0", "finally:\n        return held()");
    let found = alike(&book, &source, Limits::default(), &[(1, 1 << 30), (2, LITTLE)]);
    let breakdown = found.breakdown.expect("the rules fail");
    assert!(breakdown.starts_with("Silent"), "{breakdown}");
}

/// `TRYLEMMA_WRITE=1 cargo test --test agreement example` writes it.
#[test]
fn the_example_is_the_program_of_these_tests() {
    let path = repository("examples/release.py");
    if std::env::var_os("TRYLEMMA_WRITE").is_some() {
        std::fs::write(&path, release(flags())).expect("the example can be written");
    }
    let example = std::fs::read_to_string(path).expect("the example is there");
    assert_eq!(example, release(flags()));
}

/// What the binary says of a program, and its exit code.
fn trylemma(arguments: &[&str], program: &str) -> (String, String, Option<i32>) {
    let (_folder, path) = file("release.py", program);
    let path = path.display().to_string();
    let output = common::trylemma(&[&[arguments[0], path.as_str()], &arguments[1..]].concat());
    (text(&output.stdout).replace(&path, "release.py"), text(&output.stderr), output.status.code())
}

#[test]
fn the_command_says_the_same_on_any_number_of_threads() {
    let check = |threads: &str, memory: &str| {
        let arguments = ["check", "--pair", "lock:unlock", "--threads", threads, "--memory", memory];
        trylemma(&arguments, &release(6))
    };
    let (report, _, code) = check("1", "1GiB");
    assert_eq!(code, Some(1));
    assert!(report.contains("release.py and 1 function: 41,373 states, 44,824 steps"), "{report}");
    assert!(report.contains("REFUTED  paired-calls lock:unlock           by a path of 96 steps"), "{report}");
    assert_eq!(check("2", "1GiB").0, report);
    assert_eq!(check("3", "64MiB").0, report);
}

#[test]
fn too_little_memory_is_no_verdict() {
    let (report, _, code) = trylemma(&["check", "--memory", "1MiB", "--threads", "2"], &release(8));
    assert_eq!(code, Some(3));
    assert!(report.contains("the graphs are cut off by limits in 2 of them"), "{report}");
    assert!(report.contains("release: the limit of 1MiB of memory was reached"), "{report}");
    assert!(report.contains("raise it with --memory 4MiB"), "{report}");
    assert!(!report.lines().any(|line| line.starts_with("holds")), "{report}");
}

#[test]
fn exploring_counts_large_graphs_and_lists_some_paths() {
    let explore = |threads: &str| {
        trylemma(&["explore", "--paths", "2", "--threads", threads, "--memory", "100MiB"], &release(8))
    };
    let (report, _, code) = explore("1");
    assert_eq!(code, Some(0));
    assert!(report.contains("states") && report.contains("the graph is complete"), "{report}");
    assert!(report.contains("more paths; see them with --paths 20"), "{report}");
    assert_eq!(explore("2").0, report);
}

#[test]
fn exploring_names_the_limit_that_a_large_graph_reaches() {
    let (report, message, code) = trylemma(&["explore", "--paths", "1", "--memory", "1MiB"], &release(8));
    assert_eq!(code, Some(3));
    assert!(report.contains("the graph is cut off by a limit"), "{report}");
    assert!(message.contains("the limit of 1MiB of memory was reached"), "{message}");
    for format in ["json", "dot"] {
        let (_, message, code) = trylemma(&["explore", "--format", format, "--memory", "1MiB"], &release(8));
        assert_eq!(code, Some(3));
        assert!(message.contains("the limit of 1MiB of memory was reached"), "{message}");
    }
}

/// The most memory that the binary takes while it runs, in bytes; `None` where the system does not tell.
fn peak(arguments: &[&str], program: &str) -> Option<usize> {
    let (_folder, path) = file("release.py", program);
    let mut child = Command::new(TRYLEMMA)
        .args([&[arguments[0], &path.display().to_string()], &arguments[1..]].concat())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().expect("it runs").is_none() {
        let line = std::fs::read_to_string(&status).unwrap_or_default();
        let line = line
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak = line.map(|kibibytes: usize| kibibytes << 10).or(peak);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    peak
}

#[test]
fn a_search_takes_about_as_much_memory_as_it_was_given() {
    let arguments = ["check", "--memory", "48MiB", "--threads", "2", "--property", "finally-exactly-once"];
    // The book, the rules and the program take some, whatever is searched.
    let Some(least) = peak(&arguments, "pass\n") else { return };
    let most = peak(&arguments, &release(9)).expect("the system told before");
    assert!(most < least + (48 << 20) * 7 / 4, "{most} bytes");
}
