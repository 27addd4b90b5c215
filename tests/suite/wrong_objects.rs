//! Properties of programs that keep objects: each holds under the book, and a wrong rule breaks it.

use crate::common::{Edit, complaint, edited_book, exits, file, ok};

/// Asserts that the program has the property under the book, and has it no longer with the edit.
fn broken_by(property: &str, program: &str, edit: Edit) {
    let (_folder, path) = file("program.py", program);
    let check = ["check", &path.display().to_string(), "--property", property];
    let report = ok(&check);
    assert!(report.contains(&format!("holds    {property}")), "{report}");
    let wrong = edited_book(&[edit]);
    let report = exits(&[&check[..], &["--semantics", &wrong.path().display().to_string()]].concat(), 1);
    assert!(report.contains(&format!("REFUTED  {property}")), "{report}");
}

#[test]
fn a_with_statement_that_forgets_its_exit() {
    broken_by(
        "with-exits-exactly-once",
        "with manager() as m:\n    use(m)\n",
        (
            "16-with.md",
            " ~> (invoke ?v (values (values (values no-values none) none) none) no-keywords (push (exited-frame ?q) ?k) ?w)   ! (leave (suite ?lb) ?q ?h) (exiting (with-statement ?lb))",
            " ~> (done ?q ?k ?w)",
        ),
    );
}

#[test]
fn a_raise_that_forgets_what_is_handled() {
    broken_by(
        "context-is-what-is-handled",
        "try:\n    work()\nexcept ValueError:\n    raise KeyError([1])\n",
        (
            "14-chaining.md",
            "?w1 = (with-context ?x ?x1 ?w)\n?ch = (chaining",
            "?w1 = (arisen ?x ?w)\n?ch = (chaining",
        ),
    );
}

#[test]
fn a_fault_that_forgets_what_is_handled() {
    broken_by(
        "context-is-what-is-handled",
        "try:\n    work()\nexcept ValueError:\n    raise [5]\n",
        (
            "14-chaining.md",
            " ~> (value ?x (push (chain-frame ?h) ?k) ?w1)",
            " ~> (value ?x (push (chain-frame none) ?k) ?w1)",
        ),
    );
}

const HANDLING: &str = "def lines():
    try:
        work()
    except ValueError:
        yield 1

it = lines()
next(it, None)
it.throw(KeyError([1]))
";

#[test]
fn a_throw_that_forgets_what_the_generator_handles() {
    broken_by(
        "context-is-what-is-handled",
        HANDLING,
        (
            "17-generators.md",
            " ~> (value ?x (push (chain-frame ?h1) ?k1) ?w2)   ! (resumed ?v)",
            " ~> (value ?x (push (chain-frame none) ?k1) ?w2)   ! (resumed ?v)",
        ),
    );
}

#[test]
fn a_raise_that_does_not_cut_the_chain() {
    broken_by(
        "contexts-come-to-an-end",
        "e = ValueError([1])\ntry:\n    work()\nexcept BaseException as first:\n    try:\n        raise e\n    \
         except ValueError:\n        raise first\n",
        ("14-chaining.md", "?w1 = (with-context ?x2 none ?w)\n", "?w1 = (arisen ?x ?w)\n"),
    );
}

const REPLACING: &str = "class Door:
    def __enter__(self):
        return self

    def __exit__(self, *details):
        raise KeyError([1])

def f():
    with Door():
        return g()

";

#[test]
fn what_exit_raises_masks_an_exception_and_overrides_a_return() {
    let (_folder, path) = file("program.py", format!("{REPLACING}f()\n"));
    let path = path.display().to_string();
    for hazard in ["no-masked-exception", "no-return-override"] {
        let report = exits(&["check", &path, "--property", hazard], 1);
        assert!(report.contains(&format!("REFUTED  {hazard}")), "{report}");
    }
    let report = ok(&["check", &path, "--property", "no-lost-exception"]);
    assert!(report.contains("holds    no-lost-exception"), "{report}");
}

#[test]
fn a_finally_clause_that_raises_overrides_a_return() {
    let program = "def f():\n    try:\n        return 1\n    finally:\n        raise ValueError\n\nf()\n";
    let (_folder, path) = file("program.py", program);
    let report = exits(&["check", &path.display().to_string(), "--property", "no-return-override"], 1);
    assert!(report.contains("REFUTED  no-return-override"), "{report}");
}

#[test]
fn the_table_of_endings_says_what_the_process_ends_with() {
    let (_folder, path) = file("program.py", "raise KeyError\n");
    let wrong = edited_book(&[("06-raise.md", "BaseException: 1\n", "KeyError: 7\nBaseException: 1\n")]);
    let book = wrong.path().display().to_string();
    exits(&["run", &path.display().to_string()], 1);
    exits(&["run", &path.display().to_string(), "--semantics", &book], 7);
}

#[test]
fn the_table_of_unknowns_says_what_an_operation_comes_to() {
    let (_folder, path) =
        file("program.py", "try:\n    x = [str(u)]\nexcept Exception:\n    print('raised')\n");
    let path = path.display().to_string();
    let as_a_call = edited_book(&[("12-objects.md", "str repr ascii", "repr ascii")]);
    let book = as_a_call.path().display().to_string();
    assert!(!ok(&["explore", &path]).contains("raised"));
    assert!(ok(&["explore", &path, "--semantics", &book]).contains("raised"));
}

const GENERATOR: &str = "def lines():
    try:
        yield 1
    finally:
        release()

for line in lines():
    break
";

