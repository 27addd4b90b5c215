//! Suspended generators that nothing can reach any more.

use egg::Id;
use rustc_hash::FxHashSet;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins::display;
use crate::python::builtins::support::delegate;
use crate::python::functions::{coarse, holds, liveness, passing, unknowns};
use crate::python::values::heap;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::{Call, Objects};
use crate::term::escape;

impl Objects<'_, '_> {
    /// The generators that are suspended with something left to do, in the order of their making.
    pub(crate) fn pending(&self) -> Vec<Id> {
        let globals = self.cx.bank.arg(self.world, 1);
        if self.cx.bank.op(globals) != names().objects {
            return Vec::new();
        }
        let pending = self.cx.bank.arg(globals, 3);
        self.cx.members(self.cx.bank.arg(pending, 0))
    }

    fn set_pending(&mut self, generators: &[Id]) {
        let globals = self.cx.bank.arg(self.world, 1);
        let mut node = self.cx.bank.get(self.cx.bank.arg(globals, 3)).clone();
        let Some(first) = node.args.first_mut() else { return };
        *first = self.values(generators);
        let pending = self.cx.bank.add(node);
        self.set_global(3, pending);
    }

    /// Notes whether a generator that is suspended there has something left to do.
    pub fn note_suspension(&mut self, generator: Id, suspension: Id) {
        let mut pending = self.pending();
        let known = pending.iter().position(|other| *other == generator);
        let left = self.is_busy(suspension)
            && self.own_attribute(generator, hidden::DROPPED).is_none()
            && self.cx.constants().has("generator.close");
        match (left, known) {
            (true, None) => pending.push(generator),
            (false, Some(place)) => drop(pending.remove(place)),
            _ => return,
        }
        self.set_pending(&pending);
    }

    fn is_busy(&self, suspension: Id) -> bool {
        let node = self.cx.bank.get(suspension);
        if node.op.as_str() != "suspended" {
            return false;
        }
        let mut frames = self.cx.bank.arg(suspension, 0);
        while let [top, rest] = self.cx.bank.get(frames).args[..] {
            if self.cx.constants().is_unfinished(self.cx.bank.op(top)) {
                return true;
            }
            frames = rest;
        }
        false
    }

    /// The numbers of the objects that these terms reach.
    pub fn reached(&self, roots: &[Id]) -> FxHashSet<u32> {
        self.reached_until(roots, FxHashSet::default())
    }

    /// The same, but for what is reached when all that is sought was found; the last roots are followed first.
    fn reached_until(&self, roots: &[Id], mut sought: FxHashSet<u32>) -> FxHashSet<u32> {
        let ends = !sought.is_empty();
        let heap = self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 1);
        let mut found = FxHashSet::default();
        let mut roots: Vec<Id> = roots.to_vec();
        while let Some(root) = roots.pop() {
            let mut open = self.numbers_in(root);
            while let Some(number) = open.pop() {
                if !found.insert(number) {
                    continue;
                }
                if ends && sought.remove(&number) && sought.is_empty() {
                    return found;
                }
                if let Some(entry) = heap::find(self.cx.bank, heap, number) {
                    let numbers = self.cx.bank.numbers_in(entry, || self.numbers_in(entry));
                    open.extend(numbers.iter().filter(|number| !found.contains(*number)));
                }
            }
        }
        found
    }

    /// The numbers of the objects that a term refers to itself.
    fn numbers_in(&self, term: Id) -> Vec<u32> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![term];
        while let Some(term) = open.pop() {
            // A term without a number in it refers to nothing.
            if self.cx.bank.measure(term).exceptions <= 1 || !seen.insert(term) {
                continue;
            }
            let node = self.cx.bank.get(term);
            let number = if node.op == names().reference {
                node.args.first()
            } else if node.op == crate::python::values::vocabulary::vocabulary().exception {
                node.args.last()
            } else {
                None
            };
            found.extend(number.and_then(|atom| heap::number_of(self.cx.bank, *atom)));
            open.extend(node.args.iter().copied());
        }
        found
    }

    /// Those that no other one reaches; all of them where each is reached.
    fn unheld(&self, generators: &[Id]) -> Vec<Id> {
        let is_held = |generator: &Id| {
            let number = self.number(*generator);
            let others: Vec<Id> = generators.iter().copied().filter(|other| other != generator).collect();
            number.is_some_and(|number| self.reached(&others).contains(&number))
        };
        let free: Vec<Id> = generators.iter().copied().filter(|generator| !is_held(generator)).collect();
        if free.is_empty() { generators.to_vec() } else { free }
    }
}

