//! What the names of functions say that nobody has seen, as the blocks `naming` and `endless` of the book tell.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;

/// What names say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conventions {
    /// The words that say something, by what they say.
    words: BTreeMap<String, BTreeSet<String>>,
    /// What never returns, and the class of what it raises; nothing where it raises nothing either.
    pub endless: Vec<(String, Option<String>)>,
    /// What is doubted: that is not taken for granted.
    doubted: BTreeSet<String>,
}

/// What a name may say.
const SAID: [&str; 6] = ["hands-on", "discards", "goes-off", "comes-back", "asks", "goes-over"];

/// What of properties is taken for granted by what stands in programs, too.
pub const OF_PROGRAMS: &str = "cleanup";

/// What stands in the place of a class where nothing is raised.
const NOTHING: &str = "nothing";

impl Conventions {
    /// Reads lines `what | word word …`, and lines `name | class`.
    ///
    /// # Errors
    /// What no name says.
    pub(super) fn read(naming: &str, endless: &str) -> Result<Conventions, Diagnostic> {
        let mut conventions = Conventions::default();
        for (what, words) in naming.lines().filter_map(|line| line.split_once('|')) {
            let what = what.trim();
            if !SAID.contains(&what) {
                let title = format!("`{what}` is nothing that the name of a function says");
                let help = format!(
                    "a `naming` block has lines `what | words`, where what is one of {}",
                    SAID.join(", ")
                );
                return Err(Diagnostic::new(title, "the book").help(help));
            }
            let words = words.split_whitespace().map(str::to_string);
            conventions.words.entry(what.to_string()).or_default().extend(words);
        }
        let lines = endless.lines().filter_map(|line| line.split_once('|'));
        conventions.endless = lines
            .map(|(name, class)| (name.trim().to_string(), class.trim()))
            .map(|(name, class)| (name, (class != NOTHING).then(|| class.to_string())))
            .collect();
        Ok(conventions)
    }

    /// Those that are left where something is doubted.
    #[must_use]
    pub fn doubting(&self, doubts: &BTreeSet<String>) -> Conventions {
        let mut left = Conventions { doubted: doubts.clone(), ..self.clone() };
        if doubts.contains("returns") {
            left.endless.clear();
        }
        left
    }

    /// Whether something is taken for granted: where there are no conventions, nothing is.
    pub fn grant(&self, what: &str) -> bool {
        !self.words.is_empty() && !self.doubted.contains(what)
    }

    /// Whether a name, or the last part of one with dots, says something.
    pub fn say(&self, what: &str, name: &str) -> bool {
        let said = self.words.get(what);
        words(last(name)).iter().any(|word| said.is_some_and(|said| said.contains(word)))
    }

    /// Whether a name, or the last part of one with dots, begins with a word that says something.
    pub fn say_first(&self, what: &str, name: &str) -> bool {
        let first = words(last(name)).into_iter().next().unwrap_or_default();
        self.words.get(what).is_some_and(|said| said.contains(&first))
    }

    /// Whether a name is itself a word that says something.
    pub fn say_as_a_whole(&self, what: &str, name: &str) -> bool {
        self.words.get(what).is_some_and(|said| said.contains(name))
    }

    /// Whether some part of a name with dots says something.
    pub fn say_anywhere(&self, what: &str, name: &str) -> bool {
        name.split('.').any(|part| self.say(what, part))
    }
}

/// The last part of a name with dots, without the parentheses of calls.
fn last(name: &str) -> &str {
    let name = name.trim_end_matches("()");
    name.rsplit('.').next().unwrap_or(name)
}

/// The words of a name, in lower case: `logException` and `log_exception` have two.
pub fn words(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut lower = false;
    for char in name.chars() {
        let begins = !char.is_alphanumeric() || char.is_uppercase() && lower;
        if begins || found.is_empty() {
            found.push(String::new());
        }
        lower = char.is_lowercase();
        if char.is_alphanumeric()
            && let Some(word) = found.last_mut()
        {
            word.extend(char.to_lowercase());
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_words() {
        assert_eq!(words("logException"), ["log", "exception"]);
        assert_eq!(words("EXC_INFO"), ["exc", "info"]);
        assert_eq!(words("__can_drop"), ["can", "drop"]);
        assert_eq!(last("self.log.exception()"), "exception");
        let conventions = Conventions::read(
            "hands-on | exc\nhands-on | fail\nasks | can",
            "sys.exit | SystemExit\nos._exit | nothing",
        );
        let conventions = conventions.expect("conventions");
        assert!(conventions.say("hands-on", "traceback.print_exc"));
        assert!(conventions.say("hands-on", "defer.fail()"));
        assert!(
            conventions.say_first("asks", "self._can_drop") && !conventions.say_first("asks", "open_can")
        );
        assert!(!conventions.say("hands-on", "exc.append"), "only the last part counts");
        assert!(
            !conventions.say("hands-on", "exclude") && conventions.say_anywhere("hands-on", "exc.append")
        );
        assert_eq!(conventions.endless[1], ("os._exit".to_string(), None));
        assert!(conventions.doubting(&BTreeSet::from(["returns".to_string()])).endless.is_empty());
        assert!(Conventions::read("hand-on | exc", "").is_err());
    }
}
