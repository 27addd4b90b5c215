//! Properties, compiled: their automata over the terms of a bank.

use egg::{ENodeOrVar, Id, Subst, Symbol, Var};
use smallvec::SmallVec;

use crate::book::grammar::Grammar;
use crate::book::property::{Kind, PAIR, Property, Scope, Target, scope_patterns};
use crate::book::rule::Pattern;
use crate::machine::Bank;
use crate::machine::domain::{Context, Domain};
use crate::machine::matching::Matcher;
use crate::machine::premise::Condition;
use crate::term::{escape, unescape};

/// A property ready to run.
#[derive(Debug, Clone)]
pub struct Automaton {
    /// Its name.
    pub name: String,
    /// Theorem or hazard.
    pub kind: Kind,
    /// Its claim.
    pub claim: String,
    /// What it is checked for.
    pub scope: Anchor,
    transitions: Vec<Compiled>,
    given: Vec<(Var, String)>,
    own: bool,
}

/// The scope of a property, compiled.
#[derive(Debug, Clone)]
pub enum Anchor {
    /// Each path.
    Path,
    /// Each activation of one of the markers.
    Activation(Vec<Matcher>),
    /// Each activation of the first inside one of the second.
    Nested(Matcher, Matcher),
}

#[derive(Debug, Clone)]
struct Compiled {
    from: (Symbol, Vec<Matcher>),
    event: Matcher,
    premises: Vec<Condition>,
    to: Goal,
}

#[derive(Debug, Clone)]
enum Goal {
    State(Symbol, Vec<Pattern>),
    Violated(String),
}

/// The state of one instance of an automaton, apart from what it is anchored to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Local {
    /// The state's name.
    pub name: Symbol,
    /// What it carries.
    pub args: SmallVec<[Id; 3]>,
    /// What the scope's pattern bound.
    pub bound: SmallVec<[(Var, Id); 3]>,
}

/// What an event does to an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Nothing.
    Stay,
    /// It goes on in another state.
    To(Local),
    /// The property is broken; the reason.
    Violated(String),
    /// Two transitions apply, and lead to different places: the property is at fault; which state they leave.
    Ambiguous(Symbol),
}

impl Compiled {
    /// The substitution under which the transition applies, if it does.
    fn apply(&self, cx: &mut Context, local: &Local, event: Id) -> Option<Subst> {
        if self.from.0 != local.name || self.from.1.len() != local.args.len() {
            return None;
        }
        let mut subst = Subst::default();
        for (var, id) in &local.bound {
            subst.insert(*var, *id);
        }
        for (matcher, id) in self.from.1.iter().zip(&local.args) {
            if !matcher.matches(cx.bank, *id, &mut subst) {
                return None;
            }
        }
        if !self.event.matches(cx.bank, event, &mut subst) {
            return None;
        }
        let mut solutions: SmallVec<[Subst; 1]> = SmallVec::from_iter([subst]);
        for premise in &self.premises {
            solutions = solutions.into_iter().flat_map(|s| premise.solve(cx, s)).collect();
        }
        solutions.into_iter().next()
    }
}

impl Automaton {
    /// Compiles a property. A pairing property takes two names, which stand
    /// for `first` and `second` in its events.
    pub fn new(
        domain: &dyn Domain,
        grammar: &Grammar,
        property: &Property,
        pair: Option<(&str, &str)>,
    ) -> Automaton {
        let given = match pair {
            Some((first, second)) if property.scope.is_pair() => PAIR
                .iter()
                .zip([first, second])
                .filter_map(|(variable, name)| Some((variable.parse().ok()?, name.to_string())))
                .collect(),
            _ => Vec::new(),
        };
        let matcher = |pattern: &Pattern| Matcher::new(grammar, pattern);
        let scope = match &property.scope {
            Scope::Path | Scope::Pair | Scope::Objects { .. } => Anchor::Path,
            Scope::Activation(markers) => Anchor::Activation(markers.iter().map(matcher).collect()),
            Scope::Nested { inner, outer } => Anchor::Nested(matcher(inner), matcher(outer)),
        };
        let transitions = property
            .transitions
            .iter()
            .map(|t| Compiled {
                from: (t.from.name, t.from.args.iter().map(matcher).collect()),
                event: matcher(&t.event),
                premises: t.premises.iter().map(|premise| Condition::new(domain, premise)).collect(),
                to: match &t.to {
                    Target::State(state) => Goal::State(state.name, state.args.clone()),
                    Target::Violated(reason) => Goal::Violated(reason.clone()),
                },
            })
            .collect();
        Automaton {
            name: match pair {
                Some((first, second)) if !given.is_empty() => format!("{} {first}:{second}", property.name),
                _ => property.name.clone(),
            },
            kind: property.kind,
            claim: property.claim.clone(),
            scope,
            transitions,
            given,
            own: is_about_its_own(property),
        }
    }

