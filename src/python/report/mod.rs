//! How a run ends, as a person reads it: tracebacks, last lines and exit statuses.

pub mod ending;
pub mod traceback;
pub mod uncaught;
