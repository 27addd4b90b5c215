//! Exceptions, groups, generators and what `sys` tells of them.

use egg::Id;
use num_traits::ToPrimitive;

use crate::python::builtins::Table;
use crate::python::builtins::display::{exception_args, exception_str_as};
use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::support::index;
use crate::python::functions::calls::RECURSION_LIMIT;
use crate::python::functions::finalisation;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("BaseException.__init__", init),
    ("BaseException.__str__", |call| text_as(call, "BaseException")),
    ("KeyError.__str__", |call| text_as(call, "KeyError")),
    ("OSError.__str__", |call| text_as(call, "OSError")),
    ("ImportError.__str__", |call| text_as(call, "ImportError")),
    ("SyntaxError.__str__", |call| text_as(call, "SyntaxError")),
    ("UnicodeDecodeError.__str__", |call| text_as(call, "UnicodeDecodeError")),
    ("UnicodeEncodeError.__str__", |call| text_as(call, "UnicodeEncodeError")),
    ("UnicodeTranslateError.__str__", |call| text_as(call, "UnicodeTranslateError")),
    ("BaseExceptionGroup.__str__", |call| text_as(call, "BaseExceptionGroup")),
    ("prim.text_owner", text_owner),
    ("prim.tell_access", tell_access),
    ("prim.keyword_hint", hint_of_keyword),
    ("prim.os_error_parts", os_error_parts),
    ("BaseException.__repr__", repr),
    ("BaseException.add_note", add_note),
    ("BaseException.with_traceback", with_traceback),
    ("BaseException.__setstate__", set_state),
    ("BaseExceptionGroup.split", split),
    ("BaseExceptionGroup.subgroup", subgroup),
    ("BaseExceptionGroup.derive", derive),
    ("prim.exception_args", args),
    ("prim.group_leaf_test", leaf_test),
    ("exception_to_raise", to_raise),
    ("exception_cause", cause),
    ("set_cause", set_cause),
    ("sys.exc_info", exc_info),
    ("sys.exception", exception),
    ("sys.exit", exit),
    ("sys.getrecursionlimit", recursion_limit),
    ("sys.setrecursionlimit", set_recursion_limit),
    ("exit", quit),
    ("quit", quit),
    ("gc.collect", collected),
    ("start_fault", start_fault),
    ("running_fault", running_fault),
    ("close_fault", close_fault),
    ("generator.send", send),
    ("generator.throw", throw),
    ("generator.close", close),
    ("generator.__next__", generator_next),
    ("generator.__iter__", itself),
    ("delegate_send", delegate_send),
    ("delegate_throw", delegate_throw),
    ("delegate_close", delegate_close),
    ("star_split", star_split),
    ("star_end", star_end),
    ("raise_again", raise_again),
    ("prim.is_unstarted", is_unstarted),
    ("prim.traceback_length", traceback_length),
    ("prim.set_traceback_length", set_traceback_length),
    ("prim.copy_metadata", copy_metadata),
    ("prim.projected", projected),
    ("prim.wrapped_group", wrapped_group),
];

fn init(call: &mut Call) -> Answer {
    let Some((exception, args)) = call.args.split_first() else { return Err(Failure::Undefined) };
    let (exception, args) = (*exception, args.to_vec());
    let class = call.class_of(exception);
    call.check_field_keywords(class)?;
    if call.is_a(exception, "OSError") && !call.is_made_by_init(class) {
        return Ok(call.none());
    }
    call.check_fields(class, &args)?;
    if let Some(mut chain) = call.chain(exception) {
        chain.args = call.kept_args(class, args.clone());
        call.set_chain(exception, &chain);
        call.initialise_fields(exception, &args);
    }
    Ok(call.none())
}

/// `__str__` of one of the builtin classes of exceptions.
fn text_as(call: &mut Call, owner: &str) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    match exception_str_as(call, exception, owner) {
        Ok(text) => Ok(call.str(&text)),
        Err(Failure::Undefined) => {
            let atom = call.atom("_exception_text");
            let function = call.cx.bank.make(names().library, &[atom]);
            let owner = call.str(owner);
            Err(Failure::Delegated(function, vec![exception, owner]))
        }
        Err(failure) => Err(failure),
    }
}

