//! Monitors: all instances of all properties, followed along a path.
//!
//! A configuration is the stack of open activations with the instances anchored to
//! them. Configurations are interned, and what an event does to one is computed once.

use std::ops::Deref;
use std::sync::Arc;

use egg::{Id, Subst, Symbol, Var};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::book::grammar::Grammar;
use crate::book::property::Property;
use crate::book::property::scope_patterns;
use crate::book::rule::variables;
use crate::check::automaton::{Anchor, Automaton, Local, Move};
use crate::machine::domain::Domain;
use crate::machine::fingerprint::{Fingerprint, mix, of_name};
use crate::machine::transfer::Moved;
use crate::machine::{Bank, Machine};

/// An interned configuration.
pub type ConfigId = u32;

/// An activation of a marked statement that control has entered and not left.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Activation {
    marker: Id,
    label: Id,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Instance {
    property: u32,
    /// Indices of the activations that it is anchored to.
    anchors: SmallVec<[u32; 2]>,
    local: Local,
}

/// The state of all monitors; its terms are those of the bank that the events lie in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Config {
    open: Vec<Activation>,
    instances: Vec<Instance>,
    /// Generators that run, each with the number of activations that were open when it was resumed.
    running: Vec<(Id, u32)>,
    /// Generators that are suspended inside of activations, and what is theirs.
    parked: Vec<Parked>,
}

/// What a suspended generator is inside of: activations, and the instances anchored to them, as if nothing
/// else were open.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Parked {
    generator: Id,
    open: Vec<Activation>,
    instances: Vec<Instance>,
}

/// A property broken by an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The property, as an index into the monitored ones.
    pub property: usize,
    /// Why, in the property's own words.
    pub reason: String,
}

/// The properties that an event breaks: mostly none, so that nothing is counted or kept then.
#[derive(Debug, Clone, Default)]
pub struct Violations(Option<Arc<[Violation]>>);

impl Violations {
    fn new(violations: Vec<Violation>) -> Violations {
        Violations((!violations.is_empty()).then(|| violations.into()))
    }
}

impl Deref for Violations {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// What an event does to a configuration.
#[derive(Debug, Clone)]
pub struct Step {
    /// The configuration after it.
    pub next: ConfigId,
    /// The properties that it breaks.
    pub violations: Violations,
}

/// The monitored properties and every configuration met so far.
#[derive(Debug)]
pub struct Monitors {
    automata: Vec<Automaton>,
    scope_vars: Vec<Vec<Var>>,
    heads: Vec<Symbol>,
    enter: Symbol,
    leave: Symbol,
    halt: Symbol,
    /// The events by which a generator begins, goes on, is suspended, ends, and is abandoned.
    switches: [Symbol; 5],
    configs: Vec<Arc<Config>>,
    fingerprints: Vec<Option<Fingerprint>>,
    ids: FxHashMap<Arc<Config>, ConfigId>,
    steps: FxHashMap<(ConfigId, Id), Step>,
}

impl Monitors {
    /// Monitors for properties; pairing properties are given their names.
    pub fn new(
        domain: &dyn Domain,
        grammar: &Grammar,
        properties: &[(&Property, Option<(&str, &str)>)],
    ) -> Monitors {
        let automata: Vec<Automaton> = properties
            .iter()
            .map(|(property, pair)| Automaton::new(domain, grammar, property, *pair))
            .collect();
        let scope_vars = properties
            .iter()
            .map(|(property, _)| scope_patterns(&property.scope).into_iter().flat_map(variables).collect())
            .collect();
        let mut heads: Vec<Symbol> = automata
            .iter()
            .flat_map(|a| match &a.scope {
                Anchor::Path => vec![],
                Anchor::Activation(marker) => vec![marker.op()],
                Anchor::Nested(inner, outer) => vec![inner.op(), outer.op()],
            })
            .flatten()
            .collect();
        heads.sort();
        heads.dedup();
        Monitors {
            automata,
            scope_vars,
            heads,
            enter: "enter".into(),
            leave: "leave".into(),
            halt: "halt".into(),
            switches: ["begins", "resumed", "yielded", "ended", "abandoned"].map(Symbol::from),
            configs: Vec::new(),
            fingerprints: Vec::new(),
            ids: FxHashMap::default(),
            steps: FxHashMap::default(),
        }
    }

    /// Monitors for the same properties, which have met nothing yet: for another thread.
    pub fn another(&self) -> Monitors {
        Monitors {
            automata: self.automata.clone(),
            scope_vars: self.scope_vars.clone(),
            heads: self.heads.clone(),
            enter: self.enter,
            leave: self.leave,
            halt: self.halt,
            switches: self.switches,
            configs: Vec::new(),
            fingerprints: Vec::new(),
            ids: FxHashMap::default(),
            steps: FxHashMap::default(),
        }
    }

