//! Everything is bounded, here.

use std::fmt;

/// The name of the limit on turns of a loop.
const TURNS: &str = "turns";

/// The bounds of a run. Reaching one is reported by name and is never a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// States of one program's graph, each with the monitors' states.
    pub states: usize,
    /// Callers' activations on the stack.
    pub activations: u32,
    /// Nesting of a state's term: frames, and the program in them.
    pub depth: u32,
    /// Nodes of a state's term, written out without sharing.
    pub nodes: u64,
    /// Steps of one run.
    pub steps: usize,
    /// Terms in the bank before it is emptied between programs.
    pub terms: usize,
    /// Members or characters of one value; an int has a hundredth as many digits.
    pub members: usize,
    /// Bytes that the search of one program may take, about.
    pub memory: usize,
    /// Turns of a loop after which what grows in it is unknown, where the graph has no end otherwise; none for never.
    pub turns: Option<u32>,
    /// Whether another search follows, with less known around the function, where this one comes to a limit.
    pub tentative: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            states: 10_000_000,
            activations: 32,
            depth: 4_000,
            nodes: 5_000_000,
            steps: 1_000_000,
            terms: 3_000_000,
            members: 10_000_000,
            memory: 1 << 30,
            turns: None,
            tentative: false,
        }
    }
}

/// A limit was reached before the answer was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitReached {
    /// Which one, as `--limit` names it; or what is not modelled, which is the limit of the semantics.
    pub name: &'static str,
    /// Its value.
    pub value: u64,
}

/// The number of turns that says: what a loop changes is unknown at once, and no answer outlives its statement.
pub const COARSE: u32 = 0;

/// The number of turns that says: the same, and nothing is known of a local when a statement begins. Nobody can ask for it.
pub const COARSEST: u32 = u32::MAX - 1;

/// The number of turns that says: the same, and nothing is known of what the attributes of the program's objects hold. Nobody can ask for
/// it, either.
pub const FORGETFUL: u32 = u32::MAX - 2;

/// The number of turns that says: the same, and no function is entered again that waits for itself. Nobody can ask for it, either.
pub const SHALLOW: u32 = u32::MAX - 3;

/// The largest number of turns that somebody can ask for.
pub const MOST_TURNS: u32 = SHALLOW - 1;

/// Whether a number of turns says that no answer about an unknown outlives its statement.
pub fn is_coarse(turns: u32) -> bool {
    [COARSE, COARSEST, FORGETFUL, SHALLOW].contains(&turns)
}

impl LimitReached {
    /// Whether it is that on turns of a loop, behind which something is broken.
    pub(crate) fn is_of_turns(&self) -> bool {
        self.name == TURNS
    }
}

impl fmt::Display for LimitReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LimitReached { name, value } = self;
        if !Limits::is_named(name) {
            return write!(f, "the program came to what is not modelled: {name}");
        }
        if *name == "memory" {
            let (now, more) = (Bytes(*value), Bytes(value.saturating_mul(4)));
            return write!(f, "the limit of {now} of memory was reached; raise it with --memory {more}");
        }
        if *name == TURNS && *value == u64::from(COARSE) {
            return f.write_str(
                "this rests on paths on which an answer about an unknown is forgotten behind its statement, and what \
                 a loop changes is unknown; remember them with --limit states=N and --turns 0",
            );
        }
        let attributes = match u32::try_from(*value) {
            Ok(COARSEST) => Some(""),
            Ok(FORGETFUL | SHALLOW) => Some(" or an attribute"),
            _ => None,
        };
        if let (&TURNS, Some(attributes)) = (name, attributes) {
            return write!(
                f,
                "this rests on paths on which what a local{attributes} holds, and each answer about an unknown, is forgotten behind its \
                 statement; remember them with --limit states=N and --turns 0"
            );
        }
        if *name == TURNS {
            let more = value.saturating_add(1);
            return write!(
                f,
                "broken only by paths on which a loop has gone round {value} times and what grows in it is unknown; \
                 follow it further with --turns {more}"
            );
        }
        write!(f, "the limit of {value} {name} was reached")?;
        let most = match *name {
            "depth" => u64::from(MAX_DEPTH),
            "states" => MAX_STATES as u64,
            _ => u64::MAX,
        };
        match value.saturating_mul(10).clamp(10, most) {
            more if more > *value => write!(f, "; raise it with --limit {name}={more}"),
            _ => write!(f, ", which is as high as it goes"),
        }
    }
}

