//! Python versions, the list of those that a book knows, and the gates that rules and rows of tables may carry.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::book::edition::{Edition, Switch};
use crate::book::syntax::Syntax;

/// A Python version: major and minor, and the micro version where behaviour changed within a minor one.
///
/// Without a micro version it is the newest of its minor version, and so comes after those that name one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u8,
    minor: u8,
    micro: u8,
}

/// The micro version of one that names none.
const NEWEST: u8 = u8::MAX;

impl Version {
    /// The version that is modelled unless another is asked for.
    pub const DEFAULT: Version = Version::new(3, 14);

    /// The newest version of a minor one.
    pub const fn new(major: u8, minor: u8) -> Version {
        Version { major, minor, micro: NEWEST }
    }

    /// The major and the minor version.
    pub fn pair(self) -> (u8, u8) {
        (self.major, self.minor)
    }

    /// Where a gate stands that names this version: before all of a minor one.
    fn first(self) -> Version {
        Version { micro: if self.micro == NEWEST { 0 } else { self.micro }, ..self }
    }
}

impl Default for Version {
    fn default() -> Version {
        Version::DEFAULT
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.micro == NEWEST { Ok(()) } else { write!(f, ".{}", self.micro) }
    }
}

impl FromStr for Version {
    type Err = String;

    /// Reads `3.14` or `3.11.3`. Whether there is such a version, the book says.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Option<Vec<u8>> =
            text.split('.').map(|part| part.parse().ok().filter(|part| *part < NEWEST)).collect();
        match parts.as_deref() {
            Some(&[major, minor]) => Ok(Version::new(major, minor)),
            Some(&[major, minor, micro]) => Ok(Version { major, minor, micro }),
            _ => Err(format!("`{text}` is not a version such as 3.14")),
        }
    }
}

/// The versions that somebody names: one, or all from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// The oldest.
    pub first: Version,
    /// The newest.
    pub last: Version,
}

impl Versions {
    /// The version, where it is one.
    pub fn one(self) -> Option<Version> {
        (self.first == self.last).then_some(self.first)
    }

    /// Whether a version is among them.
    pub fn has(self, version: Version) -> bool {
        (self.first..=self.last).contains(&version)
    }
}

impl From<Version> for Versions {
    fn from(version: Version) -> Versions {
        Versions { first: version, last: version }
    }
}

impl FromStr for Versions {
    type Err = String;

    /// Reads `3.14`, or `3.8..3.11.3`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let versions = Versions { first: first.parse()?, last: last.parse()? };
        if versions.first > versions.last {
            return Err(format!("`{text}` has no version: the older one comes first, as in 3.8..3.14"));
        }
        Ok(versions)
    }
}

/// Versions in words, those that follow one another in a list of all as one: `3.0 to 3.5, 3.14`.
pub fn in_words(versions: &[Version], all: &[Version]) -> String {
    let place = |version: &Version| all.iter().position(|other| other == version);
    let follows = |one: &Version, next: &Version| place(one).map(|at| at + 1) == place(next);
    let spans = versions.chunk_by(follows).map(|span| match span {
        [one] => one.to_string(),
        [first, .., last] => format!("{first} to {last}"),
        [] => String::new(),
    });
    spans.collect::<Vec<_>>().join(", ")
}

/// The versions for which something holds: from `since` on and before `until`, and once more from `again` on and before
/// the `until` behind that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gate {
    /// The first version, if there is one.
    pub since: Option<Version>,
    /// The first version for which it holds no more.
    pub until: Option<Version>,
    /// Where it holds once more.
    pub again: [Option<Again>; 2],
}

/// Versions for which something holds once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again {
    /// The first of them.
    pub since: Version,
    /// The first version behind them.
    pub until: Option<Version>,
}

impl Gate {
    /// Whether `version` passes the gate.
    pub fn admits(&self, version: Version) -> bool {
        let begun = |since: Version| since.first() <= version;
        let lasts = |until: Option<Version>| until.is_none_or(|until| version < until.first());
        let once_more = self.again.iter().flatten().any(|again| begun(again.since) && lasts(again.until));
        self.since.is_none_or(begun) && lasts(self.until) || once_more
    }

