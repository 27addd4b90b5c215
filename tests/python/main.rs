//! Programs of Python as they run, and real Python beside them.
//!
//! A test that needs `python3` is skipped with a printed line where there is none, and fails instead where `CI` is set.

#[cfg(unix)]
mod cluster;
// Each test binary uses some of the helpers.
#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;
mod cpython;
mod differential;
mod formats;
mod generated;
mod library;
mod played;
mod run;
mod tracebacks;
mod twins;
mod values;
mod versions;
