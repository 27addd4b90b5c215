//! Modules: their names, and the names that every module finds.

use egg::Id;
use smallvec::smallvec;

use crate::machine::bank::Bank;
use crate::machine::domain::{Context, Results};
use crate::python::builtins;
use crate::python::builtins::support::unmodelled;
use crate::python::functions::holds;
use crate::python::values::names::names;
use crate::python::values::shelf;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Failure, Objects};
use crate::term::{escape, unescape};

/// Members of modelled modules that CPython has and that are not modelled: `module: name name …`.
const ABSENT_MEMBERS: &str = include_str!("absent_members.txt");

/// Whether CPython's module of that name has a member that is not modelled.
pub fn is_absent(module: &str, name: &str) -> bool {
    let mut lines = ABSENT_MEMBERS.lines().filter_map(|line| line.split_once(':'));
    lines.any(|(known, names)| known == module && names.split_whitespace().any(|absent| absent == name))
}

/// Modules whose members are primitives: no file of the program stands for them.
pub const NATIVE: [&str; 6] = ["sys", "time", "math", "builtins", "gc", "os"];

/// The place of a module's names in `(objects modules heap next)`.
pub fn module_names(bank: &Bank, world: Id, module: egg::Symbol) -> Option<Id> {
    let mut modules = *bank.get(bank.arg(world, 1)).args.first()?;
    while let [name, env, rest] = bank.get(modules).args[..] {
        if bank.op(name) == module {
            return Some(env);
        }
        modules = rest;
    }
    None
}

/// The modules with the names of one replaced, added or (with `None`) taken out.
fn replaced(cx: &mut Context, modules: Id, module: Id, env: Option<Id>) -> Id {
    match cx.bank.get(modules).args[..] {
        [name, old, rest] if name == module => match env {
            Some(env) if env == old => modules,
            Some(env) => cx.bank.make(names().module_names, &[name, env, rest]),
            None => rest,
        },
        [name, old, rest] => {
            let rest = replaced(cx, rest, module, env);
            cx.bank.make(names().module_names, &[name, old, rest])
        }
        _ => match env {
            Some(env) => cx.bank.make(names().module_names, &[module, env, modules]),
            None => modules,
        },
    }
}

fn with_names(cx: &mut Context, world: Id, module: Id, env: Option<Id>) -> Id {
    let globals = cx.bank.arg(world, 1);
    let modules = cx.bank.arg(globals, 0);
    let modules = replaced(cx, modules, module, env);
    let mut parts = cx.bank.get(globals).clone();
    if let Some(first) = parts.args.first_mut() {
        *first = modules;
    }
    let globals = cx.bank.add(parts);
    let mut parts = cx.bank.get(world).clone();
    if let Some(place) = parts.args.get_mut(1) {
        *place = globals;
    }
    cx.bank.add(parts)
}

/// The value of a name of a module: one that it binds, or a builtin one.
pub fn fetch_member(cx: &mut Context, world: Id, target: Id) -> Option<Id> {
    let (module, name) = (cx.bank.arg(target, 0), cx.bank.arg(target, 1));
    let wanted = cx.bank.op(name);
    let env = module_names(cx.bank, world, cx.bank.op(module));
    let mut env = env.map(|env| shelf::list_of(cx.bank, env, wanted));
    while let Some([bound, value, rest]) = env.map(|env| &cx.bank.get(env).args[..]) {
        if cx.bank.op(*bound) == wanted {
            return Some(*value);
        }
        env = Some(*rest);
    }
    let text = unescape(wanted.as_str());
    let module = unescape(cx.name(module));
    Objects::of(cx, world).builtin_name(&module, &text)
}

/// The world with a name of a module bound, or unbound.
pub fn store_member(cx: &mut Context, world: Id, target: Id, value: Option<Id>) -> Id {
    let (module, name) = (cx.bank.arg(target, 0), cx.bank.arg(target, 1));
    let empty = cx.bank.make(vocabulary().no_names, &[]);
    let env = module_names(cx.bank, world, cx.bank.op(module)).unwrap_or(empty);
    let env = shelf::bound(cx, env, name, value);
    with_names(cx, world, module, Some(env))
}

