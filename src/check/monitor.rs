//! Monitors: all instances of all properties, followed along a path.
//!
//! Configurations are interned, and what an event does to one is computed once.

use std::ops::Deref;
use std::sync::Arc;

use egg::{Id, Subst, Symbol, Var};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::book::grammar::Grammar;
use crate::book::property::scope_patterns;
use crate::book::property::{Kind, Property};
use crate::book::rule::variables;
use crate::check::automaton::{Anchor, Automaton, Move};
use crate::check::config::{Activation, Config, Copies, Instance, Level, Stack};
use crate::machine::domain::Domain;
use crate::machine::fingerprint::Fingerprint;
use crate::machine::transfer::Moved;
use crate::machine::{Bank, Machine};
use crate::python::syntax::LIBRARY;
use crate::term::unescape;

/// About how many bytes an interned configuration takes besides its own.
const KEPT: usize = 96;

/// An interned configuration.
pub type ConfigId = u32;

/// A property broken by an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The property, as an index into the monitored ones.
    pub property: usize,
    /// Why, in the property's own words.
    pub reason: String,
    /// The label of the `try` or `with` statement that it is about, where it is about one.
    pub statement: Option<usize>,
    /// Whether it is the property that is at fault: two of its transitions apply.
    pub ambiguous: bool,
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
    /// About how many bytes the configurations take.
    kept: usize,
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
                Anchor::Activation(markers) => markers.iter().map(|marker| marker.op()).collect(),
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
            kept: 0,
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
            kept: 0,
        }
    }

    /// The monitored properties.
    pub fn automata(&self) -> &[Automaton] {
        &self.automata
    }

    /// About how many bytes the configurations and what is known of them take.
    pub fn bytes(&self) -> usize {
        self.kept + self.steps.len() * 40
    }

    /// Forgets all configurations: to be called when the machine's bank was emptied.
    pub fn forget(&mut self) {
        self.configs.clear();
        self.fingerprints.clear();
        self.ids.clear();
        self.steps.clear();
        self.kept = 0;
    }

    /// The configuration at the start of a path.
    pub fn start(&mut self, machine: &mut Machine) -> ConfigId {
        let mut rooted = Vec::new();
        for (index, automaton) in self.automata.iter().enumerate() {
            if let Anchor::Path = automaton.scope {
                rooted.push(Instance {
                    property: index as u32,
                    anchors: SmallVec::new(),
                    local: automaton.start(machine.bank_mut(), &[], &Subst::default()),
                });
            }
        }
        self.intern(Config::of_paths(rooted))
    }

    fn intern(&mut self, config: Config) -> ConfigId {
        if let Some(id) = self.ids.get(&config) {
            return *id;
        }
        let id = self.configs.len() as ConfigId;
        self.kept += config.bytes() + KEPT;
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
    pub(super) fn adopt(&mut self, config: &Config, moved: &Moved, copies: &mut Copies) -> ConfigId {
        self.intern(config.moved(&|term| moved.of(term), copies))
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
            config.close(marker);
        }
        (config, violations)
    }

    /// Follows an event about a generator, which only what the generator is inside of notices.
    fn switch(&self, machine: &mut Machine, config: &mut Config, event: Id, switch: usize) -> Vec<Violation> {
        let (op, generator) = (machine.bank().op(event), machine.bank().arg(event, 0));
        match switch {
            0 => config.begin(generator),
            // What one that is abandoned is inside of learns that it is over.
            1 | 4 => config.resume(generator),
            _ => {}
        }
        let violations = match config.base_of(generator) {
            Some(base) => self.deliver(machine, config, event, op, (None, Some(base))),
            None => Vec::new(),
        };
        match switch {
            2 => config.park(generator),
            3 | 4 => config.end(generator),
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
        let activation = Activation { marker, label: machine.bank().arg(marker, 0) };
        let place = config.open.len();
        let mut instances = Vec::new();
        let library = is_of_library(machine, activation.label);
        for (index, automaton) in self.automata.iter().enumerate() {
            // Nobody is told of what the library does.
            if library && automaton.kind == Kind::Hazard {
                continue;
            }
            let vars = &self.scope_vars[index];
            let mut start = |machine: &mut Machine, anchors: &[u32], subst: &Subst| {
                let local = automaton.start(machine.bank_mut(), vars, subst);
                instances.push(Instance { property: index as u32, anchors: anchors.into(), local });
            };
            let mut subst = Subst::default();
            match &automaton.scope {
                Anchor::Activation(patterns)
                    if patterns.iter().any(|pattern| pattern.matches(machine.bank(), marker, &mut subst)) =>
                {
                    start(machine, &[place], &subst);
                }
                Anchor::Nested(inner, outer) if inner.matches(machine.bank(), marker, &mut subst) => {
                    for level in config.open.upwards() {
                        // What is about two activations of one statement hears of neither: an event of the statement is
                        // the innermost one's, and so not the other's.
                        if level.activation.label == activation.label && automaton.is_about_its_own() {
                            continue;
                        }
                        let mut both = subst.clone();
                        if outer.matches(machine.bank(), level.activation.marker, &mut both) {
                            start(machine, &[place, level.place()], &both);
                        }
                    }
                }
                Anchor::Path | Anchor::Activation(_) | Anchor::Nested(..) => {}
            }
        }
        config.open.push(activation, instances.into());
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
        let mut delivery = Delivery { machine, event, statement: None, violations: Vec::new() };
        let library = label.is_some_and(|label| is_of_library(delivery.machine, label));
        let hears = |instance: &Instance| {
            let automaton = &self.automata[instance.property as usize];
            automaton.mentions(op) && !(library && automaton.kind == Kind::Hazard)
        };
        if base.is_none() && config.rooted.iter().any(hears) {
            let heard = delivery.heard(&self.automata, &config.rooted, hears);
            config.rooted = heard.map_or(config.rooted.clone(), Arc::new);
        }
        let levels: Vec<Arc<Level>> = config.open.upwards().into_iter().cloned().collect();
        let owner = label.and_then(|label| levels.iter().rposition(|level| level.activation.label == label));
        let mut changed: Option<Stack> = None;
        for (place, level) in levels.iter().enumerate() {
            let hears = |instance: &Instance| {
                let foreign = instance.anchors.iter().any(|anchor| {
                    let anchor = *anchor as usize;
                    Some(levels[anchor].activation.label) == label && Some(anchor) != owner
                });
                let outside = base.is_some_and(|base| instance.anchors.iter().all(|anchor| *anchor < base));
                !foreign && !outside && hears(instance)
            };
            delivery.statement = Some(level.activation.label);
            let heard = delivery.heard(&self.automata, &level.instances, hears);
            let instances = heard.map(Arc::from);
            if changed.is_none() && instances.is_some() {
                changed = Some(config.open.below(place as u32));
            }
            if let Some(stack) = &mut changed {
                let instances = instances.unwrap_or_else(|| level.instances.clone());
                stack.push(level.activation.clone(), instances);
            }
        }
        if let Some(stack) = changed {
            config.open = stack;
        }
        delivery.violations
    }
}

