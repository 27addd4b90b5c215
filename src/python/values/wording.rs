//! How CPython words what is wrong with a call of a function that is written in Python.

/// "s" for other numbers than one.
pub fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// More arguments by position than a function takes: at least `least` and at most `most`. So many others were given by
/// the names of keyword-only parameters.
pub fn too_many(function: &str, [least, most]: [usize; 2], given: usize, by_keyword: usize) -> String {
    let takes = if least < most { format!("from {least} to {most}") } else { most.to_string() };
    let some = if most == 1 && least == most { "" } else { "s" };
    let given = match by_keyword {
        0 => format!("{given} {} given", if given == 1 { "was" } else { "were" }),
        others => {
            let (plural, others_plural) = (plural(given), plural(others));
            format!(
                "{given} positional argument{plural} (and {others} keyword-only argument{others_plural}) were given"
            )
        }
    };
    format!("{function}() takes {takes} positional argument{some} but {given}")
}

/// Another number of arguments than a function takes, as texts have it that count them: `exactly 2`, `at most 2` or `at least 2`.
pub fn miscounted(function: &str, (bound, takes): (&str, usize), kind: &str, given: usize) -> String {
    match takes {
        0 => format!("{function}() takes no arguments ({given} given)"),
        _ => format!("{function}() takes {bound} {takes} {kind}argument{} ({given} given)", plural(takes)),
    }
}

/// Parameters that nothing was given for, which are `positional` or `keyword-only`.
pub fn missing<'a>(function: &str, kind: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("'{name}'")).collect();
    let (count, plural) = (names.len(), plural(names.len()));
    format!("{function}() missing {count} required {kind} argument{plural}: {}", enumerate(&names))
}

/// A keyword that a function does not have; the hint may be empty.
pub fn unexpected_keyword(function: &str, keyword: &str, hint: &str) -> String {
    format!("{function}() got an unexpected keyword argument '{keyword}'{hint}")
}

/// The items as a sentence lists them.
pub fn enumerate(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [init @ .., last] => format!("{}, and {last}", init.join(", ")),
    }
}
