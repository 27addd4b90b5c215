//! States, traces, graphs and rules for people: text, DOT, LaTeX and HTML.

pub mod book;
pub mod dot;
pub mod equivalence;
pub mod laws;
pub mod paths;
pub mod rules;
pub mod sarif;
pub mod text;
pub mod tree;
pub mod versions;
