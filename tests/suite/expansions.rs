//! The `expansion` blocks of the book: a statement that is lowered to others does what these do, on every path.

use trylemma::book::chapters::{blocks, built_in};

use crate::with_expansion::{indented, paths};

/// Where a statement may stand: with nothing being handled, in a handler, in a `finally` clause, and in a loop of a function.
const PLACES: [&str; 4] = [
    "S",
    "try:
    raise KeyError('outer')
except KeyError:
S    print('handled', repr(sys.exception()))",
    "try:
    work()
finally:
S    print('cleanup', repr(sys.exception()))",
    "def f():
    for turn in 1, 2:
S        print(turn)
    return 'end'
print(f())",
];

/// Each program names AssertionError, since an unknown call may raise what a program names.
fn program(place: &str, statement: &str) -> String {
    let levels = place.lines().take_while(|line| !line.starts_with('S')).last();
    let levels = levels.map_or(0, |line| (line.len() - line.trim_start().len()) / 4 + 1);
    let inner = place.replace('S', &indented(statement, levels));
    format!(
        "import sys\nfailed = AssertionError\ntry:\n{}    print('after')\nexcept BaseException as e:\n    print(repr(e), repr(e.__context__))\n",
        indented(&inner, 1)
    )
}

#[test]
fn a_statement_does_what_the_book_says_that_it_expands_to() {
    let chapters = built_in();
    let stated: Vec<_> =
        blocks(&chapters).into_iter().filter(|block| block.language == "expansion").collect();
    assert!(stated.len() >= 3, "the book states {} expansions", stated.len());
    for block in stated {
        let (statement, expansion) = block.text.split_once("==>\n").expect("two texts around ==>");
        for place in PLACES {
            let mine = paths(&program(place, statement), &[]);
            assert!(mine.len() > 1, "{statement} takes one path");
            assert_eq!(mine, paths(&program(place, expansion), &[]), "{statement} in {place}");
        }
    }
}
