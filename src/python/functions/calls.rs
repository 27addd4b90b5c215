//! Calling functions: arguments to names, and what is wrong with them.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::answers::answer_of;
use crate::python::functions::{holds, recursion};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, Objects};
use crate::term::unescape;

/// As many activations may there be at once, the module's included, unless the program sets another limit.
const RECURSION: u32 = 1000;

/// `(code kind information signature statement)`, taken apart.
#[derive(Debug, Clone)]
pub struct Code {
    /// Its name.
    pub name: String,
    /// Its qualified name.
    pub qualname: String,
    /// The module that it stands in.
    pub module: String,
    /// Its own names that inner functions use.
    pub cells: Vec<String>,
    /// Outer functions' names that it uses.
    pub free: Vec<String>,
    pub(super) posonly: usize,
    pub(super) positional: Vec<String>,
    pub(super) kwonly: Vec<String>,
    pub(super) star: Option<String>,
    pub(super) double_star: Option<String>,
}

impl Context<'_> {
    /// A code value, taken apart.
    pub fn code(&self, code: Id) -> Code {
        let bank = &self.bank;
        let (information, signature) = (bank.arg(code, 1), bank.arg(code, 2));
        let text = |of: Id, index: usize| unescape(self.name(bank.arg(of, index)));
        let list = |of: Id, index: usize| -> Vec<String> {
            self.members(bank.arg(of, index)).iter().map(|id| unescape(self.name(*id))).collect()
        };
        let binding = |index: usize| {
            let binding = bank.arg(signature, index);
            (!bank.get(binding).args.is_empty()).then(|| text(binding, 0))
        };
        Code {
            name: text(information, 0),
            qualname: text(information, 1),
            module: text(information, 2),
            cells: list(information, 3),
            free: list(information, 4),
            posonly: text(signature, 0).parse().unwrap_or(0),
            positional: list(signature, 1),
            kwonly: list(signature, 2),
            star: binding(3),
            double_star: binding(4),
        }
    }

    /// The keyword arguments of a `Keywords`, in order.
    pub fn keyword_list(&self, mut list: Id) -> Vec<(String, Id)> {
        let mut found = Vec::new();
        while let [name, value, rest] = self.bank.get(list).args[..] {
            found.push((unescape(self.name(name)), value));
            list = rest;
        }
        found
    }

    /// A `Keywords` of these, in order.
    pub fn keywords_of(&mut self, list: &[(String, Id)]) -> Id {
        let mut keywords = self.bank.make(names().no_keywords, &[]);
        for (name, value) in list.iter().rev() {
            let name = self.atom(name);
            keywords = self.bank.make(names().keywords, &[name, *value, keywords]);
        }
        keywords
    }
}

impl Code {
    /// How many parameters are positional only, positional, and by keyword only.
    pub fn counts(&self) -> [usize; 3] {
        [self.posonly, self.positional.len(), self.kwonly.len()]
    }
}

/// What a function keeps besides its code.
pub(super) struct Kept {
    pub(super) defaults: Vec<Id>,
    pub(super) kwdefaults: Vec<(String, Id)>,
    pub(super) closure: Id,
}

impl Objects<'_, '_> {
    /// The code of a function.
    pub fn code_of(&mut self, function: Id) -> Id {
        let first = self.cx.bank.arg(function, 0);
        if self.cx.bank.op(function) == names().library {
            let name = unescape(self.cx.name(first));
            return self.cx.library_code(&name).unwrap_or(first);
        }
        first
    }

    pub(super) fn kept(&mut self, function: Id) -> Kept {
        let found = self.entry(function).map(|entry| self.cx.bank.get(entry.payload).args.clone());
        match found.as_deref() {
            Some([defaults, kwdefaults, closure]) => Kept {
                defaults: self.cx.members(*defaults),
                kwdefaults: self.keyword_list(*kwdefaults),
                closure: *closure,
            },
            _ => self.kept_by_library(function),
        }
    }

    /// The cells of outer functions that a function uses, by these names.
    pub fn closure(&mut self, function: Id, free: &[String]) -> Vec<Id> {
        let closure = self.kept(function).closure;
        free.iter().filter_map(|name| self.lookup(closure, &format!("&{name}"))).collect()
    }

    /// The defaults of a function's positional parameters.
    pub fn defaults(&mut self, function: Id) -> Vec<Id> {
        self.kept(function).defaults
    }

