//! All ways of checking every program of a size come to the same figures and the same
//! verdicts: by either stepper, by enumeration and by narrowing, in any number of threads, in little
//! memory, and in pieces.

use std::collections::BTreeMap;

use trylemma::book::Book;
use trylemma::book::property::{Kind, Property};
use trylemma::book::rule::Rule;
use trylemma::book::version::Version;
use trylemma::check::checkpoint::Checkpoint;
use trylemma::check::exhaustive::{ProgramId, Report};
use trylemma::check::mutate::{Mutant, mutants};
use trylemma::check::summarise::composes;
use trylemma::check::{Enumeration, Exhaustive, Fragment, Method, Verdict};
use trylemma::limits::Limits;
use trylemma::machine::Engine;
use trylemma::trace::part::{Asked, Part};

use crate::common::{Edit, book, edited_book, full};

const ENUMERATE: (Engine, Method) = (Engine::Compiled, Method::Enumerate);
const NARROW: (Engine, Method) = (Engine::Compiled, Method::Narrow);
const SUMMARISE: (Engine, Method) = (Engine::Compiled, Method::Summarise);
const REFERENCE: (Engine, Method) = (Engine::Reference, Method::Enumerate);

/// All theorems and hazards that are about one activation or one path.
fn properties(book: &Book) -> Vec<&Property> {
    let asked = |p: &&Property| matches!(p.kind, Kind::Theorem | Kind::Hazard);
    book.properties.iter().filter(asked).filter(|p| !p.scope.is_pair() && !p.objects).collect()
}

fn job(book: &Book, fragment: Fragment, size: usize, (engine, method): (Engine, Method)) -> Exhaustive<'_> {
    Exhaustive { fragment, engine, method, ..Exhaustive::new(book, size..=size) }
}

fn run(book: &Book, fragment: Fragment, size: usize, way: (Engine, Method)) -> Report {
    job(book, fragment, size, way).run(&properties(book))
}

/// What every way must find; only how many runs it took may differ.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// Programs, states, steps, paths.
    figures: [u128; 4],
    ends: BTreeMap<String, u128>,
    verdicts: Vec<Verdict<ProgramId>>,
    breakdown: Option<ProgramId>,
}

impl From<Report> for Found {
    fn from(report: Report) -> Found {
        let coverage = report.coverage;
        Found {
            figures: [coverage.programs, coverage.states, coverage.steps, coverage.paths],
            ends: report.ends,
            verdicts: report.verdicts,
            breakdown: report.breakdown,
        }
    }
}

/// The fragments, each with the largest size that the compiled stepper checks here, and the
/// largest that the reference stepper does.
fn fragments() -> [(Fragment, usize, usize); 4] {
    let core = if full() { 5 } else { 4 };
    [(Fragment::Core, core, 4), (Fragment::Closed, 5, 4), (Fragment::J, 7, 5), (Fragment::Jn, 6, 5)]
}

#[test]
fn narrowing_and_summaries_find_what_enumeration_finds() {
    for (fragment, largest, _) in fragments() {
        for size in 1..=largest {
            let enumerated = run(book(), fragment, size, ENUMERATE);
            let programs = Enumeration::new(fragment).count(size);
            let coverage = &enumerated.coverage;
            assert_eq!((coverage.programs, coverage.runs), (programs, programs), "{fragment:?} {size}");
            let narrowed = run(book(), fragment, size, NARROW);
            assert!(narrowed.coverage.runs <= programs, "{fragment:?} {size}");
            let summarised = run(book(), fragment, size, SUMMARISE);
            let used = summarised.coverage.summaries > 0;
            assert_eq!(used, has_summaries(fragment) && programs > 0, "{fragment:?} {size}");
            let enumerated = Found::from(enumerated);
            assert_eq!(Found::from(narrowed), enumerated, "{fragment:?} of size {size}");
            assert_eq!(Found::from(summarised), enumerated, "{fragment:?} of size {size}");
        }
    }
}

/// Whether summaries are for a fragment, whose programs have no choices then.
fn has_summaries(fragment: Fragment) -> bool {
    matches!(fragment, Fragment::Closed | Fragment::J)
}

#[test]
fn summaries_are_for_properties_of_one_statement() {
    let composing = properties(book()).into_iter().filter(|property| composes(property));
    let names: Vec<&str> = composing.map(|property| property.name.as_str()).collect();
    assert!(names.contains(&"finally-exactly-once"), "{names:?}");
    // These look at two statements at a time, and at how the whole path ends.
    for other in ["finally-innermost-first", "no-orphan-control"] {
        assert!(!names.contains(&other), "{names:?}");
    }
}

