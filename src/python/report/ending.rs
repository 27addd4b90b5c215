//! How a run ends: the exception that leaves the program as its traceback names it, or an exit code.

use egg::Id;

use crate::machine::Machine;
use crate::machine::stepper::Successors;
use crate::python::builtins::display::{exception_text, qualified_name};
use crate::python::values::Call;
use crate::python::values::display;

/// Steps that a `__str__` of the program may take.
const STEPS: usize = 100_000;

/// What an uncaught SystemExit asks for: the exit code, and what is written to stderr.
/// `None` for other exceptions.
pub fn exit_status(machine: &mut Machine, state: Id, exception: Id) -> Option<(u8, String)> {
    let world = machine.world_of(state);
    let mut cx = machine.context();
    let mut call = Call::on(&mut cx, world, world);
    if !call.tracked() {
        return display::exit_status(&machine.context(), exception);
    }
    if !call.is_a(exception, "SystemExit") {
        return None;
    }
    let none = call.none();
    let code = call.attribute(exception, "code").ok().flatten().unwrap_or(none);
    if code == call.none() {
        return Some((0, String::new()));
    }
    let number = call.integer(code).map(|code| code.to_string().parse::<i64>().unwrap_or(-1));
    Some(match number {
        Some(code) => (code.rem_euclid(256) as u8, String::new()),
        None => (1, text_of(machine, world, code).unwrap_or_default()),
    })
}

/// The line of an exception that leaves the program in a state: `ValueError: oops`.
pub fn last_line(machine: &mut Machine, state: Id, exception: Id) -> String {
    let world = machine.world_of(state);
    let mut cx = machine.context();
    let mut call = Call::on(&mut cx, world, world);
    if !call.tracked() {
        return display::last_line(&machine.context(), exception);
    }
    let class = call.class_of(exception);
    let name = qualified_name(&mut call, class);
    let name = name.strip_prefix("__main__.").unwrap_or(&name).to_string();
    match text_of(machine, world, exception) {
        None => format!("{name}: <exception str() failed>"),
        Some(text) if text.is_empty() => name,
        Some(text) => format!("{name}: {text}"),
    }
}

/// What `str` gives for a value: computed, or by running a method of the program. Nothing where that fails.
fn text_of(machine: &mut Machine, world: Id, value: Id) -> Option<String> {
    let mut cx = machine.context();
    let mut call = Call::on(&mut cx, world, world);
    if let Some(text) = exception_text(&mut call, value) {
        return Some(text);
    }
    let method = call.special(value, "__str__")?;
    let bank = machine.bank_mut();
    let [end, arguments, keywords] = ["end", "no-values", "no-keywords"].map(|name| bank.node(name, []));
    let mut state = bank.node("invoke", [method, arguments, keywords, end, world]);
    for _ in 0..STEPS {
        if machine.bank().op(state).as_str() == "value" && machine.frames_of(state) == end {
            let (text, world) = (machine.bank().arg(state, 0), machine.world_of(state));
            return Call::on(&mut machine.context(), world, world).text(text);
        }
        match machine.successors(state) {
            Successors::Edges([edge]) => state = edge.target,
            _ => return None,
        }
    }
    None
}
