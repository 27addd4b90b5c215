//! The `trylemma` command.

use std::process::ExitCode;

/// Terms nest as deeply as the limits allow, and some functions recurse over them.
const STACK: usize = 1 << 29;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| trylemma::cli::give_up(&panic.to_string())));
    let run = || trylemma::cli::main(std::env::args_os());
    match std::thread::Builder::new().stack_size(STACK).spawn(run).map(|thread| thread.join()) {
        Ok(Ok(code)) => ExitCode::from(code),
        _ => trylemma::cli::give_up("no thread can be started"),
    }
}
