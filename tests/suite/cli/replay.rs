//! `trylemma replay`: a trace is accepted as it was written, and refused with any edit.

use std::sync::OnceLock;

use trylemma::check::program::Subject;
use trylemma::limits::Limits;
use trylemma::machine::Machine;
use trylemma::machine::stepper::Successors;
use trylemma::python::{Assumptions, LoadOptions, load};
use trylemma::trace::record::record;
use trylemma::trace::replay::{Refusal, read, replay};
use trylemma::trace::terms::Terms;
use trylemma::trace::{Broken, Choice, Entry, Origin, Step, Trace};

use crate::common::{book, complaint, exits, file, ok};

/// The counterexample to `no-lost-exception` that `check` writes for the example, as text.
fn written() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let out = folder.path().display().to_string();
        let example = "examples/lost_exception.py";
        exits(&["check", example, "--property", "no-lost-exception", "--out", &out], 1);
        std::fs::read_to_string(folder.path().join("no-lost-exception.ron")).expect("the trace is there")
    })
}

fn trace() -> Trace {
    read("trace.ron", written()).unwrap_or_else(|error| panic!("{error}"))
}

/// What replay says of the trace with an edit, its checksum made anew: only the rules can tell.
fn refusal(edit: impl FnOnce(&mut Trace)) -> Result<(), Refusal> {
    let mut trace = trace();
    edit(&mut trace);
    replay(book(), &trace.sealed().expect("it is sealed"), Limits::default())
}

/// The place of a term in the table of a trace, into which it is entered.
fn enter(trace: &mut Trace, op: &str, parts: &[usize]) -> usize {
    let parts: Vec<String> = parts.iter().map(|part| format!(" {part}")).collect();
    trace.terms.push(format!("{op}{}", parts.concat()));
    trace.terms.len() - 1
}

/// A term of the table, taken apart.
fn taken(trace: &Trace, place: usize) -> (String, Vec<usize>) {
    let terms = Terms::read(&trace.terms).expect("a table");
    terms.get(place).map(|(op, parts)| (op.to_string(), parts.to_vec())).expect("a term")
}

/// The place of a state with other frames: what `edit` makes of their place.
fn with_frames(trace: &mut Trace, state: usize, edit: impl Fn(&mut Trace, usize) -> usize) -> usize {
    let (op, mut parts) = taken(trace, state);
    let place = parts.len() - 2;
    parts[place] = edit(trace, parts[place]);
    enter(trace, &op, &parts)
}

/// The step at a place, as its own transition, to be edited.
fn own(trace: &mut Trace, place: usize) -> &mut Step {
    trace.transitions.push(trace.transitions[trace.steps[place]].clone());
    trace.steps[place] = trace.transitions.len() - 1;
    trace.transitions.last_mut().expect("it was just put there")
}

/// The state that a step leads to.
fn state_of(trace: &Trace, place: usize) -> usize {
    trace.transitions[trace.steps[place]].state
}

/// Asserts that each step is refused by its number, once it leads to another state.
fn each_state_refused(edit: impl Fn(&mut Trace, usize) -> usize) {
    for place in 0..trace().steps.len() {
        let refused = refusal(|trace| {
            let state = edit(trace, state_of(trace, place));
            own(trace, place).state = state;
        });
        assert_eq!(refused.expect_err("the step is refused").step, Some(place + 1));
    }
}

/// A frame on top of others.
fn one_more(trace: &mut Trace, frames: usize) -> usize {
    let frame = enter(trace, "discard-frame", &[]);
    enter(trace, "push", &[frame, frames])
}

/// Asserts that each step is refused by its number, once an edit has changed it.
fn each_step_refused(edit: impl Fn(&mut Step)) {
    for place in 0..trace().steps.len() {
        let refused = refusal(|trace| edit(own(trace, place)));
        assert_eq!(refused.expect_err("the step is refused").step, Some(place + 1));
    }
}

#[test]
fn the_trace_is_accepted_as_it_was_written() {
    let (_folder, path) = file("trace.ron", written());
    let said = ok(&["replay", &path.display().to_string()]);
    assert!(said.contains(&format!("all {} steps follow the rules", trace().steps.len())), "{said}");
    assert!(said.contains("it breaks no-lost-exception"), "{said}");
}

#[test]
fn a_step_by_another_rule_is_refused() {
    each_step_refused(|step| step.rule = "loop/unheard-of".into());
    each_step_refused(|step| {
        let other = if step.rule == "pass" { "finally/enter" } else { "finally/resume" };
        step.rule = if step.rule == other { "finally/override".into() } else { other.into() };
    });
}

#[test]
fn a_step_to_another_control_is_refused() {
    each_state_refused(|trace, state| {
        let (_, parts) = taken(trace, state);
        let breaking = enter(trace, "breaking", &[]);
        enter(trace, "done", &[&[breaking], &parts[parts.len() - 2..]].concat())
    });
}

#[test]
fn a_step_with_a_frame_more_is_refused() {
    each_state_refused(|trace, state| with_frames(trace, state, one_more));
}

