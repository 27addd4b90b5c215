//! All paths of a graph as a tree with shared continuations: what happens between two choices, and what follows each.
//!
//! Where paths join again, and where what follows reads alike, there is one node. So a tree has about as many nodes as its
//! graph has choices, however many paths these make.

use std::collections::{BTreeMap, BTreeSet};

use egg::Id;
use rustc_hash::FxHashMap;

use crate::machine::Reachability;
use crate::machine::stepper::Machine;
use crate::trace::lines::line_of;
use crate::trace::walk::{End, Follow, Position, Taken, happenings};
use crate::trace::words;

/// Nodes of a tree: what goes on behind more of them is left out.
const MOST: usize = 20_000;

/// The paths of a graph.
#[derive(Debug, Default)]
pub struct Tree {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The one with which all paths begin.
    pub root: usize,
    /// The nodes in an order in which what follows a node comes before it, save where a loop goes round.
    order: Vec<usize>,
    /// Whether something was left out.
    pub cut: bool,
    /// Whether some path comes back to where it was.
    pub loops: bool,
}

/// What happens up to the next choice, or to where paths join.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Node {
    /// What happens, in order.
    pub told: Told,
    /// How paths end here, where they do.
    pub end: Option<String>,
    /// The ways to go on.
    pub branches: Vec<Branch>,
}

/// What happens on a stretch of paths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Told {
    /// As sentences.
    pub sentences: Vec<String>,
    /// The lines of the program's own file that are come to.
    pub lines: BTreeSet<usize>,
}

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Branch {
    /// What is chosen.
    pub told: Told,
    /// The node that follows.
    pub to: usize,
    /// Whether this goes round a loop.
    pub again: bool,
}

/// How many paths there are that come to an end without going round a loop, and how many ways lead back into one: such a way
/// is no path, and what follows it is told where it comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that end.
    pub paths: u128,
    /// Those that end in some way.
    pub ends: BTreeMap<String, u128>,
    /// The ways that go round a loop.
    pub again: u128,
    /// The paths, and the ways back, that come to a line.
    pub lines: BTreeMap<usize, u128>,
}

impl Told {
    fn add(&mut self, machine: &Machine, taken: &Taken) {
        self.sentences.extend(happenings(machine, taken));
        self.lines.extend(line_of(machine, &taken.edge));
    }
}

/// How a path ends, as a verb.
fn ended(machine: &Machine, end: End) -> String {
    match end {
        End::Completed(completion) => words::left(&machine.bank().term(completion)),
        End::Again => "goes round again".into(),
        End::CutOff(why) => format!("is {why}"),
    }
}

/// The tree of a graph. The machine follows it from the initial state.
pub fn tree(machine: &mut Machine, initial: Id, reachability: &Reachability) -> Tree {
    let mut joins = vec![false; reachability.len()];
    let mut met = vec![false; reachability.len()];
    met[..1].fill(true);
    for vertex in 0..reachability.followed() {
        reachability
            .targets(vertex)
            .for_each(|target| joins[target] |= std::mem::replace(&mut met[target], true));
    }
    let start = Position::start(machine, initial);
    let mut builder = Builder {
        follow: Follow { machine, reachability },
        joins,
        known: FxHashMap::default(),
        open: Vec::new(),
        tree: Tree::default(),
    };
    builder.build(start);
    builder.tree.merged()
}

struct Builder<'a> {
    follow: Follow<'a>,
    /// The vertices that more than one transition leads to.
    joins: Vec<bool>,
    /// The nodes by where they begin: the vertex, and the line that control is on.
    known: FxHashMap<(usize, Option<usize>), usize>,
    /// Whether what follows a node is being looked at.
    open: Vec<bool>,
    tree: Tree,
}

