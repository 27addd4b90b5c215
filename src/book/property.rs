//! Properties as the book and users write them: automata over events.
//!
//! A property says for what it is checked (each activation of a statement, each
//! pair of nested activations, each path, or a pair of function names), and gives a
//! deterministic automaton. Its states carry terms, so a property can relate
//! one completion to another. An event that no transition mentions changes nothing.

use egg::{ENodeOrVar, Symbol, Var};

use crate::term::{escape, unescape};

use crate::book::ambiguity;
use crate::book::grammar::Grammar;
use crate::book::rule::{BlockError, Pattern, Premise, parse_pattern, parse_premise, split_terms, variables};
use crate::book::shorthand;
use crate::book::sorts;

/// Of what a property is claimed: of every program, or of careful ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Holds of Python itself; refuted only by a wrong rule.
    Theorem,
    /// Broken by programs that real people write.
    Hazard,
    /// What a user asks of a program.
    Contract,
}

/// What a property is checked for.
#[derive(Debug, Clone)]
pub enum Scope {
    /// Once for each path.
    Path,
    /// For each activation of a statement that has one of these markers.
    Activation(Vec<Pattern>),
    /// For each activation of `inner` that begins inside an activation of `outer`.
    Nested {
        /// The inner statement's marker.
        inner: Pattern,
        /// The outer statement's marker.
        outer: Pattern,
    },
    /// For each path, and a pair of function names that the user gives.
    Pair,
    /// For each path, and two names whose calls belong together on one object.
    Objects {
        /// Whether only for those of which the second may only follow the first.
        strict: bool,
    },
}

impl Scope {
    /// Whether it is about two names.
    pub fn is_pair(&self) -> bool {
        matches!(self, Scope::Pair | Scope::Objects { .. })
    }
}

/// A state pattern: a name and the terms that it carries.
#[derive(Debug, Clone)]
pub struct StatePattern {
    /// The state's name.
    pub name: Symbol,
    /// What it carries.
    pub args: Vec<Pattern>,
}

/// Where a transition leads.
#[derive(Debug, Clone)]
pub enum Target {
    /// To a state.
    State(StatePattern),
    /// The property is broken, for the reason given.
    Violated(String),
}

/// A transition of the automaton.
#[derive(Debug, Clone)]
pub struct Transition {
    /// From which states.
    pub from: StatePattern,
    /// On which events.
    pub event: Pattern,
    /// Under which premises.
    pub premises: Vec<Premise>,
    /// Where to.
    pub to: Target,
}

/// A property: a claim in one sentence, and the automaton that checks it.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its name, such as `finally-exactly-once`.
    pub name: String,
    /// Theorem or hazard.
    pub kind: Kind,
    /// What it claims, in one sentence.
    pub claim: String,
    /// What it is checked for.
    pub scope: Scope,
    /// Whether it is about programs that keep objects: enumerated ones do not.
    pub objects: bool,
    /// What it doubts, where it is only checked for those who do.
    pub doubt: Option<String>,
    /// The automaton, from the state `start`.
    pub transitions: Vec<Transition>,
}

impl Property {
    /// The functions that it names, as in `(body io.open)`.
    pub fn functions(&self) -> Vec<String> {
        self.named("body")
    }

    /// What it names as the first part of terms with this constructor, in its events.
    pub fn named(&self, constructor: &str) -> Vec<String> {
        let mut names = Vec::new();
        for pattern in self.transitions.iter().map(|transition| &transition.event) {
            for node in pattern.as_ref() {
                if let ENodeOrVar::ENode(node) = node
                    && node.op.as_str() == constructor
                    && let Some(ENodeOrVar::ENode(name)) = node.args.first().map(|name| &pattern[*name])
                {
                    names.push(unescape(name.op.as_str()));
                }
            }
        }
        names
    }

    /// Whether it asks where a path goes round for ever, which only a search of one whole program can tell.
    pub fn asks_for_rounds(&self) -> bool {
        let asks = |pattern: &Pattern| matches!(&pattern[pattern.root()], ENodeOrVar::ENode(node) if node.op.as_str() == "goes-round");
        self.transitions.iter().any(|transition| asks(&transition.event))
    }