#[test]
fn a_step_with_a_frame_less_is_refused() {
    let of = |place: usize| state_of(&trace(), place);
    let has_frames = |place: &usize| {
        let (_, parts) = taken(&trace(), of(*place));
        taken(&trace(), parts[parts.len() - 2]).0 == "push"
    };
    for place in (0..trace().steps.len()).filter(has_frames) {
        let refused = refusal(|trace| {
            let less = |trace: &mut Trace, frames| taken(trace, frames).1[1];
            let state = with_frames(trace, of(place), less);
            own(trace, place).state = state;
        });
        assert_eq!(refused.expect_err("the step is refused").step, Some(place + 1));
    }
}

#[test]
fn a_step_with_an_event_more_is_refused() {
    each_step_refused(|step| step.events.push(Entry { term: 0, shown: None }));
}

#[test]
fn a_step_with_an_event_less_is_refused() {
    for place in 0..trace().steps.len() {
        if !own(&mut trace(), place).events.is_empty() {
            let refused = refusal(|trace| _ = own(trace, place).events.remove(0));
            assert_eq!(refused.expect_err("the step is refused").step, Some(place + 1));
        }
    }
}

#[test]
fn a_step_in_another_line_is_refused() {
    each_step_refused(|step| step.line = Some(step.line.unwrap_or(0) + 1));
}

#[test]
fn a_step_to_another_world_is_refused() {
    each_state_refused(|trace, state| {
        let (op, parts) = taken(trace, state);
        let parts = &parts[..parts.len() - 1];
        let empty = ["no-names", "no-names", "none", "no-facts", "base"].map(|part| enter(trace, part, &[]));
        let world = enter(trace, "world", &empty);
        enter(trace, &op, &[parts, &[world]].concat())
    });
}

#[test]
fn a_step_that_is_shown_as_another_is_refused() {
    each_step_refused(|step| step.shown = Some("break".into()));
}

#[test]
fn display_texts_may_be_left_out() {
    let bare = refusal(|trace| {
        trace.start.shown = None;
        trace.spans.clear();
        for step in &mut trace.transitions {
            step.shown = None;
            step.events.iter_mut().for_each(|event| event.shown = None);
        }
    });
    assert_eq!(bare, Ok(()));
}

#[test]
fn a_step_left_out_is_refused() {
    for place in 0..trace().steps.len() {
        refusal(|trace| _ = trace.steps.remove(place)).expect_err("the trace is refused");
    }
}

#[test]
fn a_step_told_twice_is_refused() {
    for place in 0..trace().steps.len() {
        let twice = refusal(|trace| trace.steps.insert(place, trace.steps[place]));
        assert!(twice.expect_err("the trace is refused").step.is_some_and(|step| step <= place + 2));
    }
}

#[test]
fn an_edit_around_the_steps_is_refused() {
    let edits: [fn(&mut Trace); 14] = [
        |trace| trace.rules = "0".repeat(64),
        |trace| trace.python = "3.12".into(),
        |trace| trace.program = trace.program.replace("OSError", "KeyError"),
        |trace| trace.entry = Some("nothing".into()),
        |trace| trace.choices.push(Choice { step: 1, what: "the answer is True".into() }),
        |trace| trace.start.term = 0,
        |trace| trace.start.term = with_frames(trace, trace.start.term, one_more),
        |trace| trace.start.term = usize::MAX,
        |trace| trace.terms.push("no-entry 1000000".into()),
        |trace| trace.outcome = Some(Entry { term: 0, shown: None }),
        |trace| trace.origin = Some(Origin { step: 1, line: None, module: None }),
        |trace| trace.run = true,
        |trace| trace.steps[0] = usize::MAX,
        |trace| trace.spans[0].column += 1,
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        assert!(refusal(edit).is_err(), "edit {number} is accepted");
    }
}

#[test]
fn an_edit_of_the_property_is_refused() {
    let edits: [fn(&mut Broken); 5] = [
        |broken| broken.name = "no-return-override".into(),
        |broken| broken.name = "no-such-property".into(),
        |broken| broken.claim = "Nothing is wrong.".into(),
        |broken| broken.step -= 1,
        |broken| broken.reason = "no reason".into(),
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        let refused = refusal(|trace| edit(trace.property.as_mut().expect("it breaks a property")));
        assert!(refused.is_err(), "edit {number} is accepted");
    }
}

#[test]
fn an_edit_that_changes_no_step_is_refused_by_the_checksum() {
    for (from, to) in [("lost_exception.py", "renamed.py"), ("# A lost exception", "# A found exception")] {
        let edited = written().replacen(from, to, 1);
        assert_ne!(edited, written());
        let (_folder, path) = file("trace.ron", edited);
        let said = exits(&["replay", &path.display().to_string()], 1);
        assert!(said.contains("the checksum differs"), "{said}");
    }
}

#[test]
fn the_command_names_the_step_that_it_refuses() {
    for place in (0..trace().steps.len()).step_by(7) {
        let mut edited = trace();
        own(&mut edited, place).state -= 1;
        let (_folder, path) = file("trace.ron", edited.to_ron().expect("RON"));
        let said = exits(&["replay", &path.display().to_string()], 1);
        assert!(said.contains(&format!("refused: step {}: ", place + 1)), "{said}");
    }
}

