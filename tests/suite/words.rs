//! A word of a program is never taken for a constructor of the book, whatever it spells.

use std::fmt::Write;

use trylemma::book::Book;

use crate::common::{book, file, in_folder, text};

/// Words that Python keeps for itself; they are texts, and no names.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn words(book: &Book) -> Vec<String> {
    let mut words: Vec<String> = book.grammar.constructors.keys().map(|op| op.to_string()).collect();
    words.sort();
    words
}

fn is_name(word: &str) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain && !word.starts_with(|c: char| c.is_ascii_digit()) && !KEYWORDS.contains(&word)
}

/// What a command prints of a program.
fn told(command: &str, source: &str) -> String {
    let (folder, _path) = file("p.py", source);
    let output = in_folder(folder.path(), &[command, "p.py"], "");
    assert_eq!(output.status.code(), Some(0), "{source}\n{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_text_may_spell_any_constructor() {
    let (mut source, mut expected) = (String::new(), String::new());
    for word in words(book()) {
        let _ = writeln!(
            source,
            "x = {word:?}\nprint(x, x + '!', len(x), x[0], '%s' % x, f'{{x}}', x.upper(), x.split(x[0])[0], x.replace(x, 'y'))\n\
             print(x == 'a', hash(x) == hash(x), {{x: 1}}[x], x in (x,), ValueError(x))"
        );
        let (length, first, upper) = (word.len(), &word[..1], word.to_uppercase());
        let _ = writeln!(
            expected,
            "{word} {word}! {length} {first} {word} {word} {upper}  y\nFalse True 1 True {word}"
        );
    }
    assert_eq!(told("run", &source), expected);
}

#[test]
fn a_name_may_spell_any_constructor() {
    let (mut source, mut expected) = (String::new(), String::new());
    for word in words(book()).iter().filter(|word| is_name(word)) {
        let _ = writeln!(
            source,
            "def outer():\n    class {word}(Exception):\n        {word} = 1\n    try:\n        raise {word}({word}.{word})\n    \
             except {word} as e:\n        print(type(e).__name__, e)\n        e.{word} = 2\n        print(e.{word})\n    \
             def f({word}):\n        return {word}\n    print(f({word}=3))\nouter()"
        );
        let _ = writeln!(expected, "{word} 1\n2\n3");
    }
    assert_eq!(told("run", &source), expected);
}

/// In the core, too, where nothing has an identity: a path that goes two ways took a word for something unknown.
#[test]
fn a_word_of_the_core_leaves_one_path() {
    let mut source = String::new();
    for (place, word) in words(book()).iter().enumerate() {
        let class = if is_name(word) { word.clone() } else { format!("C{place}") };
        let _ = writeln!(
            source,
            "class {class}(Exception): pass\ndef f{place}(x):\n    try:\n        if x == \"a\": return 1\n        \
             raise {class}({word:?})\n    except {class} as e:\n        return x\n    finally:\n        print(x)\nf{place}({word:?})"
        );
    }
    let paths = told("explore", &source);
    assert!(paths.contains("\n1 path by their ends:\n      1  ends normally\n"), "{paths}");
}

/// A property can speak of a function, a variable and a class by any name.
#[test]
fn a_property_can_say_any_name() {
    for word in words(book()) {
        let property = format!(
            "```property\ncontract own\nclaim The function is entered at most once.\n\
             start -- (enter (body {word}) ?h) -> once\nonce -- (enter (body {word}) ?h) -> violated \"twice\"\n```\n"
        );
        if let Err(error) = book().read_properties("own.md", &property) {
            panic!("{word}: {error}");
        }
    }
}
