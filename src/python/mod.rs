//! The language: what Python's source means as terms, what its values are, and what its builtins compute.
//!
//! Inside, imports run one way: `values` < `builtins` < `functions` < `syntax` and `report`. Nothing here says what a statement *does*:
//! that is the book's business alone.

pub mod builtins;
pub mod functions;
#[cfg(test)]
mod recorded;
pub mod report;
pub mod semantics;
pub mod syntax;
pub mod values;

pub use semantics::PYTHON;
pub use syntax::{
    Assumptions, Bindings, CALLER, Call, Clauses, DRIVER, FRAGMENT, Fragment, FunctionInfo, Handler,
    Instrumenter, Interest, InterestKind, Literal, LoadOptions, OBSERVER, Pair, Pairs, Program, Setting,
    Span, Statements, Twin, load, print,
};