/// An event on its way to the instances that hear of it.
struct Delivery<'m> {
    machine: &'m mut Machine,
    event: Id,
    /// The label of what the instances are anchored to.
    statement: Option<Id>,
    violations: Vec<Violation>,
}

impl Delivery<'_> {
    /// The instances after the event, without those whose property it breaks; `None` where it changes none.
    fn heard(
        &mut self,
        automata: &[Automaton],
        instances: &[Instance],
        hears: impl Fn(&Instance) -> bool,
    ) -> Option<Vec<Instance>> {
        let mut after: Option<Vec<Instance>> = None;
        for (place, instance) in instances.iter().enumerate() {
            let moved = match hears(instance) {
                true => {
                    let automaton = &automata[instance.property as usize];
                    automaton.advance(&mut self.machine.context(), &instance.local, self.event)
                }
                false => Move::Stay,
            };
            if moved == Move::Stay {
                if let Some(after) = &mut after {
                    after.push(instance.clone());
                }
                continue;
            }
            let after = after.get_or_insert_with(|| instances[..place].to_vec());
            match moved {
                Move::To(local) => after.push(Instance { local, ..instance.clone() }),
                Move::Violated(reason) => {
                    self.violated(instance, reason, false);
                }
                Move::Ambiguous(state) => {
                    let reason = format!("two transitions from the state `{state}` apply to one event");
                    self.violated(instance, reason, true);
                }
                Move::Stay => {}
            }
        }
        after
    }

    fn violated(&mut self, instance: &Instance, reason: String, ambiguous: bool) {
        let statement = self.statement.and_then(|label| number_of(self.machine, label));
        let property = instance.property as usize;
        self.violations.push(Violation { property, reason, statement, ambiguous });
    }
}

/// A label as a number; that of a function's body is a name.
fn number_of(machine: &Machine, label: Id) -> Option<usize> {
    unescape(machine.bank().op(label).as_str()).parse().ok()
}

/// Whether a label is that of a statement of the library, of whose hazards nobody is told.
fn is_of_library(machine: &Machine, label: Id) -> bool {
    number_of(machine, label).is_some_and(|label| label >= LIBRARY)
}
