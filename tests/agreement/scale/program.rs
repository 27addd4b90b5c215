//! Programs with large graphs: nested loops with unknown calls, and flags that are set on branches.

use trylemma::book::Book;
use trylemma::book::property::{Kind, Scope};
use trylemma::check::program::Subject;
use trylemma::check::program::Watched;
use trylemma::python::load;
use trylemma::python::{Assumptions, LoadOptions};

const STEPS: [(&str, &str); 12] = [
    ("build", "built"),
    ("lint", "linted"),
    ("test", "tested"),
    ("sign", "signed"),
    ("pack", "packed"),
    ("store", "stored"),
    ("mirror", "mirrored"),
    ("announce", "announced"),
    ("tag", "tagged"),
    ("log", "logged"),
    ("audit", "audited"),
    ("bill", "billed"),
];

const HEAD: &str = "\
# A release: two loops around calls that no file defines, and a flag for each step that was done. A state says
# which steps were done, so there are millions of them. Somewhere among them the lock is not given back:
#
#     trylemma check examples/release.py --pair lock:unlock

";

/// How many steps the program among the examples has.
pub fn flags() -> usize {
    12
}

/// A release of so many steps. Each takes the graph about double; half of them must be done before the release
/// comes to its second stage, and the other half before the third, from which it returns with the lock.
pub fn release(steps: usize) -> String {
    let steps = &STEPS[..steps];
    let mut lines = vec!["def release():".to_string()];
    lines.extend(steps.iter().map(|(_, done)| format!("    {done} = False")));
    lines.extend(["    stage = 0", "    lock()", "    try:", "        while behind():"].map(String::from));
    lines.extend(["            for target in targets():", "                try:"].map(String::from));
    for (step, done) in steps {
        lines.push(format!("                    if {step}():"));
        lines.push(format!("                        {done} = True"));
    }
    lines.extend(["                except ValueError:", "                    continue"].map(String::from));
    for (stage, half) in steps.chunks(steps.len().div_ceil(2)).enumerate() {
        let word = if stage == 0 { "if" } else { "elif" };
        lines.push(format!("            {word} stage == {stage}:"));
        for (depth, (_, done)) in half.iter().enumerate() {
            lines.push(format!("{}if {done}:", " ".repeat(16 + 4 * depth)));
        }
        lines.push(format!("{}stage = {}", " ".repeat(16 + 4 * half.len()), stage + 1));
    }
    lines.extend(["            elif stage == 2:", "                return \"released\""].map(String::from));
    lines.extend(
        ["    except KeyError:", "        stage = 0", "    unlock()", "", "", "release()"].map(String::from),
    );
    format!("{HEAD}\n{}\n", lines.join("\n"))
}

/// A program as it is run.
pub fn subject(book: &Book, source: &str) -> Subject {
    let options = LoadOptions { assumptions: Assumptions::default(), ..LoadOptions::of(book) };
    let program = load("release.py", source.as_bytes(), &options).unwrap_or_else(|error| panic!("{error}"));
    Subject { program, entry: None, assumptions: Assumptions::default() }
}

/// All theorems and hazards, and that the lock is given back.
pub fn watched(book: &Book) -> Vec<Watched> {
    let pair =
        |scope: &Scope| matches!(scope, Scope::Pair).then(|| ("lock".to_string(), "unlock".to_string()));
    let asked = |kind: Kind, scope: &Scope| kind != Kind::Contract || matches!(scope, Scope::Pair);
    let properties = book.properties.iter().filter(|property| asked(property.kind, &property.scope));
    properties
        .map(|property| Watched { pair: pair(&property.scope), property: property.clone(), definition: None })
        .collect()
}
