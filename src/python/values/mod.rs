//! Values that live on the heap, and the primitives that compute with them.
//!
//! What needs terms alone is a method of the engine's context, what needs a world one of its [`Objects`]. A [`Call`] is
//! one application of a primitive: a function of values and the world that yields a value and a
//! world, an exception, or nothing where it is not defined; then a rule calls the library's function of the
//! same name, which is written in Python. No primitive calls Python code or decides where control goes.

pub mod activations;
pub mod characters;
pub mod heap;
pub mod hidden;
pub mod literals;
pub mod make;
pub mod names;
pub mod not_known;
pub mod objects;
pub mod opened;
pub mod shelf;
pub mod suggest;
pub mod take;
pub mod typed;
pub mod types;
pub mod vocabulary;
pub mod wording;
pub mod write;

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

use egg::Id;
use num_bigint::BigInt;

use crate::machine::domain::Context;

pub use objects::{EXCEPTIONS, next_exception};

/// Why a primitive has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It raises this exception, which is not on the heap yet.
    Raised(Id),
    /// An operator has no meaning for operands of these classes, as this exception says where nobody else knows one.
    Mismatch(Id),
    /// A sequence takes no such operand, as this exception says unless the operand's class knows what to do.
    Unfit(Id),
    /// What was looked for is not there, as this exception says.
    NotFound(Id),
    /// It is not defined on these arguments: the library's function is called.
    Undefined,
    /// Its value is what a call of this value with these arguments returns.
    Delegated(Id, Vec<Id>),
    /// The answer is made already, as an `Answer` term.
    Answered(Id),
    /// An argument that it depends on is unknown: any value may come out, or an exception.
    Unknown(Id),
    /// It has to be told whether a key equals one of these, of which it cannot know, since something in them is unknown.
    Undecided(Id, Vec<Id>),
}

impl Failure {
    /// The exception that is raised, if that is what happens.
    pub fn raised(&self) -> Option<Id> {
        match self {
            Failure::Raised(exception)
            | Failure::Mismatch(exception)
            | Failure::Unfit(exception)
            | Failure::NotFound(exception) => Some(*exception),
            Failure::Undefined
            | Failure::Delegated(..)
            | Failure::Answered(_)
            | Failure::Unknown(_)
            | Failure::Undecided(..) => None,
        }
    }

    /// The failure of a whole that a failure of one of its parts is: whatever it says, it says of the part.
    pub fn of_part(self) -> Failure {
        self.raised().map_or(self, Failure::Raised)
    }

    /// The same exception, raised for another reason.
    pub fn with(self, reason: fn(Id) -> Failure) -> Failure {
        self.raised().map_or(self, reason)
    }
}

/// What a primitive yields.
pub type Answer = Result<Id, Failure>;

/// A primitive.
pub type Primitive = fn(&mut Call) -> Answer;

/// The values of a world, and the objects that they refer to.
pub struct Objects<'c, 'b> {
    /// The terms, and the book's tables.
    pub cx: &'c mut Context<'b>,
    /// The world, which primitives change as they go.
    pub world: Id,
    /// How deep the value at hand lies in others that are compared, shown or hashed.
    pub(crate) depth: usize,
    /// A value whose own method makes the int or float of it that a primitive needs, and that method.
    pub(crate) undecided: Option<(Id, &'static str)>,
    /// An unknown whose type a message names: who complains of its type cannot be sure.
    pub(crate) named: Option<Id>,
    /// What was found out of values that an unknown is in: whether the two are equal.
    pub(crate) told: Vec<(Id, Id, bool)>,
    /// What stands for the members of a container that was looked into, where these are not known.
    pub(crate) met: Cell<Option<Id>>,
}

/// One application of a primitive: its arguments, and what it leaves behind besides a value.
pub struct Call<'c, 'b> {
    /// The world that it is made in.
    pub objects: Objects<'c, 'b>,
    /// The frames of the activation, where references to objects may be.
    pub frames: Id,
    /// The positional arguments.
    pub args: Vec<Id>,
    /// The keyword arguments, in order.
    pub keywords: Vec<(String, Id)>,
    /// What is written: to the stream 1 or 2.
    pub output: Option<(u8, String)>,
    /// The parameters of the builtin at hand, and how many arguments stand before them: a method's object.
    pub(crate) parameters: (usize, &'static [&'static str]),
    /// How many positional parameters of the function at hand have defaults.
    pub(crate) default_count: usize,
}

impl<'c, 'b> Objects<'c, 'b> {
    /// The objects of a world.
    pub fn of(cx: &'c mut Context<'b>, world: Id) -> Objects<'c, 'b> {
        Objects {
            cx,
            world,
            depth: 0,
            undecided: None,
            named: None,
            told: Vec::new(),
            met: Default::default(),
        }
    }
}

impl<'c, 'b> Call<'c, 'b> {
    /// A call of no primitive: to read and change a world.
    pub fn on(cx: &'c mut Context<'b>, frames: Id, world: Id) -> Call<'c, 'b> {
        Call {
            objects: Objects::of(cx, world),
            frames,
            args: Vec::new(),
            keywords: Vec::new(),
            output: None,
            parameters: (0, &[]),
            default_count: 0,
        }
    }
}

impl<'b> Deref for Objects<'_, 'b> {
    type Target = Context<'b>;

    fn deref(&self) -> &Context<'b> {
        self.cx
    }
}

impl DerefMut for Objects<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.cx
    }
}

impl<'c, 'b> Deref for Call<'c, 'b> {
    type Target = Objects<'c, 'b>;

    fn deref(&self) -> &Objects<'c, 'b> {
        &self.objects
    }
}

impl DerefMut for Call<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.objects
    }
}

/// A value, taken apart as far as computing with it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum View {
    /// `None`.
    None,
    /// A bool.
    Bool(bool),
    /// An int, not a bool.
    Int(BigInt),
    /// A float.
    Float(f64),
    /// A str.
    Str(String),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// A tuple's members.
    Tuple(Vec<Id>),
    /// A list's members.
    List(Vec<Id>),
    /// A dict's entries, in order.
    Dict(Vec<(Id, Id)>),
    /// A set's or frozenset's members, in the order of their insertion.
    Set(Vec<Id>),
    /// A range's start, stop and step.
    Range([BigInt; 3]),
    /// A slice's start, stop and step.
    Slice([Id; 3]),
    /// Any other value.
    Other,
}

/// An object of the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What the object holds besides attributes.
    pub payload: Id,
    /// Its attributes, in the order of their making: an `Env`.
    pub attributes: Id,
}

/// The names of a class that is being made.
#[derive(Debug, Clone)]
pub struct Named {
    /// `__name__`.
    pub name: String,
    /// `__qualname__`.
    pub qualname: String,
    /// `__module__`.
    pub module: String,
}
