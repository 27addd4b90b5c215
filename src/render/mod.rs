//! States, traces, graphs and rules for people: text, DOT and LaTeX.

pub mod dot;
pub mod paths;
pub mod rules;
pub mod text;
