//! The paths of a graph as a tree, for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::check::verdict::{counted, grouped};
use crate::trace::tree::{Branch, Counts, Node, Tree};

/// A tree as lines, up to its `most`-th end, and whether there are more. What was printed before is referred to.
pub fn text(tree: &Tree, most: usize) -> (String, bool) {
    let mut printer =
        Printer { tree, weights: tree.weights(), seen: BTreeSet::new(), lines: Vec::new(), ends: 0 };
    let more = printer.print(most);
    (printer.finished(), more)
}

/// How many paths end how, how many ways go round a loop, and how many of both come to which lines; `lines` are those of the program.
pub fn summary(counts: &Counts, lines: &BTreeSet<usize>) -> String {
    let back = match counts.again {
        0 => String::new(),
        again => format!("; {} round a loop, back to where a path was", counted(again, "way")),
    };
    let mut out = format!("{} by their ends{back}:\n", counted(counts.paths, "path"));
    let mut ends: Vec<(&str, u128)> = counts.ends.iter().map(|(end, count)| (end.as_str(), *count)).collect();
    ends.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (end, count) in ends {
        let _ = writeln!(out, "{:>7}  {end}", grouped(count));
    }
    let mut groups: BTreeMap<u128, Vec<usize>> = BTreeMap::new();
    for line in lines {
        groups.entry(counts.lines.get(line).copied().unwrap_or_default()).or_default().push(*line);
    }
    if !groups.is_empty() {
        let ways = if counts.again > 0 { "paths and ways back" } else { "paths" };
        let _ = writeln!(out, "lines by the {ways} that come to them:");
    }
    for (count, lines) in groups.iter().rev() {
        let _ = writeln!(out, "{:>7}  {}", grouped(*count), ranges(lines));
    }
    out
}

/// Sorted numbers, with those that follow one another as one: `line 3`, `lines 3-5, 9`.
fn ranges(lines: &[usize]) -> String {
    let runs = lines.chunk_by(|one, next| *next == one + 1);
    let runs: Vec<String> = runs
        .map(|run| match run {
            [first, .., last] => format!("{first}-{last}"),
            _ => run.iter().map(ToString::to_string).collect(),
        })
        .collect();
    format!("{} {}", if lines.len() == 1 { "line" } else { "lines" }, runs.join(", "))
}

struct Printer<'t> {
    tree: &'t Tree,
    /// About how many lines it takes to tell what follows each node.
    weights: Vec<u64>,
    seen: BTreeSet<usize>,
    lines: Vec<Line>,
    ends: usize,
}

/// A line of the tree.
#[derive(Default)]
struct Line {
    prefix: String,
    text: String,
    /// The node that begins here.
    begins: Option<usize>,
    /// Where it goes on: a node that is printed elsewhere, and whether a loop goes round.
    refers: Option<(usize, bool)>,
}

/// What is to be printed.
enum Task<'t> {
    Follow(usize, bool, String),
    Branch(&'t Branch, Way, String),
}

/// How one of several ways to go on is printed.
#[derive(Clone, Copy)]
enum Way {
    /// Others follow.
    Aside,
    /// It is the last.
    Last,
    /// It is the last, and not told aside: what follows is all that there is.
    Below,
}

/// Lines that are few.
const FEW: u64 = 3;

impl<'t> Printer<'t> {
    fn print(&mut self, most: usize) -> bool {
        let mut open = vec![Task::Follow(self.tree.root, false, String::new())];
        while let Some(task) = open.pop() {
            match task {
                Task::Branch(branch, way, prefix) => {
                    if self.ends >= most {
                        return true;
                    }
                    let inner = self.branch(branch, way, prefix);
                    open.push(Task::Follow(branch.to, branch.again, inner));
                }
                Task::Follow(to, again, prefix) => self.follow(to, again, prefix, &mut open),
            }
        }
        false
    }

    /// Prints what is chosen, and returns the prefix of what follows.
    fn branch(&mut self, branch: &Branch, way: Way, prefix: String) -> String {
        let (own, inner) = match way {
            Way::Aside => ("├ ", "│ "),
            Way::Last => ("└ ", "  "),
            Way::Below => ("└ ", ""),
        };
        let [own, inner] = [own, inner].map(|more| format!("{prefix}{more}"));
        let nothing = ["otherwise".to_string()];
        // That something did not happen is told by what the other ways say.
        let sentences = if branch.told.sentences.is_empty() { &nothing[..] } else { &branch.told.sentences };
        for (place, text) in sentences.iter().enumerate() {
            let prefix = if place == 0 { own.clone() } else { inner.clone() };
            self.lines.push(Line { prefix, text: text.clone(), ..Line::default() });
        }
        inner
    }

