//! How a run ends: normally, with an exit code, or by an exception that nobody caught.

use egg::Id;

use crate::book::Exit;
use crate::machine::Machine;
use crate::machine::stepper::{Edge, Successors};
use crate::python::functions::core;
use crate::python::values::Call;
use crate::python::values::hidden;
use crate::python::values::vocabulary::vocabulary;

/// Steps that a method of the program may take when it is asked for a text after the run.
const STEPS: usize = 1_000_000;

/// How a run of a program, or of the body of a function, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Control came to the end.
    Normal,
    /// The body of a function returned a value.
    Returned(Id),
    /// An exception that asks for the end left the program.
    Exit {
        /// The exit code of the process.
        code: u8,
        /// The value whose text is written to stderr.
        says: Option<Id>,
        /// The exception.
        exception: Id,
    },
    /// An exception left the program that nobody caught.
    Uncaught(Id),
}

impl Ending {
    /// The exception that control left with.
    pub fn exception(self) -> Option<Id> {
        match self {
            Ending::Exit { exception, .. } | Ending::Uncaught(exception) => Some(exception),
            Ending::Normal | Ending::Returned(_) => None,
        }
    }
}

/// The last state of a run, of whose values texts can still be asked. That may run code of the program.
pub struct Ended<'m> {
    machine: &'m mut Machine,
    state: Id,
    /// Is told each transition that is made for a text.
    heard: &'m mut dyn FnMut(&Machine, &Edge),
    /// Whether objects are kept.
    tracked: bool,
}

impl<'m> Ended<'m> {
    /// Whether the version of Python has what the book's timeline calls so.
    pub fn has(&mut self, name: &str) -> bool {
        self.machine.context().constants().has(name)
    }

