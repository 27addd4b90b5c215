//! What builtin exceptions keep beside `args`: `errno`, `name`, `start` and the like.

use egg::Id;

use crate::python::builtins::support::{iterate, size};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::suggest::nearest;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, Objects, View};

/// The fields of each class that has some.
const FIELDS: &[(&str, &[&str])] = &[
    ("OSError", &["errno", "strerror", "filename", "filename2"]),
    ("StopIteration", &["value"]),
    ("SystemExit", &["code"]),
    ("ImportError", &["msg", "name", "path", "name_from"]),
    ("NameError", &["name"]),
    ("AttributeError", &["name", "obj"]),
    (
        "SyntaxError",
        &["msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line"],
    ),
    ("UnicodeDecodeError", &["encoding", "object", "start", "end", "reason"]),
    ("UnicodeEncodeError", &["encoding", "object", "start", "end", "reason"]),
    ("UnicodeTranslateError", &["object", "start", "end", "reason"]),
    ("BaseExceptionGroup", &["message", "exceptions"]),
    ("BaseException", &["args"]),
];

/// The keywords that a call of a class takes.
const KEYWORDS: &[(&str, &[&str])] = &[
    ("AttributeError", &["name", "obj"]),
    ("NameError", &["name"]),
    ("ImportError", &["name", "path", "name_from"]),
];

/// Classes whose `__init__`, and not `__new__`, reads fields from the arguments.
const READ_BY_INIT: &[&str] = &[
    "StopIteration",
    "SystemExit",
    "ImportError",
    "SyntaxError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
];

fn listed(table: &'static [(&str, &[&str])], class: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(owner, _)| *owner == class).map(|(_, names)| *names)
}

/// What CPython adds to a message about a keyword that a function does not have.
pub fn keyword_hint(wrong: &str, names: &[&str]) -> String {
    nearest(wrong, names).map_or_else(String::new, |name| format!(". Did you mean '{name}'?"))
}

impl Objects<'_, '_> {
    /// The builtin classes that a class is or derives from, in their order.
    pub(super) fn builtin_order(&mut self, class: Id) -> Vec<String> {
        let order = self.mro(class).unwrap_or_default();
        let builtin: Vec<Id> = order.into_iter().filter(|class| !self.is_user_class(*class)).collect();
        builtin.into_iter().map(|class| self.field_class(class)).collect()
    }

    /// The name of a builtin class, by which its fields and methods are listed: before OSError was one with its base, the base had them.
    fn field_class(&self, class: Id) -> String {
        match self.class_name(class) {
            name if name == "EnvironmentError" => "OSError".to_string(),
            name => name,
        }
    }

    /// Whether a class has the fields of OSError: before Python 3.3 its base had them.
    pub fn has_fields_of_os_error(&mut self, class: Id) -> bool {
        self.builtin_order(class).iter().any(|owner| owner == "OSError")
    }

    fn derives_from(&mut self, class: Id, base: &str) -> bool {
        let base = self.class(base);
        self.derives(class, base)
    }

    /// The builtin class that a field of an exception is of, unless a class of the program hides it.
    pub fn field_owner(&mut self, exception: Id, name: &str) -> Option<String> {
        if !FIELDS.iter().any(|(_, fields)| fields.contains(&name)) {
            return None;
        }
        let class = self.class_of(exception);
        for owner in self.mro(class)? {
            if self.is_user_class(owner) {
                if self.own_attribute(owner, name).is_some() {
                    return None;
                }
                continue;
            }
            let owner = self.field_class(owner);
            if self.has_field(&owner, name) {
                return Some(owner);
            }
        }
        None
    }

    /// Whether a builtin class has a field, in the version.
    fn has_field(&self, owner: &str, name: &str) -> bool {
        listed(FIELDS, owner).is_some_and(|fields| fields.contains(&name))
            && self.cx.constants().has(&format!("{owner}.{name}"))
    }