    /// Reads `since 2.7 until 3.0 again 3.2 until 3.6 again 3.14`, each part optional, from words.
    ///
    /// # Errors
    /// What is wrong with the words, in one line.
    pub fn parse<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Gate, String> {
        let mut gate = Gate::default();
        while let Some(word) = words.next() {
            let version = words.next().and_then(|version| version.parse().ok());
            match (word, version) {
                ("since", Some(version)) => gate.since = Some(version),
                ("until", Some(version)) => match gate.again.iter_mut().flatten().next_back() {
                    Some(last) => last.until = Some(version),
                    None => gate.until = Some(version),
                },
                ("again", Some(since)) if gate.again.contains(&None) => {
                    let place = usize::from(gate.again[0].is_some());
                    gate.again[place] = Some(Again { since, until: None });
                }
                _ => return Err(format!("expected `since X.Y`, `until X.Y` or `again X.Y`, found `{word}`")),
            }
        }
        Ok(gate)
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let again = self.again.iter().flatten();
        let again = again.flat_map(|again| [("again", Some(again.since)), ("until", again.until)]);
        let parts = [("since", self.since), ("until", self.until)].into_iter().chain(again);
        let parts = parts.filter_map(|(word, version)| Some(format!("{word} {}", version?)));
        f.write_str(&parts.collect::<Vec<_>>().join(" "))
    }
}

/// A version that a book knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it is called.
    pub version: Version,
    /// The release that stands for it, as programs see it: `(3, 11, 7)`.
    pub release: [u8; 3],
    /// Why its programs are not read, where they are not.
    pub refused: Option<String>,
}

/// Reads a list of versions, oldest first. A line is a version and the release that stands for it, and behind ` -- ` why it is
/// refused.
///
/// # Errors
/// The first line of another form, or out of order.
pub fn known(text: &str) -> Result<Vec<Known>, String> {
    let mut found: Vec<Known> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (words, why) = line.split_once(" -- ").map_or((line, None), |(words, why)| (words, Some(why)));
        let fault =
            || format!("`{line}` is not a version and the release that stands for it, as `3.11 3.11.7`");
        let mut words = words.split_whitespace();
        let [Some(version), Some(release), None] = [words.next(), words.next(), words.next()] else {
            return Err(fault());
        };
        let version: Version = version.parse().map_err(|_| fault())?;
        let release: Version = release.parse().map_err(|_| fault())?;
        if found.last().is_some_and(|last| last.version >= version) {
            return Err(format!("the version {version} does not come after the one before it"));
        }
        let Version { major, minor, micro } = release;
        let refused = why.map(|why| why.trim().to_string());
        found.push(Known {
            version,
            release: [major, minor, if micro == NEWEST { 0 } else { micro }],
            refused,
        });
    }
    Ok(found)
}

/// What a version of Python does not have, or does not do, of what newer or older ones have: by names that the book gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The version.
    pub version: Version,
    /// How what is written before Python 3 is read.
    pub syntax: Arc<Syntax>,
    missing: Arc<BTreeSet<String>>,
    /// What stands behind the last dot of these names.
    ends: Arc<BTreeSet<String>>,
}

impl Timeline {
    /// Reads lines of a name and its gate.
    ///
    /// # Errors
    /// What is wrong with the gate of a line.
    pub fn read(text: &str, edition: &Edition) -> Result<Timeline, String> {
        let mut missing = BTreeSet::new();
        for line in text.lines() {
            let line = line.split_once(" -- ").map_or(line, |(line, _)| line);
            let mut words = line.split_whitespace();
            let Some(name) = words.next() else { continue };
            if !Gate::parse(words)
                .map_err(|why| format!("`{line}`: {why}"))?
                .admits(edition.version_of(Switch::Name, name))
            {
                missing.insert(name.to_string());
            }
        }
        let ends =
            missing.iter().filter_map(|name: &String| name.rsplit('.').next()).map(str::to_string).collect();
        Ok(Timeline {
            version: edition.version,
            syntax: Arc::default(),
            missing: Arc::new(missing),
            ends: Arc::new(ends),
        })
    }

    /// Whether something is missing whose name ends so.
    pub fn lists(&self, name: &str) -> bool {
        self.ends.contains(name)
    }

