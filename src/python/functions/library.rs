//! The functions of the library: builtin functions that are written in Python, as terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::book::library::Library;
use crate::term::Term;

/// A function of the library.
#[derive(Debug, Clone)]
pub struct LibraryFunction {
    /// Its `(code …)`.
    pub code: Term,
    /// The defaults of its last positional parameters.
    pub defaults: Vec<Term>,
    /// The defaults of its keyword-only parameters.
    pub kwdefaults: Vec<(String, Term)>,
}

/// The functions of the library's `builtins`.
#[derive(Debug, Clone, Default)]
pub struct Functions {
    functions: BTreeMap<String, LibraryFunction>,
}

impl Functions {
    /// These functions, by name.
    pub fn new(functions: BTreeMap<String, LibraryFunction>) -> Functions {
        Functions { functions }
    }

    /// The function of that name.
    pub fn find(&self, name: &str) -> Option<&LibraryFunction> {
        self.functions.get(name)
    }
}

/// The library of a book, whose functions are read when one is asked for first. All copies of the book share them.
#[derive(Debug, Clone)]
pub struct Shelf {
    library: Library,
    read: fn(&Library) -> Functions,
}

impl Default for Shelf {
    fn default() -> Shelf {
        Shelf { library: Library::default(), read: |_| Functions::default() }
    }
}

impl Shelf {
    /// A library, and how its functions are read.
    pub fn new(library: Library, read: fn(&Library) -> Functions) -> Shelf {
        Shelf { library, read }
    }

    /// Whether the library has a module of that name.
    pub fn has_module(&self, name: &str) -> bool {
        self.library.module(name).is_some()
    }

    /// The functions.
    pub fn functions(&self) -> Arc<Functions> {
        self.library.made(self.read)
    }
}
