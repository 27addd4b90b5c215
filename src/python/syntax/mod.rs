//! Python source to core terms, and back.
//!
//! `load` parses a file with ruff's parser, refuses what is not modelled with a
//! [`Diagnostic`](crate::diagnostic::Diagnostic), and lowers the rest through a
//! [`Instrumenter`], which plants the markers that properties observe. [`mod@print`] is the
//! inverse: core terms as source that CPython accepts.
//!
//! Nothing here says what a statement *does*: that is the book's business alone.

mod asked;
mod asserted;
mod assume;
mod blocks;
mod body;
mod chains;
mod classify;
mod clauses;
mod constants;
mod coverage;
mod declared;
mod dialect;
mod entry;
mod failures;
mod fragment;
mod globals;
mod habits;
mod identity;
mod instrument;
mod limits;
mod load;
mod lower;
mod marks;
mod mentions;
mod old;
mod others;
mod pairs;
mod parse;
mod plants;
pub mod print;
mod refuse;
mod semantic;
mod setting;
mod spans;
mod warnings;

pub use assume::{Assumptions, Call, Literal};
pub use clauses::{Clauses, Statements};
pub use coverage::{Interest, InterestKind};
pub use entry::{CALLER, DRIVER, FunctionInfo, OBSERVER, Twin};
pub use fragment::{FRAGMENT, Fragment};
pub use instrument::{Handler, Instrumenter, LIBRARY};
pub use load::{LoadOptions, Program, load};
pub use lower::Bindings;
pub(crate) use lower::{check_library, library_functions};
pub use pairs::{Pair, Pairs};
pub use setting::Setting;
pub use spans::Span;
