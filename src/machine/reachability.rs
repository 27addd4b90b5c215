//! The reachability graph of a graph: its vertices by number, in the order of a breadth-first search, without what they are.
//!
//! It takes a vertex eight bytes, and a transition four. What a vertex is, is found by following the
//! transitions to it.

use crate::limits::MAX_STATES;

/// A transition without events has this bit set beside its target.
const SILENT: u32 = 1 << 31;

/// A vertex of which no transition can be seen has this bit set beside where its transitions end.
const CALM: u32 = 1 << 31;

/// A graph has fewer vertices, and fewer transitions, than this.
pub const MOST: usize = MAX_STATES;
const _: () = assert!(MOST < SILENT as usize);

/// The root's parent.
const NONE: u32 = u32::MAX;

/// The vertices and transitions of a graph. The first vertex is the root.
#[derive(Debug, Clone, Default)]
pub struct Reachability {
    /// For each vertex, the one that it was reached from first.
    parents: Vec<u32>,
    /// For each vertex that was followed, where its transitions end among the targets, and whether it is calm.
    ends: Vec<u32>,
    targets: Vec<u32>,
    /// Whether a silent transition leads back, to a vertex that is not numbered higher.
    suspicious: bool,
}

impl Reachability {
    /// Forgets all vertices.
    pub fn clear(&mut self) {
        let Reachability { parents, ends, targets, suspicious } = self;
        parents.clear();
        ends.clear();
        targets.clear();
        *suspicious = false;
    }

    /// Adds the root of an empty graph.
    pub fn root(&mut self) {
        self.parents.push(NONE);
    }

    /// A new vertex that is reached from the one being followed: its number.
    pub fn vertex(&mut self) -> usize {
        self.parents.push(self.ends.len() as u32);
        self.parents.len() - 1
    }

    /// Adds a transition from the vertex being followed.
    pub fn transition(&mut self, target: usize, silent: bool) {
        self.suspicious |= silent && target <= self.ends.len();
        self.targets.push(target as u32 | if silent { SILENT } else { 0 });
    }

    /// All transitions of the vertex being followed are there, and none can be seen where it is calm; the next one is
    /// followed now.
    pub fn close(&mut self, calm: bool) {
        self.ends.push(self.targets.len() as u32 | if calm { CALM } else { 0 });
    }

    /// How many vertices there are.
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    /// Whether there is no vertex.
    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// How many vertices were followed, which is also the number of the one that is followed next.
    pub fn followed(&self) -> usize {
        self.ends.len()
    }

    /// How many transitions there are.
    pub fn transitions(&self) -> usize {
        self.targets.len()
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        (self.parents.len() * 2 + self.targets.len()) * size_of::<u32>()
    }

    /// The targets of a vertex's transitions, in order; none where it was not followed.
    pub fn targets(&self, vertex: usize) -> impl ExactSizeIterator<Item = usize> {
        self.marked(vertex).iter().map(|target| (target & !SILENT) as usize)
    }

    fn marked(&self, vertex: usize) -> &[u32] {
        let Some(end) = self.ends.get(vertex) else { return &[] };
        let first = vertex.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.targets[(first & !CALM) as usize..(*end & !CALM) as usize]
    }

    fn is_calm(&self, vertex: usize) -> bool {
        self.ends.get(vertex).is_some_and(|end| *end & CALM != 0)
    }

    /// Where a calm vertex with one transition leads.
    fn only(&self, vertex: usize) -> Option<usize> {
        let mut targets = self.targets(vertex);
        let only = targets.next().filter(|_| self.is_calm(vertex))?;
        targets.next().is_none().then_some(only)
    }

    /// The cycles that nothing leaves and of which nothing can be seen: each by the vertices on it, the first that was
    /// met in front, and in the order of these.
    pub fn rounds(&self) -> Vec<Vec<usize>> {
        let mut walks: rustc_hash::FxHashMap<usize, usize> = rustc_hash::FxHashMap::default();
        let mut found: Vec<Vec<usize>> = Vec::new();
        // Each cycle has a transition that leads back.
        for from in (0..self.followed()).filter(|from| self.only(*from).is_some_and(|to| to <= *from)) {
            let mut at = from;
            let met = loop {
                if let Some(walk) = walks.insert(at, from) {
                    walks.insert(at, walk);
                    break (walk == from).then_some(at);
                }
                match self.only(at) {
                    Some(next) => at = next,
                    None => break None,
                }
            };
            let Some(met) = met else { continue };
            let next = |at: &usize| self.only(*at).filter(|next| *next != met);
            let mut round: Vec<usize> = std::iter::successors(Some(met), next).collect();
            let first = (0..round.len()).min_by_key(|place| round[*place]).unwrap_or_default();
            round.rotate_left(first);
            found.push(round);
        }
        found.sort();
        found
    }

    fn silent(&self, vertex: usize) -> impl Iterator<Item = usize> {
        let silent = self.marked(vertex).iter().filter(|target| **target & SILENT != 0);
        silent.map(|target| (target & !SILENT) as usize)
    }

