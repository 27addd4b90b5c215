//! The paths of a graph as a list: what was chosen on each, what it printed, how it ends.

use std::fmt::Write;

use egg::Id;

use crate::machine::Reachability;
use crate::machine::stepper::Machine;
use crate::trace::walk::{End, each_path, happenings};
use crate::trace::words;

/// One path, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathSummary {
    /// The choices and outputs, in order, with their lines.
    pub happenings: Vec<String>,
    /// How it ends.
    pub ending: String,
}

/// The paths of a graph up to their ends, each round of a loop taken at most once; at
/// most `most` of them. The second part tells whether there are more. The machine follows them from
/// the initial state; the reachability graph says where they meet.
pub fn paths(
    machine: &mut Machine,
    initial: Id,
    reachability: &Reachability,
    most: usize,
) -> (Vec<PathSummary>, bool) {
    let mut found = Vec::new();
    let more = each_path(machine, initial, reachability, most, &mut |machine, taken, end| {
        let happenings = taken.iter().flat_map(|step| happenings(machine, step)).collect();
        found.push(PathSummary { happenings, ending: ending(machine, end) });
    });
    (found, more)
}

fn ending(machine: &Machine, end: End) -> String {
    match end {
        End::Completed(completion) => words::completion_of(&machine.bank().term(completion)),
        End::Again => "goes round again".to_string(),
        End::CutOff(why) => why,
    }
}

/// The paths as lines.
pub fn list(paths: &[PathSummary]) -> String {
    let mut out = String::new();
    for (index, path) in paths.iter().enumerate() {
        let _ = writeln!(out, "path {}: {}", index + 1, path.ending);
        for happening in &path.happenings {
            let _ = writeln!(out, "    {happening}");
        }
    }
    out
}
