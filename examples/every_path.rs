//! Reads a file of Python, says what it can do, and checks it, by nothing but the public API.
//!
//! `cargo run --example every_path -- examples/login.py`

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::process::ExitCode;

use trylemma::{Book, Limits, Loading, Property, Verdict, Version};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a file of Python")?;
    let book = Book::built_in(Version::DEFAULT)?;
    let program = book.load(&path, &std::fs::read_to_string(&path)?, &Loading::default())?;
    println!("unknown: {}", program.unknowns().join(", "));

    let all = book.explore(&program, Limits::default())?;
    let cut = if all.limit.is_some() { ", cut off by a limit" } else { "" };
    println!("{} states, {} transitions{cut}", all.states, all.transitions);

    let properties: Vec<Property> = book.properties().collect();
    let report = book.check(&program, &properties, Limits::default())?;
    for (property, verdict) in properties.iter().zip(&report.verdicts) {
        match verdict {
            Verdict::Holds => println!("holds    {}", property.name()),
            Verdict::Refuted(trace) => {
                println!("REFUTED  {}, by a path of {} steps", property.name(), trace.steps.len());
                book.replay(trace, Limits::default())?;
            }
            Verdict::Unknown(limit) => println!("unknown  {}: {limit}", property.name()),
        }
    }
    Ok(ExitCode::from(report.verdict().exit_code()))
}
