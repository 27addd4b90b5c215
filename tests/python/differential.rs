//! Programs drawn at random from the whole language, under the model and under `python3`.
//!
//! The seed is a new one each time, and printed; `TRYLEMMA_SEED` sets it, `TRYLEMMA_DRAWN` says how many programs.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use trylemma::book::Book;
use trylemma::book::version::Version;
use trylemma::check::litmus::{limits_for, run};
use trylemma::diagnostic::ErrorKind;
use trylemma::limits::Limits;

use crate::common::drawn::{drawn_for, drawn_programs, fresh_seed, setting, whole_program_of};
use crate::common::{book, fresh_python_at, full, has_python, installed};

/// Programs that are drawn unless `TRYLEMMA_DRAWN` says otherwise.
const DRAWN: usize = 2_000;

/// Programs that one `python3` runs.
const BATCH: usize = 250;

/// Differences that are reported in full.
const SHOWN: usize = 5;

/// How a program ends that a version does not read.
const NO_PROGRAM: &str = "raises SyntaxError";

/// What the model makes of a program: its output, and how it ends.
fn modelled(book: &Book, source: &str) -> (String, String) {
    let program = match whole_program_of(book, source) {
        Ok(program) => program,
        Err(refusal) if *refusal.kind() == ErrorKind::Fault => return (String::new(), NO_PROGRAM.into()),
        Err(refusal) => return (String::new(), format!("is refused: {}", refusal.title())),
    };
    match run(book, &program, limits_for(&program, Limits::default())) {
        // Older versions write the module of a class of the program; who asks for the line by hand has it without.
        Ok((output, ending)) => (output, ending.replacen("raises __main__.", "raises ", 1)),
        Err(fault) => (String::new(), format!("does not end: {fault:?}")),
    }
}

/// The first line on which two outcomes differ.
fn difference(real: &(String, String), mine: &(String, String)) -> Option<String> {
    // A version has its own words for what it does not read.
    let refused = mine.1 == NO_PROGRAM && real.0.is_empty() && real.1.starts_with(NO_PROGRAM);
    if real == mine || refused {
        return None;
    }
    let lines = |(output, ending): &(String, String)| -> Vec<String> {
        output.split('\n').map(str::to_string).chain([ending.clone()]).collect()
    };
    let (real, mine) = (lines(real), lines(mine));
    let place = (0..real.len().max(mine.len())).find(|line| real.get(*line) != mine.get(*line))?;
    let shown = |lines: &[String]| lines.get(place).cloned().unwrap_or_default();
    Some(format!("line {}: Python `{}`, the model `{}`", place + 1, shown(&real), shown(&mine)))
}

/// Compares programs from `first` on, and says where they differ.
fn compare((book, interpreter): (&Book, &Path), programs: &[String], first: usize) -> Vec<String> {
    let (_, seen) = fresh_python_at(interpreter, programs);
    let differ = programs.iter().zip(&seen).enumerate().filter_map(|(place, (program, real))| {
        let why = difference(real, &modelled(book, program))?;
        Some(format!("program {}, {why}", first + place))
    });
    differ.collect()
}

fn compare_all(under: (&Book, &Path), programs: &[String]) -> Vec<String> {
    let batches: Vec<&[String]> = programs.chunks(BATCH).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut differ = Vec::new();
        loop {
            let batch = next.fetch_add(1, Ordering::Relaxed);
            let Some(programs) = batches.get(batch) else { return differ };
            differ.extend(compare(under, programs, batch * BATCH));
        }
    };
    std::thread::scope(|scope| {
        let spawn = || std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work);
        let threads = [spawn(), spawn()].map(|thread| thread.expect("a thread starts"));
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread of the test")).collect()
    })
}

#[test]
fn drawn_programs_do_under_the_model_what_they_do_under_python() {
    if !has_python("sys; assert sys.version_info >= (3, 11, 4)") {
        return;
    }
    let seed = setting("TRYLEMMA_SEED", fresh_seed);
    let count = setting("TRYLEMMA_DRAWN", || DRAWN.to_string()).parse().expect("TRYLEMMA_DRAWN is a number");
    // Past the capture of the test harness: a seed is of use only where it is seen.
    let _ = writeln!(std::io::stderr(), "drawing {count} programs with TRYLEMMA_SEED={seed}");
    let differ = compare_all((book(), Path::new("python3")), &drawn_programs(&seed, count));
    assert!(
        differ.is_empty(),
        "{} of {count} differ. The first:\n{}\nTo see one: python3 tests/differential/draw.py --seed {seed} --index N; \
         tests/differential/shrink.py makes it smaller",
        differ.len(),
        differ[..differ.len().min(SHOWN)].join("\n")
    );
}

/// The first version whose programs are drawn: they have f-strings. Before it, only those of the last Python 2 are, in its own syntax.
const FIRST: Version = Version::new(3, 6);

/// The last Python 2.
const EARLY: Version = Version::new(2, 7);

/// Programs for each version, where all tests are run and otherwise.
const EACH: [usize; 2] = [300, 40];