impl Objects<'_, '_> {
    /// What a name means where no module binds it.
    pub fn builtin_name(&mut self, module: &str, name: &str) -> Option<Id> {
        let is_there = |name: &str| self.cx.constants().has(name);
        if !is_there(name) || module == "__main__" && !is_there(&format!("__main__.{name}")) {
            return None;
        }
        match name {
            "__name__" => return Some(self.str(module)),
            // Names before Python 3.0, where a file assigns to them.
            "True" | "False" => return Some(self.bool(name == "True")),
            "__debug__" => return Some(self.bool(true)),
            "__doc__" => return Some(self.none()),
            "NotImplemented" => return Some(self.cx.bank.make(names().not_implemented, &[])),
            "Ellipsis" => return Some(self.cx.bank.make(names().ellipsis, &[])),
            "__file__" => return None,
            _ => {}
        }
        // The library may name a class that stands for another one.
        if (module != "__main__" || self.cx.constants().is_class(name))
            && let Some(class) = self.cx.builtin_class(name)
        {
            return Some(class);
        }
        // In the library, too, a primitive comes first.
        let primitive = is_public(name) && builtins::find(name).is_some();
        if module == "builtins"
            && !primitive
            && let Some(found) = self.library_function(name)
        {
            return Some(found);
        }
        let private = name.starts_with('_') && module != "builtins";
        if let Some(found) = self.library_class(name).filter(|_| !private) {
            return Some(found);
        }
        if is_public_type(name) && (builtins::find(name).is_some() || self.cx.library_code(name).is_some()) {
            return Some(self.class(name));
        }
        if !is_public(name) || !self.cx.constants().is_builtin(name) {
            return None;
        }
        let atom = self.atom(name);
        Some(self.cx.bank.make(names().builtin, &[atom]))
    }

    fn library_function(&mut self, name: &str) -> Option<Id> {
        self.cx.library_code(name)?;
        let atom = self.atom(name);
        Some(self.cx.bank.make(names().library, &[atom]))
    }

    /// A class of the library, where the program's start has made it.
    fn library_class(&mut self, name: &str) -> Option<Id> {
        let env = module_names(self.cx.bank, self.world, "builtins".into())?;
        self.lookup(env, name)
    }

    /// The names that a module binds; `None` where it is not loaded.
    pub fn module_env(&self, module: &str) -> Option<Id> {
        module_names(self.cx.bank, self.world, escape(module).into())
    }

    /// A member that was not found in a module: one that CPython has is unknown, or ends a run by its name.
    pub fn not_in_module(&mut self, module: Id, name: &str) -> Result<Option<Id>, Failure> {
        let module = unescape(self.cx.name(self.cx.bank.arg(module, 0)));
        if NATIVE.contains(&module.as_str()) && is_absent(&module, name) {
            return unmodelled(self, &format!("`{module}.{name}`")).map(Some);
        }
        Ok(None)
    }

    /// Whether the members of a module are primitives.
    pub fn is_native_module(&self, module: &str) -> bool {
        NATIVE.contains(&module)
    }

    /// A hidden name of the module `sys`.
    pub fn sys_name(&self, name: &str) -> Option<Id> {
        self.module_env("sys").and_then(|env| self.lookup(env, name))
    }

    /// Binds or unbinds a name of a module.
    pub fn set_module_name(&mut self, module: &str, name: &str, value: Option<Id>) {
        let (module, name) = (self.atom(module), self.atom(name));
        let target = self.cx.bank.make(names().member, &[module, name]);
        self.world = store_member(self.cx, self.world, target, value);
    }
}

/// The builtin functions that programs find by name; other primitives are the library's, or operators.
fn is_public(name: &str) -> bool {
    const PUBLIC: &str = "abs all any ascii bin callable chr delattr dir divmod format getattr hasattr hash hex id \
        input isinstance issubclass iter len max min next oct open ord pow print repr round setattr sorted sum unichr vars \
        globals locals exit quit";
    PUBLIC.split_whitespace().any(|public| public == name)
}

/// The builtin types that programs find by name; the others have names in messages only.
fn is_public_type(name: &str) -> bool {
    const PUBLIC: &str = "object bool int long float str unicode basestring bytes tuple list dict set frozenset range slice type property \
        staticmethod classmethod super";
    PUBLIC.split_whitespace().any(|public| public == name)
}

/// `(module-known name world)`.
pub fn module_known(cx: &mut Context, args: &[Id]) -> Results {
    let module = cx.bank.op(args[0]);
    holds(module_names(cx.bank, args[1], module).is_some(), args[0])
}

/// `(with-module name world)`.
pub fn with_module(cx: &mut Context, args: &[Id]) -> Results {
    let empty = cx.bank.make(vocabulary().no_names, &[]);
    smallvec![with_names(cx, args[1], args[0], Some(empty))]
}

/// `(without-module name world)`.
pub fn without_module(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![with_names(cx, args[1], args[0], None)]
}

/// Whether Python gives a name a meaning in every module, and it is known here.
pub fn is_name(name: &str) -> bool {
    const OTHERS: &str = "__name__ __debug__ __doc__ __file__ NotImplemented Ellipsis enumerate zip map filter reversed \
        super property staticmethod classmethod";
    OTHERS.split_whitespace().any(|other| other == name)
        || (!["input", "open"].contains(&name) && (is_public(name) || is_public_type(name)))
}
