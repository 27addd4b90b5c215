//! What the rest of a path can still ask for: the locals that an activation reads again, and the unknowns that
//! something leads to, by a name, a local or an object.
//!
//! Of the attributes of an unknown only those can be asked for whose names stand somewhere: in what is left of the
//! program, or in a text.

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::domain::Context;
use crate::machine::sequence;
use crate::python::builtins::tracebacks::has_entries;
use crate::python::functions::reads::reads;
use crate::python::functions::unknowns;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Objects, heap, shelf};
use crate::term::unescape;

/// The locals of the activation without those that it does not read again and that lead to nothing of which it can be
/// seen when it is dropped.
pub fn without_dead_locals(cx: &mut Context, statement: Id, frames: Id, world: Id) -> Id {
    let locals = cx.bank.arg(world, 0);
    if cx.bank.op(locals) != vocabulary().binding {
        return locals;
    }
    let bindings = shelf::bindings(cx.bank, locals);
    // A traceback may show the names of its frames.
    let shown = has_entries(&Objects::of(cx, world), locals);
    let Some(read) = reads(cx, Some(statement), frames).filter(|_| !shown) else { return locals };
    let holders = unknowns::holders(cx, world);
    let mut drops = Drops { cx, heap: heap_of(cx, world), holders, passed: FxHashSet::default() };
    let is_dead = |(name, value): &(Id, Id)| {
        read.binary_search(name).is_err() && !is_own(cx, *name) && drops.is_unseen(*value)
    };
    let (dead, kept): (Vec<_>, Vec<_>) = bindings.into_iter().partition(is_dead);
    if dead.is_empty() {
        return locals;
    }
    let empty = cx.bank.make(vocabulary().no_names, &[]);
    kept.iter()
        .rev()
        .fold(empty, |env, (name, value)| cx.bank.make(vocabulary().binding, &[*name, *value, env]))
}

/// Whether a name is the semantics' own: it begins with a dot, or is that of a cell. A temporary name, a dot and a number, is read by the
/// program's own statements, as the names that it writes are.
pub(super) fn is_own(cx: &Context, name: Id) -> bool {
    let name = unescape(cx.name(name));
    let is_temporary = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    name.starts_with('&') || name.strip_prefix('.').is_some_and(|rest| !is_temporary(rest))
}

/// Where a state keeps objects.
fn heap_of(cx: &Context, world: Id) -> Option<Id> {
    let globals = cx.bank.arg(world, 1);
    (cx.bank.op(globals) == names().objects).then(|| cx.bank.arg(globals, 1))
}

/// Of which values it cannot be seen when they are dropped.
struct Drops<'c, 'b> {
    cx: &'c Context<'b>,
    heap: Option<Id>,
    /// What leads to an attribute of an unknown that holds an object.
    holders: FxHashSet<[Id; 2]>,
    /// The containers that were looked into.
    passed: FxHashSet<Id>,
}

impl Drops<'_, '_> {
    /// Those that no object stands behind, and builtin containers of such values.
    fn is_unseen(&mut self, value: Id) -> bool {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            let node = self.cx.bank.get(value);
            match node.op.as_str() {
                "none" | "true" | "false" | "int" | "long" | "str" | "unicode" | "float" | "bytes"
                | "gone" => {}
                "unknown" if !self.holders.contains(&[node.args[0], node.args[1]]) => {}
                "tuple" => open.extend(sequence::all(self.cx.bank, node.args[0])),
                "object" => match self.container(value) {
                    Some(entry) if !self.passed.insert(entry) => {}
                    Some(entry) => open.extend(self.members(entry)),
                    None => return false,
                },
                _ => return false,
            }
        }
        true
    }

    /// The entry of a list, dict or set that is of no class of the program.
    fn container(&self, object: Id) -> Option<Id> {
        let bank = &self.cx.bank;
        let [class, reference] = bank.get(object).args[..] else { return None };
        let kind = bank.get(class).args.get(1).filter(|kind| self.cx.name(**kind) == "builtin");
        let number = kind.and_then(|_| heap::number_of(bank, bank.arg(reference, 0)))?;
        let entry = heap::find(bank, self.heap?, number)?;
        let payload = bank.op(bank.arg(entry, 0));
        let kinds = [names().list_of, names().dict_of, names().set_of, names().open_of];
        kinds.contains(&payload).then_some(entry)
    }

    /// What a container holds, or may hold.
    fn members(&self, entry: Id) -> Vec<Id> {
        let payload = self.cx.bank.get(self.cx.bank.arg(entry, 0));
        let content = payload.args[0];
        match payload.op == names().open_of {
            true => self.cx.kept_by(content),
            false => sequence::all(self.cx.bank, content),
        }
    }
}

