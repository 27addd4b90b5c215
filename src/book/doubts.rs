//! What is taken for granted where all paths are explored, and what each assumption is doubted by.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::book::conventions::OF_PROGRAMS;
use crate::diagnostic::known;

/// Something that is taken for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What doubts it, as `--doubt` names it; nothing where it cannot be doubted.
    pub name: Option<String>,
    /// What is taken for granted.
    pub granted: String,
}

/// Reads lines `name | what is taken for granted`, where the name `-` stands for none.
pub(super) fn read(text: &str) -> Vec<Doubt> {
    let lines = text.lines().filter_map(|line| line.split_once('|'));
    let read = lines.map(|(name, granted)| Doubt {
        name: Some(name.trim().to_string()).filter(|name| name != "-"),
        granted: granted.trim().to_string(),
    });
    read.collect()
}

impl Book {
    /// Whether something can be doubted.
    ///
    /// # Errors
    /// What is near, where it cannot.
    pub fn check_doubt(&self, name: &str) -> Result<(), String> {
        let all = self.doubts.iter().filter_map(|doubt| doubt.name.as_deref());
        known(name, all).map_err(|near| format!("`{name}` is nothing that can be doubted; {near}"))
    }

    /// Those of some doubts that change what a program does, or what it tells; the others only ask for more properties.
    pub fn doubts_of_programs(&self, doubts: &BTreeSet<String>) -> BTreeSet<String> {
        let of_properties: BTreeSet<&String> =
            self.properties.iter().filter_map(|property| property.doubt.as_ref()).collect();
        let of_programs = |doubt: &&String| !of_properties.contains(doubt) || *doubt == OF_PROGRAMS;
        doubts.iter().filter(of_programs).cloned().collect()
    }

    /// What is still taken for granted under some doubts, in one line.
    pub fn granted(&self, doubts: &BTreeSet<String>) -> String {
        let left =
            self.doubts.iter().filter(|doubt| doubt.name.as_ref().is_none_or(|name| !doubts.contains(name)));
        let said = left.map(|doubt| match &doubt.name {
            Some(name) => format!("{} (--doubt {name})", doubt.granted),
            None => doubt.granted.clone(),
        });
        said.collect::<Vec<String>>().join("; ")
    }
}
