//! Tracebacks as objects: which activations an exception was raised in or passed, and at which lines.
//!
//! The lines are in the state of a program that asks for them, in the local `.place` of each activation. Where none asks a
//! traceback for them, it is one value, of which no more is known than how many entries it has.

use egg::Id;
use num_traits::ToPrimitive;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins::support::not_modelled;
use crate::python::values::activations::waiting;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::not_known::forgets_locals;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View, shelf};

/// The attribute that an exception's traceback is kept in.
pub const TRACEBACK: &str = "__traceback__";

/// After as many entries the length of a traceback is counted from one again.
const LONGEST: u32 = 64;

/// Where control is in an activation.
struct Place {
    line: Id,
    name: Id,
    first_line: Id,
    file: Id,
    module: Id,
    /// The lines that are shown of it; none where tracebacks have no entries.
    shown: Id,
    /// Whether the activation is that of a comprehension, which is part of the one around it.
    inlined: bool,
    /// Whether an exception that goes on from here was raised elsewhere, and the frame is there again.
    elsewhere: bool,
}

/// Whether tracebacks have entries for an activation with these locals. Where what locals hold is forgotten, so is which way an
/// exception has come: a traceback is unknown.
pub fn has_entries(call: &Objects, locals: Id) -> bool {
    !forgets_locals(call.cx.bank, call.world) && shows_entries(call, locals)
}

/// Whether the program asks for entries.
fn shows_entries(call: &Objects, locals: Id) -> bool {
    call.place_of(locals).is_some_and(|place| call.cx.bank.op(place.shown) != vocabulary().none)
}

impl Objects<'_, '_> {
    /// The traceback of an exception, or none.
    pub fn traceback(&mut self, exception: Id) -> Id {
        if let Some(own) = self.own_attribute(exception, TRACEBACK) {
            return own;
        }
        match self.chain(exception) {
            Some(chain) if chain.raised > 0 => {
                let atom = self.atom("traceback");
                self.cx.bank.make(names().builtin, &[atom])
            }
            _ => self.none(),
        }
    }

    /// One more entry: where control is.
    pub fn lengthen_traceback(&mut self, exception: Id) {
        let Some(mut chain) = self.chain(exception) else { return };
        let forgets = forgets_locals(self.cx.bank, self.world);
        chain.raised = if forgets { 1 } else { chain.raised % LONGEST + 1 };
        self.set_chain(exception, &chain);
        let locals = self.cx.bank.arg(self.world, 0);
        if forgets && shows_entries(self, locals) {
            self.forget_line(locals);
            return self.forget_traceback(exception);
        }
        let known = self.own_attribute(exception, TRACEBACK);
        let known = known.filter(|known| self.cx.bank.op(*known) != vocabulary().none);
        match self.place_of(locals).filter(|place| self.cx.bank.op(place.shown) != vocabulary().none) {
            Some(place) => {
                let entry = self.traceback_entry(&place, known);
                if known.is_none()
                    && ["NameError", "AttributeError"].iter().any(|class| self.is_a(exception, class))
                {
                    let names = self.cx.bank.make(names().namespace, &[locals]);
                    self.set_own_attribute(entry, hidden::NAMES, Some(names));
                }
                self.set_own_attribute(exception, TRACEBACK, Some(entry));
            }
            // What stands for a traceback has as many entries as are counted.
            None if known.is_none() => {
                self.set_own_attribute(exception, TRACEBACK, None);
            }
            None => {}
        }
    }

    /// Nothing is known of which way an exception has come.
    fn forget_traceback(&mut self, exception: Id) {
        let like = self.unknown_like_others(TRACEBACK);
        let mut node = self.cx.bank.get(like).clone();
        if let Some(number) = self.cx.bank.get(exception).args.last() {
            node.args[1] = *number;
        }
        let unknown = self.cx.bank.add(node);
        self.set_own_attribute(exception, TRACEBACK, Some(unknown));
    }

    /// The activation is where it began, until its next statement: nobody asks for the line on which an exception came here.
    fn forget_line(&mut self, locals: Id) {
        let Some(View::Tuple(mut parts)) = self.lookup(locals, hidden::PLACE).map(|place| self.view(place))
        else {
            return;
        };
        if let [line, _, first_line, ..] = &mut parts[..] {
            *line = *first_line;
        }
        let (name, place) = (self.atom(hidden::PLACE), self.tuple(&parts));
        let locals = shelf::bind(self.cx, locals, name, Some(place));
        self.set_world(0, locals);
    }

