//! What of a file is run around a function that is entered by itself.

use serde::{Deserialize, Serialize};

/// What a file is run as, and so what is known around its functions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// As a script: all that Python runs.
    #[default]
    Script,
    /// As a module that another imports: without what stands behind `if __name__ == "__main__":`.
    Imported,
    /// So, too, and what it imports is unknown.
    Apart,
    /// Its functions without the module, whose names are unknown.
    Alone,
    /// So, too, and what a method is called on is unknown: nothing but the function itself is run.
    Bare,
    /// What stands behind `if __name__ == "__main__":` alone; the module's names are unknown.
    Main,
}

impl Setting {
    /// Whether it is run as a script, which need not be said.
    pub(crate) fn is_script(&self) -> bool {
        *self == Setting::Script
    }

    /// Whether the module's own names are unknown.
    pub(crate) fn without_names(self) -> bool {
        matches!(self, Setting::Alone | Setting::Bare | Setting::Main)
    }

    /// Whether nothing of the module is run.
    pub(crate) fn is_alone(self) -> bool {
        matches!(self, Setting::Alone | Setting::Bare)
    }

    /// Whether what is for a run by itself is left out.
    pub(crate) fn is_imported(self) -> bool {
        matches!(self, Setting::Imported | Setting::Apart)
    }

    /// Whether less than the module is known.
    pub(crate) fn is_partial(self) -> bool {
        self == Setting::Apart || self.without_names()
    }

    /// What is unknown of the file, as a part of a sentence.
    #[must_use]
    pub fn unknown(self) -> Option<&'static str> {
        match self {
            Setting::Script | Setting::Imported => None,
            Setting::Apart => Some("what the module imports is unknown"),
            Setting::Alone | Setting::Main => Some("the names of the module are unknown"),
            Setting::Bare => Some("the names of the module and the other methods are unknown"),
        }
    }
}
