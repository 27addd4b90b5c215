//! From a path of the graph to a trace.

use std::collections::BTreeSet;

use egg::{Id, Symbol};
use rustc_hash::FxHashMap;

use crate::book::Book;
use crate::book::library::Module;
use crate::check::program::Subject;
use crate::machine::Bank;
use crate::machine::stepper::{Edge, Machine, Successors};
use crate::python::report::shows_unknown;
use crate::python::{Program, Statements};
use crate::term::{Args, Builder, unescape};
use crate::trace::lines::Place;
use crate::trace::terms::Table;
use crate::trace::words;
use crate::trace::{Choice, Entry, FORMAT, ModuleText, Origin, Span, Step, Trace};

/// What tells a transition from others: its line and the module that this is in, the function of the library that it is in, its
/// rule, its target and its events.
type Key<'a> = (Option<usize>, Option<String>, Option<String>, u32, Id, &'a [Id]);

/// Writes a path of a program down. `path` begins at the program's initial state.
pub fn record(machine: &mut Machine, book: &Book, subject: &Subject, path: &[Edge]) -> Trace {
    let mut state = machine.start(&subject.program.body, &subject.program.globals);
    let mut writer = Writer::of(&subject.program);
    let start = writer.state(machine, state);
    let mut steps: Vec<usize> = Vec::with_capacity(path.len());
    let mut transitions: Vec<Step> = Vec::new();
    let mut places: FxHashMap<Key, usize> = FxHashMap::default();
    let mut choices = Vec::new();
    let mut place = Place::start(machine, state);
    for (index, edge) in path.iter().enumerate() {
        if is_choice(machine, state) {
            let what = describe_choice(machine, state, edge);
            choices.push(Choice { step: index + 1, what });
        }
        let (line, next) = place.follow(machine, state, edge);
        let module =
            place.code().filter(|code| line.is_some() && subject.program.modules.contains_key(&code.module));
        let module = module.map(|code| code.module.clone());
        place = next;
        let library = place.code().filter(|code| !is_own(&subject.program, &code.module));
        let library = library.map(|code| code.name.clone());
        let key = (line, module.clone(), library.clone(), edge.rule, edge.target, &edge.events[..]);
        let step = *places.entry(key).or_insert_with(|| {
            let events = edge.events.iter().map(|event| writer.event(machine, state, *event)).collect();
            let Entry { term, shown } = writer.state(machine, edge.target);
            let rule = machine.rule_name(edge.rule).to_string();
            transitions.push(Step { rule, line, module, library, events, state: term, shown });
            transitions.len() - 1
        });
        steps.push(step);
        state = edge.target;
    }
    let program = &subject.program;
    Trace {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        file: program.name.clone(),
        program: program.source.clone(),
        modules: program.modules.iter().map(|(name, module)| (name.clone(), module.into())).collect(),
        input: program.input.clone(),
        run: program.for_run,
        entry: subject.entry.clone(),
        setting: program.setting,
        doubts: program.doubts.clone(),
        twin: program.twin.clone(),
        assumptions: subject.assumptions.clone(),
        pairs: program.pairs.0.clone(),
        spans: spans(program, &transitions),
        outcome: outcome(machine, state).map(|completion| writer.completion(machine, completion)),
        origin: origin(machine, path, |step| &transitions[steps[step]]),
        terms: writer.table.into_entries(),
        choices,
        start,
        transitions,
        steps,
        property: None,
        checksum: String::new(),
    }
}

impl From<&Module> for ModuleText {
    fn from(module: &Module) -> ModuleText {
        ModuleText { file: module.file.clone(), text: module.text.to_string() }
    }
}

/// Whether a module is the program's own, and none of the library.
fn is_own(program: &Program, module: &str) -> bool {
    module == "__main__" || program.modules.contains_key(module)
}

/// Where the statements are that begin on the lines of transitions.
fn spans(program: &Program, transitions: &[Step]) -> Vec<Span> {
    let own = transitions.iter().filter(|step| step.module.is_none());
    let lines: BTreeSet<usize> = own.filter_map(|step| step.line).collect();
    let known = lines.into_iter().filter_map(|line| program.spans.get(&line));
    known
        .map(|[(line, column), (end_line, end_column)]| Span {
            line: *line,
            column: *column,
            end_line: *end_line,
            end_column: *end_column,
        })
        .collect()
}

/// The completion of a state in which the path has ended.
pub fn outcome(machine: &mut Machine, state: Id) -> Option<Id> {
    let ended = matches!(machine.successors(state), Successors::Final);
    ended.then(|| machine.bank().arg(state, 0))
}

/// Where the exception was raised that a path ends with: the step after which it was on its way first, without
/// being forgotten since.
fn origin<'t>(machine: &Machine, path: &[Edge], step: impl Fn(usize) -> &'t Step) -> Option<Origin> {
    let bank = machine.bank();
    let raising = |state: Id| {
        let completion = bank.get(state).args.first().filter(|_| bank.op(state).as_str() == "done")?;
        (bank.op(*completion).as_str() == "raising").then(|| bank.arg(*completion, 0))
    };
    let exception = raising(path.last()?.target)?;
    let mut parts = Parts { bank, part: exception, known: FxHashMap::default() };
    let remembered = path.iter().rev().take_while(|edge| parts.has(edge.target)).count();
    let first = path.len() - remembered;
    let raised = path[first..].iter().position(|edge| raising(edge.target) == Some(exception))? + first;
    let Step { line, module, .. } = step(raised);
    Some(Origin { step: raised + 1, line: *line, module: module.clone() })
}