    /// A run that ended in `state`. `heard` is told each transition that is made from there on.
    pub fn new(machine: &'m mut Machine, state: Id, heard: &'m mut dyn FnMut(&Machine, &Edge)) -> Ended<'m> {
        let globals = machine.bank().arg(machine.world_of(state), 1);
        let tracked = machine.bank().op(globals).as_str() == "objects";
        Ended { machine, state, heard, tracked }
    }

    /// Whether the program kept objects: only then is it known what an exception is linked with.
    pub fn keeps_objects(&self) -> bool {
        self.tracked
    }

    /// Asks the builtin functions with the objects of the last state.
    pub fn call<T>(&mut self, ask: impl FnOnce(&mut Call) -> T) -> T {
        let world = self.machine.world_of(self.state);
        ask(&mut Call::on(&mut self.machine.context(), world, world))
    }

    /// Whether a `print` statement of Python 2 has left a line open, which the interpreter ends then.
    pub fn leaves_line_open(&mut self) -> bool {
        self.tracked
            && self.call(|call| {
                let space = call.module_env("sys").and_then(|env| call.lookup(env, hidden::SOFT_SPACE));
                space.is_some_and(|space| call.cx.bank.op(space) == vocabulary().yes)
            })
    }

    /// How the run ended.
    pub fn ending(&mut self) -> Ending {
        let bank = self.machine.bank();
        let completion = bank.arg(self.state, 0);
        let exception = match (bank.op(completion).as_str(), &bank.get(completion).args[..]) {
            ("raising", [exception]) => *exception,
            ("returning", [value]) => return Ending::Returned(*value),
            _ => return Ending::Normal,
        };
        match self.table_says(exception) {
            Exit::Asked => self.exit(exception),
            Exit::Code(_) => Ending::Uncaught(exception),
        }
    }

    /// With what the process ends, by the table of the book.
    fn table_says(&mut self, exception: Id) -> Exit {
        let table = self.machine.context().constants().endings().to_vec();
        let first = table.into_iter().find(|(class, _)| self.is_a(exception, class));
        first.map_or(Exit::Code(1), |(_, exit)| exit)
    }

    fn is_a(&mut self, exception: Id, class: &str) -> bool {
        match self.tracked {
            true => self.call(|call| call.is_a(exception, class)),
            false => core::is_a(&self.machine.context(), exception, class),
        }
    }

    /// What an exception asks for in its `code`: a code, or a text on stderr.
    fn exit(&mut self, exception: Id) -> Ending {
        let asked = match self.tracked {
            true => self.apply("getattr", &[exception], Some("code")),
            false => Some(core::exit_value(self.machine.bank_mut(), exception)),
        };
        let (code, says) = asked.map_or((1, None), |asked| self.status(asked));
        Ending::Exit { code, says, exception }
    }

    /// The lowest eight bits of an int; of one that no C program could pass on, those of -1.
    fn status(&self, asked: Id) -> (u8, Option<Id>) {
        let bank = self.machine.bank();
        match bank.op(asked).as_str() {
            // What an exit that an unknown asked for ends with is unknown, too: nothing is said of it.
            "none" | "false" | "unknown" => (0, None),
            "true" => (1, None),
            "int" | "long" => {
                let code = bank.op(bank.arg(asked, 0)).as_str().parse::<i64>();
                (code.map_or(u8::MAX, |code| code.rem_euclid(256) as u8), None)
            }
            _ => (1, Some(asked)),
        }
    }

    /// What the process of an uncaught exception ends with.
    pub fn uncaught_status(&mut self, exception: Id) -> u8 {
        match self.table_says(exception) {
            Exit::Code(code) => code,
            Exit::Asked => 1,
        }
    }

    /// The line of an exception that leaves the program: `ValueError: oops`.
    pub fn last_line(&mut self, exception: Id) -> String {
        let class = self.class_name(exception);
        let cx = self.machine.context();
        if cx.unknown_arguments(cx.bank.arg(exception, 1)).is_some() {
            return class;
        }
        let shown = self.machine.context().raised_value(exception);
        if shown != exception && self.machine.bank().op(shown) == vocabulary().none {
            return class;
        }
        match self.str(shown) {
            None => format!("{class}: <exception str() failed>"),
            Some(text) if text.is_empty() => class,
            Some(text) => format!("{class}: {text}"),
        }
    }

    /// A class as a last line names it: with its module, unless that is the program or the builtins.
    pub fn class_name(&mut self, exception: Id) -> String {
        if !self.tracked {
            return core::class_name(&self.machine.context(), exception);
        }
        self.call(|call| {
            let seen = call.cx.raised_type(exception);
            // A string that was raised is its own name.
            let is_class = call.cx.bank.op(seen) == vocabulary().class;
            let class = if is_class { seen } else { call.class_of(exception) };
            let text = |name: &str| call.own_attribute(class, name).and_then(|id| call.text(id));
            let (module, qualname) = (text("__module__"), text("__qualname__"));
            let constants = call.cx.constants();
            let qualname = qualname.filter(|_| constants.has("traceback.qualified"));
            let qualname = qualname.unwrap_or_else(|| call.class_name(class));
            let is_plain = |module: &str| {
                module == "builtins" || module == "__main__" && constants.has("traceback.plain-main")
            };
            match module {
                Some(module) if !is_plain(&module) => {
                    format!("{module}.{qualname}")
                }
                None if call.is_user_class(class) => format!("<unknown>.{qualname}"),
                _ => qualname,
            }
        })
    }

    /// What `str` makes of a value; `None` where it raises, or does not end.
    pub fn str(&mut self, value: Id) -> Option<String> {
        match self.tracked {
            true => self.text_by("str", value),
            false => Some(core::str_of(&self.machine.context(), value)),
        }
    }

    /// What `repr` makes of a value.
    pub fn repr(&mut self, value: Id) -> Option<String> {
        self.text_by("repr", value)
    }

    fn text_by(&mut self, function: &str, value: Id) -> Option<String> {
        let text = self.apply(function, &[value], None)?;
        let bank = self.machine.bank();
        match bank.op(text).as_str() {
            "str" => Some(bank.text(bank.arg(text, 0))),
            "unknown" => Some(core::repr(&self.machine.context(), text)),
            _ => None,
        }
    }

    /// The value of a builtin function of a value and, where there is one, a text: computed in a run of its own that
    /// begins with the objects of the last state. `None` where it raises, or passes a limit.
    fn apply(&mut self, function: &str, values: &[Id], text: Option<&str>) -> Option<Id> {
        let mut state = self.invocation(function, values, text);
        let most = self.machine.bank().len() + 4 * self.machine.limits().terms;
        for _ in 0..STEPS {
            if let Some(value) = self.answer(state) {
                return Some(value);
            }
            let edge = match self.machine.successors(state) {
                Successors::Edges([edge]) => edge.clone(),
                _ => return None,
            };
            (self.heard)(self.machine, &edge);
            state = edge.target;
            if self.machine.bank().len() > most {
                return None;
            }
        }
        None
    }

    /// The state that calls a builtin function where nothing else is to be done.
    fn invocation(&mut self, function: &str, values: &[Id], text: Option<&str>) -> Id {
        let world = self.machine.world_of(self.state);
        let globals = self.machine.bank().arg(world, 1);
        let bank = self.machine.bank_mut();
        let [end, locals, none, facts, base, keywords, empty] =
            ["end", "no-names", "none", "no-facts", "base", "no-keywords", "no-values"]
                .map(|name| bank.node(name, []));
        let world = bank.node("world", [locals, globals, none, facts, base]);
        let mut list = values.iter().fold(empty, |list, value| bank.node("values", [list, *value]));
        if let Some(text) = text {
            let text = bank.node(text, []);
            let text = bank.node("str", [text]);
            list = bank.node("values", [list, text]);
        }
        let name = bank.node(function, []);
        let function = bank.node("builtin", [name]);
        bank.node("invoke", [function, list, keywords, end, world])
    }

    /// The value that a run of [`Ended::apply`] has come to.
    fn answer(&self, state: Id) -> Option<Id> {
        let bank = self.machine.bank();
        let done = bank.op(state).as_str() == "value"
            && bank.op(self.machine.frames_of(state)).as_str() == "end"
            && bank.op(bank.arg(self.machine.world_of(state), 4)).as_str() == "base";
        done.then(|| bank.arg(state, 0))
    }
}
