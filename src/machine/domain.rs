//! The door between engine and language: what the engine asks of whatever language a book is about.
//!
//! A rule calls functions by name, states have a size, a run starts somewhere, and what nothing reaches may be
//! taken away. All else that the engine does, it does by the patterns of the book.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use egg::{Id, Symbol};
use smallvec::SmallVec;

use crate::book::Book;
use crate::machine::bank::Bank;

/// The results of a call: none where a partial function is undefined or a premise does not hold; for a premise
/// that holds, any one term.
pub type Results = SmallVec<[Id; 2]>;

/// A function that rules may call.
pub type Function = fn(&mut Context, &[Id]) -> Results;

/// What functions need besides their arguments.
pub struct Context<'a> {
    /// The terms.
    pub bank: &'a mut Bank,
    /// What the language made of the book.
    pub tables: &'a Tables,
}

/// What a language keeps of a book for its functions; the engine hands it on and does not look inside.
#[derive(Clone)]
pub struct Tables(Arc<dyn Any + Send + Sync>);

impl Tables {
    /// Wraps the tables of a language.
    pub fn new(tables: impl Any + Send + Sync) -> Tables {
        Tables(Arc::new(tables))
    }

    /// The tables, where they are of this type.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tables")
    }
}

/// The constructors that are counted in every term. A language that lacks one of them says `None`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted {
    /// A value of which nothing is known: `(unknown …)`.
    pub unknown: Option<Symbol>,
    /// One caller's activation: `(caller …)`.
    pub activation: Option<Symbol>,
    /// A text, which counts as one node however it is kept: `(str …)`.
    pub text: Option<Symbol>,
    /// What carries the number of an object last: `(exception … number)`, `(ref number)`.
    pub numbered: [Option<Symbol>; 2],
}

/// A language, as far as the engine asks of it.
pub trait Domain: fmt::Debug + Send + Sync {
    /// The function of that name, and how many arguments it takes.
    fn function(&self, name: Symbol) -> Option<(Function, usize)>;

    /// What functions read of a book.
    fn tables(&self, book: &Book) -> Tables;

    /// What is counted in terms.
    fn counted(&self) -> Counted;

    /// The initial state of a program: its body, and the setting that it is run in.
    fn start(&self, bank: &mut Bank, body: Id, setting: Id) -> Id;

    /// The state without what neither it nor the other terms lead to; `None` where there is nothing to take away,
    /// or the state's world, at this place, is not all that it knows.
    fn collected(&self, bank: &mut Bank, state: Id, world: usize, others: &[Id]) -> Option<Id>;
}
