//! Who else has an object: what others wait for, whoever was given it may bring about.

use egg::Id;
use rustc_hash::FxHashSet;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Objects, heap};

/// The module of the library whose objects are waited for.
const WAITED_FOR: &str = "threading";

/// By what one waits.
const WAITS: [&str; 2] = ["acquire", "wait"];

/// `(handed-out values keywords world)`: the world in which some unknown was given these arguments.
pub fn handed_out(cx: &mut Context, args: &[Id]) -> Results {
    let [values, keywords, world] = args[..] else { return smallvec![] };
    let mut objects = Objects::of(cx, world);
    if objects.waits_for_others() {
        objects.hand_out(&[values, keywords], &WAITS);
    }
    smallvec![objects.world]
}

impl Objects<'_, '_> {
    /// Whether there can be objects that are waited for.
    fn waits_for_others(&self) -> bool {
        self.tracked() && self.module_env(WAITED_FOR).is_some()
    }

    /// Notes that somebody else has all that is reached from here; of what is waited for, what has one of these methods.
    fn hand_out(&mut self, roots: &[Id], methods: &[&str]) {
        let found = self.reached_by_others(roots);
        let yes = self.cx.bank.node("true", []);
        for object in found {
            if self.is_waited_for(object, methods) {
                self.set_own_attribute(object, hidden::HANDED, Some(yes));
            }
        }
    }

    /// What is in the module of a program can be had by whoever calls its functions: an event is set there by another thread.
    pub(in crate::python) fn hand_out_module(&mut self) {
        if self.waits_for_others()
            && let Some(env) = self.module_env("__main__")
        {
            self.hand_out(&[env], &["wait"]);
        }
    }

    /// Whether somebody else has an object that is waited for: it was handed out, or what it is in belongs to others.
    pub(in crate::python) fn is_shared(&mut self, object: Id) -> bool {
        if self.own_attribute(object, hidden::HANDED).is_some() {
            return true;
        }
        let heap = self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 1);
        let mut entries = Vec::new();
        heap::entries(self.cx.bank, heap, &mut entries);
        let open = |entry: &Id| self.lookup(self.cx.bank.arg(*entry, 1), hidden::OPEN).is_some();
        let mut roots: Vec<Id> = entries.into_iter().map(|(_, entry)| entry).filter(open).collect();
        // What was stored in something unknown.
        roots.push(self.cx.bank.arg(self.world, 3));
        self.reached_by_others(&roots).contains(&object)
    }

    fn is_waited_for(&mut self, object: Id, methods: &[&str]) -> bool {
        let class = self.cx.bank.arg(object, 0);
        methods.iter().any(|method| {
            let found = self.class_attribute(class, method);
            let Some((_, method)) = found.filter(|(_, found)| self.cx.bank.op(*found) == names().routine)
            else {
                return false;
            };
            let code = self.code_of(method);
            self.cx.code(code).module == WAITED_FOR
        })
    }

    /// The objects that are reached from terms. A function of the program reaches what is in its module.
    fn reached_by_others(&self, roots: &[Id]) -> FxHashSet<Id> {
        let bank = &self.cx.bank;
        let heap = bank.arg(bank.arg(self.world, 1), 1);
        let (mut found, mut seen) = (FxHashSet::default(), FxHashSet::default());
        let mut open = roots.to_vec();
        while let Some(term) = open.pop() {
            // A term without a number in it refers to nothing.
            if bank.measure(term).exceptions <= 1 || !seen.insert(term) {
                continue;
            }
            let node = bank.get(term);
            if node.op == names().object {
                found.insert(term);
            } else if node.op == names().reference {
                let number = node.args.first().and_then(|atom| heap::number_of(bank, *atom));
                open.extend(number.and_then(|number| heap::find(bank, heap, number)));
            } else if node.op == names().routine {
                let module = self.cx.code(node.args[0]).module;
                open.extend(self.module_env(&module));
            }
            let parts = node.args.iter().skip(usize::from(node.op == names().routine));
            open.extend(parts.filter(|part| bank.op(**part) != vocabulary().exception));
        }
        found
    }
}
