//! Calls that belong together on one object: where a file has them, and the markers that tell an observer of them.
//!
//! What is found is a matter of the text alone: a function in which both calls of a pair stand, of one object. Which object it is at run time,
//! whether the first call succeeded, and who has the object in the end, the markers let a property see.

use serde::{Deserialize, Serialize};

/// Two names whose calls belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What is called first: `acquire`, `.acquire`, `lock.acquire`.
    pub first: String,
    /// What is called then; one of several with `|` between.
    pub second: String,
    /// Whether the second is called on what the first gave, and never on what it was called on itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gives: bool,
    /// Whether the second may only be called after the first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
}

/// The pairs that are looked for in a file, and what else its text is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pairs {
    /// Those that were asked for: wherever they are called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Pair>,
    /// Those that are usual: in a function that calls both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usual: Vec<Pair>,
    /// First words of names of what undoes something, where markers for hazards of managers and loops are planted, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undoing: Vec<String>,
    /// The name whose bindings are asked for, and the line that may see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding: Option<(String, usize)>,
}

impl Pairs {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty() && self.usual.is_empty() && self.undoing.is_empty() && self.binding.is_none()
    }
}

impl Pair {
    /// Reads `first:second`, with `!` behind it where the second may only follow the first, or `first>second`, where the second is
    /// for what the first gave.
    pub fn parse(text: &str) -> Option<Pair> {
        let text = text.trim();
        let (names, strict) = text.strip_suffix('!').map_or((text, false), |names| (names, true));
        let gives = names.contains('>');
        let (first, second) = names.split_once([':', '>'])?;
        let name = |text: &str| {
            let text = text.trim().trim_end_matches("()");
            let named = text.chars().all(|c| c.is_alphanumeric() || "_.|".contains(c));
            (named && text.chars().any(char::is_alphanumeric)).then(|| text.to_string())
        };
        Some(Pair { first: name(first)?, second: name(second)?, gives, strict })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_says_whether_the_second_only_follows_and_whose_it_is() {
        let strict = Pair::parse("lock.acquire:lock.release!").expect("a pair");
        assert_eq!((strict.first.as_str(), strict.second.as_str()), ("lock.acquire", "lock.release"));
        assert!(strict.strict && !strict.gives);
        let gives = Pair::parse("connect>close").expect("a pair");
        assert!(gives.gives && !gives.strict);
        assert_eq!(Pair::parse("begin:commit|rollback").expect("a pair").second, "commit|rollback");
        assert!(Pair::parse("acquire").is_none() && Pair::parse(":release").is_none());
    }
}
