//! Shapes: a grammar of small programs, by which all of a size are written down.
//!
//! A line is `name: text / +text`, a way to write `name` whose lines stand between ` / `, a `+` for each level of indentation; or
//! `name = text`, a way that is part of a line. `<name>` stands for any way of that name: where it is a line of its own, for its
//! lines. The size of a program is the number of its parts: the ways taken that have a line of their own. `helper NAME: …` is put before
//! programs that say NAME, and is not counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// A grammar of programs.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    ways: BTreeMap<String, Vec<Way>>,
    helpers: Vec<(String, String)>,
}

/// A way to write something.
#[derive(Debug, Clone)]
struct Way {
    /// The lines, each with its indentation; texts and holes by turns, a text first.
    lines: Vec<(usize, Vec<String>)>,
    /// Whether it counts: it has a line of its own.
    size: usize,
}

impl Way {
    fn of(text: &str, in_line: bool) -> Way {
        let lines: Vec<(usize, Vec<String>)> = text.split(" / ").map(line).collect();
        let own = lines.iter().any(|(_, parts)| !is_hole(parts));
        Way { lines, size: usize::from(own && !in_line) }
    }

    fn holes(&self) -> Vec<&str> {
        let parts = self.lines.iter().flat_map(|(_, parts)| parts.iter().skip(1).step_by(2));
        parts.map(String::as_str).collect()
    }

    /// The text with these in the holes.
    fn filled(&self, parts: &[Rc<str>]) -> String {
        let mut parts = parts.iter();
        let mut lines = Vec::new();
        for (depth, pieces) in &self.lines {
            let filled = pieces.iter().enumerate().map(|(place, piece)| match place % 2 {
                0 => piece.as_str(),
                _ => parts.next().map_or("", |part| part),
            });
            let indent = "    ".repeat(*depth);
            lines.extend(filled.collect::<String>().lines().map(|line| format!("{indent}{line}")));
        }
        lines.join("\n")
    }
}

fn line(text: &str) -> (usize, Vec<String>) {
    let text = text.trim_end();
    let depth = text.len() - text.trim_start_matches('+').len();
    let mut parts = Vec::new();
    let mut rest = &text[depth..];
    while let Some((before, after)) = rest.split_once('<') {
        let Some((name, behind)) = after.split_once('>') else { break };
        parts.extend([before.to_string(), name.to_string()]);
        rest = behind;
    }
    parts.push(rest.to_string());
    (depth, parts)
}

/// Whether a line is a hole and nothing else.
fn is_hole(parts: &[String]) -> bool {
    matches!(parts, [before, _, after] if before.is_empty() && after.is_empty())
}