    /// Whether a class of the program has an attribute of the name before a builtin class has a field.
    pub fn hides_field(&mut self, exception: Id, name: &str) -> bool {
        let class = self.class_of(exception);
        let known = FIELDS.iter().any(|(_, fields)| fields.contains(&name));
        known
            && self.is_user_class(class)
            && self.class_attribute(class, name).is_some()
            && self.field_owner(exception, name).is_none()
    }

    /// The class that a field, looked up on a class, is told to be of.
    pub fn class_field(&mut self, class: Id, name: &str) -> Option<String> {
        const OF_ALL: [&str; 4] = ["__cause__", "__context__", "__suppress_context__", "__traceback__"];
        let order = self.builtin_order(class);
        let owns = |owner: &String| {
            self.has_field(owner, name) || owner == "BaseException" && OF_ALL.contains(&name)
        };
        order.into_iter().find(owns)
    }

    /// The arguments as `args` keeps them: an OSError keeps names of files elsewhere.
    pub fn kept_args(&mut self, class: Id, mut args: Vec<Id>) -> Vec<Id> {
        let names_file = (3..=5).contains(&args.len()) && args[2] != self.none();
        if names_file && self.has_fields_of_os_error(class) {
            args.truncate(2);
        }
        args
    }

    /// The arguments that an exception's fields were read from.
    pub fn read_args(&self, exception: Id) -> Vec<Id> {
        match self.own_attribute(exception, hidden::FIELDS).map(|args| self.view(args)) {
            Some(View::Tuple(args)) => args,
            _ => self.cx.members(self.cx.bank.arg(exception, 1)),
        }
    }

    /// What the program set a field to; `Some(None)` where it was deleted.
    fn set_field(&self, exception: Id, name: &str) -> Option<Option<Id>> {
        let own = self.own_attribute(exception, name)?;
        Some((self.cx.bank.op(own) != names().missing).then_some(own))
    }

    /// A field as it is now; `None` where nothing was given for it.
    pub fn field_now(&mut self, exception: Id, owner: &str, name: &str) -> Option<Id> {
        match self.set_field(exception, name) {
            Some(now) => now,
            None => self.read_field(exception, owner, name),
        }
    }

    fn read_field(&mut self, exception: Id, owner: &str, name: &str) -> Option<Id> {
        let none = self.none();
        let args = self.read_args(exception);
        let place = listed(FIELDS, owner)?.iter().position(|field| *field == name)?;
        match (owner, name) {
            ("BaseException" | "NameError" | "AttributeError", _) => None,
            ("OSError", _) if !(2..=5).contains(&args.len()) => None,
            ("OSError", "errno" | "strerror") => args.get(place).copied(),
            ("OSError", _) => {
                let file = args.get(2).copied().filter(|file| *file != none)?;
                let other = args.get(4).copied().filter(|other| *other != none);
                if name == "filename" { Some(file) } else { other }
            }
            ("SystemExit", _) if args.len() > 1 => Some(self.tuple(&args)),
            ("ImportError", _) => args.first().copied().filter(|_| name == "msg" && args.len() == 1),
            ("SyntaxError", "msg") => args.first().copied(),
            ("SyntaxError", _) => {
                let details = args.get(1).copied().filter(|_| args.len() == 2)?;
                iterate(self, details).ok()?.get(place - 1).copied()
            }
            _ => args.get(place).copied(),
        }
    }

    /// A field as an attribute: None where nothing was given for it.
    pub fn exception_field(&mut self, exception: Id, name: &str) -> Option<Id> {
        let owner = self.field_owner(exception, name)?;
        let none = self.none();
        Some(self.field_now(exception, &owner, name).unwrap_or(none))
    }

    /// Whether an attribute that an exception keeps is a field, or of a slot, and so not in its `__dict__`.
    pub fn is_field(&mut self, exception: Id, name: &str) -> bool {
        self.field_owner(exception, name).is_some()
    }

    // ---- making them ------------------------------------------------------------------------------------