    /// A shortest path to a vertex: the number of the transition to take at each vertex, from the root on.
    pub fn path_to(&self, vertex: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = vertex;
        while self.parents[at] != NONE {
            let parent = self.parents[at] as usize;
            path.push(self.targets(parent).position(|target| target == at).unwrap_or_default());
            at = parent;
        }
        path.reverse();
        path
    }

    /// The number of paths from the root to a vertex without transitions; `None` where there is a cycle,
    /// whose paths are without number.
    pub fn paths(&self) -> Option<u128> {
        let order = self.peel(|vertex| self.targets(vertex));
        if order.len() < self.len() {
            return None;
        }
        let mut counts = vec![0u128; self.len()];
        for vertex in order.into_iter().rev() {
            let vertex = vertex as usize;
            counts[vertex] = match self.marked(vertex) {
                [] => 1,
                _ => self.targets(vertex).fold(0, |sum, target| sum.saturating_add(counts[target])),
            };
        }
        counts.first().copied()
    }

    /// The vertices in an order in which each comes after those that lead to it. Vertices on
    /// cycles, and behind them, are left out.
    fn peel<T: Iterator<Item = usize>>(&self, targets: impl Fn(usize) -> T) -> Vec<u32> {
        let mut incoming = vec![0u32; self.len()];
        for vertex in 0..self.followed() {
            targets(vertex).for_each(|target| incoming[target] += 1);
        }
        let mut order: Vec<u32> = Vec::with_capacity(self.len());
        order.extend((0..self.len() as u32).filter(|vertex| incoming[*vertex as usize] == 0));
        let mut next = 0;
        while let Some(vertex) = order.get(next) {
            for target in targets(*vertex as usize) {
                incoming[target] -= 1;
                if incoming[target] == 0 {
                    order.push(target as u32);
                }
            }
            next += 1;
        }
        order
    }

    /// The first vertex from which a silent transition leads back and closes a cycle of silent transitions.
    pub fn silent_cycle(&self) -> Option<usize> {
        if !self.suspicious {
            return None;
        }
        let order = self.peel(|vertex| self.silent(vertex));
        if order.len() == self.len() {
            return None;
        }
        let mut left = vec![true; self.len()];
        order.into_iter().for_each(|vertex| left[vertex as usize] = false);
        (0..self.followed()).filter(|vertex| left[*vertex]).find(|vertex| {
            let back = self.silent(*vertex).filter(|target| target <= vertex && left[*target]);
            back.into_iter().any(|target| self.leads_silently(target, *vertex))
        })
    }

    fn leads_silently(&self, from: usize, to: usize) -> bool {
        let mut passed = rustc_hash::FxHashSet::default();
        let mut open = vec![from];
        while let Some(vertex) = open.pop() {
            if vertex == to {
                return true;
            }
            if passed.insert(vertex) {
                open.extend(self.silent(vertex));
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A graph from each vertex's transitions: targets in the order of a breadth-first search, and whether silent.
    fn graph(transitions: &[&[(usize, bool)]]) -> Reachability {
        let mut reachability = Reachability::default();
        reachability.root();
        for of_one in transitions {
            for (target, silent) in *of_one {
                if *target == reachability.len() {
                    reachability.vertex();
                }
                reachability.transition(*target, *silent);
            }
            reachability.close(of_one.iter().all(|(_, silent)| *silent));
        }
        reachability
    }

    #[test]
    fn paths_are_counted_where_they_join() {
        let diamond = graph(&[&[(1, false), (2, false)], &[(3, false)], &[(3, false), (3, true)], &[]]);
        assert_eq!(diamond.paths(), Some(3));
        assert_eq!(diamond.path_to(3), [0, 0]);
        assert_eq!(diamond.path_to(2), [1]);
    }

    #[test]
    fn a_cycle_has_paths_without_number() {
        let around = graph(&[&[(1, false)], &[(0, false), (2, false)], &[]]);
        assert_eq!(around.paths(), None);
        assert_eq!(around.silent_cycle(), None);
    }

    #[test]
    fn only_a_cycle_that_is_silent_all_the_way_is_one() {
        let with_an_event = graph(&[&[(1, true)], &[(2, false)], &[(0, true)]]);
        assert_eq!(with_an_event.silent_cycle(), None);
        let silent = graph(&[&[(1, false)], &[(2, true)], &[(3, true), (4, true)], &[(1, true)], &[]]);
        assert_eq!(silent.silent_cycle(), Some(3));
        let to_itself = graph(&[&[(0, true)]]);
        assert_eq!(to_itself.silent_cycle(), Some(0));
    }

    #[test]
    fn a_round_is_a_cycle_that_nothing_leaves_and_nobody_sees() {
        let left = graph(&[&[(1, true)], &[(0, true), (2, true)], &[]]);
        assert!(left.rounds().is_empty());
        let seen = graph(&[&[(1, true)], &[(0, false)]]);
        assert!(seen.rounds().is_empty());
        // Two ways into one round, and a way that comes back to itself.
        let two = graph(&[
            &[(1, false), (2, false), (3, false)],
            &[(4, true)],
            &[(5, true)],
            &[(3, true)],
            &[(5, true)],
            &[(4, true)],
        ]);
        assert_eq!(two.rounds(), [vec![3], vec![4, 5]]);
    }
}
