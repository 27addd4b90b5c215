//! Python versions, and the gates that rules and grammar may carry.

use std::fmt;
use std::str::FromStr;

/// A Python version, major and minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u8, pub u8);

impl Version {
    /// The version that is modelled unless another is asked for.
    pub const DEFAULT: Version = Version(3, 14);
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl FromStr for Version {
    type Err = String;

    /// Reads `3.14`. This slice of the language models Python 3.8 to 3.14.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text
            .split_once('.')
            .and_then(|(major, minor)| Some(Version(major.parse().ok()?, minor.parse().ok()?)));
        match parts {
            Some(version) if (Version(3, 8)..=Version(3, 14)).contains(&version) => Ok(version),
            Some(_) => Err("the rules are those of Python 3.8 to 3.14".into()),
            None => Err(format!("`{text}` is not a version such as 3.14")),
        }
    }
}

/// The versions for which a rule holds: from `since` on, and before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gate {
    /// The first version, if there is one.
    pub since: Option<Version>,
    /// The first version for which it holds no more.
    pub until: Option<Version>,
}

impl Gate {
    /// Whether `version` passes the gate.
    pub fn admits(&self, version: Version) -> bool {
        self.since.is_none_or(|since| since <= version) && self.until.is_none_or(|until| version < until)
    }

    /// Reads `since 3.11 until 3.13`, either part optional, from words.
    ///
    /// # Errors
    /// What is wrong with the words, in one line.
    pub fn parse<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Gate, String> {
        let mut gate = Gate::default();
        while let Some(word) = words.next() {
            let version = words.next().and_then(parse_any);
            match (word, version) {
                ("since", Some(version)) => gate.since = Some(version),
                ("until", Some(version)) => gate.until = Some(version),
                _ => return Err(format!("expected `since X.Y` or `until X.Y`, found `{word}`")),
            }
        }
        Ok(gate)
    }
}

fn parse_any(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.')?;
    Some(Version(major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_admits_from_since_and_before_until() {
        let gate = Gate::parse("since 3.9 until 3.12".split_whitespace()).expect("a gate");
        let admitted = [8, 9, 11, 12].map(|minor| gate.admits(Version(3, minor)));
        assert_eq!(admitted, [false, true, true, false]);
        assert!(Gate::default().admits(Version(1, 5)));
        assert!(Gate::parse("since".split_whitespace()).is_err());
    }

    #[test]
    fn versions_outside_the_slice_are_refused_in_words() {
        assert_eq!("3.14".parse(), Ok(Version::DEFAULT));
        for text in ["2.7", "3.15", "three", "3"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