#[test]
fn the_reference_stepper_finds_what_the_compiled_one_finds() {
    for (fragment, _, largest) in fragments() {
        for size in 1..=largest {
            let reference = Found::from(run(book(), fragment, size, REFERENCE));
            let compiled = Found::from(run(book(), fragment, size, ENUMERATE));
            assert_eq!(compiled, reference, "{fragment:?} of size {size}");
        }
    }
}

/// The ways by the compiled stepper, and the reference stepper where the size is small enough.
fn ways(size: usize, smallest: usize) -> Vec<(Engine, Method)> {
    let all = [ENUMERATE, NARROW, SUMMARISE, REFERENCE];
    all.into_iter().filter(|way| way.0 == Engine::Compiled || size <= smallest).collect()
}

/// Of each fragment a size of a few thousand programs, which make several units of work.
const MIDDLING: [(Fragment, usize); 4] =
    [(Fragment::Core, 4), (Fragment::Closed, 4), (Fragment::J, 6), (Fragment::Jn, 6)];

#[test]
fn the_number_of_threads_changes_nothing() {
    for (fragment, size) in MIDDLING {
        for way in ways(size, 4) {
            let with = |threads| {
                let job = Exhaustive { threads, ..job(book(), fragment, size, way) };
                Found::from(job.run(&properties(book())))
            };
            let one = with(1);
            assert_eq!(with(2), one, "{fragment:?} {way:?}");
            assert_eq!(with(3), one, "{fragment:?} {way:?}");
        }
    }
}

#[test]
fn little_memory_changes_nothing() {
    for (fragment, size) in MIDDLING {
        for way in ways(size, 0) {
            let job = job(book(), fragment, size, way);
            let in_memory = |memory| {
                let job = Exhaustive { memory, ..job.clone() };
                Found::from(job.run(&properties(book())))
            };
            assert_eq!(in_memory(1 << 20), in_memory(job.memory), "{fragment:?} {way:?}");
        }
    }
}

#[test]
fn a_search_that_forgets_again_and_again_covers_each_program_once() {
    // Programs enough that a unit of work looks at the memory taken more than once.
    let job = job(book(), Fragment::Core, 6, NARROW);
    let properties: Vec<_> = properties(book()).into_iter().take(1).collect();
    let found = Exhaustive { memory: 1 << 20, threads: 2, ..job.clone() }.run(&properties);
    assert_eq!(found.coverage.programs, Enumeration::new(Fragment::Core).count(6));
    assert_eq!(Found::from(found), Found::from(Exhaustive { threads: 2, ..job }.run(&properties)));
}

#[test]
fn shards_together_find_what_one_job_finds() {
    for (fragment, size) in MIDDLING {
        for way in ways(size, 4) {
            let whole = job(book(), fragment, size, way);
            let properties = properties(book());
            let mut checkpoint = Checkpoint::new(properties.len());
            // The last shard first: the order is of no account.
            for shard in [2, 0, 1] {
                let part = Exhaustive { shard: (shard, 3), ..whole.clone() };
                assert!(part.resume(&properties, &mut checkpoint, &|_, _| true));
                checkpoint = written_and_read(&checkpoint, properties.len());
            }
            let together = Found::from(whole.report(&checkpoint));
            assert_eq!(together, Found::from(whole.run(&properties)), "{fragment:?} {way:?}");
        }
    }
}

#[test]
fn a_job_that_is_stopped_after_each_unit_finds_what_one_job_finds() {
    for (fragment, size) in MIDDLING {
        for way in ways(size, 0) {
            let whole = job(book(), fragment, size, way);
            let properties = properties(book());
            let mut checkpoint = Checkpoint::new(properties.len());
            let mut stops = 0;
            while !whole.resume(&properties, &mut checkpoint, &|_, _| false) {
                stops += 1;
                checkpoint = written_and_read(&checkpoint, properties.len());
            }
            assert!(stops > 1, "{fragment:?} {way:?} has one unit of work");
            let together = Found::from(whole.report(&checkpoint));
            assert_eq!(together, Found::from(whole.run(&properties)), "{fragment:?} {way:?}");
        }
    }
}

/// The checkpoint as it comes back from a file.
fn written_and_read(checkpoint: &Checkpoint, properties: usize) -> Checkpoint {
    let asked = Asked {
        rules: String::new(),
        python: String::new(),
        fragment: String::new(),
        sizes: (1, 1),
        method: String::new(),
        engine: String::new(),
        limits: BTreeMap::new(),
        properties: vec![(String::new(), None); properties],
    };
    let text = Part::new(asked, checkpoint).and_then(|part| part.to_ron()).expect("a checkpoint is written");
    Part::from_ron(&text).expect("and read").checkpoint()
}

