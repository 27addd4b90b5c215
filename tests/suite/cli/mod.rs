//! The command line.

mod ask;
mod bad_input;
mod check;
mod doubts;
mod entries;
mod limits;
mod replay;
mod run;
mod show;
mod streams;
mod wrong_books;
