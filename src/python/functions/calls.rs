//! Calling functions: arguments to names, and what is wrong with them.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::support::not_modelled;
use crate::python::functions::holds;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure};
use crate::term::{escape, unescape};

/// As many activations may there be at once, the module's included, unless the program sets another limit.
const RECURSION: u32 = 1000;

/// The name of the module `sys` under which the limit is kept that the program sets.
pub const RECURSION_LIMIT: &str = ".recursionlimit";

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
    posonly: usize,
    positional: Vec<String>,
    kwonly: Vec<String>,
    star: Option<String>,
    double_star: Option<String>,
}

impl Code {
    /// How many parameters are positional only, positional, and by keyword only.
    pub fn counts(&self) -> [usize; 3] {
        [self.posonly, self.positional.len(), self.kwonly.len()]
    }
}

/// What a function keeps besides its code.
struct Kept {
    defaults: Vec<Id>,
    kwdefaults: Vec<(String, Id)>,
    closure: Id,
}

impl Call<'_, '_> {
    /// A code value, taken apart.
    pub fn code(&self, code: Id) -> Code {
        let bank = &self.cx.bank;
        let (information, signature) = (bank.arg(code, 1), bank.arg(code, 2));
        let text = |of: Id, index: usize| unescape(self.cx.name(bank.arg(of, index)));
        let list = |of: Id, index: usize| -> Vec<String> {
            self.cx.members(bank.arg(of, index)).iter().map(|id| unescape(self.cx.name(*id))).collect()
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

    /// The code of a function.
    pub fn code_of(&mut self, function: Id) -> Id {
        let first = self.cx.bank.arg(function, 0);
        if self.cx.bank.op(function) == names().library {
            let name = unescape(self.cx.name(first));
            return self.cx.library_code(&name).unwrap_or(first);
        }
        first
    }

    fn kept(&mut self, function: Id) -> Kept {
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

    /// The keyword arguments of a `Keywords`, in order.
    pub fn keyword_list(&self, mut list: Id) -> Vec<(String, Id)> {
        let mut found = Vec::new();
        while let [name, value, rest] = self.cx.bank.get(list).args[..] {
            found.push((unescape(self.cx.name(name)), value));
            list = rest;
        }
        found
    }

    /// A `Keywords` of these, in order.
    pub fn keywords_of(&mut self, list: &[(String, Id)]) -> Id {
        let mut keywords = self.cx.bank.make(names().no_keywords, &[]);
        for (name, value) in list.iter().rev() {
            let name = self.atom(name);
            keywords = self.cx.bank.make(names().keywords, &[name, *value, keywords]);
        }
        keywords
    }

    /// Binds the arguments of the call to the names of a function, and makes its cells.
    fn bind(&mut self, function: Id) -> Result<Id, Failure> {
        let code = self.code_of(function);
        let code = self.code(code);
        let kept = self.kept(function);
        let mut bound = self.bind_positional(&code)?;
        self.bind_keywords(&code, &mut bound)?;
        fill_defaults(&code, &kept, &mut bound);
        self.check_missing(&code, &bound)?;
        Ok(self.locals(&code, bound, kept.closure))
    }

    fn bind_positional(&mut self, code: &Code) -> Result<Vec<(String, Id)>, Failure> {
        let args = self.args.clone();
        let count = code.positional.len();
        let mut bound: Vec<(String, Id)> =
            code.positional.iter().cloned().zip(args.iter().copied()).collect();
        let extra = args.get(count..).unwrap_or_default();
        match &code.star {
            Some(star) => {
                let extra = self.tuple(extra);
                bound.push((star.clone(), extra));
            }
            None if !extra.is_empty() => return Err(self.too_many(code)),
            None => {}
        }
        Ok(bound)
    }

    fn bind_keywords(&mut self, code: &Code, bound: &mut Vec<(String, Id)>) -> Result<(), Failure> {
        let mut others = Vec::new();
        for (name, value) in self.keywords.clone() {
            let nameable = code.positional.iter().skip(code.posonly).chain(&code.kwonly);
            if nameable.clone().any(|known| *known == name) {
                if bound.iter().any(|(known, _)| *known == name) {
                    let text = format!("{}() got multiple values for argument '{name}'", code.qualname);
                    return Err(self.type_error(&text));
                }
                bound.push((name, value));
            } else {
                others.push((name, value));
            }
        }
        match (&code.double_star, others.first()) {
            (Some(name), _) => {
                let entries: Vec<(Id, Id)> =
                    others.iter().map(|(name, value)| (self.str(name), *value)).collect();
                let dict = self.dict(&entries);
                bound.push((name.clone(), dict));
                Ok(())
            }
            (None, Some(_)) => Err(self.unexpected_keyword(code, &others)),
            (None, None) => Ok(()),
        }
    }

    fn unexpected_keyword(&mut self, code: &Code, others: &[(String, Id)]) -> Failure {
        let posonly = &code.positional[..code.posonly.min(code.positional.len())];
        let wrong: Vec<String> =
            others.iter().map(|(name, _)| name.clone()).filter(|name| posonly.contains(name)).collect();
        let function = &code.qualname;
        if wrong.is_empty() {
            let name = &others[0].0;
            let known = code.positional.iter().skip(code.posonly).chain(&code.kwonly);
            let known: Vec<&str> = known.map(String::as_str).collect();
            let hint = keyword_hint(name, &known);
            return self
                .type_error(&format!("{function}() got an unexpected keyword argument '{name}'{hint}"));
        }
        let text = format!(
            "{function}() got some positional-only arguments passed as keyword arguments: '{}'",
            wrong.join(", ")
        );
        self.type_error(&text)
    }

    fn too_many(&mut self, code: &Code) -> Failure {
        let given = self.args.len();
        let kept_defaults = self.default_count;
        let count = code.positional.len();
        let takes = match count.saturating_sub(kept_defaults) {
            least if least < count => format!("from {least} to {count}"),
            _ => count.to_string(),
        };
        let plural = if count == 1 && kept_defaults == 0 { "" } else { "s" };
        let kwonly: Vec<&String> =
            code.kwonly.iter().filter(|name| self.keywords.iter().any(|(given, _)| given == *name)).collect();
        let given = match kwonly.len() {
            0 => format!("{given} {} given", if given == 1 { "was" } else { "were" }),
            n => format!(
                "{given} positional argument{} (and {n} keyword-only argument{}) were given",
                if given == 1 { "" } else { "s" },
                if n == 1 { "" } else { "s" }
            ),
        };
        self.type_error(&format!("{}() takes {takes} positional argument{plural} but {given}", code.qualname))
    }

    fn check_missing(&mut self, code: &Code, bound: &[(String, Id)]) -> Result<(), Failure> {
        for (kind, wanted) in [("positional", &code.positional), ("keyword-only", &code.kwonly)] {
            let missing: Vec<String> = wanted
                .iter()
                .filter(|name| !bound.iter().any(|(known, _)| known == *name))
                .map(|name| format!("'{name}'"))
                .collect();
            if !missing.is_empty() {
                let plural = if missing.len() == 1 { "" } else { "s" };
                let text = format!(
                    "{}() missing {} required {kind} argument{plural}: {}",
                    code.qualname,
                    missing.len(),
                    crate::python::functions::core::enumerate(&missing)
                );
                return Err(self.type_error(&text));
            }
        }
        Ok(())
    }

    /// The locals of an activation: the arguments, a cell for each name that inner functions share, and the
    /// cells of outer functions. Cells are bound under `&name`.
    fn locals(&mut self, code: &Code, bound: Vec<(String, Id)>, closure: Id) -> Id {
        let mut locals = self.cx.bank.make(vocabulary().no_names, &[]);
        let mut shared = bound.clone();
        shared.retain(|(name, _)| code.cells.contains(name));
        for (name, value) in bound.into_iter().filter(|(name, _)| !code.cells.contains(name)) {
            locals = self.with_local(locals, &name, value);
        }
        for name in &code.cells {
            let value = shared.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
            let cell = self.new_cell(value);
            locals = self.with_local(locals, &format!("&{name}"), cell);
        }
        for name in &code.free {
            if let Some(cell) = self.lookup(closure, &format!("&{name}")) {
                locals = self.with_local(locals, &format!("&{name}"), cell);
            }
        }
        locals
    }

    fn with_local(&mut self, env: Id, name: &str, value: Id) -> Id {
        let name = self.atom(name);
        crate::python::functions::bind(self.cx, env, name, Some(value))
    }

    fn new_cell(&mut self, value: Option<Id>) -> Id {
        let payload = match value {
            Some(value) => self.cx.bank.make(names().immutable, &[value]),
            None => self.cx.bank.make(names().plain, &[]),
        };
        let reference = self.allocate(payload);
        self.cx.bank.make(names().cell, &[reference])
    }

    /// The cells of the current activation that code which is made in it uses.
    pub fn captured(&mut self, free: &[String]) -> Id {
        let locals = self.cx.bank.arg(self.world, 0);
        let mut closure = self.cx.bank.make(vocabulary().no_names, &[]);
        for name in free {
            let name = format!("&{name}");
            if let Some(cell) = self.lookup(locals, &name) {
                closure = self.with_local(closure, &name, cell);
            }
        }
        closure
    }
}

fn fill_defaults(code: &Code, kept: &Kept, bound: &mut Vec<(String, Id)>) {
    let first = code.positional.len().saturating_sub(kept.defaults.len());
    let positional = code.positional[first..].iter().cloned().zip(kept.defaults.iter().copied());
    for (name, value) in positional.chain(kept.kwdefaults.iter().cloned()) {
        if !bound.iter().any(|(known, _)| *known == name) {
            bound.push((name, value));
        }
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

/// The `Answer` term of what a primitive yields.
pub fn answer_of(call: &mut Call, name: &str, answer: Answer) -> Id {
    match answer {
        Ok(value) => match call.output.take() {
            Some((stream, text)) => {
                let text = call.cx.bank.add_text(&text);
                let op = if stream == 1 { "writes" } else { "complains" };
                call.cx.bank.node(op, [text, value])
            }
            None => call.cx.bank.node("gives", [value, call.world]),
        },
        Err(
            Failure::Raised(exception)
            | Failure::Mismatch(exception)
            | Failure::Unfit(exception)
            | Failure::NotFound(exception),
        ) => fails(call, exception),
        Err(Failure::Delegated(function, args)) => {
            let (values, keywords) = (call.values(&args), call.keywords_of(&[]));
            call.cx.bank.node("delegates", [function, values, keywords, call.world])
        }
        Err(Failure::Answered(answer)) => answer,
        Err(Failure::Unknown(value)) => unknown_answer(call, name, value),
        Err(Failure::Undefined) => by_library(call, name),
    }
}

fn fails(call: &mut Call, exception: Id) -> Id {
    let exception = if call.chain(exception).is_some() { exception } else { call.materialise(exception) };
    call.record_context(exception);
    call.cx.bank.node("fails", [exception, call.world])
}

/// The library's function of the same name takes over; where there is none, the semantics ends.
fn by_library(call: &mut Call, name: &str) -> Id {
    let library = name.replace('.', "_");
    if call.cx.library_code(&library).is_none() {
        if Call::is_never_called(name) {
            let failure = call.type_error(&format!("cannot create '{name}' instances"));
            return answer_of(call, name, Err(failure));
        }
        if let Some(answer) = converted(call, name) {
            return answer;
        }
        let types: Vec<String> = call.args.clone().into_iter().map(|arg| call.type_name(arg)).collect();
        let types = types.join(", ");
        not_modelled(call, &format!("`{name}` of ({types})"));
        let nothing = call.none();
        return call.cx.bank.node("gives", [nothing, call.world]);
    }
    let atom = call.atom(&library);
    let function = call.cx.bank.make(names().library, &[atom]);
    let (args, keywords) = (call.args.clone(), call.keywords.clone());
    let (values, keywords) = (call.values(&args), call.keywords_of(&keywords));
    call.cx.bank.node("delegates", [function, values, keywords, call.world])
}

/// A builtin function that takes an int or a float, and was given an object that has the method to become one: the
/// library calls the method, and then the function again.
fn converted(call: &mut Call, name: &str) -> Option<Id> {
    let (value, method) = call.undecided.take()?;
    let place = call.args.iter().position(|arg| *arg == value)?;
    let atom = call.atom(name);
    let builtin = call.cx.bank.make(names().builtin, &[atom]);
    let (place, method) = (call.int(place), call.str(method));
    let (args, keywords) = (call.args.clone(), call.keywords.clone());
    let args = call.tuple(&args);
    let atom = call.atom("call_converted");
    let function = call.cx.bank.make(names().library, &[atom]);
    let failure = call.delegate(function, &[builtin, place, method, args], &keywords);
    Some(answer_of(call, name, Err(failure)))
}

/// `(entered function values keywords frames world)`.
pub fn entered(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = call_of(cx, &args[1..]);
    match call.enter(args[0]) {
        Ok(locals) => {
            call.set_world(0, locals);
            smallvec![call.world]
        }
        Err(_) => smallvec![],
    }
}

impl Call<'_, '_> {
    /// How many activations there may be at once.
    pub fn recursion_limit(&self) -> u32 {
        let set = self.sys_name(RECURSION_LIMIT).and_then(|limit| self.integer(limit));
        set.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(RECURSION)
    }

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
    let mut call = Call::on(cx, world, world);
    let code = call.code_of(function);
    let is_generating = call.cx.name(call.cx.bank.arg(code, 0)) == "generating";
    smallvec![if is_generating { call.renamed(function, code) } else { code }]
}

impl Call<'_, '_> {
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
    let activations = cx.bank.measure(args[0]).activations;
    let limit = Call::on(cx, args[0], args[0]).recursion_limit();
    holds(activations + 1 >= limit, args[0])
}

/// `(recursion-fault frames world)`.
pub fn recursion_fault(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Call::on(cx, args[0], args[1]);
    let failure = call.raise("RecursionError", "maximum recursion depth exceeded");
    smallvec![answer_of(&mut call, "call", Err(failure))]
}

/// `(prepended value values)`.
pub fn prepended(cx: &mut Context, args: &[Id]) -> Results {
    let mut members = cx.members(args[1]);
    members.insert(0, args[0]);
    let mut call = Call::on(cx, args[0], args[0]);
    smallvec![call.values(&members)]
}

/// `(concatenated values tuple)`.
pub fn concatenated(cx: &mut Context, args: &[Id]) -> Results {
    let more = cx.members(cx.bank.arg(args[1], 0));
    let list = more.iter().fold(args[0], |list, member| cx.bank.make(vocabulary().values, &[list, *member]));
    smallvec![list]
}

/// `(with-keyword keywords name value)`: a new one comes last.
pub fn with_keyword(cx: &mut Context, args: &[Id]) -> Results {
    let name = unescape(cx.name(args[1]));
    let mut call = Call::on(cx, args[0], args[0]);
    let mut list = call.keyword_list(args[0]);
    if list.iter().any(|(known, _)| *known == name) {
        return smallvec![];
    }
    list.push((name, args[2]));
    smallvec![call.keywords_of(&list)]
}

/// `(keyword-fault callee name frames world)`.
pub fn keyword_fault(cx: &mut Context, args: &[Id]) -> Results {
    let name = unescape(cx.name(args[1]));
    let mut call = Call::on(cx, args[2], args[3]);
    let function = call.callee_name(args[0]);
    let text = format!("{function} got multiple values for keyword argument '{name}'");
    let failure = call.type_error(&text);
    smallvec![answer_of(&mut call, "call", Err(failure))]
}

/// `(spread-keywords keywords mapping world)`.
pub fn spread_keywords(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Call::on(cx, args[0], args[2]);
    let mut list = call.keyword_list(args[0]);
    let crate::python::values::View::Dict(entries) = call.view(args[1]) else { return smallvec![] };
    for (key, value) in entries {
        let Some(name) = call.text(key) else { return smallvec![] };
        if list.iter().any(|(known, _)| *known == name) {
            return smallvec![];
        }
        list.push((name, value));
    }
    smallvec![call.keywords_of(&list)]
}

/// `(spread-fault callee mapping keywords frames world)`.
pub fn spread_fault(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Call::on(cx, args[3], args[4]);
    let function = call.callee_name(args[0]);
    let given = call.keyword_list(args[2]);
    let text = match call.view(args[1]) {
        crate::python::values::View::Dict(entries) => {
            let keys: Vec<Option<String>> = entries.iter().map(|(key, _)| call.text(*key)).collect();
            match keys.iter().flatten().find(|key| given.iter().any(|(known, _)| known == *key)) {
                Some(key) => format!("{function} got multiple values for keyword argument '{key}'"),
                None => "keywords must be strings".to_string(),
            }
        }
        _ => format!("{function} argument after ** must be a mapping, not {}", call.type_name(args[1])),
    };
    let failure = call.type_error(&text);
    smallvec![answer_of(&mut call, "call", Err(failure))]
}

impl Call<'_, '_> {
    /// A callee as messages name it: `__main__.f()`.
    pub fn callee_name(&mut self, callee: Id) -> String {
        let bank = &self.cx.bank;
        match bank.op(callee).as_str() {
            "routine" | "library" => {
                let code = self.code_of(callee);
                let code = self.code(code);
                format!("{}.{}()", code.module, code.qualname)
            }
            "method" => self.callee_name(self.cx.bank.arg(callee, 0)),
            "class" => format!("{}()", self.class_name(callee)),
            "builtin" => format!("{}()", unescape(self.cx.name(bank.arg(callee, 0)))),
            _ => format!("{} object", self.type_name(callee)),
        }
    }

    /// The first unknown in a value.
    pub fn unknown_in(&self, value: Id) -> Id {
        let mut open = vec![value];
        while let Some(term) = open.pop() {
            if self.cx.bank.op(term) == vocabulary().unknown {
                return term;
            }
            let parts = self.cx.bank.get(term).args.iter();
            open.extend(parts.filter(|part| self.cx.bank.measure(**part).unknown));
        }
        value
    }
}

/// The name of a constructor as it is escaped.
pub fn atom_of(name: &str) -> egg::Symbol {
    escape(name).into()
}

/// The answer of a primitive that depends on what is unknown.
fn unknown_answer(call: &mut Call, name: &str, value: Id) -> Id {
    let unknown = call.unknown_in(value);
    let op = match (name, &call.args[..]) {
        ("eq" | "ne" | "lt" | "le" | "gt" | "ge", [left, right]) => {
            let (left, right) = (*left, *right);
            let operator = call.cx.bank.node(name, []);
            return call.cx.bank.node("compares", [operator, left, right]);
        }
        ("isinstance", [value, class]) => {
            let (value, class) = (*value, *class);
            let question = call.cx.bank.node("instance", [class]);
            return call.cx.bank.node("asks", [value, question]);
        }
        ("bool", [value]) => {
            let value = *value;
            let question = call.cx.bank.node("truth", []);
            return call.cx.bank.node("asks", [value, question]);
        }
        ("print", _) => {
            // Whatever is written of it, writing raises nothing.
            let (args, none) = (call.args.clone(), call.none());
            let values = call.values(&args);
            let text = crate::python::functions::core::display(call.cx, &[values])[0];
            return call.cx.bank.node("writes", [text, none]);
        }
        ("next", _) => "draws",
        ("iter", [iterable, ..]) => {
            let iterable = *iterable;
            return call.cx.bank.node("gives", [iterable, call.world]);
        }
        ("getitem", [dict, _]) => {
            let dict = *dict;
            return looked_up(call, dict, unknown);
        }
        ("str" | "repr" | "format" | "fstring_value" | "fstring_join", _) => {
            return call.cx.bank.node("gives", [unknown, call.world]);
        }
        _ => "unanswered",
    };
    call.cx.bank.node(op, [unknown])
}

/// An unknown key of a known dict: each value, or the KeyError.
fn looked_up(call: &mut Call, container: Id, key: Id) -> Id {
    let crate::python::values::View::Dict(entries) = call.view(container) else {
        return call.cx.bank.node("unanswered", [key]);
    };
    let mut found: Vec<Id> = Vec::new();
    for (_, value) in entries {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    let Failure::Raised(missing) = call.raise_with("KeyError", &[key]) else {
        return call.cx.bank.node("unanswered", [key]);
    };
    let (found, missing) = (call.values(&found), call.values(&[missing]));
    let returns = call.cx.bank.node("one-of", [found]);
    let outcomes = call.cx.bank.node("outcomes", [returns, missing]);
    let (name, number) = (call.atom("dict.__getitem__"), call.atom("0"));
    let look_up = call.cx.bank.node("unknown", [name, number, outcomes]);
    call.cx.bank.node("unanswered", [look_up])
}
