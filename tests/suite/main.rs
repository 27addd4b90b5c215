//! The project as its users meet it: the front end, the book, the command line, and its documents.
//!
//! One binary, so that it links once. A test that needs `python3` is skipped with a
//! printed line where there is none, and fails instead where `CI` is set.

mod book_errors;
mod book_forms;
mod book_pages;
mod changed_containers;
mod cli;
// Each test binary uses some of the helpers.
#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;
mod documents;
mod endless;
mod examples;
mod exhaustive;
mod expansions;
mod findings;
mod front_end;
#[cfg(unix)]
mod jobs;
mod joining;
mod library;
mod litmus;
mod old_examples;
mod programs;
mod public;
mod real_bugs;
mod real_managers;
mod real_releases;
mod reviewed;
mod rule_order;
mod toy;
mod unknowns;
mod versions;
mod with_expansion;
mod words;
mod wrong_objects;