    fn place_of(&self, locals: Id) -> Option<Place> {
        let place = self.lookup(locals, hidden::PLACE)?;
        let View::Tuple(parts) = self.view(place) else { return None };
        let [line, name, first_line, file, inlined, elsewhere, module, shown] = parts[..] else {
            return None;
        };
        let [inlined, elsewhere] = [inlined, elsewhere].map(|flag| self.cx.bank.op(flag) == vocabulary().yes);
        Some(Place { line, name, first_line, file, module, shown, inlined, elsewhere })
    }

    fn traceback_entry(&mut self, place: &Place, next: Option<Id>) -> Id {
        let next = next.unwrap_or_else(|| self.none());
        let parts =
            [("co_name", place.name), ("co_firstlineno", place.first_line), ("co_filename", place.file)];
        let code = self.with_attributes("code", &parts);
        let frame = self.with_attributes("frame", &[("f_code", code)]);
        self.with_attributes(
            "traceback",
            &[
                ("tb_next", next),
                ("tb_frame", frame),
                ("tb_lineno", place.line),
                (hidden::SHOWN, place.shown),
            ],
        )
    }

    fn with_attributes(&mut self, class: &str, attributes: &[(&str, Id)]) -> Id {
        let (class, payload) = (self.class(class), self.cx.bank.make(names().plain, &[]));
        let object = self.new_object(class, payload);
        for (name, value) in attributes {
            self.set_own_attribute(object, name, Some(*value));
        }
        object
    }

    /// An exception leaves an activation: its frame stays where it is.
    fn leave_frame(&mut self, exception: Id, place: &Place) {
        let Some(entry) = self.own_attribute(exception, TRACEBACK) else { return };
        let raised_on = self.own_attribute(entry, "tb_lineno");
        let line = raised_on.filter(|_| place.elsewhere).unwrap_or(place.line);
        if let Some(frame) = self.own_attribute(entry, "tb_frame") {
            self.set_own_attribute(frame, "f_lineno", Some(line));
        }
    }
}

impl Objects<'_, '_> {
    /// Whether a value is an entry of a traceback.
    pub fn is_traceback_entry(&mut self, value: Id) -> bool {
        self.is_one_of(value, &["traceback"])
    }

    fn is_one_of(&mut self, value: Id, classes: &[&str]) -> bool {
        if self.cx.bank.op(value) != names().object {
            return false;
        }
        let class = self.class_of(value);
        !self.is_user_class(class) && classes.contains(&self.class_name(class).as_str())
    }

    /// An attribute that was not found: of frames and code CPython tells more than is modelled.
    pub fn not_in_traceback(&mut self, object: Id, name: &str) -> Result<Option<Id>, Failure> {
        if (name.starts_with("f_") || name.starts_with("co_")) && self.is_one_of(object, &["frame", "code"]) {
            return Err(not_modelled(self, &format!("`{name}` of a frame that control is still in")));
        }
        Ok(None)
    }

    /// `entry.name = value`: of an entry only `tb_next` can be changed.
    pub fn change_entry(&mut self, entry: Id, name: &str, value: Option<Id>) -> Answer {
        match name {
            "tb_next" => self.change_next(entry, value),
            "tb_frame" => Err(self.raise("AttributeError", "readonly attribute")),
            _ => {
                let text = format!("attribute '{name}' of 'traceback' objects is not writable");
                Err(self.raise("AttributeError", &text))
            }
        }
    }

    fn change_next(&mut self, entry: Id, value: Option<Id>) -> Answer {
        let Some(next) = value else { return Err(self.type_error("can't delete tb_next attribute")) };
        let is_none = self.cx.bank.op(next) == vocabulary().none;
        if !is_none && !self.is_traceback_entry(next) {
            let class = self.type_name(next);
            return Err(self.type_error(&format!("expected traceback object, got '{class}'")));
        }
        let mut at = Some(next);
        while let Some(link) = at.filter(|link| self.is_traceback_entry(*link)) {
            if link == entry {
                return Err(self.value_error("traceback loop detected"));
            }
            at = self.own_attribute(link, "tb_next");
        }
        self.set_own_attribute(entry, "tb_next", Some(next));
        Ok(self.none())
    }
}

impl Objects<'_, '_> {
    /// A traceback keeps what the locals of the frames refer to. That can be seen only of a generator that would be dropped else.
    fn keep_locals(&mut self, exception: Id, locals: Id) {
        if self.pending().is_empty() {
            return;
        }
        let kept = self.own_attribute(exception, hidden::FRAMES);
        let mut frames = match kept.map(|kept| self.view(kept)) {
            Some(View::Tuple(frames)) => frames,
            _ => Vec::new(),
        };
        let frame = self.cx.bank.make(names().namespace, &[locals]);
        if frames.contains(&frame) {
            return;
        }
        frames.push(frame);
        let frames = self.tuple(&frames);
        self.set_own_attribute(exception, hidden::FRAMES, Some(frames));
    }