    /// The monitored properties.
    pub fn automata(&self) -> &[Automaton] {
        &self.automata
    }

    /// About how many bytes the configurations and what is known of them take.
    pub fn bytes(&self) -> usize {
        self.configs.len() * 256 + self.steps.len() * 40
    }

    /// Forgets all configurations: to be called when the machine's bank was emptied.
    pub fn forget(&mut self) {
        self.configs.clear();
        self.fingerprints.clear();
        self.ids.clear();
        self.steps.clear();
    }

    /// The configuration at the start of a path.
    pub fn start(&mut self, machine: &mut Machine) -> ConfigId {
        let mut config = Config::default();
        for (index, automaton) in self.automata.iter().enumerate() {
            if let Anchor::Path = automaton.scope {
                config.instances.push(Instance {
                    property: index as u32,
                    anchors: SmallVec::new(),
                    local: automaton.start(machine.bank_mut(), &[], &Subst::default()),
                });
            }
        }
        self.intern(config)
    }

    fn intern(&mut self, config: Config) -> ConfigId {
        if let Some(id) = self.ids.get(&config) {
            return *id;
        }
        let id = self.configs.len() as ConfigId;
        let config = Arc::new(config);
        self.configs.push(config.clone());
        self.fingerprints.push(None);
        self.ids.insert(config, id);
        id
    }

    /// A configuration, to be taken elsewhere.
    pub(super) fn config(&self, config: ConfigId) -> Arc<Config> {
        self.configs[config as usize].clone()
    }

    /// A configuration from elsewhere, whose terms were moved.
    pub(super) fn adopt(&mut self, config: &Config, moved: &Moved) -> ConfigId {
        let mut config = config.clone();
        config.terms_mut().for_each(|term| *term = moved.of(*term));
        self.intern(config)
    }

    /// The fingerprint of a configuration, which is the same in every bank.
    #[inline]
    pub fn fingerprint(&mut self, bank: &mut Bank, config: ConfigId) -> Fingerprint {
        let Monitors { configs, fingerprints, .. } = self;
        let place = config as usize;
        *fingerprints[place].get_or_insert_with(|| configs[place].fingerprint(bank))
    }

    /// Whether an event can change a configuration: some automaton speaks of events of this
    /// kind and marker, or an activation begins or ends with it.
    pub fn notices(&self, machine: &Machine, event: Id) -> bool {
        let marker = self.marker_of(machine, event);
        let scope = marker.is_some_and(|marker| self.heads.contains(&machine.bank().op(marker)));
        scope
            || self.switches.contains(&machine.bank().op(event))
            || self.automata.iter().any(|automaton| automaton.notices(machine.bank(), event))
    }

    /// Follows events: the configuration after them, and which properties they break, as bits.
    pub fn follow(&mut self, machine: &mut Machine, mut config: ConfigId, events: &[Id]) -> (ConfigId, u64) {
        let mut broken = 0;
        for event in events {
            let step = self.advance(machine, config, *event);
            config = step.next;
            broken |= step.violations.iter().fold(0, |bits, violation| bits | 1 << violation.property);
        }
        (config, broken)
    }

    /// Follows one event.
    pub fn advance(&mut self, machine: &mut Machine, config: ConfigId, event: Id) -> Step {
        if let Some(step) = self.steps.get(&(config, event)) {
            return step.clone();
        }
        let (next, violations) = self.compute(machine, config, event);
        let step = Step { next: self.intern(next), violations: Violations::new(violations) };
        self.steps.insert((config, event), step.clone());
        step
    }

    fn compute(&self, machine: &mut Machine, config: ConfigId, event: Id) -> (Config, Vec<Violation>) {
        let mut config = (*self.configs[config as usize]).clone();
        let op = machine.bank().op(event);
        if let Some(switch) = self.switches.iter().position(|name| *name == op) {
            let violations = self.switch(machine, &mut config, event, switch);
            return (config, violations);
        }
        let marker = self.marker_of(machine, event);
        let is_scope = marker.is_some_and(|m| self.heads.contains(&machine.bank().op(m)));
        if let (true, Some(marker)) = (is_scope && op == self.enter, marker) {
            self.open(machine, &mut config, marker);
        }
        if op == self.halt {
            config.unpark();
        }
        let violations = self.deliver(machine, &mut config, event, op, (marker, None));
        if let (true, Some(marker)) = (is_scope && op == self.leave, marker) {
            close(&mut config, marker);
        }
        (config, violations)
    }

