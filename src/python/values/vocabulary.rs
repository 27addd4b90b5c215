//! The names that functions look for in terms, interned once: no step hashes a string.

use std::sync::LazyLock;

use egg::Symbol;

macro_rules! vocabulary {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// The constructors and atoms that the closed set of functions reads or builds.
        #[derive(Debug)]
        #[allow(missing_docs)] // Each field is the name that it spells.
        pub struct Vocabulary {
            $(pub $field: Symbol,)*
            /// The numerals `0` to `63`, which exceptions and unknowns are told apart by.
            pub numerals: [Symbol; 64],
        }

        impl Vocabulary {
            fn new() -> Vocabulary {
                Vocabulary {
                    $($field: $name.into(),)*
                    numerals: std::array::from_fn(|number| number.to_string().into()),
                }
            }
        }
    };
}

vocabulary! {
    yes = "true",
    no = "false",
    none = "none",
    int = "int",
    at = "at",
    str = "str",
    tuple = "tuple",
    class = "class",
    exception = "exception",
    unknown = "unknown",
    caller = "caller",
    global = "global",
    local = "local",
    object_class = "object",
    reference = "ref",
    binding = "binding",
    no_names = "no-names",
    no_values = "no-values",
    values = "values",
    empty = "%",
    returning = "returning",
    raising = "raising",
    hole = "?hole",
    below = "?below",
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::new);

/// The names.
pub fn vocabulary() -> &'static Vocabulary {
    &VOCABULARY
}