    /// Gives an exception another traceback: the frames of the one before are forgotten.
    pub fn replace_traceback(&mut self, exception: Id, traceback: Id) {
        self.set_own_attribute(exception, hidden::FRAMES, None);
        self.set_own_attribute(exception, TRACEBACK, Some(traceback));
    }

    /// Gives an exception the traceback that it is raised with, `raise E, V, T`: no entry is added where it is raised.
    pub fn give_traceback(&mut self, exception: Id, traceback: Id) {
        if self.is_traceback_entry(traceback) {
            self.replace_traceback(exception, traceback);
            let given = self.none();
            self.set_own_attribute(exception, hidden::GIVEN, Some(given));
        }
    }

    /// Whether an exception is raised with a traceback that was given; the next time it is not.
    pub fn takes_given_traceback(&mut self, exception: Id) -> bool {
        self.own_attribute(exception, hidden::GIVEN).is_some()
            && self.set_own_attribute(exception, hidden::GIVEN, None)
    }
}

/// An entry of a traceback, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The name of the code.
    pub name: String,
    /// The lines that are shown, as the lowering wrote them.
    pub shown: String,
}

impl Objects<'_, '_> {
    /// The entries of an exception's traceback, the outermost first.
    pub fn traceback_entries(&mut self, exception: Id) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut at = self.own_attribute(exception, TRACEBACK);
        while let Some(entry) = at.filter(|entry| self.is_traceback_entry(*entry)) {
            entries.extend(self.told_of(entry));
            at = self.own_attribute(entry, "tb_next");
        }
        entries
    }

    fn told_of(&self, entry: Id) -> Option<Entry> {
        let text = |of: Id, name: &str| self.own_attribute(of, name).and_then(|value| self.text(value));
        let code = self.own_attribute(self.own_attribute(entry, "tb_frame")?, "f_code")?;
        Some(Entry {
            file: text(code, "co_filename")?,
            line: self.integer(self.own_attribute(entry, "tb_lineno")?)?.to_usize()?,
            name: text(code, "co_name")?,
            shown: text(entry, hidden::SHOWN).unwrap_or_default(),
        })
    }

    /// The names of the frame that an exception about a name was raised in.
    pub fn names_where_raised(&mut self, exception: Id) -> Option<Id> {
        let mut at = self.own_attribute(exception, TRACEBACK)?;
        while let Some(next) = self.own_attribute(at, "tb_next").filter(|next| self.is_traceback_entry(*next))
        {
            at = next;
        }
        let names = self.own_attribute(at, hidden::NAMES)?;
        self.cx.bank.get(names).args.first().copied()
    }
}

/// `prim.caller_place(level)`: file, line and module of a caller, 1 for the next one; None where that is not known.
pub fn caller_place(call: &mut Call) -> Answer {
    let [level] = call.args[..] else { return Err(Failure::Undefined) };
    let mut left = call.integer(level).and_then(|level| level.to_i64()).unwrap_or(1).max(1);
    for [_, locals] in waiting(call.cx.bank, call.world) {
        let place = call.place_of(locals);
        left -= i64::from(!place.as_ref().is_some_and(|place| place.inlined));
        match place {
            // What the library's function stands for may have no frame in CPython.
            None => return Ok(call.none()),
            Some(place) if left <= 0 => return Ok(call.tuple(&[place.file, place.line, place.module])),
            Some(_) => {}
        }
    }
    let (file, line, module) = (call.str("<sys>"), call.int(0), call.str("sys"));
    Ok(call.tuple(&[file, line, module]))
}

/// `(traced exception locals world)`: the world in which the exception has left an activation with these locals, and its
/// traceback is longer.
pub fn traced(cx: &mut Context, args: &[Id]) -> Results {
    let [exception, locals, world] = args[..] else { return smallvec![] };
    let mut call = Objects::of(cx, world);
    if call.tracked() {
        call.keep_locals(exception, locals);
        let left = call.place_of(locals);
        if let Some(left) = &left {
            call.leave_frame(exception, left);
        }
        if !left.is_some_and(|left| left.inlined) {
            call.lengthen_traceback(exception);
        }
    }
    smallvec![call.world]
}

/// `(traceback-of exception world)`.
pub fn traceback_of(cx: &mut Context, args: &[Id]) -> Results {
    let [exception, world] = args[..] else { return smallvec![] };
    smallvec![Objects::of(cx, world).traceback(exception)]
}
