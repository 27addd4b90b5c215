//! Programs with the events and outcomes that the rules expect.

use std::collections::VecDeque;

use egg::{Id, Symbol};

use crate::book::Book;
use crate::book::version::Timeline;
use crate::check::Fragment;
use crate::check::core::Core;
use crate::limits::{Limits, Stop};
use crate::machine::Machine;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::python::print;
use crate::python::report::ending::{Ended, Ending};
use crate::term::{Builder, Node, Term, unescape};
use crate::trace::corpus::{Case, Run};

/// Makes cases from programs, by one machine.
pub struct Suite {
    machine: Machine,
    globals: Term,
    most: usize,
    timeline: Timeline,
}

impl Suite {
    #[doc(hidden)]
    /// A maker of cases with at most `most` runs a program.
    pub fn new(book: &Book, limits: Limits, most: usize) -> Suite {
        let (machine, globals) = (Machine::new(book, limits), Fragment::Core.globals(book));
        Suite { machine, globals, most, timeline: book.timeline.clone() }
    }

    /// The case of a program.
    ///
    /// # Errors
    /// When a limit is reached on some path, or the rules fail: what is expected there cannot be told.
    pub fn case(&mut self, name: String, program: &Core) -> Result<Case, Stop> {
        let limit = self.machine.limits().terms;
        self.machine.forget_above(limit);
        let body = program.term();
        let start = self.machine.start(&body, &self.globals);
        let runs = self.runs(start).map_err(|fault| self.untold(fault))?;
        Ok(Case { name, body: print::statement_in(&instrument(&body), 1, &self.timeline), runs })
    }

    /// The runs from a state to an end, shortest first, each state passed at most twice.
    fn runs(&mut self, start: Id) -> Result<Vec<Run>, Fault> {
        let empty = Partial { state: start, visited: Vec::new(), run: Run::empty() };
        let mut open = VecDeque::from([empty]);
        let mut done = Vec::new();
        while let Some(partial) = open.pop_front() {
            if done.len() >= self.most {
                break;
            }
            let state = partial.state;
            match self.machine.successors(state) {
                Successors::Final => {
                    let mut run = partial.run;
                    run.outcome = self.outcome(state);
                    done.push(run);
                }
                Successors::Fault(fault) => return Err(fault),
                Successors::Edges(edges) => {
                    let edges = edges.to_vec();
                    for edge in &edges {
                        open.extend(self.follow(&partial, edge, edges.len() > 1));
                    }
                }
            }
        }
        Ok(done)
    }

    fn untold(&self, fault: Fault) -> Stop {
        match fault {
            Fault::Limit(name) => Stop::Limit(self.machine.limits().reached(name)),
            fault => Stop::Stuck(format!("{fault:?}")),
        }
    }

    fn follow(&self, partial: &Partial, edge: &Edge, choice: bool) -> Option<Partial> {
        let mut next = Partial { state: edge.target, ..partial.clone() };
        if choice {
            let before = next.visited.iter().filter(|state| **state == partial.state).count();
            if before >= 2 {
                return None;
            }
            next.visited.push(partial.state);
        }
        for event in &edge.events {
            self.note(*event, &mut next.run);
        }
        Some(next)
    }

    fn note(&self, event: Id, run: &mut Run) {
        let bank = self.machine.bank();
        let marker = bank.arg(event, 0);
        let is_body = bank.op(marker).as_str() == "body";
        match bank.op(event).as_str() {
            "leave" if is_body => run.script.push(self.answer(bank.arg(event, 1))),
            "leave" => {
                let completed = bank.op(bank.arg(event, 1)).as_str() == "normal";
                let term = bank.term(marker);
                if let (true, Some(name)) = (completed, after_name(&term)) {
                    run.events.push(self.with_handled(name, bank.arg(event, 2)));
                }
            }
            "enter" if !is_body => {
                if let Some(name) = begin_name(&bank.term(marker)) {
                    run.events.push(self.with_handled(name, bank.arg(event, 1)));
                }
            }
            _ => {}
        }
    }