    /// Follows an event about a generator, which only what the generator is inside of notices.
    fn switch(&self, machine: &mut Machine, config: &mut Config, event: Id, switch: usize) -> Vec<Violation> {
        let (op, generator) = (machine.bank().op(event), machine.bank().arg(event, 0));
        match switch {
            0 => config.begin(generator),
            1 => config.resume(generator),
            4 => config.abandon(generator),
            _ => {}
        }
        let violations = match config.base_of(generator) {
            Some(base) => self.deliver(machine, config, event, op, (None, Some(base))),
            None => Vec::new(),
        };
        match switch {
            2 => config.park(generator),
            3 => config.end(generator),
            _ => {}
        }
        violations
    }

    /// The marker of an event is its first argument, where that is a term and not an atom.
    fn marker_of(&self, machine: &Machine, event: Id) -> Option<Id> {
        let first = *machine.bank().get(event).args.first()?;
        (!machine.bank().get(first).args.is_empty()).then_some(first)
    }

    fn open(&self, machine: &mut Machine, config: &mut Config, marker: Id) {
        let new = config.open.len() as u32;
        config.open.push(Activation { marker, label: machine.bank().arg(marker, 0) });
        for (index, automaton) in self.automata.iter().enumerate() {
            let vars = &self.scope_vars[index];
            match &automaton.scope {
                Anchor::Path => {}
                Anchor::Activation(pattern) => {
                    let mut subst = Subst::default();
                    if pattern.matches(machine.bank(), marker, &mut subst) {
                        let local = automaton.start(machine.bank_mut(), vars, &subst);
                        config.instances.push(Instance {
                            property: index as u32,
                            anchors: SmallVec::from_iter([new]),
                            local,
                        });
                    }
                }
                Anchor::Nested(inner, outer) => {
                    let mut subst = Subst::default();
                    if !inner.matches(machine.bank(), marker, &mut subst) {
                        continue;
                    }
                    for place in 0..new {
                        let mut both = subst.clone();
                        if outer.matches(machine.bank(), config.open[place as usize].marker, &mut both) {
                            let local = automaton.start(machine.bank_mut(), vars, &both);
                            config.instances.push(Instance {
                                property: index as u32,
                                anchors: SmallVec::from_iter([new, place]),
                                local,
                            });
                        }
                    }
                }
            }
        }
    }

    /// Delivers an event to the instances that it is about: those of the innermost activation of its marker's statement, or
    /// those inside of the `base`-th activation that is open.
    fn deliver(
        &self,
        machine: &mut Machine,
        config: &mut Config,
        event: Id,
        op: Symbol,
        (marker, base): (Option<Id>, Option<u32>),
    ) -> Vec<Violation> {
        let label = marker.map(|marker| machine.bank().arg(marker, 0));
        let owner = label.and_then(|label| config.open.iter().rposition(|a| a.label == label));
        let mut violations = Vec::new();
        let open = &config.open;
        config.instances.retain_mut(|instance| {
            let automaton = &self.automata[instance.property as usize];
            let foreign = instance
                .anchors
                .iter()
                .any(|anchor| Some(open[*anchor as usize].label) == label && Some(*anchor as usize) != owner);
            let outside = base.is_some_and(|base| instance.anchors.iter().all(|anchor| *anchor < base));
            if foreign || outside || !automaton.mentions(op) {
                return true;
            }
            match automaton.advance(&mut machine.context(), &instance.local, event) {
                Move::Stay => true,
                Move::To(local) => {
                    instance.local = local;
                    true
                }
                Move::Violated(reason) => {
                    violations.push(Violation { property: instance.property as usize, reason });
                    false
                }
            }
        });
        violations
    }
}

impl Config {
    /// Every term that it holds.
    pub(super) fn terms(&self) -> impl Iterator<Item = Id> {
        let parked = self.parked.iter();
        let open = self.open.iter().chain(parked.clone().flat_map(|parked| &parked.open));
        let instances = self.instances.iter().chain(parked.clone().flat_map(|parked| &parked.instances));
        let carried = instances
            .map(|instance| &instance.local)
            .flat_map(|local| local.args.iter().chain(local.bound.iter().map(|(_, term)| term)));
        let generators = self.running.iter().map(|(generator, _)| *generator);
        open.flat_map(|activation| [activation.marker, activation.label])
            .chain(carried.copied())
            .chain(generators)
            .chain(parked.map(|parked| parked.generator))
    }