#[test]
fn drawn_programs_do_under_each_version_what_they_do_under_its_python() {
    // They are drawn with the grammar of groups.
    if !has_python("sys; assert sys.version_info >= (3, 11)") {
        return;
    }
    let seed = setting("TRYLEMMA_SEED", fresh_seed);
    let each = EACH[usize::from(!full())].to_string();
    let count = setting("TRYLEMMA_DRAWN_EACH", || each).parse().expect("TRYLEMMA_DRAWN_EACH is a number");
    let _ = writeln!(std::io::stderr(), "drawing {count} programs a version with TRYLEMMA_SEED={seed}");
    let versions =
        book().versions_read().into_iter().filter(|version| *version >= FIRST || *version == EARLY);
    let mut wrong = Vec::new();
    for (version, python) in installed(&versions.collect::<Vec<_>>()) {
        let book = Book::built_in(version).unwrap_or_else(|error| panic!("{error}"));
        let differ = compare_all((&book, &python), &drawn_for(version, &seed, count));
        let _ = writeln!(std::io::stderr(), "Python {version}: {} of {count} differ", differ.len());
        wrong.extend(differ.into_iter().map(|line| format!("Python {version}, {line}")));
    }
    assert!(wrong.is_empty(), "of seed {seed} differ:\n{}", wrong[..wrong.len().min(4 * SHOWN)].join("\n"));
}

/// Expressions, most of which raise: what builtin functions and operators say differs from version to version.
const TEXTS: &str = include_str!("../differential/texts.txt");

/// The same in Python 2.
const EARLY_TEXTS: &str = include_str!("../differential/early_texts.txt");

/// Programs of Python 2, of what it does otherwise.
const EARLY_PROGRAMS: &str = include_str!("../differential/early_programs.txt");

#[test]
fn whole_programs_do_under_the_model_what_they_do_under_python_2() {
    let programs: Vec<String> = EARLY_PROGRAMS.split("####\n").map(str::to_string).collect();
    for (version, python) in installed(&[EARLY]) {
        let book = Book::built_in(version).unwrap_or_else(|error| panic!("{error}"));
        let differ = compare_all((&book, &python), &programs);
        assert!(differ.is_empty(), "{}", differ.join("\n"));
    }
}

#[test]
fn texts_of_builtin_errors_are_those_of_each_version() {
    let program = |expression: &str| {
        format!(
            "try:\n    print(repr({expression}))\nexcept Exception as e:\n    print(type(e).__name__, e)\n"
        )
    };
    let early = |expression: &str| {
        format!("try:\n    print {expression}\nexcept Exception, e:\n    print e.__class__.__name__, e\n")
    };
    let programs: Vec<String> = TEXTS.lines().map(program).collect();
    let early: Vec<String> = EARLY_TEXTS.lines().map(early).collect();
    let versions =
        book().versions_read().into_iter().filter(|version| *version >= FIRST || *version == EARLY);
    let mut wrong = Vec::new();
    for (version, python) in installed(&versions.collect::<Vec<_>>()) {
        let book = Book::built_in(version).unwrap_or_else(|error| panic!("{error}"));
        let differ = compare_all((&book, &python), if version == EARLY { &early } else { &programs });
        wrong.extend(differ.into_iter().map(|line| format!("Python {version}, {line}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tests of which a compiler may see what they come to.
const TESTS: [&str; 19] = [
    "0",
    "1",
    "0.0",
    "1.5",
    "''",
    "'v'",
    "b''",
    "b'x'",
    "None",
    "True",
    "False",
    "-1",
    "not 1",
    "()",
    "(1, 2)",
    "__debug__",
    "f",
    "[]",
    "lambda: 0",
];

/// Where a suite stands that never runs if the test is true, or false.
const PLACES: [&str; 5] = [
    "if TEST:\n            SUITE",
    "if TEST: pass\n        else:\n            SUITE",
    "if f: pass\n        elif TEST:\n            SUITE",
    "if f: pass\n        elif TEST: pass\n        else:\n            SUITE",
    "while TEST:\n            SUITE",
];

#[test]
fn what_the_compiler_looks_into_is_what_may_run() {
    // An error before Python 3.8, where it is looked at.
    let suite = "try: pass\n            finally: continue";
    let program = |(place, test): (&str, &str)| {
        format!("def f():\n    while f:\n        {}\n", place.replace("TEST", test).replace("SUITE", suite))
    };
    let pairs = PLACES.iter().flat_map(|place| TESTS.iter().map(move |test| (*place, *test)));
    let programs: Vec<String> = pairs.map(program).collect();
    agree(&[EARLY, FIRST, Version::new(3, 7), Version::new(3, 8)], &programs);
}

#[test]
fn a_name_that_an_inner_function_uses_is_unbound_where_the_version_can() {
    let programs = [
        "def f(a):\n    del a\n    return lambda: a\nf(1)\n",
        "def f(a, b):\n    del (b, [a])\n    return [lambda: a]\nf(1, 2)\n",
        "def f(a, b):\n    del b\n    return lambda: a\nf(1, 2)\n",
        "a = 1\ndel a\nf = lambda: a\n",
        "class A:\n    a = 1\n    del a\n    def f(self): return a\n",
    ];
    agree(&[EARLY, FIRST], &programs.map(str::to_string));
}

/// Compares programs under those of the versions that are installed.
fn agree(versions: &[Version], programs: &[String]) {
    for (version, python) in installed(versions) {
        let book = Book::built_in(version).unwrap_or_else(|error| panic!("{error}"));
        let differ = compare_all((&book, &python), programs);
        assert!(differ.is_empty(), "Python {version}:\n{}", differ.join("\n"));
    }
}