#[test]
fn a_trace_of_another_format_is_no_input() {
    let old = r#"Trace(format: 1, rules: "", python: "3.14", file: "a.py", start: (control: "(eval pass)", frames: []))"#;
    let json = written_as_json();
    let texts = [
        (written().replacen("format: 2", "format: 99", 1), "format 99"),
        (json.replacen("\"format\": 2", "\"format\": 99", 1), "format 99"),
        (old.to_string(), "format 1"),
    ];
    for (text, format) in texts {
        let (_folder, path) = file("trace.ron", text);
        let said = complaint(&["replay", &path.display().to_string()]);
        assert!(said.contains(format) && said.contains("reads format 2"), "{said}");
    }
}

/// The trace as JSON.
fn written_as_json() -> String {
    trylemma::trace::json(&trace()).expect("JSON")
}

#[test]
fn json_is_read_like_ron() {
    let (_folder, path) = file("trace.json", written_as_json());
    ok(&["replay", &path.display().to_string()]);
    let (_folder, path) =
        file("trace.json", written_as_json().replacen("lost_exception.py", "renamed.py", 1));
    assert!(exits(&["replay", &path.display().to_string()], 1).contains("the checksum differs"));
    let (_folder, path) = file("trace.json", written_as_json().replacen("\"steps\": [", "\"steps\": [é", 1));
    assert!(complaint(&["replay", &path.display().to_string()]).contains("this is not a whole trace"));
}

#[test]
fn replay_touches_no_other_file() {
    let (folder, path) = file("main.py", "import helper\nprint(helper.double(21))\n");
    let module = folder.path().join("helper.py");
    std::fs::write(&module, "def double(n):\n    return 2 * n\n").expect("the module can be written");
    let shown = ok(&["step", &path.display().to_string()]);
    let steps_of_module = shown.lines().filter(|line| line.contains("    2  [helper] ")).count();
    assert!(steps_of_module > 0, "the lines of the module are named:\n{shown}");
    let written = ok(&["step", &path.display().to_string(), "--format", "ron"]);
    std::fs::remove_file(&module).expect("it was there");
    std::fs::remove_file(&path).expect("it was there");
    let (_folder, trace) = file("trace.ron", &written);
    ok(&["replay", &trace.display().to_string()]);
    let edited = written.replacen("return 2 * n", "return 3 * n", 1);
    assert_ne!(edited, written);
    let (_folder, trace) = file("trace.ron", edited);
    let said = exits(&["replay", &trace.display().to_string()], 1);
    assert!(said.contains("refused: "), "{said}");
}

#[test]
fn a_trace_of_a_run_holds_what_was_read_from_standard_input() {
    let options = LoadOptions { objects: true, input: "Ann\n".into(), ..LoadOptions::of(book()) };
    let program = load("greet.py", b"print('Hello, ' + input())\n", &options);
    let program = program.unwrap_or_else(|error| panic!("{error}"));
    let subject = Subject { program, entry: None, assumptions: Assumptions::default() };
    let mut machine = Machine::new(book(), Limits::default());
    let mut state = machine.start(&subject.program.body, &subject.program.globals);
    let mut path = Vec::new();
    while let Successors::Edges([edge]) = machine.successors(state) {
        state = edge.target;
        path.push(edge.clone());
    }
    let trace = record(&mut machine, book(), &subject, &path).sealed().expect("it is sealed");
    let greets = |event: &Entry| event.shown.as_deref().is_some_and(|shown| shown.contains("Hello, Ann"));
    assert!(trace.path().flat_map(|step| &step.events).any(greets));
    assert_eq!(replay(book(), &trace, Limits::default()), Ok(()));
    let other = Trace { input: "Bob\n".into(), ..trace }.sealed().expect("it is sealed");
    assert!(replay(book(), &other, Limits::default()).is_err());
}

#[test]
fn the_origin_is_where_the_exception_was_raised() {
    let source = "def f():\n    raise ValueError('x')\n\ntry:\n    f()\nfinally:\n    y = 1\n";
    let (_folder, path) = file("a.py", source);
    let json = ok(&["step", &path.display().to_string(), "--format", "json"]);
    let trace = read("a.json", &json).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(trace.origin.expect("it was raised").line, Some(2));
    assert!(trace.spans.iter().any(|span| (span.line, span.column, span.end_column) == (2, 5, 26)), "{json}");
}

#[test]
fn a_trace_of_step_is_accepted() {
    for example in ["examples/login.py", "examples/search_outward.py"] {
        let (_folder, path) = file("trace.ron", ok(&["step", example, "--format", "ron"]));
        ok(&["replay", &path.display().to_string()]);
    }
}

#[test]
fn a_trace_of_all_programs_is_accepted() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let out = folder.path().display().to_string();
    exits(&["check", "--size", "3", "--hazards", "--out", &out], 1);
    let mut traces = 0;
    for entry in std::fs::read_dir(folder.path()).expect("the folder is there") {
        ok(&["replay", &entry.expect("a trace").path().display().to_string()]);
        traces += 1;
    }
    assert_eq!(traces, 4);
}