    /// The initial state of an instance whose scope bound `subst`.
    pub fn start(&self, bank: &mut Bank, scope_vars: &[Var], subst: &Subst) -> Local {
        let mut bound: SmallVec<[(Var, Id); 3]> =
            scope_vars.iter().filter_map(|var| Some((*var, *subst.get(*var)?))).collect();
        for (var, name) in &self.given {
            bound.push((*var, bank.node(&escape(name), [])));
        }
        Local { name: "start".into(), args: SmallVec::new(), bound }
    }

    /// Whether each transition is about a marker of a statement that the scope binds.
    pub fn is_about_its_own(&self) -> bool {
        self.own
    }

    /// Whether some transition is labelled with this kind of event.
    pub fn mentions(&self, event: Symbol) -> bool {
        self.transitions.iter().any(|t| t.event.op() == Some(event))
    }

    /// Whether some transition may be taken with this event, for some values of what is bound before.
    pub fn notices(&self, bank: &Bank, event: Id) -> bool {
        self.transitions.iter().any(|t| t.event.matches(bank, event, &mut Subst::default()))
    }

    /// What the event does to an instance in state `local`. The order of the transitions
    /// does not matter: where two apply and lead to different places, the property is at fault.
    pub fn advance(&self, cx: &mut Context, local: &Local, event: Id) -> Move {
        let mut found = Move::Stay;
        for transition in &self.transitions {
            let Some(subst) = transition.apply(cx, local, event) else { continue };
            let next = self.arrive(cx.bank, &transition.to, &subst, local);
            if found != Move::Stay && found != next {
                return Move::Ambiguous(local.name);
            }
            found = next;
        }
        found
    }

    fn arrive(&self, bank: &mut Bank, to: &Goal, subst: &Subst, local: &Local) -> Move {
        match to {
            Goal::Violated(reason) => Move::Violated(told(bank, reason, subst)),
            Goal::State(name, args) => Move::To(Local {
                name: *name,
                args: args.iter().map(|pattern| bank.instantiate(pattern, subst)).collect(),
                bound: local.bound.clone(),
            }),
        }
    }
}

/// A reason in which a variable stands for the name that it is bound to.
fn told(bank: &Bank, reason: &str, subst: &Subst) -> String {
    let mut parts = reason.split('?');
    let mut told = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let end = part.find(|c: char| !c.is_alphanumeric()).unwrap_or(part.len());
        let variable: Option<Var> = format!("?{}", &part[..end]).parse().ok();
        match variable.and_then(|variable| subst.get(variable).copied()) {
            Some(id) => told.extend([name_in(bank, id).as_str(), &part[end..]]),
            None => told.extend(["?", part]),
        }
    }
    told
}

/// The name that a term ends with: that of a target, behind the module that it is in.
fn name_in(bank: &Bank, mut term: Id) -> String {
    while let Some(last) = bank.get(term).args.last() {
        term = *last;
    }
    unescape(bank.op(term).as_str())
}

/// Whether each transition is about a marker whose statement is one of the scope's: the first argument of the event's
/// first argument is a variable that stands for a label in the scope.
fn is_about_its_own(property: &Property) -> bool {
    let first = |pattern: &Pattern, at: Id| match &pattern[at] {
        ENodeOrVar::ENode(node) => node.args.first().copied(),
        ENodeOrVar::Var(_) => None,
    };
    let variable = |pattern: &Pattern, at: Id| match &pattern[at] {
        ENodeOrVar::Var(var) => Some(*var),
        ENodeOrVar::ENode(_) => None,
    };
    let label = |marker: &Pattern| variable(marker, first(marker, marker.root())?);
    let labels: Vec<Var> = scope_patterns(&property.scope).into_iter().filter_map(label).collect();
    property.transitions.iter().all(|transition| {
        let event = &transition.event;
        let marker = first(event, event.root()).and_then(|marker| first(event, marker));
        marker.and_then(|at| variable(event, at)).is_some_and(|var| labels.contains(&var))
    })
}
