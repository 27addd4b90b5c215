//! The paths of a program as tests that play them back: a Python module in which stand-ins take the place of what the
//! program does not define, and answer as the path says.
//!
//! A path that ends otherwise under Python, or in which something else is asked, is a fault of the model.

use std::collections::{BTreeMap, BTreeSet};

use egg::Id;
use rustc_hash::FxHashMap;

use crate::machine::{Bank, Machine, sequence};
use crate::python::print;
use crate::python::values::literals::str_repr;
use crate::term::unescape;
use crate::trace::walk::{End, Taken};

/// A path as it is played back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// What is asked on the path, and what comes of it, as Python tuples.
    pub(super) script: Vec<String>,
    /// What the path says of values beforehand, by their places: the members of a Python dict.
    pub(super) known: Vec<String>,
    /// How it ends.
    pub(super) ending: String,
}

/// Why a path cannot be played back.
pub type Unplayable = String;

/// Where a value that the file does not define comes from: what is made first on the path, or bound before it, and the
/// attributes that were read of it.
type Place = (String, String);

/// What a path says.
struct Reading<'a> {
    machine: &'a Machine,
    bank: &'a Bank,
    entry: &'a [String],
    /// How many values the path has made.
    made: usize,
    /// For each value that is alive, which of them it is.
    places: FxHashMap<Id, usize>,
    script: Vec<(Option<Place>, String)>,
    /// What was asked of which value.
    asked: BTreeSet<(Place, Id)>,
    known: BTreeMap<(String, String, &'static str), String>,
}

/// A path, where it can be played back; `entry` is the parameters of the function that is called after the module.
///
/// # Errors
/// What stands in the way.
pub fn played(machine: &Machine, taken: &[Taken], end: &End, entry: &[String]) -> Result<Played, Unplayable> {
    let bank = machine.bank();
    let End::Completed(completion) = end else { return Err("it was not followed to an end".into()) };
    let ending = match bank.op(*completion).as_str() {
        "raising" => format!(
            "raising {}",
            class_of(bank, bank.arg(*completion, 0)).ok_or("what it raises is unknown")?
        ),
        _ => "normal".to_string(),
    };
    let mut reading = Reading {
        machine,
        bank,
        entry,
        made: 0,
        places: FxHashMap::default(),
        script: Vec::new(),
        asked: BTreeSet::new(),
        known: BTreeMap::new(),
    };
    for step in taken {
        reading.step(step)?;
    }
    Ok(reading.finish(ending))
}

/// The name of the class of an exception.
fn class_of(bank: &Bank, exception: Id) -> Option<String> {
    if bank.op(exception).as_str() != "exception" {
        return None;
    }
    let class = bank.arg(exception, 0);
    (bank.op(class).as_str() == "class").then(|| full_name(bank, class))
}

/// Whether a stand-in knows from the start that it is the value at this place: it is one that is made, a global or a parameter.
fn is_found((made, _): &Place) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "_'()".contains(c);
    !made.is_empty() && made.chars().all(plain) && made.find('(').is_none_or(|open| made[open..] == *"()'")
}

/// The name of a class, behind that of its module where the module is one of the library.
fn full_name(bank: &Bank, class: Id) -> String {
    let name = unescape(bank.op(bank.arg(class, 0)).as_str());
    match bank.op(bank.arg(class, 1)).as_str() {
        "builtin" | "opaque" | "file" | "ref" => name,
        module => format!("{}.{name}", unescape(module)),
    }
}

