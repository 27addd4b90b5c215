//! The state of all monitors at one moment: activations that are open, one on the other, and what is anchored to them.
//!
//! Configurations share what they have in common. An activation that is open holds what is below it, so that one
//! more activation, or one less, costs what is new and no copy of the rest; a recursion a thousand deep has a
//! thousand activations in all, and not a thousand in each of its configurations.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use egg::Id;
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use crate::check::automaton::Local;
use crate::machine::Bank;
use crate::machine::fingerprint::{Fingerprint, mix, of_name};

/// An activation of a marked statement that control has entered and not left.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Activation {
    /// The marker that it was entered with.
    pub marker: Id,
    /// The statement's label.
    pub label: Id,
}

/// One instance of a property.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Instance {
    /// Of which property.
    pub property: u32,
    /// Places of the activations that it is anchored to, counted from the outermost.
    pub anchors: SmallVec<[u32; 2]>,
    /// Its automaton's state.
    pub local: Local,
}

/// An open activation with the instances of which it is the innermost anchor, on top of what was open before.
#[derive(Debug)]
pub(super) struct Level {
    /// The activation.
    pub activation: Activation,
    /// Its instances.
    pub instances: Arc<[Instance]>,
    /// How many are open below.
    place: u32,
    below: Stack,
    /// Of all that is open, this included; the fingerprint where it was asked for.
    hash: u64,
    print: OnceLock<Fingerprint>,
}

/// Activations that are open, the innermost on top.
#[derive(Debug, Clone, Default)]
pub(super) struct Stack(Option<Arc<Level>>);

/// The copies of levels that were moved to another bank.
#[derive(Debug, Default)]
pub(super) struct Copies(FxHashMap<*const Level, Stack>);

/// What a suspended generator is inside of: activations with their instances, as if nothing else were open.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Parked {
    generator: Id,
    open: Stack,
}

/// The state of all monitors; its terms are those of the bank that the events lie in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Config {
    /// The instances of whole paths.
    pub rooted: Arc<Vec<Instance>>,
    /// What is open.
    pub open: Stack,
    /// Generators that run, each with the number of activations that were open when it was resumed.
    running: Vec<(Id, u32)>,
    /// Generators that are suspended inside of activations, and what is theirs.
    parked: Vec<Parked>,
}

impl Level {
    /// How many activations are open below.
    pub fn place(&self) -> u32 {
        self.place
    }

    /// The fingerprint of all that is open, where that of what is below is known.
    fn fingerprint(&self, bank: &mut Bank) -> Fingerprint {
        let mut print = mix(self.below.known_fingerprint(), u128::from(self.place));
        print = mix(print, bank.fingerprint(self.activation.marker));
        print = mix(print, bank.fingerprint(self.activation.label));
        self.instances.iter().fold(print, |print, instance| mix(print, instance.fingerprint(bank)))
    }
}

impl Stack {
    /// How many activations are open.
    pub fn len(&self) -> u32 {
        self.0.as_ref().map_or(0, |level| level.place + 1)
    }

    /// The levels, the innermost first.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Level>> {
        std::iter::successors(self.0.as_ref(), |level| level.below.0.as_ref())
    }

    /// The levels, the outermost first.
    pub fn upwards(&self) -> Vec<&Arc<Level>> {
        let mut levels: Vec<_> = self.iter().collect();
        levels.reverse();
        levels
    }

    /// The place of the innermost activation of which that is true.
    pub fn innermost(&self, is: impl Fn(&Activation) -> bool) -> Option<u32> {
        self.iter().find(|level| is(&level.activation)).map(|level| level.place)
    }

    /// What is open below a place.
    pub fn below(&self, place: u32) -> Stack {
        match self.iter().find(|level| level.place == place) {
            Some(level) => level.below.clone(),
            None => self.clone(),
        }
    }

    /// The stack with one more activation.
    pub fn push(&mut self, activation: Activation, instances: Arc<[Instance]>) {
        let below = std::mem::take(self);
        let under = below.0.as_ref().map_or(0, |level| level.hash);
        let mut hasher = FxHasher::default();
        (under, &activation, &instances).hash(&mut hasher);
        let (place, hash, print) = (below.len(), hasher.finish(), OnceLock::new());
        *self = Stack(Some(Arc::new(Level { activation, instances, place, below, hash, print })));
    }

    /// The fingerprint of what is open. Many programs are followed without anybody asking for it.
    fn fingerprint(&self, bank: &mut Bank) -> Fingerprint {
        // From the lowest level of which it was not asked yet: a deep stack is not gone down by recursion.
        let mut asked: Vec<_> = self.iter().take_while(|level| level.print.get().is_none()).collect();
        while let Some(level) = asked.pop() {
            let print = level.fingerprint(bank);
            level.print.get_or_init(|| print);
        }
        self.known_fingerprint()
    }

    /// The fingerprint, where it was asked for.
    fn known_fingerprint(&self) -> Fingerprint {
        self.0.as_ref().and_then(|level| level.print.get()).copied().unwrap_or_default()
    }

    /// About how many bytes the levels take that this one does not share with a stack from which it was made by
    /// one event.
    pub fn own_bytes(&self) -> usize {
        let own = |level: &Arc<Level>| {
            size_of::<Level>() + level.instances.iter().map(Instance::bytes).sum::<usize>()
        };
        self.iter().take_while(|level| Arc::strong_count(level) == 1).map(own).sum()
    }
}

