//! The constructors that the engine itself reads or builds, interned once: long sequences, and what is left open.
//!
//! A book that has neither need not declare any of them.

use std::sync::LazyLock;

use egg::Symbol;

/// The constructors.
#[derive(Debug)]
pub struct Words {
    /// `(values rest last)`: a short sequence.
    pub values: Symbol,
    /// The empty sequence.
    pub no_values: Symbol,
    /// A row of the members of a long sequence.
    pub row: Symbol,
    /// A row of rows.
    pub rows: Symbol,
    /// `(?hole number)`: a part of a program that is left open. No book can write it: it is a variable there.
    pub hole: Symbol,
    /// `(?below exceptions)`: what stands for the frames below.
    pub below: Symbol,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    values: "values".into(),
    no_values: "no-values".into(),
    row: "row".into(),
    rows: "rows".into(),
    hole: "?hole".into(),
    below: "?below".into(),
});

/// The constructors.
#[inline]
pub fn words() -> &'static Words {
    &WORDS
}