impl Call<'_, '_> {
    /// What a state refers to besides the heap.
    fn roots(&self) -> Vec<Id> {
        let modules = self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 0);
        let world = [4, 2, 3, 0].map(|part| self.cx.bank.arg(self.world, part));
        // What runs mostly leads to generators, and modules to many other objects.
        [modules].into_iter().chain(world).chain([self.frames]).collect()
    }

    fn dropped(&self, more: &[Id]) -> Vec<Id> {
        let pending = self.pending();
        if pending.is_empty() {
            return Vec::new();
        }
        let mut roots = self.roots();
        roots.extend(more);
        let numbers: FxHashSet<u32> =
            pending.iter().filter_map(|generator| self.number(*generator)).collect();
        let live = self.reached_until(&roots, numbers);
        let is_dead = |generator: &Id| self.number(*generator).is_some_and(|number| !live.contains(&number));
        pending.into_iter().filter(is_dead).collect()
    }
}

/// `(dropped callee values keywords frames world)`.
pub fn dropped(cx: &mut Context, args: &[Id]) -> Results {
    let [callee, values, keywords, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let found = call.dropped(&[callee, values, keywords]);
    listed(&mut call, &found)
}

/// The values; nothing where there are none.
fn listed(call: &mut Objects, found: &[Id]) -> Results {
    if found.is_empty() { smallvec![] } else { smallvec![call.values(found)] }
}

/// `(unheld generators world)`.
pub fn unheld(cx: &mut Context, args: &[Id]) -> Results {
    let generators = cx.members(args[0]);
    let mut call = Objects::of(cx, args[1]);
    let found = call.unheld(&generators);
    smallvec![call.values(&found)]
}

/// `(oldest generators)`: they stand in the order of their making.
pub fn oldest(cx: &mut Context, args: &[Id]) -> Results {
    cx.members(args[0]).first().copied().into_iter().collect()
}

/// `(remaining world)`.
pub fn remaining(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Objects::of(cx, args[0]);
    let found = call.pending();
    listed(&mut call, &found)
}

/// `(forgotten generator world)`.
pub fn forgotten(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Objects::of(cx, args[1]);
    let mut pending = call.pending();
    pending.retain(|generator| *generator != args[0]);
    call.set_pending(&pending);
    // Nothing is dropped twice, also where it yields when it is closed (PEP 442).
    let yes = call.bool(true);
    call.set_own_attribute(args[0], hidden::DROPPED, Some(yes));
    smallvec![call.world]
}

/// `(delegate frames)`.
pub fn delegate_of(cx: &mut Context, args: &[Id]) -> Results {
    delegate(cx, args[0]).into_iter().collect()
}

/// `(behind frames)`.
pub fn behind(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![cx.bank.get(args[0]).args.get(1).copied().unwrap_or(args[0])]
}

/// `(takes-throw iterator world)`: whether an iterator can be thrown into. Where looking for its `throw` raises, it can.
pub fn takes_throw(cx: &mut Context, args: &[Id]) -> Results {
    let [iterator, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, world, world);
    let takes = call.suspension(iterator).is_some() || !matches!(call.attribute(iterator, "throw"), Ok(None));
    holds(takes, iterator)
}

/// `(unraisable exception generator frames world)`: what is written of an exception that nobody can handle, since it
/// left a generator that was dropped. A run adds the lines.
pub fn unraisable(cx: &mut Context, args: &[Id]) -> Results {
    let [exception, generator, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let object = display::repr(&mut call, generator).unwrap_or_default();
    let name = call.type_name(exception);
    let text = display::exception_text(&mut call, exception).unwrap_or_default();
    let line = if text.is_empty() { name } else { format!("{name}: {text}") };
    let text = format!("Exception ignored while closing generator {object}:\n{line}\n");
    smallvec![cx.bank.node(&escape(&text), [])]
}

/// `(fates world)`: what becomes of a generator that was dropped.
pub fn fates(cx: &mut Context, args: &[Id]) -> Results {
    let prompt = Objects::of(cx, args[0]).is_run();
    let close = cx.bank.node("close", []);
    if prompt { smallvec![close] } else { smallvec![close, cx.bank.node("abandon", [])] }
}

/// Whether a program of the core may forget what it does not ask for: its globals end so. All programs of a size keep
/// what they hold, for there it is their states that are counted.
fn is_forgetful(call: &Objects) -> bool {
    let names = names();
    [names.forgetful, names.coarse].contains(&coarse::last_of_globals(call.cx.bank, call.world))
}

/// `(tidied statement frames world)`: the world without what the rest of the path cannot ask for: locals that are not
/// read again, objects that nothing can reach, and answers about what nothing leads to. So paths that differ in
/// nothing else join, and a loop comes back to the state that it began with. A run does without.
pub fn tidied(cx: &mut Context, args: &[Id]) -> Results {
    let [statement, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let kept = if call.tracked() { call.is_run() } else { !is_forgetful(&call) };
    if kept {
        return smallvec![world];
    }
    let locals = call.cx.bank.arg(world, 0);
    let kept = liveness::without_dead_locals(call.cx, statement, frames, world);
    if kept != locals {
        call.set_world(0, kept);
    }
    if call.is_coarse() {
        // What was answered about an unknown keeps no other from its name.
        let world = call.world;
        call.world = coarse::without_answers(call.cx, world);
        coarse::forget_for_this_turn(&mut call, statement);
    }
    if call.tracked() {
        match passing::needed_where_much_is_forgotten(&mut call) {
            Some(needed) => tidy_but(&mut call, needed),
            None => call.tidy(&[]),
        }
        if call.is_coarse() {
            coarse::forget_origins(&mut call, statement);
        }
    }
    let world = call.world;
    smallvec![unknowns::without_dead_facts(cx, statement, frames, world)]
}

impl Call<'_, '_> {
    /// Takes the objects off the heap that neither the state nor the other terms lead to. The next object gets the least number that is
    /// free, whatever was made and dropped before: so paths join that keep the same objects.
    pub(super) fn tidy(&mut self, others: &[Id]) {
        let mut roots = self.roots();
        roots.extend(others);
        tidy_but(self, roots);
    }
}

/// Takes all objects off the heap but those that the modules, suspended generators and these terms lead to.
fn tidy_but(call: &mut Call, mut roots: Vec<Id>) {
    let mut entries = Vec::new();
    let heap = call.cx.bank.arg(call.cx.bank.arg(call.world, 1), 1);
    heap::entries(call.cx.bank, heap, &mut entries);
    roots.push(call.cx.bank.arg(call.cx.bank.arg(call.world, 1), 0));
    roots.extend(call.pending());
    let live = call.reached(&roots);
    let count = entries.len();
    entries.retain(|(number, _)| live.contains(number));
    if entries.len() < count {
        let heap = heap::build(call.cx.bank, &entries);
        call.set_global(1, heap);
    }
    let first = call.atom("1");
    if first != call.cx.bank.arg(call.cx.bank.arg(call.world, 1), 2) {
        call.set_global(2, first);
    }
}
