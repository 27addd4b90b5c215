//! Python as the engine sees it, and the book that is about it.

use std::path::Path;

use egg::{Id, Symbol};

use crate::book::edition::Edition;
use crate::book::version::Version;
use crate::book::{Book, chapters};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::domain::{Counted, Domain, Function, Tables};
use crate::machine::{Bank, Engine, Machine};
use crate::python::functions::library::Shelf;
use crate::python::functions::{self, Constants, collect};
use crate::python::syntax;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

/// Python, as the engine asks of it.
#[derive(Debug, Clone, Copy)]
pub struct Python;

/// The one that machines of this crate are made with.
pub static PYTHON: Python = Python;

impl Domain for Python {
    fn function(&self, name: Symbol) -> Option<(Function, usize)> {
        functions::find(name)
    }

    fn tables(&self, book: &Book) -> Tables {
        Tables::new(constants(book))
    }

    fn counted(&self) -> Counted {
        counted()
    }

    /// The body about to be evaluated in the outermost activation, with these global names and nothing handled or
    /// assumed.
    fn start(&self, bank: &mut Bank, body: Id, globals: Id) -> Id {
        let [end, locals, none, facts, base] =
            ["end", "no-names", "none", "no-facts", "base"].map(|name| bank.node(name, []));
        let world = bank.node("world", [locals, globals, none, facts, base]);
        bank.node("eval", [body, end, world])
    }

    /// Between two statements the state's world is all that it knows of the heap.
    fn collected(&self, bank: &mut Bank, state: Id, place: usize, others: &[Id]) -> Option<Id> {
        if !matches!(bank.op(state).as_str(), "eval" | "expr" | "done") {
            return None;
        }
        let mut node = bank.get(state).clone();
        let mut roots: Vec<Id> = node.args.to_vec();
        let world = roots.remove(place);
        roots.extend(others);
        node.args[place] = collect::collected(bank, world, &roots);
        Some(bank.add(node))
    }
}

/// The tables of a book, its library included.
pub(crate) fn constants(book: &Book) -> Constants {
    let library = Shelf::new(book.library.clone(), syntax::library_functions);
    Constants::of(book).with_library(library)
}

/// What is counted in Python's terms.
fn counted() -> Counted {
    let words = vocabulary();
    Counted {
        unknown: Some(words.unknown),
        activation: Some(words.caller),
        text: Some(words.str),
        numbered: [Some(words.exception), Some(names().reference)],
    }
}

/// A bank for Python's terms, outside of any machine.
pub fn bank() -> Bank {
    Bank::counting(counted())
}

impl Book {
    /// The book that the crate was built with. Its table is not laid each time: a test does that.
    ///
    /// # Errors
    /// The first fault of the book.
    pub fn built_in(version: Version) -> Result<Book, Diagnostic> {
        let book = Book::load_proven(chapters::built_in(), version, functions::arity)?;
        Ok(book.with_library(chapters::built_in_library()))
    }

    /// The same with one gate decided as another version decides it.
    ///
    /// # Errors
    /// What cannot be read so: a gate that others rest on.
    pub fn built_in_edition(edition: &Edition) -> Result<Book, Diagnostic> {
        let book = Book::load_edition(chapters::built_in(), edition, functions::arity)?;
        Ok(book.with_library(chapters::built_in_library()))
    }

    /// An edition of the book in a folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn edition_from_folder(folder: &Path, edition: &Edition) -> Result<Book, Diagnostic> {
        let book = Book::load_edition(chapters::from_folder(folder)?, edition, functions::arity)?;
        Ok(book.with_library(chapters::library_of(folder)?))
    }

    /// The book in a folder of Markdown chapters, with the library in the folder's `library`; where there is none, with
    /// the one that the crate was built with.
    ///
    /// # Errors
    /// When it cannot be read, and the first fault of the book or of its library.
    pub fn from_folder(folder: &Path, version: Version) -> Result<Book, Diagnostic> {
        let book = Book::load(chapters::from_folder(folder)?, version, functions::arity)?;
        let library = chapters::library_of(folder)?;
        syntax::check_library(&library)?;
        Ok(book.with_library(library))
    }
}

impl Machine {
    /// A machine for a book about Python, with an empty bank and the compiled stepper.
    pub fn new(book: &Book, limits: Limits) -> Machine {
        Machine::with_engine(book, limits, Engine::default())
    }

    /// A machine for a book about Python, with an empty bank and the stepper asked for.
    pub fn with_engine(book: &Book, limits: Limits, engine: Engine) -> Machine {
        Machine::of(&PYTHON, book, limits, engine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_of_the_library_can_be_read_and_all_its_functions_are_there() {
        syntax::check_library(&chapters::built_in_library()).unwrap_or_else(|error| panic!("{error}"));
    }

    #[test]
    fn the_table_of_the_built_in_book_is_complete_for_every_version() {
        let versions = Book::built_in(Version::DEFAULT).expect("the book").versions;
        let read = versions.iter().filter(|known| known.refused.is_none());
        for version in read.map(|known| known.version) {
            let book = Book::load(chapters::built_in(), version, functions::arity)
                .unwrap_or_else(|error| panic!("Python {version}: {error}"));
            assert!(book.table().is_ok_and(|table| table.determined > 0));
        }
    }

    #[test]
    fn the_catalogue_of_the_built_in_book_has_litmus_programs_only() {
        let faultless = |read: Result<Book, Diagnostic>| read.unwrap_or_else(|error| panic!("{error}"));
        let whole = faultless(Book::load(chapters::built_in(), Version::DEFAULT, functions::arity));
        let proven = faultless(Book::load_proven(chapters::built_in(), Version::DEFAULT, functions::arity));
        assert_eq!(whole.hash, proven.hash);
        let names =
            |book: &Book| book.properties.iter().map(|property| property.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&whole), names(&proven));
        assert_eq!(whole.litmus().len(), proven.litmus().len());
    }
}