#[test]
fn the_figures_of_j_are_those_that_other_tools_count() {
    for way in [ENUMERATE, NARROW] {
        assert_eq!(run(book(), Fragment::J, 7, way).coverage.programs, 159_457);
        let eight = run(book(), Fragment::J, 8, way);
        assert_eq!(eight.coverage.programs, 1_369_165);
        let ends =
            [("normal", 429_320), ("raising A", 211_707), ("raising B", 364_069), ("returning", 364_069)];
        assert_eq!(eight.ends, ends.map(|(end, count)| (end.to_string(), count)).into());
    }
}

const CALM: &str = "(done ?q (push (finally-frame ?t) ?k) ?w)\n ~> (eval ?t (push (pending ?q) ?k) ?w)";
const RAISING: &str = " ~> (eval ?t (push (pending (raising ?x))";

fn book_with(edits: &[Edit]) -> Book {
    let folder = edited_book(edits);
    Book::from_folder(folder.path(), Version::DEFAULT).unwrap_or_else(|error| panic!("{error}"))
}

/// A `finally` clause runs twice.
fn twice() -> Book {
    let calm = CALM.replace("(eval ?t", "(eval (seq ?t ?t)");
    let raising = RAISING.replace("(eval ?t", "(eval (seq ?t ?t)");
    book_with(&[("08-finally.md", CALM, &calm), ("08-finally.md", RAISING, &raising)])
}

/// A `finally` clause is skipped when a `return` is pending.
fn skipped() -> Book {
    let subset = "Exit        ?out   <: Completion ::= raising returning";
    let subsets = format!("{subset}\nStaying     ?stay  <: Completion ::= normal breaking continuing");
    let split = "(done ?stay (push (finally-frame ?t) ?k) ?w)\n ~> (eval ?t (push (pending ?stay) ?k) ?w)\n\n\
        ------------------------------------------------------------ finally/skip\n    \
        (done (returning ?v) (push (finally-frame ?t) ?k) ?w)\n ~> (done (returning ?v) ?k ?w)";
    book_with(&[("01-grammar.md", subset, &subsets), ("08-finally.md", CALM, split)])
}

/// The book with the right side of a rule replaced.
fn with_right_side(name: &str, right: &str) -> Book {
    let mut rules = book().rules.to_vec();
    let rule = rules.iter_mut().find(|rule| rule.name.as_str() == name).expect("the rule is there");
    rule.rhs = right.parse().expect("a pattern");
    book().with_rules(rules)
}

/// The saved completion is lost.
fn lost() -> Book {
    with_right_side("finally/resume", "(done normal ?k ?w)")
}

/// Two rules apply where a clause has ended: the saved completion goes on, or is lost.
fn choosing() -> Book {
    let mut rules = book().rules.to_vec();
    let resume = book().rule("finally/resume").expect("the rule is there");
    let rhs = "(done normal ?k ?w)".parse().expect("a pattern");
    rules.push(Rule { name: "finally/forget".into(), rhs, ..resume.clone() });
    book().with_rules(rules)
}

/// Leaving a clause abruptly goes round for ever, and nothing happens.
fn silent() -> Book {
    with_right_side("finally/override", "(done ?a (push (pending ?c) ?k) ?w)")
}

/// The fragments that wrong books are checked on, and up to which size.
const SMALL: [(Fragment, usize); 4] =
    [(Fragment::Core, 3), (Fragment::Closed, 4), (Fragment::J, 5), (Fragment::Jn, 5)];

/// Asserts that all ways find the same with a book, at each size, and that in each fragment
/// what they find at some size shows what is wrong.
fn all_ways_agree(book: &Book, shows: impl Fn(&Found) -> bool) {
    for (fragment, largest) in SMALL {
        let mut shown = false;
        for size in 1..=largest {
            let reference = Found::from(run(book, fragment, size, REFERENCE));
            for (way, threads) in [(ENUMERATE, 1), (ENUMERATE, 3), (NARROW, 1), (NARROW, 3), (SUMMARISE, 2)] {
                let job = Exhaustive { threads, ..job(book, fragment, size, way) };
                let other = Found::from(job.run(&properties(book)));
                assert_eq!(other, reference, "{fragment:?} of size {size} by {way:?}, {threads} threads");
            }
            shown |= shows(&reference);
        }
        assert!(shown, "{fragment:?}: nothing is wrong");
    }
}

/// Whether a property is refuted.
fn refuted(found: &Found, name: &str) -> bool {
    let place = properties(book()).iter().position(|p| p.name == name).expect("a property");
    matches!(found.verdicts[place], Verdict::Refuted(_))
}

#[test]
fn a_clause_that_runs_twice_is_refuted_alike_by_all_ways() {
    all_ways_agree(&twice(), |found| refuted(found, "finally-exactly-once"));
}

#[test]
fn a_clause_that_a_return_skips_is_refuted_alike_by_all_ways() {
    all_ways_agree(&skipped(), |found| refuted(found, "finally-exactly-once"));
}

