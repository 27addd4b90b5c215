//! The names of values and heap entries, interned once.

use std::sync::LazyLock;

use egg::Symbol;

macro_rules! names {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// The constructors that primitives read or build.
        #[derive(Debug)]
        #[allow(missing_docs)] // Each field is the name that it spells.
        pub struct Names {
            $(pub $field: Symbol,)*
        }

        static NAMES: LazyLock<Names> = LazyLock::new(|| Names { $($field: $name.into(),)* });
    };
}

names! {
    objects = "objects",
    branch = "branch",
    leaf = "leaf",
    no_objects = "no-objects",
    entry = "entry",
    reference = "ref",
    object = "object",
    routine = "routine",
    code = "code",
    cell = "cell",
    method = "method",
    builtin = "builtin",
    library = "library",
    float = "float",
    long = "long",
    unicode = "unicode",
    bytes = "bytes",
    range = "range",
    slice = "slice",
    ellipsis = "ellipsis",
    not_implemented = "not-implemented",
    missing = "missing",
    super_object = "super-object",
    plain = "plain",
    list_of = "list-of",
    dict_of = "dict-of",
    set_of = "set-of",
    open_of = "open-of",
    row = "row",
    rows = "rows",
    gone = "gone",
    exception_of = "exception-of",
    immutable = "immutable",
    iterator_of = "iterator-of",
    generator_of = "generator-of",
    module = "module",
    module_names = "module-names",
    no_modules = "no-modules",
    fork = "fork",
    member = "member",
    local_name = "local",
    global_name = "global",
    namespace = "namespace",
    keywords = "keywords",
    no_keywords = "no-keywords",
    typed = "typed",
    contents = "contents",
    turned = "turned",
    widening = "widening",
    forgetful = "forgetful",
    coarse = "coarse",
}

/// The names.
pub fn names() -> &'static Names {
    &NAMES
}