/// The unknowns that a state can still ask about.
pub struct Reached<'c, 'b> {
    objects: Objects<'c, 'b>,
    seen: FxHashSet<Id>,
    open: Vec<Id>,
    unknowns: FxHashSet<Id>,
    words: FxHashSet<Id>,
    /// Whether an attribute is read whose name the program composes.
    composes: bool,
}

/// What the rest of a path can ask about.
#[derive(Debug, Default)]
pub struct Askable {
    /// The unknowns that it leads to.
    pub unknowns: FxHashSet<Id>,
    /// The texts in it, as atoms: the name of an attribute that is read is one. Without them any attribute may be read.
    pub words: Option<FxHashSet<Id>>,
}

/// The unknowns that control, its frames and a world lead to by what can still be read, and the words in it.
pub fn reached<'c, 'b>(cx: &'c mut Context<'b>, statement: Id, frames: Id, world: Id) -> Askable {
    let objects = Objects::of(cx, world);
    let mut reached = Reached {
        objects,
        seen: FxHashSet::default(),
        open: Vec::new(),
        unknowns: FxHashSet::default(),
        words: FxHashSet::default(),
        composes: false,
    };
    let [locals, handled, callers] = [0, 2, 4].map(|part| reached.objects.cx.bank.arg(world, part));
    reached.parts(statement);
    reached.activation(Some(statement), frames, locals);
    reached.term(handled);
    reached.callers(callers);
    let pending = if reached.objects.tracked() { reached.objects.pending() } else { Vec::new() };
    pending.into_iter().for_each(|generator| reached.term(generator));
    reached.all();
    Askable { unknowns: reached.unknowns, words: Some(reached.words).filter(|_| !reached.composes) }
}

impl Reached<'_, '_> {
    fn term(&mut self, term: Id) {
        if self.seen.insert(term) {
            self.open.push(term);
        }
    }

    fn activation(&mut self, statement: Option<Id>, frames: Id, locals: Id) {
        let mut rest = frames;
        while let [top, below] = self.objects.cx.bank.get(rest).args[..] {
            self.parts(top);
            rest = below;
        }
        let read = reads(self.objects.cx, statement, frames);
        for (name, value) in shelf::bindings(self.objects.cx.bank, locals) {
            let own = is_own(self.objects.cx, name);
            if own || read.as_ref().is_none_or(|read| read.binary_search(&name).is_ok()) {
                self.term(value);
            }
        }
    }

    fn callers(&mut self, mut callers: Id) {
        loop {
            let node = self.objects.cx.bank.get(callers).clone();
            match (node.op.as_str(), &node.args[..]) {
                ("caller", [frames, locals, rest]) => {
                    self.activation(None, *frames, *locals);
                    callers = *rest;
                }
                ("resumer", [generator, frames, locals, handled, rest]) => {
                    self.term(*generator);
                    self.activation(None, *frames, *locals);
                    self.term(*handled);
                    callers = *rest;
                }
                _ => return,
            }
        }
    }

    /// What a piece of code leads to.
    fn parts(&mut self, code: Id) {
        let parts = self.objects.cx.bank.parts_of(code, || leading(self.objects.cx, code));
        parts.iter().for_each(|part| self.term(*part));
    }

