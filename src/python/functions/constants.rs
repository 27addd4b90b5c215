//! The tables of a book that functions and primitives read.

use std::collections::BTreeMap;

use egg::Symbol;
use rustc_hash::FxHashSet;

use crate::book::conventions::Conventions;
use crate::book::version::Timeline;
use crate::book::{Book, Exit, Hierarchy};
use crate::python::builtins;
use crate::python::functions::library::Shelf;
use crate::term::{Builder, Term};

/// The tables of the book that functions read.
#[derive(Debug, Clone, Default)]
pub struct Constants {
    pub(super) classes: BTreeMap<String, Term>,
    pub(super) hierarchy: Hierarchy,
    messages: BTreeMap<String, String>,
    unknowns: BTreeMap<String, String>,
    unknowns_doubted: BTreeMap<String, String>,
    conventions: Conventions,
    endings: Vec<(String, Exit)>,
    timeline: Timeline,
    /// Special methods that have another name in the version: the name that they have today, and that.
    early_names: Vec<(String, String)>,
    /// Whether there are classic classes; asked for often.
    knows_classic: bool,
    release: [u8; 3],
    unfinished: FxHashSet<Symbol>,
    delegations: FxHashSet<Symbol>,
    /// Whether the library comes first, wherever it has a function of a primitive's name.
    library_first: bool,
    pub(super) library: Shelf,
}

impl Constants {
    /// The same tables with the library of the book.
    #[must_use]
    pub fn with_library(self, library: Shelf) -> Constants {
        Constants { library, ..self }
    }

    /// The tables of a book, without its library.
    pub fn of(book: &Book) -> Constants {
        let [unfinished, delegations] = ["Unfinished", "Delegation"].map(|sort| constructors(book, sort));
        let class = |name: &str, meant: &str| Some((name.to_string(), class_term(&book.hierarchy, meant)?));
        let absent = book.stand_ins.iter().filter(|(name, _)| !book.hierarchy.contains(name));
        let stand_ins = absent.filter_map(|(name, meant)| class(name, meant));
        let classes =
            book.hierarchy.all_names().filter_map(|name| class(name, name)).chain(stand_ins).collect();
        Constants {
            classes,
            hierarchy: book.hierarchy.clone(),
            messages: book.messages.clone(),
            unknowns: book.unknowns.clone(),
            unknowns_doubted: book.unknowns_doubted.clone(),
            conventions: book.conventions.clone(),
            endings: book.endings.clone(),
            timeline: book.timeline.clone(),
            early_names: early_names(&book.messages),
            knows_classic: book.timeline.has("class.classic"),
            release: book.release,
            unfinished,
            delegations,
            library_first: false,
            library: Shelf::default(),
        }
    }
}

impl Constants {
    /// The same tables for a machine that leaves to the library what it can: tests hold both against each other.
    #[cfg(test)]
    pub fn with_library_first(self) -> Constants {
        Constants { library_first: true, ..self }
    }

    /// Whether a call of the builtin function of that name is left to the library.
    pub fn is_left_to_library(&self, name: &str) -> bool {
        self.library_first && self.library.functions().find(&name.replace('.', "_")).is_some()
    }

    /// Whether the version of Python has what the book's timeline calls so.
    pub fn has(&self, name: &str) -> bool {
        self.timeline.has(name)
    }

    /// Whether the version has classic classes, and raises their instances.
    pub fn knows_classic(&self) -> bool {
        self.knows_classic
    }

    /// What the version calls a special method.
    pub fn early_name<'n>(&'n self, name: &'n str) -> &'n str {
        let mut names = self.early_names.iter();
        names.find(|(today, _)| today == name).map_or(name, |(_, early)| early)
    }

    /// What a special method of the version is called today, where that is another name.
    pub fn name_today(&self, name: &str) -> Option<&str> {
        let mut names = self.early_names.iter();
        names.find(|(_, early)| early == name).map(|(today, _)| today.as_str())
    }