    fn terms_mut(&mut self) -> impl Iterator<Item = &mut Id> {
        let Config { open, instances, running, parked } = self;
        let mut found: Vec<&mut Id> = running.iter_mut().map(|(generator, _)| generator).collect();
        let (mut all_open, mut all_instances): (Vec<_>, Vec<_>) =
            (open.iter_mut().collect(), instances.iter_mut().collect());
        for Parked { generator, open, instances } in parked {
            found.push(generator);
            all_open.extend(open);
            all_instances.extend(instances);
        }
        for Activation { marker, label } in all_open {
            found.extend([marker, label]);
        }
        for Instance { local, .. } in all_instances {
            found.extend(local.args.iter_mut());
            found.extend(local.bound.iter_mut().map(|(_, term)| term));
        }
        found.into_iter()
    }

    /// A generator starts: what one of that number left behind is over.
    fn begin(&mut self, generator: Id) {
        self.parked.retain(|parked| parked.generator != generator);
        self.running.push((generator, self.open.len() as u32));
    }

    /// A generator goes on: what it is inside of is open again, innermost.
    fn resume(&mut self, generator: Id) {
        let base = self.open.len() as u32;
        self.running.push((generator, base));
        let Some(place) = self.parked.iter().position(|parked| parked.generator == generator) else { return };
        let parked = self.parked.remove(place);
        self.open.extend(parked.open);
        self.instances.extend(parked.instances.into_iter().map(|mut instance| {
            instance.anchors.iter_mut().for_each(|anchor| *anchor += base);
            instance
        }));
    }

    /// A generator is suspended: what it is inside of waits with it. Instances about one of its statements and one of
    /// its resumer's are over, since neither is inside of the other any more.
    fn park(&mut self, generator: Id) {
        let Some((_, base)) = self.running.pop() else { return };
        let open: Vec<Activation> = self.open.drain((base as usize).min(self.open.len())..).collect();
        let mut instances = Vec::new();
        self.instances.retain(|instance| {
            let mut inside = instance.anchors.iter().map(|anchor| *anchor >= base);
            if !inside.clone().any(|inside| inside) {
                return true;
            }
            if inside.all(|inside| inside) {
                let mut instance = instance.clone();
                instance.anchors.iter_mut().for_each(|anchor| *anchor -= base);
                instances.push(instance);
            }
            false
        });
        if !open.is_empty() {
            self.parked.push(Parked { generator, open, instances });
        }
    }

    /// A generator has finished: it is inside of nothing any more.
    fn end(&mut self, generator: Id) {
        if let Some(base) = self.base_of(generator) {
            self.running.pop();
            self.open.truncate(base as usize);
            self.instances.retain(|instance| instance.anchors.iter().all(|anchor| *anchor < base));
        }
    }

    /// A generator will never run again.
    fn abandon(&mut self, generator: Id) {
        self.parked.retain(|parked| parked.generator != generator);
    }

    /// The number of activations that were open when the generator was resumed, if it is the one that runs.
    fn base_of(&self, generator: Id) -> Option<u32> {
        self.running.last().filter(|(running, _)| *running == generator).map(|(_, base)| *base)
    }

    /// The program ends: what suspended generators are inside of learns of it.
    fn unpark(&mut self) {
        while let Some(parked) = self.parked.first().map(|parked| parked.generator) {
            self.resume(parked);
        }
    }

    /// Which variables an instance has bound is told by its property, so the terms are enough.
    fn fingerprint(&self, bank: &mut Bank) -> Fingerprint {
        let mut whole = mix(self.open.len() as u128, self.instances.len() as u128);
        let parked = self.parked.iter().flat_map(|parked| &parked.instances);
        for instance in self.instances.iter().chain(parked) {
            let Instance { property, anchors, local } = instance;
            whole = mix(whole, u128::from(*property));
            whole = anchors.iter().fold(whole, |whole, anchor| mix(whole, u128::from(*anchor)));
            whole = mix(whole, of_name(local.name.as_str()));
            whole = mix(whole, (anchors.len() << 32 | local.args.len() << 16 | local.bound.len()) as u128);
        }
        for parked in &self.parked {
            whole = mix(whole, (parked.open.len() << 32 | parked.instances.len()) as u128);
        }
        whole = self.running.iter().fold(whole, |whole, (_, base)| mix(whole, u128::from(*base)));
        self.terms().fold(whole, |whole, term| mix(whole, bank.fingerprint(term)))
    }
}

/// Closes the innermost activation of the marker, and those that were left open inside it.
fn close(config: &mut Config, marker: Id) {
    if let Some(place) = config.open.iter().rposition(|a| a.marker == marker) {
        config.open.truncate(place);
        config.instances.retain(|instance| instance.anchors.iter().all(|anchor| (*anchor as usize) < place));
    }
}
