#![cfg(test)]
//! Both parsers give one tree; and what only the old one reads.

use ruff_python_ast::{Stmt, Suite};

use crate::book::Book;
use crate::book::chapters;
use crate::book::version::{Timeline, Version};
use crate::python::syntax::old::readers;
use crate::python::syntax::parse::Source;

/// What a version has.
pub(super) fn timeline(version: &str) -> Timeline {
    let book = Book::built_in(Version::DEFAULT).expect("the book");
    let texts = chapters::built_in().into_iter().map(|chapter| chapter.text);
    let text: String = texts.filter(|text| text.contains("```timeline")).collect();
    let lines = text.split("```timeline\n").skip(1).filter_map(|block| block.split("```").next());
    let version: Version = version.parse().expect("a version");
    let mut read = Timeline::read(&lines.collect::<String>(), &version.into()).expect("a timeline");
    read.syntax = book.timeline.syntax;
    read
}

fn read(text: &str, timeline: &Timeline) -> Result<Suite, String> {
    let source = Source::new("f.py", text, timeline);
    source.parse().map_err(|fault| format!("{}: {}", fault.line(), fault.title()))
}

/// The first error under a version.
fn error(text: &str, version: &str) -> String {
    let timeline = timeline(version);
    let source = Source::new("f.py", text, &timeline);
    source.checked().map_err(|fault| format!("{}: {}", fault.line(), fault.title())).err().unwrap_or_default()
}

/// The programs of the book.
fn programs() -> Vec<String> {
    let texts = chapters::built_in().into_iter().map(|chapter| chapter.text.to_string());
    let blocks = |text: String| {
        let blocks = text.split("```python\n").skip(1).filter_map(|block| block.split("\n```").next());
        blocks.map(|block| format!("{block}\n")).collect::<Vec<_>>()
    };
    texts.flat_map(blocks).collect()
}

#[test]
fn what_both_parsers_read_has_one_tree() {
    let (old, new) = (timeline("2.7"), timeline("3.14"));
    let (mut compared, mut different) = (0, Vec::new());
    for program in programs() {
        // With these imports `print` is a function; what both read otherwise is told apart here.
        let text = format!("from __future__ import print_function\n{program}");
        let differs = [" as ", "raise ("].iter().any(|word| text.contains(word));
        let (Ok(before), Ok(now)) = (read(&text, &old), read(&text, &new)) else { continue };
        let lists = format!("{now:?}").contains("ListComp");
        // `except A, B` has two meanings.
        if !differs && !lists && !format!("{before:?}").contains("Named") {
            compared += 1;
            if before != now {
                different.push(format!("{text}\n{before:?}\n{now:?}"));
            }
        }
    }
    assert!(different.is_empty(), "{}: {}", different.len(), different.join("\n\n"));
    assert!(compared > 200, "{compared}");
}