impl PartialEq for Stack {
    fn eq(&self, other: &Stack) -> bool {
        let (mut one, mut two) = (&self.0, &other.0);
        loop {
            match (one, two) {
                (None, None) => return true,
                (Some(a), Some(b)) if Arc::ptr_eq(a, b) => return true,
                (Some(a), Some(b))
                    if a.hash == b.hash && a.activation == b.activation && a.instances == b.instances =>
                {
                    (one, two) = (&a.below.0, &b.below.0);
                }
                _ => return false,
            }
        }
    }
}

impl Eq for Stack {}

impl Hash for Stack {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ref().map_or(0, |level| level.hash).hash(state);
    }
}

impl Drop for Stack {
    /// One level after the other: a deep stack is not taken down by recursion.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut level) = next.and_then(Arc::into_inner) {
            next = level.below.0.take();
        }
    }
}

impl Instance {
    fn bytes(&self) -> usize {
        let spilled =
            |length: usize, least: usize, size: usize| if length > least { length * size } else { 0 };
        size_of::<Instance>() + spilled(self.local.args.len(), 3, 4) + spilled(self.local.bound.len(), 3, 8)
    }

    /// Every term that it holds.
    fn terms(&self) -> impl Iterator<Item = Id> {
        self.local.args.iter().copied().chain(self.local.bound.iter().map(|(_, term)| *term))
    }

    fn moved(&self, moved: &impl Fn(Id) -> Id) -> Instance {
        let mut instance = self.clone();
        instance.local.args.iter_mut().for_each(|term| *term = moved(*term));
        instance.local.bound.iter_mut().for_each(|(_, term)| *term = moved(*term));
        instance
    }

    /// Which variables an instance has bound is told by its property, so the terms are enough.
    fn fingerprint(&self, bank: &mut Bank) -> Fingerprint {
        let Instance { property, anchors, local } = self;
        let mut print = mix(u128::from(*property), of_name(local.name.as_str()));
        print = anchors.iter().fold(print, |print, anchor| mix(print, u128::from(*anchor)));
        print = mix(print, (anchors.len() << 32 | local.args.len() << 16 | local.bound.len()) as u128);
        self.terms().fold(print, |print, term| mix(print, bank.fingerprint(term)))
    }
}

impl Config {
    /// Nothing is open, and whole paths are followed.
    pub fn of_paths(rooted: Vec<Instance>) -> Config {
        Config { rooted: Arc::new(rooted), ..Config::default() }
    }

    /// Every term that it holds.
    pub fn terms(&self) -> Vec<Id> {
        let mut found: Vec<Id> = self.rooted.iter().flat_map(Instance::terms).collect();
        found.extend(self.running.iter().map(|(generator, _)| *generator));
        found.extend(self.parked.iter().map(|parked| parked.generator));
        let stacks = std::iter::once(&self.open).chain(self.parked.iter().map(|parked| &parked.open));
        for level in stacks.flat_map(Stack::iter) {
            found.extend([level.activation.marker, level.activation.label]);
            found.extend(level.instances.iter().flat_map(Instance::terms));
        }
        found
    }

