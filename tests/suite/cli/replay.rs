//! `trylemma replay`: a trace is accepted as it was written, and refused with any edit.

use std::sync::OnceLock;

use trylemma::limits::Limits;
use trylemma::trace::replay::{Refusal, read, replay};
use trylemma::trace::{Broken, Choice, Step, Trace};

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

/// Asserts that each step is refused by its number, once an edit has changed it.
fn each_step_refused(edit: impl Fn(&mut Step)) {
    for place in 0..trace().steps.len() {
        let refused = refusal(|trace| edit(&mut trace.steps[place]));
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
    each_step_refused(|step| step.control = "(done breaking)".into());
}

#[test]
fn a_step_with_a_frame_more_is_refused() {
    each_step_refused(|step| step.frames.push("discard-frame".into()));
}

#[test]
fn a_step_with_a_frame_less_is_refused() {
    for place in 0..trace().steps.len() {
        if !trace().steps[place].frames.is_empty() {
            let refused = refusal(|trace| _ = trace.steps[place].frames.remove(0));
            assert_eq!(refused.expect_err("the step is refused").step, Some(place + 1));
        }
    }
}

#[test]
fn a_step_with_an_event_more_is_refused() {
    each_step_refused(|step| step.events.push("(output hello)".into()));
}

#[test]
fn a_step_with_an_event_less_is_refused() {
    for place in 0..trace().steps.len() {
        if !trace().steps[place].events.is_empty() {
            let refused = refusal(|trace| _ = trace.steps[place].events.remove(0));
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
    each_step_refused(|step| step.world = Some("(world no-names no-names none no-facts base)".into()));
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
        let twice = refusal(|trace| trace.steps.insert(place, trace.steps[place].clone()));
        assert!(twice.expect_err("the trace is refused").step.is_some_and(|step| step <= place + 2));
    }
}

#[test]
fn an_edit_around_the_steps_is_refused() {
    let edits: [fn(&mut Trace); 8] = [
        |trace| trace.rules = "0".repeat(64),
        |trace| trace.python = "3.12".into(),
        |trace| trace.program = trace.program.replace("OSError", "KeyError"),
        |trace| trace.entry = Some("nothing".into()),
        |trace| trace.choices.push(Choice { step: 1, what: "the answer is True".into() }),
        |trace| trace.start.control = "(eval pass)".into(),
        |trace| trace.start.frames.push("discard-frame".into()),
        |trace| trace.outcome = Some("breaking".into()),
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
    for (from, to) in [("lost_exception.py", "renamed.py"), ("# Mission row", "# A row")] {
        let edited = written().replacen(from, to, 1);
        assert_ne!(edited, written());
        let (_folder, path) = file("trace.ron", edited);
        let said = exits(&["replay", &path.display().to_string()], 1);
        assert!(said.contains("the checksum differs"), "{said}");
    }
}

#[test]
fn the_command_names_the_step_that_it_refuses() {
    for (place, step) in trace().steps.iter().enumerate().step_by(7) {
        let mut edited = trace();
        edited.steps[place].control = format!("{} ", step.control);
        let (_folder, path) = file("trace.ron", edited.to_ron().expect("RON"));
        let said = exits(&["replay", &path.display().to_string()], 1);
        assert!(said.contains(&format!("refused: step {}: ", place + 1)), "{said}");
    }
}

#[test]
fn a_trace_of_another_format_is_no_input() {
    let (_folder, path) = file("trace.ron", written().replacen("format: 1", "format: 99", 1));
    assert!(complaint(&["replay", &path.display().to_string()]).contains("format 99"));
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
    assert_eq!(traces, 3);
}
