//! Names with a dot in front: the semantics' own among the names of a program, which no program can spell.
//!
//! Each is declared, with what it holds, in a `hidden` block of chapter 12; a test compares the two lists.

/// A local: the line that control is at, where a program asks for lines.
pub const PLACE: &str = ".place";
/// A local: which function was entered, where it counts whether it calls itself.
pub const ENTERED: &str = ".entered";
/// A name of the program's module: that the `def` or `class` of a line, which stands in another statement, was run.
pub const DEFINED: &str = ".defined";
/// A local: the unknown that is called in place of a function whose call is not followed.
pub const UNFOLLOWED: &str = ".unfollowed";
/// A local: what was handled before the activation first looked at clauses, before Python 3.0.
pub const CAUGHT: &str = ".caught";
/// A local of a comprehension: what it has collected.
pub const RESULT: &str = ".result";
/// A keyword default of a function: its docstring, until the function is made.
pub const DOC: &str = ".doc";
/// A local of the body of a class that derives from `NamedTuple`: the names that it annotates.
pub const ANNOTATED: &str = ".annotated";
/// A name of `sys`: what is left of standard input.
pub const STDIN: &str = ".stdin";
/// A name of `sys`: what is doubted of what is otherwise taken for granted.
pub const DOUBTED: &str = ".doubted";
/// A name of `time`: what the clock showed last.
pub const CLOCK: &str = ".clock";
/// A name of `builtins`: the objects whose `repr` is being made.
pub const ACTIVE: &str = ".active";
/// A name of `sys`: how deep calls may be.
pub const RECURSION_LIMIT: &str = ".recursionlimit";
/// An attribute of an object that is waited for: that somebody else has it.
pub const HANDED: &str = ".handed";
/// An attribute of an object, or of a class, of which nothing is known but its methods: what other attributes are parts of.
pub const OPEN: &str = ".open";
/// A keyword of a call: what is unknown, and may have any other keywords.
pub const OTHERS: &str = ".others";
/// An attribute of an exception: the class whose fields were read from its arguments.
pub const FIELDS: &str = ".fields";
/// An attribute of a dict or set: where it has its members, once it was thinned out.
pub const TABLE: &str = ".table";
/// An attribute of a dict or set: that an iterator stands in it.
pub const ITERATED: &str = ".iterated";
/// An attribute of an exception: the locals of the frames that it left.
pub const FRAMES: &str = ".frames";
/// An attribute of an entry of a traceback: the lines that are shown of it.
pub const SHOWN: &str = ".shown";
/// An attribute of an entry of a traceback: the names that were there.
pub const NAMES: &str = ".names";
/// A name of `builtins`: the lines whose warning was shown, where `warnings` is not loaded.
pub const WARNED: &str = ".warned";
/// The name of an unknown: the arguments of an exception that an unknown raised.
pub const ERROR: &str = ".error";
/// An attribute of a generator: that it was dropped.
pub const DROPPED: &str = ".dropped";
/// The name that a `print` statement of Python 2 calls.
pub const PRINT: &str = ".print";
/// The name that backquotes of Python 2 call.
pub const QUOTED: &str = ".quoted";
/// The name that is called in place of what of Python 2 is not modelled.
pub const REFUSED: &str = ".refused";
/// A name of `sys`: whether a blank comes before what a `print` statement of Python 2 writes next.
pub const SOFT_SPACE: &str = ".softspace";
/// The same of what it writes to `sys.stderr`.
pub const SOFT_SPACE_OF_ERRORS: &str = ".softspace-of-errors";
/// Both.
pub const SOFT_SPACES: [&str; 2] = [SOFT_SPACE, SOFT_SPACE_OF_ERRORS];
/// An attribute of an exception: that its traceback was given where it is raised, before Python 3.0.
pub const GIVEN: &str = ".given";
/// An attribute of an exception: its `message`, once its arguments were changed, before Python 3.0.
pub const MESSAGE: &str = ".message";