    /// Whether `__init__` does for an OSError of a class what `__new__` does for others.
    pub fn is_made_by_init(&mut self, class: Id) -> bool {
        let own = |call: &mut Self, name: &str| {
            call.class_attribute(class, name).is_some_and(|(owner, _)| call.is_user_class(owner))
        };
        own(self, "__init__") && !own(self, "__new__")
    }

    /// That an exception of a class can be initialised with these arguments.
    pub fn check_fields(&mut self, class: Id, args: &[Id]) -> Result<(), Failure> {
        for owner in self.builtin_order(class) {
            match owner.as_str() {
                "UnicodeDecodeError" | "UnicodeEncodeError" => {
                    return self.check_codec_fields(&owner, args, 5);
                }
                "UnicodeTranslateError" => return self.check_codec_fields(&owner, args, 4),
                "SyntaxError" => return self.check_details(args),
                _ => {}
            }
        }
        Ok(())
    }

    fn check_codec_fields(&mut self, owner: &str, args: &[Id], wanted: usize) -> Result<(), Failure> {
        if args.len() != wanted {
            let text = format!("function takes exactly {wanted} arguments ({} given)", args.len());
            return Err(self.type_error(&text));
        }
        let object = wanted - 4;
        let decodes = owner == "UnicodeDecodeError";
        for (place, arg) in args.iter().enumerate() {
            match place {
                _ if place == object && decodes => {}
                _ if place == object + 1 || place == object + 2 => match size(self, *arg) {
                    // An object with a method of its own.
                    Ok(_) | Err(Failure::Undefined) => {}
                    Err(failure) => return Err(failure),
                },
                _ => self.check_text(place, *arg)?,
            }
        }
        let wide = self.is_unicode(args[object]);
        let early = self.cx.constants().has("text.unicode");
        if owner == "UnicodeEncodeError" && early && !wide {
            let found = self.type_name(args[object]);
            return Err(self.type_error(&format!("argument 2 must be unicode, not {found}")));
        }
        let is_bytes = match self.view(args[object]) {
            View::Bytes(_) => true,
            View::Str(_) => early && !wide,
            _ => self.is_a(args[object], "bytearray"),
        };
        if decodes && !is_bytes {
            let found = self.type_name(args[object]);
            return Err(self.type_error(&format!("a bytes-like object is required, not '{found}'")));
        }
        Ok(())
    }

    fn check_text(&mut self, place: usize, value: Id) -> Result<(), Failure> {
        let found = match self.view(value) {
            View::Str(_) => return Ok(()),
            View::None => "None".to_string(),
            _ => self.type_name(value),
        };
        Err(self.type_error(&format!("argument {} must be str, not {found}", place + 1)))
    }

    /// The second argument of a SyntaxError says where it is.
    fn check_details(&mut self, args: &[Id]) -> Result<(), Failure> {
        let [_, details] = args[..] else { return Ok(()) };
        let given = match iterate(self, details) {
            Ok(details) => details.len(),
            Err(Failure::Undefined) => return Ok(()),
            Err(failure) => return Err(failure),
        };
        let text = match given {
            0..=3 => format!("function takes at least 4 arguments ({given} given)"),
            5 => "end_offset must be provided when end_lineno is provided".to_string(),
            8.. => format!("function takes at most 7 arguments ({given} given)"),
            _ => return Ok(()),
        };
        Err(self.type_error(&text))
    }

    // ---- changing them ----------------------------------------------------------------------------------

    /// Sets a field, or (with `None`) takes away what is in it; `false` for what is no field.
    pub fn change_field(&mut self, exception: Id, name: &str, value: Option<Id>) -> bool {
        if name == "args" || !self.is_field(exception, name) {
            return false;
        }
        let missing = self.cx.bank.make(names().missing, &[]);
        self.set_own_attribute(exception, name, Some(value.unwrap_or(missing)));
        true
    }