impl Builder<'_> {
    fn build(&mut self, start: Position) {
        let mut stack = vec![self.node(start)];
        while let Some((node, at)) = stack.last_mut() {
            let node = *node;
            let Some((taken, next)) = at.as_ref().and_then(|at| self.follow.transition(at)) else {
                self.open[node] = false;
                self.tree.order.push(node);
                stack.pop();
                continue;
            };
            if let Some(at) = at {
                at.edge += 1;
            }
            let mut told = Told::default();
            told.add(self.follow.machine, &taken);
            let known = self.known.get(&(next.vertex, next.place.line())).copied();
            let to = known.unwrap_or_else(|| {
                let opened = self.node(next);
                let to = opened.0;
                stack.push(opened);
                to
            });
            let again = known.is_some() && self.open[to];
            self.tree.loops |= again;
            self.tree.nodes[node].branches.push(Branch { told, to, again });
        }
    }

    /// A new node that begins there, and where it comes to a choice.
    fn node(&mut self, at: Position) -> (usize, Option<Position>) {
        let number = self.tree.nodes.len();
        self.known.insert((at.vertex, at.place.line()), number);
        self.open.push(true);
        let mut node = Node::default();
        let mut rest = None;
        if number >= MOST {
            self.tree.cut = true;
            node.end = Some("is not followed further here".into());
        } else {
            rest = self.stretch(at, &mut node);
        }
        self.tree.nodes.push(node);
        (number, rest)
    }

    /// Follows what is decided, up to a choice, an end, or to where paths join.
    fn stretch(&mut self, mut at: Position, node: &mut Node) -> Option<Position> {
        loop {
            node.end = self.follow.end(&at).map(|end| ended(self.follow.machine, end));
            if node.end.is_some() {
                return None;
            }
            let only = |target: usize| !self.joins[target];
            let mut targets = self.follow.reachability.targets(at.vertex);
            if targets.len() != 1 || !targets.all(only) {
                return Some(at);
            }
            let (taken, next) = self.follow.transition(&at)?;
            node.told.add(self.follow.machine, &taken);
            at = next;
        }
    }
}

impl Tree {
    /// The tree in which what reads alike is one node.
    fn merged(mut self) -> Tree {
        let mut same: FxHashMap<Node, usize> = FxHashMap::default();
        let mut now: Vec<usize> = (0..self.nodes.len()).collect();
        let mut order = Vec::new();
        for place in std::mem::take(&mut self.order) {
            let mut node = std::mem::take(&mut self.nodes[place]);
            node.branches.iter_mut().for_each(|branch| branch.to = now[branch.to]);
            now[place] = *same.entry(node.clone()).or_insert(place);
            if now[place] == place {
                self.nodes[place] = node;
                order.push(place);
            }
        }
        // A loop goes round to a node that was not yet compared.
        self.nodes
            .iter_mut()
            .flat_map(|node| &mut node.branches)
            .for_each(|branch| branch.to = now[branch.to]);
        (self.root, self.order) = (now.first().copied().unwrap_or_default(), order);
        self
    }

    /// How many paths there are, and what they have in common.
    pub fn counts(&self) -> Counts {
        let (mut counts, all) = (Counts::default(), self.ways(|_| false));
        let mut coming = vec![0u128; self.nodes.len()];
        coming[self.root..=self.root].fill(1);
        for place in self.order.iter().rev() {
            let (node, here) = (&self.nodes[*place], coming[*place]);
            if let Some(end) = &node.end {
                let count = counts.ends.entry(end.clone()).or_default();
                *count = count.saturating_add(here);
            }
            for branch in &node.branches {
                let count = if branch.again { &mut counts.again } else { &mut coming[branch.to] };
                *count = count.saturating_add(here);
            }
        }
        counts.paths = counts.ends.values().copied().fold(0, u128::saturating_add);
        let told = || {
            self.nodes.iter().flat_map(|node| {
                std::iter::once(&node.told).chain(node.branches.iter().map(|branch| &branch.told))
            })
        };
        let lines: BTreeSet<usize> = told().flat_map(|told| told.lines.iter().copied()).collect();
        let on = |line| all - self.ways(|told: &Told| told.lines.contains(&line));
        counts.lines = lines.into_iter().map(|line| (line, on(line))).collect();
        counts
    }

    /// About how many sentences tell what follows each node, if nothing is referred to.
    pub fn weights(&self) -> Vec<u64> {
        let mut weights = vec![0u64; self.nodes.len()];
        for place in &self.order {
            let node = &self.nodes[*place];
            let behind = |branch: &Branch| {
                let rest = if branch.again { 1 } else { weights[branch.to] };
                rest.saturating_add(branch.told.sentences.len() as u64)
            };
            let own = node.told.sentences.len() as u64 + u64::from(node.end.is_some());
            weights[*place] = node.branches.iter().map(behind).fold(own, u64::saturating_add);
        }
        weights
    }

    /// How many paths and ways back there are on which nothing happens that is left out.
    fn ways(&self, left_out: impl Fn(&Told) -> bool) -> u128 {
        let mut counts = vec![0u128; self.nodes.len()];
        for place in &self.order {
            let node = &self.nodes[*place];
            if left_out(&node.told) {
                continue;
            }
            let behind = |branch: &Branch| match (left_out(&branch.told), branch.again) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => counts[branch.to],
            };
            let sum = node.branches.iter().map(behind).fold(0, u128::saturating_add);
            counts[*place] = if node.end.is_some() { 1 } else { sum };
        }
        counts.get(self.root).copied().unwrap_or_default()
    }
}