    fn with_handled(&self, name: String, handled: Id) -> String {
        let class = match self.machine.bank().op(handled).as_str() {
            "none" => "None".to_string(),
            _ => self.class_of(handled),
        };
        format!("{name}: {class}")
    }

    fn class_of(&self, exception: Id) -> String {
        let bank = self.machine.bank();
        unescape(bank.op(bank.arg(bank.arg(exception, 0), 0)).as_str())
    }

    fn answer(&self, completion: Id) -> String {
        let bank = self.machine.bank();
        let part = bank.arg(completion, 0);
        match (bank.op(completion).as_str(), bank.op(part).as_str()) {
            ("raising", _) => self.class_of(part),
            (_, "true") => "True".into(),
            (_, "false") => "False".into(),
            _ => "return".into(),
        }
    }

    fn outcome(&mut self, state: Id) -> String {
        let ending = Ended::new(&mut self.machine, state, &mut |_, _| {}).ending();
        match (ending, ending.exception()) {
            (_, Some(exception)) => format!("raising {}", self.class_of(exception)),
            (Ending::Returned(value), _) => {
                format!("returning {}", print::value(&self.machine.bank().term(value)))
            }
            _ => "normal".into(),
        }
    }
}

#[derive(Clone)]
struct Partial {
    state: Id,
    visited: Vec<Id>,
    run: Run,
}

impl Run {
    fn empty() -> Run {
        Run { script: Vec::new(), events: Vec::new(), outcome: String::new() }
    }
}

/// The name of the event at the beginning of a part, if that is reported.
fn begin_name(marker: &Term) -> Option<String> {
    let op = marker[marker.root()].op.as_str();
    matches!(op, "suite" | "handler" | "bare-handler" | "else" | "finally").then(|| name_of(marker))
}

/// The name of the event after a statement.
fn after_name(marker: &Term) -> Option<String> {
    let node = &marker[marker.root()];
    let label = marker[*node.args.first()?].op;
    matches!(node.op.as_str(), "try-except-statement" | "try-finally-statement")
        .then(|| format!("after {label}"))
}

fn name_of(marker: &Term) -> String {
    let node = &marker[marker.root()];
    let args: Vec<&str> = node.args.iter().map(|arg| marker[*arg].op.as_str()).collect();
    format!("{} {}", node.op, args.join(" "))
}

/// The program with a call of `ev` for each watched part.
fn instrument(term: &Term) -> Term {
    let mut builder = Builder::default();
    let mut places: Vec<Id> = Vec::with_capacity(term.len());
    for node in term {
        let args: Vec<Id> = node.args.iter().map(|arg| places[usize::from(*arg)]).collect();
        let mut place = builder.node(node.op.as_str(), args.iter().copied());
        if node.op == Symbol::from("watch") {
            place = reported(&mut builder, &part(term, node), args[1]);
        }
        places.push(place);
    }
    match places.last() {
        Some(root) => builder.finish(*root),
        None => term.clone(),
    }
}

fn part(term: &Term, watch: &Node) -> Term {
    use egg::Language;
    term[watch.args[0]].build_recexpr(|id| term[id].clone())
}

fn reported(builder: &mut Builder, marker: &Term, statement: Id) -> Id {
    if let Some(name) = begin_name(marker) {
        let call = report(builder, &name);
        return builder.node("seq", [call, statement]);
    }
    match after_name(marker) {
        Some(name) => {
            let call = report(builder, &name);
            builder.node("seq", [statement, call])
        }
        None => statement,
    }
}

/// `ev('name')`
fn report(builder: &mut Builder, name: &str) -> Id {
    let text = builder.literal("str", name);
    let text = builder.node("const", [text]);
    let none = builder.atom("no-arguments");
    let arguments = builder.node("arguments", [text, none]);
    let target = builder.literal("global", "ev");
    let function = builder.node("name", [target]);
    let call = builder.node("call", [function, arguments]);
    builder.node("expression", [call])
}
