//! Each example under the model and under `python3`: the same output, byte for byte, and the same end.

use std::path::Path;
use std::process::Output;

use crate::common::{has_python, python, repository, text, with_input};

/// The programs of `examples/`; modules that they import are no programs.
fn examples() -> Vec<String> {
    let folder = std::fs::read_dir(repository("examples")).expect("the examples");
    let paths = folder.map(|entry| entry.expect("an example").path());
    let is_program = |path: &Path| {
        path.extension().is_some_and(|e| e == "py") && !path.display().to_string().ends_with("_database.py")
    };
    let mut found: Vec<String> =
        paths.filter(|path| is_program(path)).map(|path| path.display().to_string()).collect();
    found.sort();
    found
}

/// What a program is given to read: the file beside it.
fn input_of(path: &str) -> String {
    std::fs::read_to_string(Path::new(path).with_extension("in")).unwrap_or_default()
}

/// What is compared: the output, the exit code, and where the program fails the last line on stderr. Of warnings, each
/// version of Python has its own.
fn shown(output: &Output) -> (String, Option<i32>, Option<String>) {
    let last = text(&output.stderr).lines().last().map(str::to_string).filter(|_| !output.status.success());
    (text(&output.stdout), output.status.code(), last)
}

#[test]
fn each_example_does_what_it_does_under_python() {
    if !has_python("sys; assert sys.version_info >= (3, 11)") {
        return;
    }
    for path in examples() {
        let input = input_of(&path);
        let (mine, real) = (with_input(&["run", &path], &input), python(&["-B", &path], &input));
        assert_eq!(shown(&mine), shown(&real), "{path}");
    }
}