impl Shapes {
    /// Reads lines.
    ///
    /// # Errors
    /// A line of another form, or a name that is not declared.
    pub fn read(text: &str) -> Result<Shapes, String> {
        let mut shapes = Shapes::default();
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            let fault = || format!("`{line}`: expected `name: text`, `name = text` or `helper NAME: text`");
            let name_end = line.find([':', '=']).ok_or_else(fault)?;
            let (name, body) = (line[..name_end].trim(), line[name_end + 1..].trim_start());
            if body.is_empty() || name.is_empty() {
                return Err(fault());
            }
            match name.strip_prefix("helper ") {
                Some(name) => shapes.helpers.push((name.into(), Way::of(body, false).filled(&[]) + "\n")),
                None => {
                    let way = Way::of(body, line[name_end..].starts_with('='));
                    shapes.ways.entry(name.to_string()).or_default().push(way);
                }
            }
        }
        let mut holes = shapes.ways.values().flatten().flat_map(Way::holes);
        match holes.find(|hole| !shapes.ways.contains_key(*hole)) {
            Some(hole) => Err(format!("`<{hole}>` is nothing that the shapes declare")),
            None => Ok(shapes),
        }
    }

    /// The names that are part of no other: those of whole programs.
    pub fn names(&self) -> Vec<&str> {
        let parts: BTreeSet<&str> = self
            .ways
            .iter()
            .flat_map(|(name, ways)| ways.iter().flat_map(Way::holes).filter(move |hole| hole != name))
            .collect();
        self.ways.keys().map(String::as_str).filter(|name| !parts.contains(name)).collect()
    }

    /// All programs of a name and a number of parts, helpers before them.
    pub fn programs(&self, name: &str, size: usize) -> Vec<String> {
        let mut known = HashMap::new();
        let bodies = self.all(name, size, &mut known, 0);
        bodies.iter().map(|body| self.with_helpers(body)).collect()
    }

    /// How many programs of a name and a number of parts there are.
    pub fn count(&self, name: &str, size: usize) -> u128 {
        self.count_of(name, size, &mut HashMap::new(), 0)
    }

    fn count_of<'a>(&'a self, name: &'a str, size: usize, known: &mut Counts<'a>, depth: usize) -> u128 {
        if let Some(count) = known.get(&(name, size)) {
            return *count;
        }
        let ways = self.ways.get(name).into_iter().flatten().filter(|_| depth < DEEPEST);
        let count = ways.fold(0, |count: u128, way| {
            let rest = size.checked_sub(way.size);
            let filled = rest.map_or(0, |rest| self.count_filled(&way.holes(), rest, known, depth + 1));
            count.saturating_add(filled)
        });
        known.insert((name, size), count);
        count
    }

    /// The ways to fill holes with parts of a size in all.
    fn count_filled<'a>(
        &'a self,
        holes: &[&'a str],
        size: usize,
        known: &mut Counts<'a>,
        depth: usize,
    ) -> u128 {
        let Some((hole, rest)) = holes.split_first() else { return u128::from(size == 0) };
        let least = if rest.is_empty() { size } else { 0 };
        (least..=size).fold(0, |count: u128, own| {
            let others = self.count_filled(rest, size - own, known, depth);
            let filled = if others == 0 { 0 } else { self.count_of(hole, own, known, depth) };
            count.saturating_add(filled.saturating_mul(others))
        })
    }

    fn with_helpers(&self, body: &str) -> String {
        let words: Vec<&str> = body.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let helpers = self.helpers.iter().filter(|(name, _)| words.contains(&name.as_str()));
        helpers.map(|(_, text)| text.as_str()).chain([body, "\n"]).collect()
    }

    fn all<'a>(&'a self, name: &'a str, size: usize, known: &mut Known<'a>, depth: usize) -> Rc<[Rc<str>]> {
        if let Some(found) = known.get(&(name, size)) {
            return Rc::clone(found);
        }
        let mut found = Vec::new();
        // What is written in a line and is part of itself has no end.
        for way in self.ways.get(name).into_iter().flatten().filter(|_| depth < DEEPEST) {
            if let Some(rest) = size.checked_sub(way.size) {
                self.fill(way, &way.holes(), rest, &mut Vec::new(), &mut found, known, depth + 1);
            }
        }
        let found: Rc<[Rc<str>]> = found.into();
        known.insert((name, size), Rc::clone(&found));
        found
    }

    /// Fills the holes of a way with parts of a size in all.
    #[allow(clippy::too_many_arguments)]
    fn fill<'a>(
        &'a self,
        way: &Way,
        holes: &[&'a str],
        size: usize,
        parts: &mut Vec<Rc<str>>,
        found: &mut Vec<Rc<str>>,
        known: &mut Known<'a>,
        depth: usize,
    ) {
        let Some((hole, rest)) = holes.split_first() else {
            if size == 0 {
                found.push(way.filled(parts).into());
            }
            return;
        };
        for own in 0..=size {
            if rest.is_empty() && own < size {
                continue;
            }
            for part in self.all(hole, own, known, depth).iter() {
                parts.push(Rc::clone(part));
                self.fill(way, rest, size - own, parts, found, known, depth);
                parts.pop();
            }
        }
    }
}

/// The texts of what was asked for before.
type Known<'a> = HashMap<(&'a str, usize), Rc<[Rc<str>]>>;

/// The counts of what was asked for before.
type Counts<'a> = HashMap<(&'a str, usize), u128>;

/// Ways in one another.
const DEEPEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "helper M: class M: / +pass\n\
        program: <suite>\n\
        suite: <step>\n\
        suite: <step> / <suite>\n\
        step: raise <exc>\n\
        step: try: / +<suite> / finally: / +<suite>\n\
        exc = M()\n\
        exc = KeyError\n";

    #[test]
    fn all_programs_of_a_size_are_written_once() {
        let shapes = Shapes::read(TEXT).expect("shapes");
        assert_eq!(shapes.programs("program", 1), ["class M:\n    pass\nraise M()\n", "raise KeyError\n"]);
        assert_eq!([2, 3].map(|size| shapes.programs("program", size).len()), [4, 8 + 4]);
        for size in 1..=7 {
            assert_eq!(
                shapes.count("program", size),
                shapes.programs("program", size).len() as u128,
                "size {size}"
            );
        }
        let nested = "try:\n    raise KeyError\nfinally:\n    raise KeyError\n".to_string();
        assert!(shapes.programs("program", 3).contains(&nested));
        assert_eq!(shapes.names(), ["program"]);
    }

    #[test]
    fn what_is_not_declared_is_refused() {
        assert!(Shapes::read("program: <suite>\n").is_err());
        assert!(Shapes::read("program\n").is_err());
        assert!(Shapes::read("program: a\nexc = <exc>\n").expect("shapes").programs("program", 3).is_empty());
    }
}