impl std::error::Error for LimitReached {}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A limit was reached, or what is not modelled.
    Limit(LimitReached),
    /// A run came to a choice: something in the program is unknown.
    Choice(Vec<String>),
    /// The rules fail at this state: a fault of the book.
    Stuck(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Limit(limit) => limit.fmt(f),
            Stop::Choice(ways) => write!(f, "the program could go {} ways: {}", ways.len(), ways.join(", ")),
            Stop::Stuck(state) => write!(f, "the rules fail at {state}"),
        }
    }
}

impl std::error::Error for Stop {}

impl Limits {
    /// These, with so many states or fewer, where another search may follow.
    pub(crate) fn with_states(self, most: Option<usize>) -> Limits {
        let states = most.map_or(self.states, |most| most.min(self.states));
        Limits { states, tentative: most.is_some(), ..self }
    }

    /// The names that [`Limits::set`] knows.
    pub const NAMES: [&'static str; 7] =
        ["states", "activations", "depth", "nodes", "steps", "terms", "members"];

    /// Sets a limit by name.
    ///
    /// # Errors
    /// When there is no limit of that name, or the value is too large.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        let small =
            || u32::try_from(value).map_err(|_| format!("{value} is too large for the limit `{name}`"));
        match name {
            "states" => self.states = usize::try_from(value).unwrap_or(MAX_STATES).min(MAX_STATES),
            "activations" => self.activations = small()?,
            "depth" => self.depth = small()?.min(MAX_DEPTH),
            "nodes" => self.nodes = value,
            "steps" => self.steps = value as usize,
            "terms" => self.terms = value as usize,
            "members" => self.members = value as usize,
            _ => return Err(format!("no limit `{name}`; the limits are {}", Limits::NAMES.join(", "))),
        }
        Ok(())
    }

    #[doc(hidden)]
    /// The report that a limit was reached whose name was read from a file.
    pub fn reached_named(&self, name: &str) -> LimitReached {
        self.reached(egg::Symbol::from(name).as_str())
    }

    /// Whether a limit has this name; any other is that of something which is not modelled.
    fn is_named(name: &str) -> bool {
        Limits::NAMES.contains(&name) || name == "memory" || name == TURNS
    }

    #[doc(hidden)]
    /// The report that the named limit was reached.
    pub fn reached(&self, name: &'static str) -> LimitReached {
        let value = match name {
            "states" => self.states as u64,
            "activations" => u64::from(self.activations),
            "depth" => u64::from(self.depth),
            "nodes" => self.nodes,
            "steps" => self.steps as u64,
            "members" => self.members as u64,
            "memory" => self.memory as u64,
            "terms" => self.terms as u64,
            TURNS => u64::from(self.turns.unwrap_or(0)),
            _ => 0,
        };
        LimitReached { name, value }
    }
}

/// A number of bytes in words: in the largest unit that divides it.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB"), (0, "B")];
        let fits = units.into_iter().find(|(shift, _)| self.0.trailing_zeros() >= *shift && self.0 > 0);
        let (shift, unit) = fits.unwrap_or((0, "B"));
        write!(f, "{}{unit}", self.0 >> shift)
    }
}

/// States of a search are numbered in 31 bits.
pub(crate) const MAX_STATES: usize = (1 << 31) - 1;

/// Deeper terms would overflow the stack of recursive functions over them.
pub(crate) const MAX_DEPTH: u32 = 100_000;
