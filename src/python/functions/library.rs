//! The library: builtin functions that are written in Python, and modules that `import` finds.

use std::collections::BTreeMap;
use std::sync::OnceLock;

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

/// The functions of `builtins.py`.
#[derive(Debug, Clone, Default)]
pub struct Library {
    functions: BTreeMap<String, LibraryFunction>,
}

impl Library {
    /// A library of these functions.
    pub fn new(functions: BTreeMap<String, LibraryFunction>) -> Library {
        Library { functions }
    }

    /// The function of that name.
    pub fn find(&self, name: &str) -> Option<&LibraryFunction> {
        self.functions.get(name)
    }
}

static LIBRARY: OnceLock<Library> = OnceLock::new();

/// The library, read when it is asked for first.
pub fn library() -> &'static Library {
    LIBRARY.get_or_init(crate::python::syntax::read_library)
}