#[test]
fn a_generator_that_is_closed_without_its_clauses() {
    broken_by(
        "generator-finally",
        GENERATOR,
        (
            "17-generators.md",
            "since 3.7\n    (resume (suspended ?k1 ?l1 ?h1) ?v close ?k ?w{locals: ?l, handled: ?h, callers: ?d})\n ~> (value ?x1 (push raise-frame ?k1) ?w1)   ! (resumed ?v)",
            "since 3.7\n    (resume (suspended ?k1 ?l1 ?h1) ?v close ?k ?w{locals: ?l, handled: ?h, callers: ?d})\n ~> (value none ?k ?w)",
        ),
    );
}

#[test]
fn a_generator_that_ends_in_the_middle_of_its_suite() {
    broken_by(
        "generator-finally",
        GENERATOR,
        (
            "17-generators.md",
            " ~> (value ?v ?k1 ?w1)   ! (yielded ?v1)",
            " ~> (value ?v ?k1 ?w1)   ! (ended ?v1)",
        ),
    );
}

#[test]
fn a_group_that_loses_what_a_clause_raises() {
    let program = "try:
    raise ExceptionGroup('g', [ValueError(1), KeyError(2)])
except* ValueError:
    work()
except* KeyError:
    raise
";
    let kept = "(star-search ?lb ?x ?h (values ?vs ?x1) ?ss ?k ?w)";
    let lost = "(star-search ?lb ?x ?h ?vs ?ss ?k ?w)";
    broken_by("no-lost-leaf", program, ("18-groups.md", kept, lost));
}

#[test]
fn a_clause_that_takes_what_another_took() {
    let program = "try:
    raise ExceptionGroup('g', [ValueError(1), KeyError(2)])
except* ValueError:
    pass
except* Exception:
    pass
";
    // What was raised is divided again, in place of what is left of it.
    let rest = "(values (values no-values ?h) ?v) no-keywords (push (star-divide";
    let all = "(values (values no-values ?x) ?v) no-keywords (push (star-divide";
    broken_by("no-lost-leaf", program, ("18-groups.md", rest, all));
}

#[test]
fn cpython_itself_loses_exceptions_where_a_later_condition_raises() {
    let program = "try:
    raise ExceptionGroup('g', [ValueError(1), KeyError(2)])
except* ValueError:
    pass
except* nowhere():
    pass
";
    let (_folder, path) = file("program.py", program);
    let report = exits(&["check", &path.display().to_string(), "--property", "no-lost-leaf"], 1);
    assert!(report.contains("a clause of the `try` statement of line 1 takes ValueError(1)"), "{report}");
    assert!(report.contains("what no clause handled or a clause raised was lost"), "{report}");
}

#[test]
fn cpython_itself_loses_what_a_clause_raises_where_it_has_what_the_caught_group_has() {
    let program = "try:
    try:
        raise ExceptionGroup('a', [ValueError(1), KeyError(2)])
    except* ValueError:
        raise TypeError(3)
except* KeyError:
    try:
        raise ExceptionGroup('b', [OSError(4), IndexError(5)])
    except* OSError:
        raise RuntimeError(6)
";
    let (_folder, path) = file("program.py", program);
    let report = exits(&["check", &path.display().to_string(), "--property", "no-lost-leaf"], 1);
    assert!(report.contains("is not among those that go on"), "{report}");
}

#[test]
fn what_cpython_itself_loses_is_found_among_all_small_programs_of_groups() {
    let check = |size: &str, exit| {
        exits(&["check", "--shapes", "groups", "--size", size, "--property", "no-lost-leaf"], exit)
    };
    let report = check("6", 0);
    assert!(report.contains("holds    no-lost-leaf") && report.contains(": 237 programs, "), "{report}");
    let report = check("7..7", 1);
    assert!(
        report.contains("REFUTED  no-lost-leaf ") && report.contains("by a program of 10 lines"),
        "{report}"
    );
}

#[test]
fn of_shapes_it_is_said_what_a_version_does_not_read() {
    let report = ok(&["check", "--shapes", "groups", "--size", "3", "--python", "3.10"]);
    assert!(report.contains("but 18 that Python 3.10 does not read: 21 programs"), "{report}");
    for (args, says) in [
        (["--shapes", "group", "--size", "3"].as_slice(), "`groups`"),
        (&["--shapes", "groups", "--size", "3..3", "--python", "3.10"], "reads none of these programs"),
        (&["--shapes", "groups", "--size", "24"], "more than 2000000 programs"),
        (&["--size", "3", "--property", "no-lost-leaf"], "--shapes groups"),
        (&["--size", "3", "--property", "no-endless-wait"], "is about files"),
    ] {
        let message = complaint(&[&["check"], args].concat());
        assert!(message.contains(says), "{args:?}: {message}");
    }
}

#[test]
fn a_program_that_makes_a_chain_of_contexts_come_back() {
    let program = "a, b = ValueError(1), KeyError(2)
a.__context__ = b
b.__context__ = a
raise a
";
    let (_folder, path) = file("program.py", program);
    let report = exits(&["check", &path.display().to_string(), "--property", "contexts-come-to-an-end"], 1);
    assert!(report.contains("the chain of contexts comes back to itself"), "{report}");
}

#[test]
fn a_generator_that_yields_where_it_is_dropped_is_given_up_and_breaks_no_theorem() {
    let program = "def gen():
    try:
        yield 1
    except GeneratorExit:
        yield 2
    finally:
        print('finally')
print(next(gen()))
";
    let (_folder, path) = file("program.py", program);
    let report = exits(&["check", &path.display().to_string(), "--theorems"], 1);
    assert!(report.contains("holds    finally-exactly-once"), "{report}");
    assert!(report.contains("holds    generator-finally"), "{report}");
    assert!(report.contains("REFUTED  no-unclosed-generator"), "{report}");
}
