//! The `trylemma` command.

use std::process::ExitCode;

/// Terms nest as deeply as the limits allow, and some functions recurse over them.
const STACK: usize = 1 << 29;

fn main() -> ExitCode {
    let run = || trylemma::cli::main(std::env::args_os());
    match std::thread::Builder::new().stack_size(STACK).spawn(run).map(|thread| thread.join()) {
        Ok(Ok(code)) => ExitCode::from(code),
        _ => ExitCode::from(101),
    }
}