/// The builtin class whose `__str__` an exception has: `prim.text_owner(exception)`.
fn text_owner(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let owner = crate::python::builtins::display::text_owner(call, exception);
    Ok(call.str(&owner))
}

/// An AttributeError that leaves a program's own look-up learns of it: `prim.tell_access(error, object, name)`.
fn tell_access(call: &mut Call) -> Answer {
    let [exception, object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let known = ["name", "obj"].map(|field| call.own_attribute(exception, field));
    if known == [None, None] {
        call.set_own_attribute(exception, "name", Some(name));
        call.set_own_attribute(exception, "obj", Some(object));
    }
    Ok(call.none())
}

/// What is said of a keyword near one that is known: `prim.keyword_hint(name, names)`.
fn hint_of_keyword(call: &mut Call) -> Answer {
    let [name, known] = call.args[..] else { return Err(Failure::Undefined) };
    let View::Tuple(known) = call.view(known) else { return Err(Failure::Undefined) };
    let known: Vec<String> = known.into_iter().filter_map(|name| call.text(name)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let hint = keyword_hint(&call.text(name).unwrap_or_default(), &known);
    Ok(call.str(&hint))
}

/// Error number, reason and names of files of an OSError, each missing if it was not given.
fn os_error_parts(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let missing = call.cx.bank.make(names().missing, &[]);
    let parts = crate::python::builtins::display::os_error_parts(call, exception);
    let parts = parts.map(|part| part.unwrap_or(missing));
    Ok(call.tuple(&parts))
}

fn repr(call: &mut Call) -> Answer {
    call.run("prim.exception_repr")
}

fn add_note(call: &mut Call) -> Answer {
    let [exception, note] = call.args[..] else {
        let given = call.args.len() - 1;
        return Err(
            call.type_error(&format!("BaseException.add_note() takes exactly one argument ({given} given)"))
        );
    };
    let View::Str(_) = call.view(note) else {
        let name = call.type_name(note);
        return Err(call.type_error(&format!("add_note() argument must be str, not {name}")));
    };
    let notes = match call.attribute(exception, "__notes__")? {
        Some(notes) if matches!(call.view(notes), View::List(_)) => notes,
        Some(_) => return Err(call.type_error("Cannot add note: __notes__ is not a list")),
        None => {
            let notes = call.list(&[]);
            call.set_own_attribute(exception, "__notes__", Some(notes));
            notes
        }
    };
    call.push(notes, note);
    Ok(call.none())
}

fn with_traceback(call: &mut Call) -> Answer {
    let [exception, traceback] = call.args[..] else { return Err(Failure::Undefined) };
    let fits = call.cx.bank.op(traceback) == vocabulary().none || call.is_a(traceback, "traceback");
    if !fits {
        return Err(call.type_error("__traceback__ must be a traceback or None"));
    }
    call.replace_traceback(exception, traceback);
    Ok(exception)
}

/// `__setstate__(dict)`: what copies of an exception are given.
fn set_state(call: &mut Call) -> Answer {
    let [exception, state] = call.args[..] else { return Err(Failure::Undefined) };
    match call.view(state) {
        View::None => {}
        View::Dict(entries) => {
            for (key, value) in entries {
                let name = call.text(key).unwrap_or_default();
                call.change_plain_attribute(exception, &name, Some(value))?;
            }
        }
        _ => return Err(call.type_error("state is not a dictionary")),
    }
    Ok(call.none())
}

fn args(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let args = exception_args(call, exception);
    Ok(call.tuple(&args))
}

// ---- groups ------------------------------------------------------------------------------------------------------

/// Whether a condition of `split` is decided without calling Python code: a class, or a tuple of classes.
fn is_class_condition(call: &mut Call, condition: Id) -> bool {
    let members = match call.view(condition) {
        View::Tuple(members) => members,
        _ => vec![condition],
    };
    let base = call.class("BaseException");
    members
        .into_iter()
        .all(|member| call.cx.bank.op(member) == vocabulary().class && call.derives(member, base))
}

fn divided(call: &mut Call) -> Result<(Id, Id), Failure> {
    let [group, condition] = call.args[..] else { return Err(Failure::Undefined) };
    if !is_class_condition(call, condition) || has_own_derive(call, group) {
        return Err(Failure::Undefined);
    }
    let none = call.none();
    let (matching, rest) =
        call.split(group, &mut |call, exception| call.is_instance_of(exception, condition));
    Ok((matching.unwrap_or(none), rest.unwrap_or(none)))
}

/// Whether the program says how a group, or one in it, is made anew.
fn has_own_derive(call: &mut Call, group: Id) -> bool {
    let Some(members) = call.group_members(group) else { return false };
    let class = call.class_of(group);
    call.class_attribute(class, "derive").is_some_and(|(owner, _)| call.is_user_class(owner))
        || members.into_iter().any(|member| has_own_derive(call, member))
}

/// `except*`: what of the rest a condition matches, as a group, and what is left.
fn star_split(call: &mut Call) -> Answer {
    let [rest, condition] = call.args[..] else { return Err(Failure::Undefined) };
    if has_own_derive(call, rest) {
        return Err(Failure::Undefined);
    }
    let none = call.none();
    let (matching, rest) = call.divided(rest, condition);
    Ok(call.tuple(&[matching.unwrap_or(none), rest.unwrap_or(none)]))
}

/// What is raised after the clauses of `except*`.
fn star_end(call: &mut Call) -> Answer {
    let [original, rest, raised] = call.args[..] else { return Err(Failure::Undefined) };
    if has_own_derive(call, original) {
        return Err(Failure::Undefined);
    }
    let View::Tuple(raised) = call.view(raised) else { return Err(Failure::Undefined) };
    let none = call.none();
    let rest = (call.cx.bank.op(rest) != vocabulary().none).then_some(rest);
    Ok(call.merged(original, rest, raised).unwrap_or(none))
}

/// Raises an exception without recording what is handled.
fn raise_again(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    Err(raised_as_it_is(call, exception))
}

/// An exception whose context is known already.
fn raised_as_it_is(call: &mut Call, exception: Id) -> Failure {
    Failure::Answered(call.cx.bank.node("fails", [exception, call.world]))
}

/// Whether no statement of a generator has run: `prim.is_unstarted(generator)`.
fn is_unstarted(call: &mut Call) -> Answer {
    let [generator] = call.args[..] else { return Err(Failure::Undefined) };
    let state = call.suspension(generator).ok_or(Failure::Undefined)?;
    Ok(call.bool(call.cx.name(state) == "unstarted"))
}

/// How long an exception's traceback is, which tells one from another: `prim.traceback_length(exception)`.
fn traceback_length(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let chain = call.chain(exception).ok_or(Failure::Undefined)?;
    Ok(call.int(chain.raised))
}

/// Gives an exception the traceback back that it had: `prim.set_traceback_length(exception, length)`.
fn set_traceback_length(call: &mut Call) -> Answer {
    let [exception, length] = call.args[..] else { return Err(Failure::Undefined) };
    let mut chain = call.chain(exception).ok_or(Failure::Undefined)?;
    let View::Int(length) = call.view(length) else { return Err(Failure::Undefined) };
    chain.raised = length.try_into().map_err(|_| Failure::Undefined)?;
    call.set_chain(exception, &chain);
    Ok(call.none())
}

/// What a part of a group takes over from it: `prim.copy_metadata(group, part)`.
fn copy_metadata(call: &mut Call) -> Answer {
    let [group, part] = call.args[..] else { return Err(Failure::Undefined) };
    call.take_over(group, part);
    Ok(part)
}

/// Whether an exception is among the leaves of others: `prim.projected(exception, parts)`.
fn projected(call: &mut Call) -> Answer {
    let [exception, parts] = call.args[..] else { return Err(Failure::Undefined) };
    let (View::Tuple(parts) | View::List(parts)) = call.view(parts) else { return Err(Failure::Undefined) };
    let mut leaves = Vec::new();
    parts.into_iter().for_each(|part| call.leaves(part, &mut leaves));
    let yes = call.group_members(exception).is_none() && leaves.contains(&exception);
    Ok(call.bool(yes))
}

/// What the clauses raised, by whether it was raised again: `prim.wrapped_group(original, raised)` gives two tuples.
fn wrapped_group(call: &mut Call) -> Answer {
    let [original, raised] = call.args[..] else { return Err(Failure::Undefined) };
    let View::Tuple(raised) = call.view(raised) else { return Err(Failure::Undefined) };
    let (again, new): (Vec<Id>, Vec<Id>) =
        raised.into_iter().partition(|exception| call.was_reraised(*exception, original));
    let (again, new) = (call.tuple(&again), call.tuple(&new));
    Ok(call.tuple(&[again, new]))
}

/// That a method of groups is called with one argument.
fn check_one(call: &mut Call, method: &str) -> Result<(), Failure> {
    let given = call.args.len().saturating_sub(1);
    let fault = match () {
        () if !call.keywords.is_empty() => "takes no keyword arguments".to_string(),
        () if given != 1 => format!("takes exactly one argument ({given} given)"),
        () => return Ok(()),
    };
    Err(call.type_error(&format!("BaseExceptionGroup.{method}() {fault}")))
}

fn split(call: &mut Call) -> Answer {
    check_one(call, "split")?;
    let (matching, rest) = divided(call)?;
    Ok(call.tuple(&[matching, rest]))
}

fn subgroup(call: &mut Call) -> Answer {
    check_one(call, "subgroup")?;
    let (matching, _) = divided(call)?;
    Ok(matching)
}

fn derive(call: &mut Call) -> Answer {
    check_one(call, "derive")?;
    let [group, members] = call.args[..] else { return Err(Failure::Undefined) };
    let message = call.cx.members(call.cx.bank.arg(group, 1)).first().copied().ok_or(Failure::Undefined)?;
    let class = call.class("BaseExceptionGroup");
    call.new_group(class, &[message, members])
}

/// Whether an exception is a group: for the library's `split`.
fn leaf_test(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let leaf = call.group_members(exception).is_none();
    Ok(call.bool(leaf))
}

// ---- raising -----------------------------------------------------------------------------------------------------

fn to_raise(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    if call.cx.bank.op(value) == vocabulary().exception {
        return Ok(value);
    }
    let base = call.class("BaseException");
    if call.cx.bank.op(value) == vocabulary().class && call.derives(value, base) {
        return Err(Failure::Undefined);
    }
    Err(call.type_error("exceptions must derive from BaseException"))
}

fn cause(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let op = call.cx.bank.op(value);
    if op == vocabulary().exception || op == vocabulary().none {
        return Ok(value);
    }
    let base = call.class("BaseException");
    if op == vocabulary().class && call.derives(value, base) {
        return Err(Failure::Undefined);
    }
    Err(call.type_error("exception causes must derive from BaseException"))
}

fn set_cause(call: &mut Call) -> Answer {
    let [exception, cause] = call.args[..] else { return Err(Failure::Undefined) };
    if let Some(mut chain) = call.chain(exception) {
        (chain.cause, chain.suppress) = (cause, true);
        call.set_chain(exception, &chain);
    }
    Ok(exception)
}

fn exc_info(call: &mut Call) -> Answer {
    let none = call.none();
    let parts = match call.handled() {
        Some(exception) => [call.class_of(exception), exception, call.traceback(exception)],
        None => [none, none, none],
    };
    Ok(call.tuple(&parts))
}

fn exception(call: &mut Call) -> Answer {
    let none = call.none();
    Ok(call.handled().unwrap_or(none))
}

fn exit(call: &mut Call) -> Answer {
    let args = call.args.clone();
    Err(call.raise_with("SystemExit", &args))
}

/// `exit(code)` and `quit(code)`.
fn quit(call: &mut Call) -> Answer {
    let given = call.args.len() + 1;
    if given > 2 {
        let text =
            format!("Quitter.__call__() takes from 1 to 2 positional arguments but {given} were given");
        return Err(call.type_error(&text));
    }
    let mut code = call.args.first().copied();
    for (name, value) in call.keywords.clone() {
        let fault = match (name.as_str(), code) {
            ("code", None) => None,
            ("code", Some(_)) => Some("multiple values for argument 'code'".to_string()),
            _ => Some(format!("an unexpected keyword argument '{name}'")),
        };
        if let Some(fault) = fault {
            return Err(call.type_error(&format!("Quitter.__call__() got {fault}")));
        }
        code = Some(value);
    }
    let code = code.unwrap_or_else(|| call.none());
    Err(call.raise_with("SystemExit", &[code]))
}

fn recursion_limit(call: &mut Call) -> Answer {
    let limit = call.recursion_limit();
    Ok(call.int(limit))
}

fn set_recursion_limit(call: &mut Call) -> Answer {
    call.require_known()?;
    let [value] = call.args[..] else {
        let given = call.args.len();
        let text = format!("sys.setrecursionlimit() takes exactly one argument ({given} given)");
        return Err(call.type_error(&text));
    };
    let Some(limit) = index(call, value)?.to_i32() else {
        return Err(call.raise("OverflowError", "Python int too large to convert to C int"));
    };
    let Some(limit) = u32::try_from(limit).ok().filter(|limit| *limit > 0) else {
        return Err(call.value_error("recursion limit must be greater or equal than 1"));
    };
    // The module itself is one deep.
    let depth = call.cx.bank.measure(call.world).activations + 1;
    if depth >= limit {
        let text = format!(
            "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
        );
        return Err(call.raise("RecursionError", &text));
    }
    let limit = call.int(limit);
    call.set_module_name("sys", RECURSION_LIMIT, Some(limit));
    Ok(call.none())
}

fn collected(call: &mut Call) -> Answer {
    Ok(call.int(0))
}

// ---- generators --------------------------------------------------------------------------------------------------

fn start_fault(call: &mut Call) -> Answer {
    Err(call.type_error("can't send non-None value to a just-started generator"))
}

fn running_fault(call: &mut Call) -> Answer {
    Err(call.value_error("generator already executing"))
}

fn close_fault(call: &mut Call) -> Answer {
    Err(call.raise("RuntimeError", "generator ignored GeneratorExit"))
}

/// The answer that resumes a generator; a TypeError for what is none.
pub fn resume(call: &mut Call, generator: Id, resumption: Id) -> Failure {
    if call.suspension(generator).is_none() {
        let (method, given) = (call.cx.name(resumption).to_string(), call.type_name(generator));
        let text =
            format!("descriptor '{method}' for 'generator' objects doesn't apply to a '{given}' object");
        return call.type_error(&text);
    }
    Failure::Answered(call.cx.bank.node("resumes", [generator, resumption, call.world]))
}

fn send(call: &mut Call) -> Answer {
    let [generator, value] = call.args[..] else {
        let given = call.args.len().saturating_sub(1);
        return Err(call.type_error(&format!("generator.send() takes exactly one argument ({given} given)")));
    };
    let resumption = call.cx.bank.node("send", [value]);
    Err(resume(call, generator, resumption))
}

fn generator_next(call: &mut Call) -> Answer {
    let [generator] = call.args[..] else { return Err(Failure::Undefined) };
    if call.suspension(generator).is_none() {
        let given = call.type_name(generator);
        let text = format!("descriptor '__next__' requires a 'generator' object but received a '{given}'");
        return Err(call.type_error(&text));
    }
    let none = call.none();
    let resumption = call.cx.bank.node("send", [none]);
    Err(resume(call, generator, resumption))
}

fn itself(call: &mut Call) -> Answer {
    call.args.first().copied().ok_or(Failure::Undefined)
}

fn close(call: &mut Call) -> Answer {
    let [generator] = call.args[..] else { return Err(Failure::Undefined) };
    let resumption = call.cx.bank.node("close", []);
    Err(resume(call, generator, resumption))
}

/// `throw(exception)`, or with a class and a value as before Python 3.12.
fn throw(call: &mut Call) -> Answer {
    let (generator, thrown, value) = match call.args[..] {
        [generator, thrown] => (generator, thrown, None),
        [generator, thrown, value] | [generator, thrown, value, _] => (generator, thrown, Some(value)),
        _ => return Err(call.type_error("throw expected at least 1 argument, got 0")),
    };
    if call.cx.bank.op(thrown) == vocabulary().exception {
        let resumption = call.cx.bank.node("throw", [thrown]);
        return Err(resume(call, generator, resumption));
    }
    if let Some(resumption) = handed_on(call, generator, thrown) {
        return Err(resume(call, generator, resumption));
    }
    let base = call.class("BaseException");
    if call.cx.bank.op(thrown) != vocabulary().class || !call.derives(thrown, base) {
        let name = call.type_name(thrown);
        let text = format!("exceptions must be classes or instances deriving from BaseException, not {name}");
        return Err(call.type_error(&text));
    }
    if let Some(value) = value
        && call.cx.bank.op(value) == vocabulary().exception
    {
        let resumption = call.cx.bank.node("throw", [value]);
        return Err(resume(call, generator, resumption));
    }
    if call.is_user_class(thrown) {
        return Err(Failure::Undefined);
    }
    call.args = match value.map(|value| (value, call.view(value))) {
        Some((_, View::None)) | None => Vec::new(),
        Some((_, View::Tuple(args))) => args,
        Some((value, _)) => vec![value],
    };
    let exception = call.exception_of(thrown)?;
    let resumption = call.cx.bank.node("throw", [exception]);
    Err(resume(call, generator, resumption))
}

/// What is no instance goes as it is to the iterator of a `yield from`, if that takes it, unless the generator is to be closed.
fn handed_on(call: &mut Call, generator: Id, thrown: Id) -> Option<Id> {
    let suspension = call.suspension(generator)?;
    let frames = call.cx.bank.get(suspension).args.first().copied()?;
    let closing = call.class("GeneratorExit");
    let closes = call.cx.bank.op(thrown) == vocabulary().class && call.derives(thrown, closing);
    let waits = call.cx.name(suspension) == "suspended"
        && !finalisation::delegating(call.cx, &[frames, call.world]).is_empty();
    if closes || !waits {
        return None;
    }
    let given = call.args.get(1..)?.to_vec();
    let given = call.values(&given);
    Some(call.cx.bank.node("hand-on", [given]))
}

/// What `yield from` does with a value that is sent.
fn delegate_send(call: &mut Call) -> Answer {
    let [iterator, value] = call.args[..] else { return Err(Failure::Undefined) };
    if call.suspension(iterator).is_some() {
        let resumption = call.cx.bank.node("send", [value]);
        return Err(resume(call, iterator, resumption));
    }
    if call.cx.bank.op(value) == vocabulary().none {
        let atom = call.atom("next");
        let next = call.cx.bank.make(names().builtin, &[atom]);
        return Err(Failure::Delegated(next, vec![iterator]));
    }
    match call.attribute(iterator, "send")? {
        Some(method) => Err(Failure::Delegated(method, vec![value])),
        None => Err(call.no_attribute(iterator, "send")),
    }
}

/// What `yield from` does before a GeneratorExit is raised in the generator.
fn delegate_close(call: &mut Call) -> Answer {
    let iterator = call.args.first().copied().ok_or(Failure::Undefined)?;
    if call.suspension(iterator).is_some() {
        let resumption = call.cx.bank.node("close", []);
        return Err(resume(call, iterator, resumption));
    }
    match call.attribute(iterator, "close")? {
        Some(method) => Err(Failure::Delegated(method, Vec::new())),
        None => Ok(call.none()),
    }
}

/// What `yield from` does with what is thrown in: an exception, or what is handed on as it is.
fn delegate_throw(call: &mut Call) -> Answer {
    let (iterator, given) = match call.args[..] {
        [iterator, ref given @ ..] if !given.is_empty() => (iterator, given.to_vec()),
        _ => return Err(Failure::Undefined),
    };
    if call.suspension(iterator).is_some() {
        if call.cx.bank.op(given[0]) == vocabulary().exception {
            let resumption = call.cx.bank.node("throw", [given[0]]);
            return Err(resume(call, iterator, resumption));
        }
        let atom = call.atom("generator.throw");
        let method = call.cx.bank.make(names().builtin, &[atom]);
        return Err(Failure::Delegated(method, call.args.clone()));
    }
    match call.attribute(iterator, "throw")? {
        Some(method) => Err(Failure::Delegated(method, given)),
        None => Err(raised_as_it_is(call, given[0])),
    }
}
