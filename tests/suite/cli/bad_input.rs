//! Input that is wrong: exit code 2 and one clear message, whatever it is.

use crate::common::{complaint, edited_book, file, ok, with_input};

/// Asserts that every command that takes a file complains of it in the same words.
fn every_command_complains(name: &str, content: &[u8], says: &str) {
    let (_folder, path) = file(name, content);
    let path = path.display().to_string();
    for command in ["run", "check", "explore", "step"] {
        let message = complaint(&[command, &path]);
        assert!(message.contains(says), "{command}: {message}");
        assert!(message.contains(&path), "{command}: {message}");
    }
}

#[test]
fn a_binary_file() {
    every_command_complains("a.py", b"\x7fELF\x02\x01\x00\xff", "not a text file");
}

#[test]
fn five_thousand_nested_try_statements() {
    let nested: String = (0..5_000).map(|depth| format!("{}try:\n", " ".repeat(depth))).collect();
    every_command_complains("a.py", nested.as_bytes(), "too many levels of indentation");
}

#[test]
fn a_clause_after_a_bare_one() {
    let text = b"try:\n    pass\nexcept:\n    pass\nexcept ValueError:\n    pass\n";
    every_command_complains("a.py", text, "default 'except:' must be last");
}

#[test]
fn what_is_not_modelled() {
    let (_folder, path) = file("a.py", "async def f():\n    pass\n");
    let path = path.display().to_string();
    assert!(complaint(&["run", &path]).contains("`async def`"));
    // Where all paths are explored it is unknown, at its place.
    assert!(ok(&["check", &path]).contains("`async def`"));
}

#[test]
fn a_syntax_error_with_its_place() {
    every_command_complains("a.py", b"try:\n    pass\nx = 1\n", "a.py:3:1");
}

#[test]
fn a_missing_file() {
    for command in ["run", "check", "explore", "step", "replay"] {
        assert!(complaint(&[command, "no/such/file.py"]).contains("no/such/file.py"));
    }
}

#[test]
fn a_folder_instead_of_a_file() {
    for command in ["run", "explore", "step", "replay"] {
        assert!(complaint(&[command, "examples"]).contains("examples"));
    }
    assert!(complaint(&["check", "benches/peers/maude"]).contains("no Python file"));
}

#[test]
fn an_unknown_flag() {
    assert!(complaint(&["check", "--sizes", "3"]).contains("--size"));
}

#[test]
fn an_unknown_property_with_what_is_near() {
    let message = complaint(&["check", "examples/login.py", "--property", "finaly-exactly-one"]);
    assert!(message.contains("no property `finaly-exactly-one`"), "{message}");
    assert!(message.contains("`finally-exactly-once`"), "{message}");
}

#[test]
fn an_unknown_rule_with_what_is_near() {
    let message = complaint(&["rules", "finaly/enter"]);
    assert!(message.contains("`finally/enter`"), "{message}");
}

#[test]
fn an_unknown_function_of_a_pair_with_what_is_near() {
    let message = complaint(&["check", "examples/login.py", "--pair", "login:page_fotter"]);
    assert!(message.contains("`page_footer`"), "{message}");
}

#[test]
fn a_pair_without_a_colon() {
    let message = complaint(&["check", "examples/login.py", "--pair", "login"]);
    assert!(message.contains("FIRST:SECOND"), "{message}");
}

#[test]
fn an_unknown_entry_with_what_is_near() {
    let message = complaint(&["check", "examples/lost_exception.py", "--entry", "safe"]);
    assert!(message.contains("`save`"), "{message}");
}

#[test]
fn sizes_that_are_none() {
    for size in ["0", "1000000", "99999999999999999999999", "4..2", "-1", "x", ""] {
        assert!(complaint(&["check", &format!("--size={size}")]).contains("--size"), "{size}");
    }
}

#[test]
fn limits_that_are_none() {
    for limit in ["states", "states=", "states=many", "state=5", "activations=99999999999", "=5"] {
        assert!(complaint(&["run", "examples/target.py", "--limit", limit]).contains("--limit"), "{limit}");
    }
}

#[test]
fn a_version_that_is_not_modelled() {
    for version in ["1.4", "3.99", "three"] {
        let message = complaint(&["run", "examples/target.py", "--python", version]);
        assert!(message.contains("--python"), "{message}");
    }
}

#[test]
fn what_is_about_files_is_refused_with_a_size() {
    for flag in [&["--strict"][..], &["--doubt", "interrupts"]] {
        let told = complaint(&[&["check", "--size", "2"], flag].concat());
        assert!(told.contains(flag[0]) && told.contains("size"), "{told}");
    }
}

#[test]
fn neither_a_file_nor_a_size() {
    assert!(complaint(&["check"]).contains("--size"));
}

#[test]
fn a_rule_with_an_unbound_variable() {
    let from = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?a ?k ?w)";
    let to = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?a1 ?k ?w)";
    let folder = edited_book(&[("08-finally.md", from, to)]);
    let folder = folder.path().display().to_string();
    let message = complaint(&["check", "examples/login.py", "--semantics", &folder]);
    assert!(message.contains("?a1") && message.contains("08-finally.md:"), "{message}");
}

#[test]
fn a_book_that_is_not_there() {
    let message = complaint(&["rules", "--semantics", "no/such/book"]);
    assert!(message.contains("no/such/book"), "{message}");
}

#[test]
fn a_trace_cut_off_anywhere() {
    let trace = ok(&["step", "examples/lost_exception.py", "--format", "ron"]);
    for part in [0, 1, 2, 5, 9] {
        let end = trace.floor_char_boundary(trace.len() * part / 10);
        let (_folder, path) = file("cut.ron", &trace[..end]);
        let message = complaint(&["replay", &path.display().to_string()]);
        assert!(message.contains("this is not a whole trace"), "{message}");
        assert!(message.contains("cut.ron:"), "{message}");
    }
}

#[test]
fn assumptions_that_cannot_be_read() {
    let (_folder, path) = file("assume.ron", "(calls: {");
    let message = complaint(&["explore", "examples/login.py", "--assume", &path.display().to_string()]);
    assert!(message.contains("the assumptions cannot be read"), "{message}");
}

#[test]
fn a_file_of_properties_without_one() {
    let (_folder, path) = file("mine.md", "# Nothing\n");
    let message = complaint(&["check", "examples/login.py", "--properties", &path.display().to_string()]);
    assert!(message.contains("no property in the file"), "{message}");
}

#[test]
fn an_empty_file_is_none_of_these() {
    let (_folder, path) = file("empty.py", "");
    let path = path.display().to_string();
    assert_eq!(ok(&["run", &path]), "");
    assert!(ok(&["check", &path]).contains("complete"));
    assert!(ok(&["explore", &path]).contains("complete"));
    assert!(ok(&["step", &path]).contains("the path ends"));
}

#[test]
fn a_dash_reads_standard_input() {
    let output = with_input(&["run", "-"], "print('from a pipe')\n");
    assert_eq!(output.stdout, b"from a pipe\n");
    let output = with_input(&["run", "-"], "async def f(): pass\n");
    assert_eq!(output.status.code(), Some(2));
}
