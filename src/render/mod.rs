//! States, traces, graphs and rules for people: text, DOT and LaTeX.

pub mod dot;
pub mod ending;
pub mod hints;
pub mod paths;
pub mod rules;
pub mod suggest;
pub mod text;
pub mod traceback;
pub mod uncaught;