    /// The configuration in another bank, where its terms were moved to. What it shares with others that were moved
    /// with the same copies, it shares there, too.
    pub fn moved(&self, moved: &impl Fn(Id) -> Id, copies: &mut Copies) -> Config {
        let mut stack = |from: &Stack| {
            let mut to = Stack::default();
            for level in from.upwards() {
                if let Some(copy) = copies.0.get(&Arc::as_ptr(level)) {
                    to = copy.clone();
                    continue;
                }
                let Activation { marker, label } = level.activation;
                let instances = level.instances.iter().map(|instance| instance.moved(moved)).collect();
                to.push(Activation { marker: moved(marker), label: moved(label) }, instances);
                copies.0.insert(Arc::as_ptr(level), to.clone());
            }
            to
        };
        Config {
            rooted: Arc::new(self.rooted.iter().map(|instance| instance.moved(moved)).collect()),
            open: stack(&self.open),
            running: self.running.iter().map(|(generator, base)| (moved(*generator), *base)).collect(),
            parked: self
                .parked
                .iter()
                .map(|parked| Parked { generator: moved(parked.generator), open: stack(&parked.open) })
                .collect(),
        }
    }

    /// Closes the innermost activation of the marker, and those that were left open inside it.
    pub fn close(&mut self, marker: Id) {
        if let Some(place) = self.open.innermost(|activation| activation.marker == marker) {
            self.open = self.open.below(place);
        }
    }

    /// A generator starts: what one of that number left behind is over.
    pub fn begin(&mut self, generator: Id) {
        self.abandon(generator);
        self.running.push((generator, self.open.len()));
    }

    /// A generator goes on: what it is inside of is open again, innermost.
    pub fn resume(&mut self, generator: Id) {
        let base = self.open.len();
        self.running.push((generator, base));
        let Some(place) = self.parked.iter().position(|parked| parked.generator == generator) else { return };
        let parked = self.parked.remove(place);
        for level in parked.open.upwards() {
            let instances = level.instances.iter().map(|instance| instance.shifted(|anchor| anchor + base));
            self.open.push(level.activation.clone(), instances.collect());
        }
    }

    /// A generator is suspended: what it is inside of waits with it. Instances about one of its statements and one of
    /// its resumer's are over, since neither is inside of the other any more.
    pub fn park(&mut self, generator: Id) {
        let Some((_, base)) = self.running.pop() else { return };
        let mut open = Stack::default();
        for level in self.open.upwards().into_iter().skip(base as usize) {
            let inside =
                level.instances.iter().filter(|own| own.anchors.iter().all(|anchor| *anchor >= base));
            let instances = inside.map(|instance| instance.shifted(|anchor| anchor - base)).collect();
            open.push(level.activation.clone(), instances);
        }
        self.open = self.open.below(base);
        if open.len() > 0 {
            self.parked.push(Parked { generator, open });
        }
    }

    /// A generator has finished: it is inside of nothing any more.
    pub fn end(&mut self, generator: Id) {
        if let Some(base) = self.base_of(generator) {
            self.running.pop();
            self.open = self.open.below(base);
        }
    }

    /// A generator will never run again.
    pub fn abandon(&mut self, generator: Id) {
        self.parked.retain(|parked| parked.generator != generator);
    }

    /// The number of activations that were open when the generator was resumed, if it is the one that runs.
    pub fn base_of(&self, generator: Id) -> Option<u32> {
        self.running.last().filter(|(running, _)| *running == generator).map(|(_, base)| *base)
    }

    /// The program ends: what suspended generators are inside of learns of it.
    pub fn unpark(&mut self) {
        while let Some(parked) = self.parked.first().map(|parked| parked.generator) {
            self.resume(parked);
        }
    }

    /// The fingerprint, which is the same in every bank.
    pub fn fingerprint(&self, bank: &mut Bank) -> Fingerprint {
        let mut whole = mix(self.open.fingerprint(bank), u128::from(self.open.len()));
        whole = self.rooted.iter().fold(whole, |whole, instance| mix(whole, instance.fingerprint(bank)));
        for parked in &self.parked {
            whole = mix(mix(whole, bank.fingerprint(parked.generator)), parked.open.fingerprint(bank));
        }
        self.running.iter().fold(whole, |whole, (generator, base)| {
            mix(mix(whole, bank.fingerprint(*generator)), u128::from(*base))
        })
    }

    /// About how many bytes it takes that no configuration before it takes.
    pub fn bytes(&self) -> usize {
        let rooted =
            if Arc::strong_count(&self.rooted) == 1 { self.rooted.len() * size_of::<Instance>() } else { 0 };
        let parked: usize =
            self.parked.iter().map(|parked| size_of::<Parked>() + parked.open.own_bytes()).sum();
        size_of::<Config>() + rooted + self.running.len() * 8 + parked + self.open.own_bytes()
    }
}

impl Instance {
    fn shifted(&self, by: impl Fn(u32) -> u32) -> Instance {
        let mut instance = self.clone();
        instance.anchors.iter_mut().for_each(|anchor| *anchor = by(*anchor));
        instance
    }
}