    fn all(&mut self) {
        while let Some(term) = self.open.pop() {
            let node = self.objects.cx.bank.get(term).clone();
            // An atom may be any word of a program, also one that a constructor has.
            if node.args.is_empty() {
                continue;
            }
            if node.op == vocabulary().unknown {
                self.unknowns.insert(term);
            } else if node.op == vocabulary().str {
                self.words.insert(node.args[0]);
                continue;
            } else if node.op == names().code {
                node.args.last().into_iter().for_each(|body| self.parts(*body));
                continue;
            } else if node.op == names().member || node.op == names().global_name {
                self.composes |= reads_attributes(self.objects.cx, term);
                self.named(&node.args);
                continue;
            } else if node.op == names().module {
                self.module(node.args[0]);
                continue;
            }
            let numbered = node.op == names().reference || node.op == vocabulary().exception;
            let number = node.args.last().filter(|_| numbered && self.objects.tracked());
            if let Some(entry) = number.and_then(|number| self.entry(*number)) {
                self.term(entry);
            }
            node.args.into_iter().for_each(|part| self.term(part));
        }
    }

    fn entry(&self, number: Id) -> Option<Id> {
        let number = heap::number_of(self.objects.cx.bank, number)?;
        let heap = self.objects.cx.bank.arg(self.objects.cx.bank.arg(self.objects.world, 1), 1);
        heap::find(self.objects.cx.bank, heap, number)
    }

    /// The value of `(member module name)` or `(global name)`.
    fn named(&mut self, target: &[Id]) {
        let spelt = |reached: &Self, atom: Id| unescape(reached.objects.cx.name(atom));
        let found = match target {
            [module, name] => {
                let (module, name) = (spelt(self, *module), spelt(self, *name));
                self.objects.module_env(&module).and_then(|env| self.objects.lookup(env, &name))
            }
            [name] => {
                let globals = self.objects.cx.bank.arg(self.objects.world, 1);
                self.objects.lookup(globals, &spelt(self, *name))
            }
            _ => None,
        };
        found.into_iter().for_each(|value| self.term(value));
    }

    /// Of a module that is a value the attributes are reached, but not what they lead to.
    fn module(&mut self, name: Id) {
        let name = unescape(self.objects.cx.name(name));
        let Some(env) = self.objects.module_env(&name) else { return };
        for (_, value) in shelf::bindings(self.objects.cx.bank, env) {
            if self.objects.cx.bank.op(value) == vocabulary().unknown {
                self.unknowns.insert(value);
            }
        }
    }
}

/// The parts of a piece of code that lead further: names of modules, unknowns, objects, texts and other code.
fn leading(cx: &Context, code: Id) -> Vec<Id> {
    let (mut found, mut seen, mut open) = (Vec::new(), FxHashSet::default(), vec![code]);
    let names = names();
    let numbered = [names.reference, vocabulary().exception];
    let named =
        [names.member, names.global_name, names.module, names.code, vocabulary().unknown, vocabulary().str];
    while let Some(term) = open.pop() {
        if !seen.insert(term) {
            continue;
        }
        let node = cx.bank.get(term);
        let op = node.op;
        if numbered.contains(&op) || named.contains(&op) {
            found.push(term);
        } else if let Some(operands) = reading_by_text(cx, term) {
            open.push(operands);
        } else {
            open.extend(node.args.iter().copied());
        }
    }
    found
}

/// Whether the name of a module is that of a function that reads an attribute by its name.
fn reads_attributes(cx: &Context, member: Id) -> bool {
    let name = cx.bank.get(member).args.last().copied();
    name.is_some_and(|name| ["getattr", "hasattr"].contains(&cx.name(name)))
}

/// The operands of a call of such a function, where the attribute's name is written down.
fn reading_by_text(cx: &Context, call: Id) -> Option<Id> {
    let [callee, operands] = cx.bank.get(call).args[..] else { return None };
    let part = |term: Id, place: usize| cx.bank.get(term).args.get(place).copied();
    let function = part(callee, 0)?;
    let name = part(part(operands, 1)?, 0)?;
    let is_text = cx.name(name) == "constant" && cx.name(part(name, 0)?) == "str";
    let is_call = cx.name(call) == "invocation" && cx.bank.op(function) == names().member;
    (is_call && is_text && reads_attributes(cx, function)).then_some(operands)
}
