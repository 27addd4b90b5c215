//! Editions: the book as it is read for a version, or with one gate of it decided as another version decides it; and what
//! changes from version to version.

use std::fmt;

use crate::book::chapters::{self, Block, Chapter};
use crate::book::classes;
use crate::book::version::{Gate, Version};

/// What one gate, or several that belong together, decide: it is switched as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Switch {
    /// The rules with gates, and the blocks with gates, of a section.
    Section(String),
    /// What the timeline lists.
    Name(String),
    /// A message.
    Message(String),
    /// A builtin exception class.
    Class(String),
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Switch::Section(section) => write!(f, "section `{section}`"),
            Switch::Name(name) => write!(f, "`{name}`"),
            Switch::Message(key) => write!(f, "message `{key}`"),
            Switch::Class(name) => write!(f, "class `{name}`"),
        }
    }
}

/// What a book is read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The version.
    pub version: Version,
    /// What is decided as another version decides it.
    pub switched: Option<(Switch, Version)>,
}

impl From<Version> for Edition {
    fn from(version: Version) -> Edition {
        Edition { version, switched: None }
    }
}

impl Edition {
    /// The version as which something of that name is read.
    pub fn version_of(&self, kind: fn(String) -> Switch, name: &str) -> Version {
        match &self.switched {
            Some((switch, other)) if *switch == kind(name.to_string()) => *other,
            _ => self.version,
        }
    }
}

/// What changes from one version to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub switch: Switch,
    /// The version before it.
    pub older: Version,
    /// The first version with it.
    pub newer: Version,
    /// The gates, as the book writes them.
    pub gates: Vec<String>,
}

/// All that changes between neighbours among versions, the oldest first.
pub fn changes(chapters: &[Chapter], versions: &[Version]) -> Vec<Change> {
    let gated: Vec<Gated> = chapters::blocks_of_law(chapters).iter().flat_map(gated).collect();
    let mut found: Vec<Change> = Vec::new();
    for pair in versions.windows(2) {
        let [older, newer] = [pair[0], pair[1]];
        let first = found.len();
        for Gated { switch, text, gate } in &gated {
            if gate.admits(older) == gate.admits(newer) {
                continue;
            }
            match found[first..].iter_mut().find(|change| change.switch == *switch) {
                Some(change) => change.gates.push(text.clone()),
                None => {
                    let (switch, gates) = (switch.clone(), vec![text.clone()]);
                    found.push(Change { switch, older, newer, gates });
                }
            }
        }
        found[first..].sort_by(|one, other| one.switch.cmp(&other.switch));
    }
    found
}

/// A gate of the book.
struct Gated {
    switch: Switch,
    text: String,
    gate: Gate,
}

impl Gated {
    fn new(switch: Switch, name: &str, gate: Gate) -> Gated {
        Gated { switch, text: format!("{name} {gate}"), gate }
    }
}

/// The gates of a block. What is wrong with them was found when the book was read.
fn gated(block: &Block) -> Vec<Gated> {
    let mut words = block.language.split_whitespace();
    let language = words.next().unwrap_or_default();
    let around = Gate::parse(words).unwrap_or_default();
    let of_line = |line: &str, kind: fn(String) -> Switch| {
        let mut words = line.split_whitespace();
        let name = words.next()?.trim_end_matches(':').to_string();
        let gate = Gate::parse(words).ok().filter(|gate| *gate != Gate::default())?;
        Some(Gated::new(kind(name.clone()), &name, gate))
    };
    let lines = block.text.lines();
    match language {
        "rule" => {
            let titles = lines.filter_map(|line| line.trim().strip_prefix("---"));
            let rules = titles.filter_map(|title| {
                let mut words = title.trim_start_matches('-').split_whitespace();
                let name = words.next()?;
                let own = Gate::parse(words).ok().filter(|gate| *gate != Gate::default());
                let gate = own.unwrap_or(around);
                let section = Switch::Section(block.section.clone());
                (gate != Gate::default()).then(|| Gated::new(section, name, gate))
            });
            rules.collect()
        }
        "messages" => {
            let keys = lines.filter_map(|line| line.split_once(": ").map(|(key, _)| key));
            keys.filter_map(|key| of_line(key, Switch::Message)).collect()
        }
        "timeline" => {
            let names = lines.map(|line| line.split_once(" -- ").map_or(line, |(line, _)| line));
            names.filter_map(|line| of_line(line, Switch::Name)).collect()
        }
        "classes" => lines.filter_map(class).collect(),
        "outcome" => Vec::new(),
        _ if around == Gate::default() => Vec::new(),
        _ => vec![Gated::new(Switch::Section(block.section.clone()), language, around)],
    }
}

/// The gate of a class.
fn class(line: &str) -> Option<Gated> {
    let (name, gate) = classes::gate_of(line).filter(|(_, gate)| *gate != Gate::default())?;
    let text = line.trim().to_string();
    Some(Gated { switch: Switch::Class(name), text, gate })
}