    /// The property with its functions under other names.
    pub fn renamed(&self, of: impl Fn(&str) -> String) -> Property {
        let mut property = self.clone();
        for transition in &mut property.transitions {
            let event = &transition.event;
            let bodies = event.as_ref().iter().filter_map(|node| match node {
                ENodeOrVar::ENode(node) if node.op.as_str() == "body" => node.args.first().copied(),
                _ => None,
            });
            let places: Vec<egg::Id> = bodies.collect();
            let nodes = event.as_ref().iter().enumerate().map(|(at, node)| match node {
                ENodeOrVar::ENode(node) if places.contains(&egg::Id::from(at)) => {
                    let name = of(&unescape(node.op.as_str()));
                    ENodeOrVar::ENode(crate::term::Node { op: escape(&name).into(), ..node.clone() })
                }
                node => node.clone(),
            });
            transition.event = Pattern::from(egg::RecExpr::from(nodes.collect::<Vec<_>>()));
        }
        property
    }

    /// Whether it names an integer, as in `(int 3)`. The values of enumerated programs are where their `return`s
    /// stand, so that such a property says nothing of them.
    pub fn names_an_integer(&self) -> bool {
        let named = |pattern: &Pattern| {
            pattern.as_ref().iter().any(|node| match node {
                ENodeOrVar::ENode(node) => {
                    let of = |arg: &egg::Id| matches!(&pattern[*arg], ENodeOrVar::ENode(_));
                    node.op.as_str() == "int" && node.args.iter().any(of)
                }
                ENodeOrVar::Var(_) => false,
            })
        };
        self.transitions.iter().any(|transition| {
            let states = [Some(&transition.from), transition.to.state()].into_iter().flatten();
            named(&transition.event)
                || states.flat_map(|state| &state.args).any(named)
                || transition.premises.iter().any(|premise| named(premise.call()))
        })
    }
}

impl Target {
    /// The state that it is.
    pub fn state(&self) -> Option<&StatePattern> {
        match self {
            Target::State(state) => Some(state),
            Target::Violated(_) => None,
        }
    }
}

/// Reads one `property` block.
///
/// # Errors
/// What is malformed, and at which byte of the block.
pub fn parse_block(text: &str) -> Result<Property, BlockError> {
    let mut property = Property {
        name: String::new(),
        kind: Kind::Theorem,
        claim: String::new(),
        scope: Scope::Path,
        objects: false,
        doubt: None,
        transitions: Vec::new(),
    };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() {
            let words = shorthand::unquoted(words).map_err(|why| (offset, why))?;
            parse_line(&mut property, &words).map_err(|why| (offset, why))?;
        }
        offset += line.len();
    }
    if property.name.is_empty() || property.claim.is_empty() {
        return Err((
            0,
            "a property has a line `theorem NAME`, `hazard NAME` or `contract NAME`, and a line `claim …`"
                .into(),
        ));
    }
    Ok(property)
}

fn parse_line(property: &mut Property, line: &str) -> Result<(), String> {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    match first {
        "theorem" | "hazard" | "contract" => {
            property.kind = match first {
                "theorem" => Kind::Theorem,
                "hazard" => Kind::Hazard,
                _ => Kind::Contract,
            };
            property.name = rest.trim().to_string();
        }
        "needs" if rest.trim() == "objects" => property.objects = true,
        "doubt" => property.doubt = Some(rest.trim().to_string()),
        "claim" => property.claim = rest.trim().to_string(),
        "each" => property.scope = parse_scope(rest)?,
        _ => property.transitions.push(parse_transition(line)?),
    }
    Ok(())
}

fn parse_scope(text: &str) -> Result<Scope, String> {
    match split_terms(text)?.as_slice() {
        ["path"] => Ok(Scope::Path),
        ["pair"] => Ok(Scope::Pair),
        ["pair", "of", "objects"] => Ok(Scope::Objects { strict: false }),
        ["strict", "pair", "of", "objects"] => Ok(Scope::Objects { strict: true }),
        [first, rest @ ..] if rest.chunks(2).all(|pair| matches!(pair, ["or", _])) => {
            let rest = rest.iter().skip(1).step_by(2);
            let markers = [first].into_iter().chain(rest).map(|marker| parse_pattern(marker));
            Ok(Scope::Activation(markers.collect::<Result<_, _>>()?))
        }
        [inner, "inside", outer] => {
            Ok(Scope::Nested { inner: parse_pattern(inner)?, outer: parse_pattern(outer)? })
        }
        _ => Err("expected `each path`, `each pair`, `each pair of objects`, `each MARKER`, `each MARKER or MARKER` or `each MARKER inside MARKER`".into()),
    }
}

