//! What of Python 2 is not modelled is left open at its place: the rest of the file is checked.

use crate::common::{file, in_folder, text};

const SOURCE: &str = "u'''What it does.'''
from __future__ import division
LIMIT = 10j
BYTES = '\\xff'
def f(x):
    try:
        return x / LIMIT
    except ZeroDivisionError, e:
        print 'no', e
def g(m):
    try:
        raise 'a' + m
    except ValueError:
        pass
class C:
    def __coerce__(self, other):
        return 0
";

#[test]
fn what_is_not_modelled_of_an_old_file_is_unknown_at_its_place() {
    let (folder, path) = file("a.py", SOURCE);
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
    let output = in_folder(folder.path(), &["check", name, "--python", "2.5"], "");
    let report = text(&output.stdout);
    for (place, what) in [
        ("3:9", "complex number"),
        ("4:9", "a string of bytes that are no ASCII"),
        ("7:16", "`/` with `from __future__ import division`"),
        ("12:15", "a computed string that is raised, or that a clause names,"),
        ("15:7", "a class with `__coerce__`"),
    ] {
        assert!(report.contains(&format!("taken as unknown: {name}:{place}: {what}")), "{what} in\n{report}");
    }
    // The operation may raise, a literal does not.
    assert!(report.contains("3 of 3 functions, 2 of 2 try and with statements, 2 of 2 clauses"), "{report}");
    let output = in_folder(folder.path(), &["run", name, "--python", "2.5"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("not modelled yet: complex number"), "{}", text(&output.stderr));
}

#[test]
fn a_file_that_a_module_of_the_library_imports_is_read_by_the_version_of_the_program() {
    let (folder, _) =
        file("StringIO.py", "class StringIO:\n    def read(self):\n        raise IOError, 'no'\n");
    std::fs::write(folder.path().join("a.py"), "import cStringIO\nprint 'read'\n").expect("written");
    let output = in_folder(folder.path(), &["run", "a.py", "--python", "2.7"], "");
    assert_eq!(
        (text(&output.stdout).as_str(), output.status.code()),
        ("read\n", Some(0)),
        "{}",
        text(&output.stderr)
    );
}