/// Which terms have another as a part.
struct Parts<'a> {
    bank: &'a Bank,
    part: Id,
    known: FxHashMap<Id, bool>,
}

impl Parts<'_> {
    fn has(&mut self, term: Id) -> bool {
        let mut open = vec![term];
        while let Some(&at) = open.last() {
            let args = &self.bank.get(at).args;
            let missing = args.iter().find(|arg| !self.known.contains_key(*arg));
            match missing {
                Some(part) if at != self.part => open.push(*part),
                _ => {
                    let yes = at == self.part || args.iter().any(|arg| self.known.get(arg) == Some(&true));
                    self.known.insert(at, yes);
                    open.pop();
                }
            }
        }
        self.known.get(&term) == Some(&true)
    }
}

/// Nodes of a term that is said in words; of a larger one its name stands there.
const SAID: u64 = 10_000;

/// Writes terms of a machine into a table, and says them in words.
pub(super) struct Writer<'p> {
    pub(super) table: Table,
    statements: &'p Statements,
    /// The words for a state, by its name and what control is at.
    said: FxHashMap<(Symbol, Args), String>,
}

impl Writer<'_> {
    /// A writer of what a program's states and events are.
    pub(super) fn of(program: &Program) -> Writer<'_> {
        Writer { table: Table::default(), statements: &program.statements, said: FxHashMap::default() }
    }

    /// A state.
    pub(super) fn state(&mut self, machine: &Machine, state: Id) -> Entry {
        let term = self.table.enter(machine.bank(), state);
        Entry { term, shown: Some(self.control(machine, state)) }
    }

    /// The control of a state, in words.
    fn control(&mut self, machine: &Machine, state: Id) -> String {
        let bank = machine.bank();
        let node = bank.get(state);
        let (frames, world) = (machine.frames_of(state), machine.world_of(state));
        let parts: Args =
            node.args.iter().copied().filter(|part| *part != frames && *part != world).collect();
        let said = self.said.entry((node.op, parts.clone()));
        said.or_insert_with(|| {
            if parts.iter().any(|part| bank.measure(*part).size() > SAID) {
                return format!("({} …)", node.op);
            }
            let mut builder = Builder::default();
            let parts: Vec<Id> = parts.iter().map(|part| builder.splice(&bank.term(*part))).collect();
            let root = builder.node(node.op.as_str(), parts);
            words::control_of(&builder.finish(root))
        })
        .clone()
    }

    /// An event behind a state.
    pub(super) fn event(&mut self, machine: &Machine, state: Id, event: Id) -> Entry {
        let bank = machine.bank();
        let small = bank.measure(event).size() <= SAID;
        let shown = match small {
            true if bank.op(event).as_str() == "output" => {
                Some(words::printed(&bank.text(bank.arg(event, 0)), shows_unknown(bank, state)))
            }
            true => words::event(&bank.term(event), self.statements),
            false => None,
        };
        Entry { term: self.table.enter(machine.bank(), event), shown }
    }

    fn completion(&mut self, machine: &Machine, completion: Id) -> Entry {
        let bank = machine.bank();
        let small = bank.measure(completion).size() <= SAID;
        let shown = small.then(|| words::completion_of(&bank.term(completion)));
        Entry { term: self.table.enter(bank, completion), shown }
    }
}

/// The frames of a stack, the top one first.
pub fn frame_list(machine: &Machine, mut frames: Id) -> Vec<Id> {
    let mut found = Vec::new();
    while let [top, rest] = machine.bank().get(frames).args[..] {
        found.push(top);
        frames = rest;
    }
    found
}

fn is_choice(machine: &mut Machine, state: Id) -> bool {
    matches!(machine.successors(state), Successors::Edges(edges) if edges.len() > 1)
}

/// What a transition chose, in words: `login() raises ValueError()`, `the answer is True`.
pub fn describe_choice(machine: &Machine, state: Id, edge: &Edge) -> String {
    let bank = machine.bank();
    let text = |id: Id| crate::python::print::value(&bank.term(id));
    if let Some(said) = words::asked(bank, state, edge.target) {
        return said;
    }
    let call = edge.events.iter().find(|event| bank.op(**event).as_str() == "leave");
    if let Some(event) = call {
        let name = unescape(bank.op(bank.arg(bank.arg(*event, 0), 0)).as_str());
        return words::completed(bank, &name, bank.arg(*event, 1));
    }
    let part = bank.arg(edge.target, 0);
    match bank.op(edge.target).as_str() {
        "value" => format!("the value is {}", text(part)),
        "iterate" if bank.op(part).as_str() == "no-items" => "the loop stops".into(),
        "iterate" => "the loop goes on".into(),
        "respond" if bank.op(part).as_str() == "resumes" => match bank.op(bank.arg(part, 1)).as_str() {
            "abandon" => "a generator that nothing can reach is never run again".into(),
            _ => "a generator that nothing can reach is closed".into(),
        },
        _ => words::completion_of(&bank.term(part)),
    }
}
