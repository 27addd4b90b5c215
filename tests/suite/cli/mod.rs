//! The command line.

mod across;
mod ask;
mod bad_input;
mod check;
mod diff;
mod doubts;
mod entries;
mod equiv;
mod inputs;
mod laws;
mod limits;
mod replay;
mod run;
mod sarif;
mod show;
mod streams;
mod wrong_books;