    /// Prints a node, or refers to it.
    fn follow(&mut self, to: usize, again: bool, prefix: String, open: &mut Vec<Task<'t>>) {
        let place = self.behind(to);
        let node = &self.tree.nodes[place];
        if !is_small(node) && !self.seen.insert(place) {
            self.ends += 1;
            self.last(&prefix).refers = Some((place, again));
            return;
        }
        let first = self.lines.len();
        for text in &node.told.sentences {
            self.lines.push(Line { prefix: prefix.clone(), text: text.clone(), ..Line::default() });
        }
        if !is_small(node) {
            if node.told.sentences.is_empty() {
                self.lines.push(Line { prefix: prefix.clone(), ..Line::default() });
            }
            self.lines[first].begins = Some(place);
        }
        if let Some(end) = &node.end {
            self.ends += 1;
            let line = self.last(&prefix);
            line.text = format!("{} → {end}", line.text).trim_start().to_string();
        }
        match &node.branches[..] {
            [only] => {
                for text in &only.told.sentences {
                    self.lines.push(Line { prefix: prefix.clone(), text: text.clone(), ..Line::default() });
                }
                open.push(Task::Follow(only.to, only.again, prefix));
            }
            branches => {
                let (ordered, flat) = self.ordered(branches);
                let way = |(place, branch)| {
                    let how = match place {
                        0 if flat => Way::Below,
                        0 => Way::Last,
                        _ => Way::Aside,
                    };
                    Task::Branch(branch, how, prefix.clone())
                };
                open.extend(ordered.into_iter().rev().enumerate().map(way));
            }
        }
    }

    /// The ways to go on; where all but one of them are told in a few lines, that one is the last, and goes on below.
    fn ordered(&self, branches: &'t [Branch]) -> (Vec<&'t Branch>, bool) {
        let mut ways: Vec<&Branch> = branches.iter().collect();
        let weight = |way: &Branch| if way.again { 1 } else { self.weights[way.to] };
        let Some(main) = (0..ways.len()).max_by_key(|place| weight(ways[*place])) else {
            return (ways, false);
        };
        let main = ways.remove(main);
        if weight(main) > FEW && ways.iter().all(|way| weight(way) <= FEW) {
            ways.push(main);
            return (ways, true);
        }
        (branches.iter().collect(), false)
    }

    /// The node behind those of which there is nothing to say.
    fn behind(&self, mut place: usize) -> usize {
        loop {
            let node = &self.tree.nodes[place];
            match &node.branches[..] {
                [Branch { told, to, again: false }]
                    if node.told.sentences.is_empty() && told.sentences.is_empty() =>
                {
                    place = *to;
                }
                _ => return place,
            }
        }
    }

    /// The line that is continued.
    fn last(&mut self, prefix: &str) -> &mut Line {
        if self.lines.is_empty() {
            self.lines.push(Line { prefix: prefix.to_string(), ..Line::default() });
        }
        let said = self.lines.iter().rposition(|line| !line.text.is_empty());
        let last = said.unwrap_or(self.lines.len() - 1);
        &mut self.lines[last]
    }

    /// The lines, with a number for each node that is referred to.
    fn finished(self) -> String {
        let referred: BTreeSet<usize> =
            self.lines.iter().filter_map(|line| line.refers.map(|(place, _)| place)).collect();
        let numbered =
            self.lines.iter().filter_map(|line| line.begins.filter(|place| referred.contains(place)));
        let numbers: BTreeMap<usize, usize> =
            numbered.enumerate().map(|(number, place)| (place, number + 1)).collect();
        let mut out = String::new();
        for line in &self.lines {
            let begins = line.begins.and_then(|place| numbers.get(&place));
            let mut words: Vec<String> = begins.map(|number| format!("[{number}]")).into_iter().collect();
            words.extend((!line.text.is_empty()).then(|| line.text.clone()));
            if let Some((number, again)) =
                line.refers.and_then(|(place, again)| Some((numbers.get(&place)?, again)))
            {
                let how = if again { "goes round again from" } else { "goes on at" };
                words.push(format!("→ {how} [{number}]"));
            }
            if !words.is_empty() {
                let _ = writeln!(out, "{}{}", line.prefix, words.join(" "));
            }
        }
        out
    }
}

/// Whether a node is as soon said as referred to.
fn is_small(node: &Node) -> bool {
    node.branches.is_empty() && node.told.sentences.len() <= 1
}