    /// Whether the version has what a name stands for. What the book does not list, every version has.
    pub fn has(&self, name: &str) -> bool {
        !self.missing.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn a_gate_admits_from_since_and_before_until() {
        let gate = Gate::parse("since 3.9 until 3.12".split_whitespace()).expect("a gate");
        let admitted = [8, 9, 11, 12].map(|minor| gate.admits(Version::new(3, minor)));
        assert_eq!(admitted, [false, true, true, false]);
        assert!(Gate::default().admits(Version::new(1, 5)));
        assert!(Gate::parse("since".split_whitespace()).is_err());
    }

    #[test]
    fn a_micro_version_comes_before_the_newest_of_its_minor_one() {
        let gate = Gate::parse("since 3.11.4".split_whitespace()).expect("a gate");
        assert_eq!(
            ["3.10", "3.11.3", "3.11.4", "3.11"].map(|text| gate.admits(version(text))),
            [false, false, true, true]
        );
        let gate = Gate::parse("since 3.11 until 3.12".split_whitespace()).expect("a gate");
        assert!(["3.11.3", "3.11"].iter().all(|text| gate.admits(version(text))));
        assert_eq!(
            ["3.11.3", "3.11", "1.5.2"].map(|text| version(text).to_string()),
            ["3.11.3", "3.11", "1.5.2"]
        );
    }

    #[test]
    fn a_gate_may_open_once_more() {
        let gate = Gate::parse("until 3.6 again 3.14".split_whitespace()).expect("a gate");
        assert_eq!(
            ["3.5", "3.6", "3.13", "3.14"].map(|text| gate.admits(version(text))),
            [true, false, false, true]
        );
        let text = "since 2.7 until 3.0 again 3.2 until 3.6 again 3.14";
        let gate = Gate::parse(text.split_whitespace()).expect("a gate");
        assert_eq!(
            ["2.6", "2.7", "3.1", "3.5", "3.6", "3.14"].map(|text| gate.admits(version(text))),
            [false, true, false, true, false, true]
        );
        assert_eq!(gate.to_string(), text);
        assert!(Gate::parse("again 3.1 again 3.2 again 3.3".split_whitespace()).is_err());
    }

    #[test]
    fn what_is_no_version_is_refused_in_words() {
        for text in ["three", "3", "3.x", "3.14.1.2", "3.255", ""] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn versions_are_named_by_the_first_and_the_last() {
        let range: Versions = "3.8..3.11.3".parse().expect("two versions");
        assert_eq!(
            ["3.7", "3.8", "3.11.3", "3.11"].map(|text| range.has(version(text))),
            [false, true, true, false]
        );
        assert_eq!("3.9".parse::<Versions>().map(Versions::one), Ok(Some(version("3.9"))));
        assert!(
            ["3.9..3.8", "3.9..", "..", "3.8..3.9..3.10"]
                .iter()
                .all(|text| text.parse::<Versions>().is_err())
        );
        let all = ["3.8", "3.9", "3.10", "3.11"].map(version);
        assert_eq!(in_words(&[all[0], all[1], all[3]], &all), "3.8 to 3.9, 3.11");
    }

    #[test]
    fn versions_are_listed_with_their_releases() {
        let list =
            known("2.7 2.7.18 -- its source is not read\n3.11.3 3.11.3\n3.11 3.11.7\n").expect("a list");
        assert_eq!(
            list.iter().map(|known| known.release).collect::<Vec<_>>(),
            [[2, 7, 18], [3, 11, 3], [3, 11, 7]]
        );
        assert_eq!(list[0].refused.as_deref(), Some("its source is not read"));
        assert!(known("3.11 3.11.7\n3.11.3 3.11.3\n").is_err());
        assert!(known("3.11\n").is_err());
    }

    #[test]
    fn a_timeline_tells_what_a_version_has() {
        let read = |text: &str| {
            Timeline::read("sys.exception since 3.11 -- a name\nold until 3.7\n", &version(text).into())
        };
        let at = |text: &str| read(text).expect("a timeline");
        assert_eq!([at("3.10").has("sys.exception"), at("3.11").has("sys.exception")], [false, true]);
        assert_eq!(
            [at("3.6").has("old"), at("3.7").has("old"), at("3.7").has("unlisted")],
            [true, false, true]
        );
    }
}