#[test]
fn a_completion_that_is_lost_is_refuted_alike_by_all_ways() {
    all_ways_agree(&lost(), |found| refuted(found, "finally-decides"));
}

#[test]
fn closed_programs_with_choices_are_followed_alike_by_all_ways() {
    // More paths than programs, in closed fragments too.
    all_ways_agree(&choosing(), |found| {
        found.figures[3] > found.figures[0] && refuted(found, "finally-decides")
    });
}

#[test]
fn rules_that_go_round_in_silence_break_down_alike_in_all_ways() {
    all_ways_agree(&silent(), |found| found.breakdown.is_some());
}

/// A rule looks at the second frame: what is right stays right, and stretches are of no use.
fn looking_deeper() -> Book {
    let mut rules = book().rules.to_vec();
    let place = rules.iter().position(|rule| rule.name.as_str() == "finally/resume").expect("a rule");
    let deeper = |frame: &str| {
        let lhs = format!("(done normal (push (pending ?c) (push {frame} ?k)) ?w)");
        let rhs = format!("(done ?c (push {frame} ?k) ?w)");
        Rule {
            name: format!("finally/resume-{}", frame.len()).as_str().into(),
            lhs: lhs.parse().expect("a pattern"),
            rhs: rhs.parse().expect("a pattern"),
            ..rules[place].clone()
        }
    };
    let end = Rule {
        name: "finally/resume-end".into(),
        lhs: "(done normal (push (pending ?c) end) ?w)".parse().expect("a pattern"),
        rhs: "(done ?c end ?w)".parse().expect("a pattern"),
        ..rules[place].clone()
    };
    let new = [deeper("(seq-frame ?s)"), end];
    rules.splice(place..=place, new);
    book().with_rules(rules)
}

#[test]
fn a_rule_that_looks_at_the_second_frame_is_followed_alike_by_all_ways() {
    all_ways_agree(&looking_deeper(), |found| found.figures[0] > 0);
}

/// Where the ways of checking differ under a mutant.
fn differences(mutant: &Mutant) -> Vec<String> {
    // A mutant may grow or go on for ever: the limits are those that `mutants` runs with.
    let limits = Limits { states: 4_000, activations: 12, depth: 600, ..Limits::default() };
    let wrong = mutant.book(book());
    let mut differ = Vec::new();
    for (fragment, size) in [(Fragment::Core, 3), (Fragment::Closed, 3), (Fragment::J, 4)] {
        let find = |way| {
            let job = Exhaustive { limits, ..job(&wrong, fragment, size, way) };
            Found::from(job.run(&properties(&wrong)))
        };
        let reference = find(REFERENCE);
        for way in [ENUMERATE, NARROW, SUMMARISE] {
            let found = find(way);
            if found != reference {
                let what = format!("{}, {}: {fragment:?} by {way:?}", mutant.rule, mutant.change);
                differ.push(format!("{what}\n{found:?}\nreference\n{reference:?}"));
            }
        }
    }
    differ
}

#[test]
fn every_mutant_is_told_alike_by_all_ways() {
    // Programs of the core, which these ways are for, meet the rules of the core.
    let mut all = mutants(book());
    all.retain(|mutant| mutant.is_of_core(book()));
    let (left, right) = all.split_at(all.len() / 2);
    let differ = |half: &[Mutant]| half.iter().flat_map(differences).collect::<Vec<String>>();
    let differ = std::thread::scope(|scope| {
        let left = scope.spawn(|| differ(left));
        let right = differ(right);
        [left.join().expect("a thread of the test"), right].concat()
    });
    assert!(differ.is_empty(), "{} differ, the first:\n{}", differ.len(), differ[0]);
}

#[test]
fn a_limit_cuts_off_the_same_programs_at_the_same_states_by_all_ways() {
    for (fragment, sizes) in
        [(Fragment::Core, 1..=3), (Fragment::Closed, 1..=3), (Fragment::J, 1..=4), (Fragment::Jn, 1..=4)]
    {
        for (name, value) in
            [("states", 2), ("states", 20), ("states", 40), ("depth", 10), ("depth", 18), ("nodes", 120)]
        {
            let mut limits = Limits::default();
            limits.set(name, value).expect("there is a limit of the name");
            let find = |way| {
                let job = Exhaustive { limits, sizes: sizes.clone(), ..job(book(), fragment, 1, way) };
                Found::from(job.run(&properties(book())))
            };
            let reference = find(REFERENCE);
            for way in [ENUMERATE, NARROW, SUMMARISE] {
                assert_eq!(find(way), reference, "{fragment:?} {sizes:?} by {way:?}, {name} = {value}");
            }
        }
    }
}