impl Reading<'_> {
    fn is_unknown(&self, value: Id) -> bool {
        self.bank.op(value).as_str() == "unknown"
    }

    /// Whether it is raised, or the condition of a clause: then the step chooses which exception, or class of exceptions, it is.
    fn is_exceptional(&self, state: Id) -> bool {
        ["raise-frame", "match-frame"].contains(&self.top_frame(state))
    }

    /// Whether it is what the `__exit__` of an unknown manager gave, and it is taken for granted that it discards nothing.
    fn is_trusted(&self, step: &Taken) -> bool {
        self.top_frame(step.state) == "verdict-frame" && self.bank.op(step.edge.target).as_str() == "done"
    }

    fn top_frame(&self, state: Id) -> &str {
        let frames = self.machine.frames_of(state);
        self.bank.get(frames).args.first().map_or("", |frame| self.bank.op(*frame).as_str())
    }

    /// Whether something is asked, drawn or taken of what is in a container whose members are not known: a program has others in it
    /// than the path says.
    fn is_about_contents(&self, state: Id) -> bool {
        let part = |id: Id, place: usize| self.bank.get(id).args.get(place).copied();
        let first = part(state, 0);
        let about = match self.bank.op(state).as_str() {
            "ask" => first,
            "iterate" => first.and_then(|items| part(items, 0)),
            "respond" => first.and_then(|answer| match self.bank.op(answer).as_str() {
                "draws" => part(answer, 0),
                "unanswered" => part(answer, 2),
                _ => None,
            }),
            _ => None,
        };
        let Some(about) = about.filter(|about| self.is_unknown(*about)) else { return false };
        let told = |unknown: Id| [0, 1].map(|place| self.bank.arg(unknown, place));
        let (mut seen, mut open) = (BTreeSet::new(), vec![state]);
        while let Some(term) = open.pop() {
            let node = self.bank.get(term);
            if node.op.as_str() == "open-of" && told(node.args[0]) == told(about) {
                return true;
            }
            if self.bank.measure(term).unknown && seen.insert(term) {
                open.extend(&node.args);
            }
        }
        false
    }

    /// What is asked at a step.
    fn step(&mut self, step: &Taken) -> Result<(), Unplayable> {
        let of = |state: Id| self.bank.get(state).args.first().copied();
        let control = of(step.state).map(|part| self.bank.op(part).as_str());
        if self.is_about_contents(step.state) {
            return Err("what is in a container is not known".into());
        }
        match (self.bank.op(step.state).as_str(), control) {
            ("ask", _) => self.question(step),
            ("iterate", Some("items-of")) => self.item(of(step.edge.target)),
            ("respond", Some("draws")) => self.item(of(step.edge.target).and_then(of)),
            ("value", Some("unknown")) if self.is_trusted(step) => {
                // Python asks.
                let place = self.place(self.bank.arg(step.state, 0));
                self.script.push((Some(place), "('question', 'truth', False)".to_string()));
                Ok(())
            }
            ("value", Some("unknown")) if self.is_exceptional(step.state) => {
                self.exception(self.bank.arg(step.state, 0), of(step.edge.target))
            }
            _ => self.call(step),
        }
    }

    /// A call or an operation on what is unknown enters and leaves at one step.
    fn call(&mut self, step: &Taken) -> Result<(), Unplayable> {
        let of = |op: &str| step.edge.events.iter().find(|event| self.bank.op(**event).as_str() == op);
        let (Some(enter), Some(leave)) = (of("enter"), of("leave")) else { return Ok(()) };
        let (body, completion) = (self.bank.arg(*leave, 0), self.bank.arg(*leave, 1));
        if self.bank.arg(*enter, 0) != body || self.bank.op(body).as_str() != "body" {
            return Ok(());
        }
        let name = unescape(self.bank.op(self.bank.arg(body, 0)).as_str());
        if name.starts_with("case ") {
            return Err(format!("whether `{name}` matches is not modelled"));
        }
        let value = self.bank.arg(completion, 0);
        let outcome = match self.bank.op(completion).as_str() {
            "raising" => {
                // What another exception holds is another unknown, and may have the same name.
                self.asked.retain(|((made, _), _)| !made.contains(' '));
                match self.held(value) {
                    Some(held) => self.make(held),
                    None => self.made += 1,
                }
                format!(
                    "('raises', {})",
                    str_repr(&class_of(self.bank, value).ok_or("an unknown is raised")?)
                )
            }
            _ if self.is_unknown(value) => {
                self.make(value);
                "('returns', None)".to_string()
            }
            _ => match self.unknown_members(value) {
                Some(members) => {
                    members.iter().for_each(|member| self.make(*member));
                    format!("('members', {})", members.len())
                }
                None => format!("('gives', {})", self.literal(value)?),
            },
        };
        let kind = if self.bank.op(step.state).as_str() == "apply" { "call" } else { "operation" };
        self.script.push((None, format!("('{kind}', {}, {outcome})", str_repr(&name))));
        Ok(())
    }

    /// Whether an operator is `is`, or `is not`.
    fn is_identity(&self, operator: Id) -> Option<bool> {
        match self.bank.op(operator).as_str() {
            "is" => Some(true),
            "is-not" => Some(false),
            _ => None,
        }
    }

    /// The members of a tuple of which nothing is known.
    fn unknown_members(&self, value: Id) -> Option<Vec<Id>> {
        let parts = &self.bank.get(value).args;
        let (true, [values]) = (self.bank.op(value).as_str() == "tuple", &parts[..]) else { return None };
        let members = sequence::all(self.bank, *values);
        members.iter().all(|member| self.is_unknown(*member)).then_some(members)
    }

    /// The unknown that an exception holds.
    fn held(&self, exception: Id) -> Option<Id> {
        let mut open = vec![*self.bank.get(exception).args.get(1)?];
        while let Some(part) = open.pop() {
            match self.bank.op(part).as_str() {
                "unknown" => return Some(part),
                "values" | "tuple" => open.extend(&self.bank.get(part).args),
                _ => {}
            }
        }
        None
    }

    /// The items that an unknown gives: none, or one more.
    fn item(&mut self, items: Option<Id>) -> Result<(), Unplayable> {
        let items = items.ok_or("what is drawn is unknown")?;
        let values = &self.bank.get(items).args;
        if let Some(item) = values.iter().find(|value| self.is_unknown(**value)) {
            self.make(*item);
        }
        let more = if values.is_empty() { "False" } else { "True" };
        self.script.push((None, format!("('item', '', {more})")));
        Ok(())
    }

    fn question(&mut self, step: &Taken) -> Result<(), Unplayable> {
        let (value, question) = (self.bank.arg(step.state, 0), self.bank.arg(step.state, 1));
        let place = match self.is_unknown(value) {
            true => self.place(value),
            // A container in which there are unknowns: nothing is known of it beforehand.
            false => (String::new(), String::new()),
        };
        let answer = print::value(&self.bank.term(self.bank.arg(step.edge.target, 0)));
        let yes = answer == "True";
        let about = self.bank.get(question).args.clone();
        match (self.bank.op(question).as_str(), about.as_slice()) {
            // The operation is made again behind the answer.
            ("compared", _) if self.waits_for(step.state, "again-frame") => {
                return Err("Python asks whether two keys are equal only where their hashes are".into());
            }
            ("compared", [operator, other]) if is_found(&place) && self.is_identity(*operator).is_some() => {
                if self.is_identity(*operator) == Some(yes) {
                    let literal = format!("({},)", self.literal(*other)?);
                    self.known.insert((place.0, place.1, ""), literal);
                }
            }
            ("instance", [class]) if is_found(&place) && self.bank.op(*class).as_str() == "class" => {
                if yes {
                    let name = full_name(self.bank, *class);
                    self.known.insert((place.0, place.1, "class"), str_repr(&name));
                }
            }
            ("attribute", _) => return Err("an attribute may be missing".into()),
            // Where the same is asked again, the stand-in answers by itself; who is asked is not told by a place that is not found.
            _ if !self.asked.insert((place.clone(), question)) && (is_found(&place) || !step.choice) => {}
            (kind, _) => {
                // The stand-in is asked whether it is the other, be the operator `is` or `is not`.
                let identity = about.first().and_then(|operator| self.is_identity(*operator));
                let answer = identity.map_or(answer, |is| if is == yes { "True" } else { "False" }.into());
                let entry = format!("('question', {}, {answer})", str_repr(kind));
                // What is compared with it asks, where it is known itself.
                let other = about.iter().any(|part| self.is_unknown(*part));
                self.script.push(((!other).then_some(place), entry));
            }
        }
        Ok(())
    }

    /// Whether a frame of that name waits for the answer to a question.
    fn waits_for(&self, asking: Id, frame: &str) -> bool {
        let frames = self.bank.get(self.bank.arg(asking, 2));
        frames.args.first().is_some_and(|top| self.bank.op(*top).as_str() == frame)
    }

    /// An unknown that is raised, or is the condition of a clause, is an exception or a class of exceptions: which, the step
    /// chose.
    fn exception(&mut self, unknown: Id, chosen: Option<Id>) -> Result<(), Unplayable> {
        let Some(chosen) = chosen else { return Ok(()) };
        let literal = match self.bank.op(chosen).as_str() {
            "exception" => {
                let class = class_of(self.bank, chosen).ok_or("the class of an exception is unknown")?;
                format!("Raised({})", str_repr(&class))
            }
            "raising" => return self.exception(unknown, self.bank.get(chosen).args.first().copied()),
            "class" => {
                format!("Class({})", str_repr(&full_name(self.bank, chosen)))
            }
            "tuple" => "Class('')".to_string(),
            _ => return Ok(()),
        };
        let (made, attributes) = self.place(unknown);
        let before = self.known.insert((made, attributes, ""), format!("({literal},)"));
        if before.is_some_and(|before| before != format!("({literal},)")) {
            return Err("an unknown is an exception, and another".into());
        }
        Ok(())
    }

    /// A value that the path makes.
    fn make(&mut self, value: Id) {
        self.made += 1;
        self.places.insert(value, self.made);
    }

    /// Where a value comes from. The attribute `a` of the unknown `x` is the unknown `x.a` of the same number.
    fn place(&self, value: Id) -> Place {
        let name = unescape(self.bank.op(self.bank.arg(value, 0)).as_str());
        let number = self.bank.arg(value, 1);
        let mut base = name.as_str();
        loop {
            let found = self.places.iter().filter(|(known, _)| {
                let known = self.bank.get(**known);
                known.args[1] == number && unescape(self.bank.op(known.args[0]).as_str()) == base
            });
            if let Some(made) = found.map(|(_, made)| made).max() {
                return (made.to_string(), name[base.len()..].to_string());
            }
            match base.rsplit_once('.') {
                Some((shorter, _)) => base = shorter,
                None => break,
            }
        }
        let first = match self.entry.iter().any(|parameter| parameter == base) {
            true => format!("{base}()"),
            // Of two that are made without being asked for, the second is another, whatever it is called.
            false if self.bank.op(number).as_str() != "0" => format!("{base} {}", self.bank.op(number)),
            false => base.to_string(),
        };
        (str_repr(&first), name[base.len()..].to_string())
    }

    fn literal(&self, value: Id) -> Result<String, Unplayable> {
        match self.bank.op(value).as_str() {
            "none" | "true" | "false" | "int" | "str" => Ok(print::value(&self.bank.term(value))),
            // Not each is written as Python reads it: `inf`, `nan`.
            "float" => Ok(format!("float('{}')", print::value(&self.bank.term(value)))),
            other => Err(format!("a value is {other}")),
        }
    }

    /// Of what is a known object from the start on nothing is asked.
    fn finish(self, ending: String) -> Played {
        let fixed: BTreeSet<Place> = self
            .known
            .keys()
            .filter(|(_, _, what)| what.is_empty())
            .cloned()
            .map(|(a, b, _)| (a, b))
            .collect();
        let script = self
            .script
            .into_iter()
            .filter(|(place, _)| place.as_ref().is_none_or(|place| !fixed.contains(place)));
        let known = self.known.into_iter().map(|((made, attributes, what), value)| match what {
            "" => format!("({made}, {}): {value}", str_repr(&attributes)),
            what => format!("({made}, {}, {}): {value}", str_repr(&attributes), str_repr(what)),
        });
        Played { script: script.map(|(_, entry)| entry).collect(), known: known.collect(), ending }
    }
}