    /// Whether a module is one of the library.
    pub fn is_of_library(&self, module: &str) -> bool {
        self.library.has_module(module)
    }

    /// Whether its module, or class, of that name has a member.
    pub fn has_member(&self, owner: &str, name: &str) -> bool {
        !self.timeline.lists(name) || self.timeline.has(&format!("{owner}.{name}"))
    }

    /// A message of the book, with texts in the places of `{0}`, `{1}` and so on.
    pub fn worded(&self, key: &str, texts: &[&str]) -> String {
        let message = self.messages.get(key).map_or(key, String::as_str).to_string();
        let fill =
            |message: String, (place, text): (usize, &&str)| message.replace(&format!("{{{place}}}"), text);
        texts.iter().enumerate().fold(message, fill)
    }

    /// What the version calls a builtin type in messages, where that is another name.
    pub fn type_called(&self, name: &str) -> Option<String> {
        self.messages.get(&format!("type-{name}")).cloned()
    }

    /// The release that `sys.version_info` tells of.
    pub fn release(&self) -> [u8; 3] {
        self.release
    }

    /// Whether a primitive, or a function of the library, has that name, and the version of Python has it.
    pub fn is_builtin(&self, name: &str) -> bool {
        self.has(name) && self.is_computed(name)
    }

    fn is_computed(&self, name: &str) -> bool {
        builtins::find(name).is_some() || self.library.functions().find(&name.replace('.', "_")).is_some()
    }

    /// Whether that is a builtin exception class in some version.
    pub fn was_class(&self, name: &str) -> bool {
        self.hierarchy.ever_contains(name)
    }

    /// Whether that is a builtin exception class.
    pub fn is_class(&self, name: &str) -> bool {
        self.hierarchy.contains(name)
    }
}

impl Constants {
    /// What the book says an operation on something unknown comes to: mostly it is like a call of that.
    pub fn consequence(&self, operation: &str) -> &str {
        self.unknowns.get(operation).map_or("calls", String::as_str)
    }

    /// What it comes to where it is doubted that an unknown is of the type that this asks for.
    pub fn doubted_consequence(&self, operation: &str) -> Option<&str> {
        self.unknowns_doubted.get(operation).map(String::as_str)
    }

    /// What the names of functions say that nobody has seen.
    pub fn conventions(&self) -> &Conventions {
        &self.conventions
    }

    /// What the book says an operation on operands of these types comes to, if it says so.
    pub fn stated(&self, operation: &str) -> Option<&str> {
        self.unknowns.get(operation).map(String::as_str)
    }

    /// With what the process ends when an exception has left the program: the first class that it has tells.
    pub fn endings(&self) -> &[(String, Exit)] {
        &self.endings
    }

    /// Whether a frame with this constructor has something left to do when its generator is closed.
    pub fn is_unfinished(&self, frame: Symbol) -> bool {
        self.unfinished.contains(&frame)
    }

    /// Whether it is that of a `yield from`.
    pub fn is_delegation(&self, frame: Symbol) -> bool {
        self.delegations.contains(&frame)
    }
}

/// The constructors of a sort; none where the book has no such sort.
fn constructors(book: &Book, sort: &str) -> FxHashSet<Symbol> {
    let sort = book.grammar.sort_named(sort).ok().and_then(|sort| book.grammar.sorts.get(sort));
    sort.map(|sort| sort.constructors.iter().copied().collect()).unwrap_or_default()
}

fn class_term(hierarchy: &Hierarchy, name: &str) -> Option<Term> {
    let mut builder = Builder::default();
    let class = hierarchy.class_value(name, &mut builder)?;
    Some(builder.finish(class))
}

/// The messages of special methods: `method-__bool__: __nonzero__`.
fn early_names(messages: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let named = messages.iter().filter_map(|(key, early)| Some((key.strip_prefix("method-")?, early)));
    named.map(|(today, early)| (today.to_string(), early.clone())).collect()
}
