//! What happens from one place of a program to the next at which the program or the stack below is asked for.

/// What happens from one place to the next at which the program or the stack below is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Summary {
    /// How it ends.
    pub(super) end: End,
    /// Of a read: at which position.
    pub(super) position: u8,
    /// How many steps it takes.
    pub(super) steps: u16,
    /// The events that a monitor can notice, by number; 0 for none.
    pub(super) events: u32,
    /// The site of a read, the answer that is returned, or the outcome, by number.
    pub(super) next: u32,
}

/// How a summary ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It was not followed yet.
    Unknown,
    /// A hole is read, inside the hole that was read before.
    Down,
    /// A hole is read, after the one that was read before.
    Across,
    /// The frames are used up, with an answer in hand.
    Return,
    /// The path has ended.
    Final,
    /// The rules fail.
    Fault,
    /// A limit may be reached.
    Limit,
    /// The program has choices.
    Unsuitable,
}