fn parse_transition(line: &str) -> Result<Transition, String> {
    let expected = "expected `state -- event -> state`";
    let (from, rest) = line.split_once(" -- ").ok_or(expected)?;
    let (label, to) = rest.rsplit_once(" -> ").ok_or(expected)?;
    let words = split_terms(label)?;
    let (event, conditions) = words.split_first().ok_or(expected)?;
    let to = match to.trim().strip_prefix("violated ") {
        Some(reason) => Target::Violated(reason.trim().trim_matches('"').to_string()),
        None => Target::State(parse_state(to)?),
    };
    Ok(Transition {
        from: parse_state(from)?,
        event: parse_pattern(&shorthand::event(event)?)?,
        premises: parse_conditions(conditions)?,
        to,
    })
}

fn parse_conditions(words: &[&str]) -> Result<Vec<Premise>, String> {
    let mut premises = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let length = if matches!(rest[0], "if" | "unless" | "undefined") { 2 } else { 3 };
        let (premise, others) =
            rest.split_at_checked(length).ok_or_else(|| format!("`{}` is no premise", rest.join(" ")))?;
        premises.push(parse_premise(&premise.join(" "))?);
        rest = others;
    }
    Ok(premises)
}

fn parse_state(text: &str) -> Result<StatePattern, String> {
    let text = text.trim();
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
    let mut words = split_terms(inner)?.into_iter();
    let name = words.next().ok_or("a state has a name")?;
    Ok(StatePattern { name: name.into(), args: words.map(parse_pattern).collect::<Result<_, _>>()? })
}

/// The variables that stand for the two names of a pairing property.
pub const PAIR: [&str; 2] = ["?i1", "?i2"];

/// Checks that a property's events are well sorted and its variables bound.
///
/// # Errors
/// The first fault, in one line.
pub fn check(grammar: &Grammar, property: &Property) -> Result<(), String> {
    let event = grammar.sort_named("Event")?;
    let mut scope = Vec::new();
    for pattern in scope_patterns(&property.scope) {
        sorts::check_matched(grammar, pattern, grammar.sort_named("Marker")?)?;
        scope.extend(variables(pattern));
    }
    if let Scope::Activation(markers) = &property.scope
        && let Some(var) = scope.iter().find(|var| markers.iter().any(|m| !variables(m).contains(*var)))
    {
        return Err(format!("property {}: not each of its markers binds `{var}`", property.name));
    }
    if property.scope.is_pair() {
        scope.extend(PAIR.iter().filter_map(|var| var.parse::<Var>().ok()));
    }
    for transition in &property.transitions {
        let mut bound = scope.clone();
        bound.extend(transition.from.args.iter().flat_map(variables));
        sorts::check_matched(grammar, &transition.event, event)?;
        bound.extend(variables(&transition.event));
        sorts::check_premises(grammar, &transition.premises, &mut bound)?;
        if let Target::State(StatePattern { name, args }) = &transition.to
            && let Some(var) = args.iter().flat_map(variables).find(|var| !bound.contains(var))
        {
            return Err(format!(
                "property {}: the variable `{var}` of the state `{name}` is not bound by the event, the premises or the state before",
                property.name
            ));
        }
    }
    let starts = property.transitions.iter().any(|t| t.from.name.as_str() == "start");
    if starts {
        ambiguity::check(grammar, property)
    } else {
        Err(format!("property {}: no transition leaves the state `start`", property.name))
    }
}

/// The marker patterns of a scope.
pub fn scope_patterns(scope: &Scope) -> Vec<&Pattern> {
    match scope {
        Scope::Path | Scope::Pair | Scope::Objects { .. } => Vec::new(),
        Scope::Activation(markers) => markers.iter().collect(),
        Scope::Nested { inner, outer } => vec![inner, outer],
    }
}