#[test]
fn an_error_stands_where_the_version_finds_it() {
    for (text, version, told) in [
        (
            "try:\n    pass\nexcept E:\n    pass\nfinally:\n    pass\n",
            "2.4",
            "5: invalid syntax: this does not follow here",
        ),
        ("x = 1\nx += 1\n", "1.5.2", "2: invalid syntax: this does not follow here"),
        ("if 1:\nx\n", "2.7", "2: invalid syntax: expected an indented block"),
        ("x = 'a\n", "2.7", "1: invalid syntax: EOL while scanning string literal"),
        (
            "if 1:\n    x\n  y\n",
            "2.7",
            "3: invalid syntax: unindent does not match any outer indentation level",
        ),
        ("def f(x=1, y): pass\n", "2.7", "1: invalid syntax: non-default argument follows default argument"),
        ("def f((a, a)): pass\n", "2.7", "1: invalid syntax: duplicate argument 'a' in function definition"),
        ("lambda a, (b, a): 1\n", "2.7", "1: invalid syntax: duplicate argument 'a' in function definition"),
        ("f(a=1, a=2)\n", "2.7", "1: invalid syntax: keyword argument repeated"),
        ("f(*a, 1)\n", "2.7", "1: invalid syntax: only named arguments may follow *expression"),
        ("f(lambda: 1=2)\n", "2.7", "1: invalid syntax: lambda cannot contain assignment"),
        (
            "f(x for x in y, 1)\n",
            "2.7",
            "1: invalid syntax: Generator expression must be parenthesized if not sole argument",
        ),
        ("None = 1\n", "2.7", "1: invalid syntax: cannot assign to None"),
        ("def f(None): pass\n", "2.7", "1: invalid syntax: cannot assign to None"),
        ("class None: pass\n", "2.7", "1: invalid syntax: cannot assign to None"),
        ("import a as None\n", "2.7", "1: invalid syntax: cannot assign to None"),
        ("x.None = 1\n", "2.7", "1: invalid syntax: cannot assign to None"),
        ("f(None=1)\n", "2.7", "1: invalid syntax: cannot assign to None"),
        ("__debug__ = 1\n", "2.7", "1: invalid syntax: cannot assign to __debug__"),
        ("`x` = 1\n", "2.7", "1: invalid syntax: can't assign to repr"),
        ("from __future__ import braces\n", "2.7", "1: invalid syntax: not a chance"),
        ("True = 0\n", "2.7", ""),
        ("x = 1 \\\n", "2.7", ""),
        ("f() = 1\n", "2.7", "1: invalid syntax: can't assign to function call"),
        ("x = 08\n", "2.7", "1: invalid syntax: invalid token"),
        ("with a: pass\n", "2.5", "1: invalid syntax: this does not follow here"),
        ("x = b''\n", "2.5", "1: invalid syntax: this does not follow here"),
        (
            "def f():\n    try:\n        yield 1\n    finally:\n        pass\n",
            "2.4",
            "3: invalid syntax: 'yield' not allowed in a 'try' block with a 'finally' clause",
        ),
        (
            "while 1:\n    try:\n        continue\n    except E:\n        pass\n",
            "2.0",
            "3: invalid syntax: 'continue' not supported inside 'try' clause",
        ),
        ("while 1:\n    try:\n        continue\n    except E:\n        pass\n", "2.1", ""),
        ("from __future__ import with_statement\nwith a as b: pass\n", "2.5", ""),
        ("as_ = with_ = 1\nas = 2\n", "2.4", ""),
        ("as = 2\n", "2.6", "1: invalid syntax: this does not follow here"),
        ("x = (1,\n", "2.7", "2: invalid syntax: unexpected EOF while parsing"),
        ("\tx\n", "2.7", "1: invalid syntax: unexpected indent"),
    ] {
        assert_eq!(error(text, version), told, "{text} under Python {version}");
    }
}

#[test]
fn tabs_lead_to_the_next_multiple_of_eight_columns() {
    let text = "if 1:\n    x\n    if 2:\n\ty\n        z\n  \tz\nz\n";
    let suite = read(text, &timeline("2.7")).expect("it is read");
    let [Stmt::If(outer), Stmt::Expr(_)] = &suite[..] else { panic!("{suite:?}") };
    let [_, Stmt::If(inner)] = &outer.body[..] else { panic!("{outer:?}") };
    assert_eq!(inner.body.len(), 3);
}

#[test]
fn the_versions_that_read_a_source_are_known() {
    let timeline = timeline("3.14");
    let versions = |text: &str| {
        let found = readers(&Source::new("f.py", text, &timeline));
        found.first().zip(found.last()).map(|(first, last)| format!("{first} {last}"))
    };
    assert_eq!(versions("print 1\n").as_deref(), Some("1.5.2 2.7"));
    assert_eq!(versions("print >>f\n").as_deref(), Some("2.0 2.7"));
    assert_eq!(versions("print 1, {1}\n").as_deref(), Some("2.7 2.7"));
    assert_eq!(versions("f'x'\n"), None);
}

/// Whatever is cut off, or nested: an error, and no panic.
#[test]
fn what_is_no_source_is_an_error() {
    let timeline = timeline("2.7");
    for program in programs().iter().take(100) {
        for end in (0..program.len()).filter(|end| program.is_char_boundary(*end)) {
            let _ = read(&program[..end], &timeline);
        }
    }
    let deep = format!("x = {}1{}\n", "(".repeat(300), ")".repeat(300));
    assert!(read(&deep, &timeline).is_err());
    for text in
        ["\\", "'", "\"\"\"", "0x", "1e", "\u{e9} = 1", "x = '\u{e9}'", "`", "u", "ur'", "(\n", "@", "\u{c}"]
    {
        let _ = read(text, &timeline);
    }
}