    /// The defaults of a function's keyword-only parameters.
    pub fn kwdefaults(&mut self, function: Id) -> Vec<(String, Id)> {
        self.kept(function).kwdefaults
    }

    /// The defaults of a library function are constants.
    fn kept_by_library(&mut self, function: Id) -> Kept {
        let name = unescape(self.cx.name(self.cx.bank.arg(function, 0)));
        let (defaults, kwdefaults) = self.cx.library_defaults(&name);
        let closure = self.cx.bank.make(vocabulary().no_names, &[]);
        Kept { defaults, kwdefaults, closure }
    }
}

/// A call on the arguments of a rule's function: `values keywords frames world`.
pub fn call_of<'c, 'b>(cx: &'c mut Context<'b>, args: &[Id]) -> Call<'c, 'b> {
    let [values, keywords, frames, world] = args[..] else { return Call::on(cx, args[0], args[0]) };
    let mut call = Call::on(cx, frames, world);
    call.args = call.cx.members(values);
    call.keywords = call.keyword_list(keywords);
    call
}

/// `(entered function values keywords frames world)`.
pub fn entered(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = call_of(cx, &args[1..]);
    let before = call.world;
    match call.enter(args[0]) {
        Ok(locals) => {
            call.set_world(0, locals);
            recursion::leave_open(&mut call, args[0], before);
            smallvec![call.world]
        }
        Err(_) => smallvec![],
    }
}

impl Objects<'_, '_> {
    /// How many activations there may be at once.
    pub fn recursion_limit(&self) -> u32 {
        let set = self.sys_name(hidden::RECURSION_LIMIT).and_then(|limit| self.integer(limit));
        set.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(RECURSION)
    }
}

impl Call<'_, '_> {
    fn enter(&mut self, function: Id) -> Result<Id, Failure> {
        self.default_count = self.kept(function).defaults.len();
        self.bind(function)
    }
}

/// `(entry-fault function values keywords frames world)`.
pub fn entry_fault(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = call_of(cx, &args[1..]);
    let world = call.world;
    let answer = call.enter(args[0]);
    call.world = world;
    smallvec![answer_of(&mut call, "call", answer)]
}

/// `(class-entered code frames world)`.
pub fn class_entered(cx: &mut Context, args: &[Id]) -> Results {
    let [code, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let code = call.code(code);
    let closure = call.captured(&code.free);
    let locals = call.locals(&code, Vec::new(), closure);
    call.set_world(0, locals);
    smallvec![call.world]
}

/// `(code-of function)`.
pub fn code_of(cx: &mut Context, args: &[Id]) -> Results {
    let [function, world] = args[..] else { return smallvec![] };
    let mut call = Objects::of(cx, world);
    let code = call.code_of(function);
    if let Some(code) = recursion::open_code(&mut call, code) {
        return smallvec![code];
    }
    let is_generating = call.cx.name(call.cx.bank.arg(code, 0)) == "generating";
    smallvec![if is_generating { call.renamed(function, code) } else { code }]
}

impl Objects<'_, '_> {
    /// The code of a function with the names that the program gave the function.
    fn renamed(&mut self, function: Id, code: Id) -> Id {
        let given = ["__name__", "__qualname__"].map(|name| self.own_attribute(function, name));
        let mut information = self.cx.bank.get(self.cx.bank.arg(code, 1)).clone();
        for (place, name) in given.into_iter().enumerate() {
            if let Some(name) = name.and_then(|name| self.text(name)) {
                information.args[place] = self.atom(&name);
            }
        }
        let mut renamed = self.cx.bank.get(code).clone();
        renamed.args[1] = self.cx.bank.add(information);
        self.cx.bank.add(renamed)
    }
}

/// `(too-deep world)`.
pub fn too_deep(cx: &mut Context, args: &[Id]) -> Results {
    let activations = cx.bank.measure(args[0]).activations();
    let limit = Objects::of(cx, args[0]).recursion_limit();
    holds(activations + 1 >= limit, args[0])
}

/// `(recursion-fault frames world)`.
pub fn recursion_fault(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Call::on(cx, args[0], args[1]);
    let failure = call.raise("RecursionError", "maximum recursion depth exceeded");
    smallvec![answer_of(&mut call, "call", Err(failure))]
}