    /// Whether an attribute of an object is that of a slot of its class.
    pub fn is_slot(&mut self, object: Id, name: &str) -> bool {
        let class = self.class_of(object);
        let owners = self.mro(class).unwrap_or_default();
        owners.into_iter().any(|owner| {
            self.is_user_class(owner)
                && self.slots(owner).is_some_and(|slots| slots.iter().any(|slot| slot == name))
        })
    }

    /// Whether a value is None.
    pub fn is_none(&self, value: Id) -> bool {
        self.cx.bank.op(value) == vocabulary().none
    }
}

impl Call<'_, '_> {
    /// That a class of exceptions takes the keywords of the call.
    pub fn check_field_keywords(&mut self, class: Id) -> Result<(), Failure> {
        let given: Vec<String> = self.keywords.iter().map(|(name, _)| name.clone()).collect();
        if given.is_empty() {
            return Ok(());
        }
        let order = self.builtin_order(class);
        let taken = |owner: &str| {
            let known = listed(KEYWORDS, owner).unwrap_or_default().iter();
            known
                .copied()
                .filter(|name| self.cx.constants().has(&format!("{owner}.{name}")))
                .collect::<Vec<_>>()
        };
        let found = order.iter().map(|owner| (owner, taken(owner))).find(|(_, known)| !known.is_empty());
        let Some((owner, known)) = found else {
            let name = format!("{}{}", self.shown_module(class), self.class_name(class));
            return Err(self.raise_worded("TypeError", "no-keywords", &[&name]));
        };
        if given.len() > known.len() {
            let (most, given) = (known.len(), given.len());
            let plural = if most == 1 { "" } else { "s" };
            let text = format!("{owner}() takes at most {most} keyword argument{plural} ({given} given)");
            return Err(self.type_error(&text));
        }
        let Some(wrong) = given.iter().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
        let hint = keyword_hint(wrong, &known);
        Err(self.type_error(&format!("{owner}() got an unexpected keyword argument '{wrong}'{hint}")))
    }

    /// Keeps the keywords of the call as fields.
    pub fn keep_keywords(&mut self, exception: Id) {
        for (name, value) in self.keywords.clone() {
            self.set_own_attribute(exception, &name, Some(value));
        }
    }

    /// A new exception of a class whose `__init__` is still to be called, with the arguments of the call.
    pub fn uninitialised(&mut self, class: Id) -> Result<Id, Failure> {
        let args = self.args.clone();
        if self.derives_from(class, "BaseExceptionGroup") {
            return self.made_group(class, &args);
        }
        if self.has_fields_of_os_error(class) && self.is_made_by_init(class) {
            return Ok(self.new_exception(class, &[]));
        }
        if !self.cx.constants().has("exception.args-of-new") {
            return Ok(self.new_exception(class, &[]));
        }
        let exception = self.new_exception(class, &args);
        if !args.is_empty()
            && self.builtin_order(class).iter().any(|owner| READ_BY_INIT.contains(&owner.as_str()))
        {
            let nothing = self.tuple(&[]);
            self.set_own_attribute(exception, hidden::FIELDS, Some(nothing));
        }
        Ok(exception)
    }

    /// What `__init__` of an exception's builtin class does with arguments that were checked.
    pub fn initialise_fields(&mut self, exception: Id, args: &[Id]) {
        let class = self.class_of(exception);
        if self.derives_from(class, "BaseExceptionGroup") {
            return;
        }
        for owner in self.builtin_order(class) {
            for field in listed(FIELDS, &owner).unwrap_or_default() {
                let keeps = *field == "args" || field.starts_with("filename") && owner == "OSError";
                if !keeps {
                    self.set_own_attribute(exception, field, None);
                }
            }
        }
        let read = self.tuple(args);
        let as_made = self.cx.members(self.cx.bank.arg(exception, 1)) == args;
        self.set_own_attribute(exception, hidden::FIELDS, (!as_made).then_some(read));
        self.keep_keywords(exception);
    }
}
