//! The project as its users meet it: the book, the command line, and real Python beside it.
//!
//! One binary, so that it links once. A test that needs `python3` is skipped with a
//! printed line where there is none, and fails instead where `CI` is set.

mod book_errors;
mod cli;
mod common;
mod cpython;
mod examples;
mod exhaustive;
mod generated;
mod litmus;
mod programs;
mod rule_order;
mod with_expansion;
mod wrong_objects;
