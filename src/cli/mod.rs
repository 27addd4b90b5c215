//! The command line: one file a subcommand. Printing happens here and nowhere else.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod across;
mod ask;
mod between;
mod check;
mod conclusion;
mod diff;
mod entering;
mod equiv;
mod explore;
mod generate;
mod input;
mod laws;
mod litmus;
mod merge;
mod mutants;
mod options;
mod output;
mod part;
mod place;
mod properties;
mod replay;
mod report;
mod rules;
mod run;
mod selection;
mod settings;
mod several;
mod shaped;
mod sizes;
mod step;
mod versions;

use std::ffi::OsString;
use std::sync::Mutex;

use clap::{Parser, Subcommand};

use output::Output;

/// A formal semantics of Python's try statement, and a checker that executes it.
#[derive(Debug, Parser)]
#[command(name = "trylemma", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 holds or ran; 1 refuted, diverged, or an uncaught exception;\n\
2 wrong usage or bad input; 3 a limit was reached before the answer.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one in a run")]
enum Command {
    /// Run a program: its output on stdout, an uncaught exception's traceback on stderr
    Run(run::Args),
    /// Show every reduction of a run, with rule, state and source line
    Step(step::Args),
    /// Show the graph of all paths, with what is unknown left open
    Explore(explore::Args),
    /// Verify properties: of each path of the files or, without a file, of every program up to --size
    Check(check::Args),
    /// Show what a program does under each version of Python, and where two of them part
    Across(across::Args),
    /// Show the first step on which two books, two versions or two programs part, and the smallest program that shows it
    Diff(diff::Args),
    /// Say whether two functions do the same, and on which path they part
    Equiv(equiv::Args),
    /// Ask whether a line is reached, a name unbound, what a function comes to: yes or no, with a path
    Ask(ask::Args),
    /// Join the shards of a job: the verdict of all of it
    Merge(merge::Args),
    /// Check every step of a trace against the rules
    Replay(replay::Args),
    /// Write test programs with their expected events and outcomes
    Generate(generate::Args),
    /// List the properties that can be checked, each with what it claims
    Properties(properties::Args),
    /// Hold the laws of try against the rules: to how many programs each applied, and the smallest for which it fails
    Laws(laws::Args),
    /// Show the rules as inference rules, with the litmus programs that fire them
    Rules(rules::Args),
    /// Write what changes between versions of Python, or which theorems hold in which
    Versions(versions::Args),
    /// Change each rule in turn and find what tells the difference
    Mutants(mutants::Args),
}

/// Ends the process after a fault of Trylemma itself, in whichever thread it came up: with one message and the exit code
/// of what gives no verdict. What other threads found is half an answer, and is not written.
pub fn give_up(fault: &str) -> ! {
    static FIRST: Mutex<()> = Mutex::new(());
    // The lock is kept to the end: several threads may fail alike, and one is heard.
    let _first = FIRST.lock();
    output::complain(&format!(
        "error: this is a fault of Trylemma, and says nothing about its input: {fault}\n  \
         = help: please report it, with the command and the files that it was given"
    ));
    std::process::exit(2)
}

/// Runs the command line `args`, and returns the exit code.
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // A closed pipe is the reader's choice.
            let _ = error.print();
            return code;
        }
    };
    let mut out = Output::new();
    let result = match cli.command {
        Command::Run(args) => run::run(&args, &mut out),
        Command::Step(args) => step::run(&args, &mut out),
        Command::Explore(args) => explore::run(&args, &mut out),
        Command::Check(args) => check::run(&args, &mut out),
        Command::Across(args) => across::run(&args, &mut out),
        Command::Diff(args) => diff::run(&args, &mut out),
        Command::Equiv(args) => equiv::run(&args, &mut out),
        Command::Ask(args) => ask::run(&args, &mut out),
        Command::Merge(args) => merge::run(&args, &mut out),
        Command::Replay(args) => replay::run(&args, &mut out),
        Command::Generate(args) => generate::run(&args, &mut out),
        Command::Properties(args) => properties::run(&args, &mut out),
        Command::Laws(args) => laws::run(&args, &mut out),
        Command::Rules(args) => rules::run(&args, &mut out),
        Command::Versions(args) => versions::run(&args, &mut out),
        Command::Mutants(args) => mutants::run(&args, &mut out),
    };
    match result.and_then(|code| out.flush().map(|()| code)) {
        Ok(code) => code,
        Err(failure) => failure.told().map_or(0, |(text, code)| {
            output::complain(&text);
            code
        }),
    }
}
