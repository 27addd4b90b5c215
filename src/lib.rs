//! Trylemma: a formal small-step semantics of Python's `try` statement.
//!
//! The semantics is a book of rewriting rules, `semantics/`, which this crate loads, checks and runs. This page is the whole
//! public API; the command line tool does the same from the shell.
//!
//! A [`Book`] reads a program, and runs it:
//!
//! ```
//! use trylemma::{Book, Limits, Loading, Version};
//!
//! let book = Book::built_in(Version::DEFAULT)?;
//! let closed = Loading { closed: true, ..Loading::default() };
//! let program = book.load("hello.py", "try:\n    1 / 0\nfinally:\n    print('left')\n", &closed)?;
//! let ran = book.run(&program, Limits::default())?;
//! assert_eq!((ran.output.as_str(), ran.code), ("left\n", 1));
//! assert_eq!(ran.uncaught.as_deref(), Some("ZeroDivisionError: division by zero"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where names are unknown it explores every path, and checks properties. A verdict is never read from an empty list: what a
//! limit leaves open is [`Verdict::Unknown`].
//!
//! ```
//! use trylemma::{Book, Limits, Loading, Verdict, Version};
//!
//! let book = Book::built_in(Version::DEFAULT)?;
//! let source = "def save():\n    try:\n        write()\n    finally:\n        return 1\nsave()\n";
//! let program = book.load("save.py", source, &Loading::default())?;
//! assert_eq!(program.unknowns(), ["write"]);
//! let all = book.explore(&program, Limits::default())?;
//! assert!(all.limit.is_none() && all.ends.contains("normal"));
//!
//! let property = book.property("no-lost-exception").expect("the book has this hazard");
//! let report = book.check(&program, &[property], Limits::default())?;
//! let Verdict::Refuted(trace) = report.verdict() else { panic!("`return` swallows what `write` raises") };
//!
//! // The counterexample is a file that can be kept, and checked again.
//! let text = trace.to_ron()?;
//! let again = trylemma::read_trace("save.ron", &text)?;
//! book.replay(&again, Limits::default())?;
//!
//! let few = Limits { states: 10, ..Limits::default() };
//! let property = book.property("finally-exactly-once").expect("the book has this theorem");
//! assert!(matches!(book.check(&program, &[property], few)?.verdict(), Verdict::Unknown(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Step by step, with a choice where there is one:
//!
//! ```
//! use trylemma::{Book, Limits, Loading, Version};
//!
//! let book = Book::built_in(Version::DEFAULT)?;
//! let program = book.load("p.py", "try:\n    f()\nexcept ValueError:\n    pass\n", &Loading::default())?;
//! let mut walk = book.walk(&program, Limits::default());
//! loop {
//!     let ways = walk.ways()?;
//!     if ways.is_empty() {
//!         break;
//!     }
//!     let raises = ways.iter().position(|way| way.choice == "f() raises ValueError()");
//!     walk.take(raises.unwrap_or(0))?;
//! }
//! let trace = walk.trace()?;
//! assert_eq!(trace.outcome.as_ref().and_then(|outcome| outcome.shown.as_deref()), Some("normal"));
//! book.replay(&trace, Limits::default())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`programs`] draws programs for `proptest`, and [`Suite`] says what each is to do; see `examples/test_an_evaluator.rs`.
//!
//! How it works inside stands in `ARCHITECTURE.md`:
//!
//! ```text
//! Python source ──python──▶ core term ──┐
//!                                       ├──machine──▶ reduction graph ──check──▶ verdict ──▶ trace
//! semantics/*.md ──book──▶ rule set ────┘
//! ```
//!
//! The modules of this crate that are not shown here serve its command, its tests and its benchmarks, and are promised to
//! nobody: they change without notice.

mod api;

#[doc(hidden)]
pub mod book;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod generate;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod machine;
#[doc(hidden)]
pub mod prove;
#[doc(hidden)]
pub mod python;
#[doc(hidden)]
pub mod render;
#[doc(hidden)]
pub mod term;
#[doc(hidden)]
pub mod trace;

pub use api::{Book, Exploration, Loading, Program, Property, Ran, Report, Walk, Way};
pub use book::version::Version;
pub use check::core::{Clause, Condition, Core};
pub use check::{Fragment, Verdict};
pub use diagnostic::{Diagnostic, ErrorKind};
pub use generate::{Programs, Suite, programs};
pub use limits::{LimitReached, Limits, Stop};
pub use python::syntax::{Assumptions, Call, Literal};
pub use trace::corpus::{Case, Run};
pub use trace::replay::{Refusal, read as read_trace};
pub use trace::{Broken, Choice, Entry, ModuleText, Origin, Span, Step, Trace};
