//! Mutants: the rules with one change each.

use std::collections::BTreeSet;
use std::fmt;

use egg::{ENodeOrVar, Id, Symbol, Var};

use crate::book::Book;
use crate::book::grammar::Grammar;
use crate::book::part::Part;
use crate::book::rule::{Pattern, Premise, Rule, variables};
use crate::book::sorts;
use crate::check::litmus::Observed;
use crate::term::Node;

/// A change of one rule.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The rule that is changed.
    pub rule: Symbol,
    /// The change, in words.
    pub change: String,
    /// The rule's place in the book.
    pub place: usize,
    /// The rule with the change; nothing where it is dropped.
    pub changed: Option<Rule>,
}

impl Mutant {
    /// The book with the change.
    pub fn book(&self, book: &Book) -> Book {
        let mut rules = book.rules.to_vec();
        match &self.changed {
            Some(changed) => rules[self.place] = changed.clone(),
            None => {
                rules.remove(self.place);
            }
        }
        book.with_rules(rules)
    }

    /// Whether the change may show in a program: one in which the right rule's left side, which no mutant
    /// changes, matches a state.
    pub fn concerns(&self, observed: &Observed) -> bool {
        let place = self.place as u32;
        observed.rules.contains(&place) || observed.failed.iter().any(|(rule, _)| *rule == place)
    }

    /// Whether it is a rule for programs of the control core. The others need terms that no such program has.
    pub fn is_of_core(&self, book: &Book) -> bool {
        book.part(&book.rules[self.place].place) == Part::Core
    }
}

/// Every mutant of a book, rule by rule.
pub fn mutants(book: &Book) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (place, rule) in book.rules.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for (change, mutated) in changes(&book.grammar, rule) {
            let text = mutated.as_ref().map(describe);
            let same = text.as_ref() == Some(&describe(rule));
            let sorted = mutated.as_ref().is_none_or(|rule| sorts::check_rule(&book.grammar, rule).is_ok());
            if same || !sorted || !seen.insert(text) {
                continue;
            }
            found.push(Mutant { rule: rule.name, change, place, changed: mutated });
        }
    }
    found
}

fn describe(rule: &Rule) -> String {
    let premises: Vec<String> = rule.premises.iter().map(|p| format!("{p:?}")).collect();
    let events: Vec<String> = rule.events.iter().map(ToString::to_string).collect();
    format!("{} {} {} {}", premises.concat(), rule.lhs, rule.rhs, events.concat())
}

/// The changes of one rule, each with its description; `None` is the rule dropped.
fn changes(grammar: &Grammar, rule: &Rule) -> Vec<(String, Option<Rule>)> {
    let mut found = vec![("the rule dropped".to_string(), None)];
    for (place, premise) in rule.premises.iter().enumerate() {
        let mut with = |change: String, premise: Option<Premise>| {
            let mut mutated = rule.clone();
            match premise {
                Some(premise) => mutated.premises[place] = premise,
                None => {
                    mutated.premises.remove(place);
                }
            }
            found.push((change, Some(mutated)));
        };
        let call = premise.call().to_string();
        match premise {
            Premise::If(p) => with(format!("{call} negated"), Some(Premise::Unless(p.clone()))),
            Premise::Unless(p) => with(format!("{call} negated"), Some(Premise::If(p.clone()))),
            Premise::Undefined(_) => with(format!("undefined {call} not asked"), None),
            Premise::Let(..) | Premise::In(..) => {}
        }
    }
    for (place, event) in rule.events.iter().enumerate() {
        let mut mutated = rule.clone();
        mutated.events.remove(place);
        found.push((format!("the event {event} lost"), Some(mutated)));
    }
    let bound: Vec<Var> =
        variables(&rule.lhs).into_iter().chain(rule.premises.iter().filter_map(Premise::binds)).collect();
    let whole = Tree::of(&rule.rhs, rule.rhs.root());
    for (path, part) in whole.parts() {
        for (change, replacement) in replacements(grammar, &part, &bound) {
            let mut mutated = rule.clone();
            mutated.rhs = whole.with(&path, replacement).pattern();
            found.push((change, Some(mutated)));
        }
    }
    found
}

/// What a part of a right side is replaced by.
fn replacements(grammar: &Grammar, part: &Tree, bound: &[Var]) -> Vec<(String, Tree)> {
    let mut found = Vec::new();
    let sort = part.sort(grammar);
    let constant = |name: &str| Tree::Node(name.into(), Vec::new());
    let exchange = |name: &str| (format!("{part} replaced by {name}"), constant(name));
    match sort.as_deref() {
        Some("Completion") => found.extend(["normal", "breaking", "continuing"].map(exchange)),
        Some("Statement") => {
            found.push(exchange("pass"));
            let twice = Tree::Node("seq".into(), vec![part.clone(), part.clone()]);
            if matches!(part, Tree::Var(_)) {
                found.push((format!("{part} run twice"), twice));
            }
        }
        Some("Clauses") => found.push(exchange("no-clause")),
        Some("Value") => found.extend(["none", "true", "false"].map(exchange)),
        Some("Frames") => {
            if let Tree::Node(op, parts) = part
                && op.as_str() == "push"
            {
                found.push((format!("the frame {} lost", parts[0]), parts[1].clone()));
            }
        }
        _ => {}
    }
    if let (Tree::Var(var), Some(sort)) = (part, &sort) {
        for other in bound.iter().filter(|other| *other != var) {
            let other = Tree::Var(*other);
            if other.sort(grammar).as_ref() == Some(sort) {
                found.push((format!("{part} replaced by {other}"), other));
            }
        }
    }
    found
}

/// A pattern as a tree.
#[derive(Debug, Clone, PartialEq)]
enum Tree {
    Var(Var),
    Node(Symbol, Vec<Tree>),
}

impl Tree {
    fn of(pattern: &Pattern, at: Id) -> Tree {
        match &pattern[at] {
            ENodeOrVar::Var(var) => Tree::Var(*var),
            ENodeOrVar::ENode(node) => {
                Tree::Node(node.op, node.args.iter().map(|arg| Tree::of(pattern, *arg)).collect())
            }
        }
    }

    fn pattern(&self) -> Pattern {
        let mut pattern = Pattern::default();
        self.add_to(&mut pattern);
        pattern
    }

    fn add_to(&self, pattern: &mut Pattern) -> Id {
        let node = match self {
            Tree::Var(var) => ENodeOrVar::Var(*var),
            Tree::Node(op, parts) => {
                let args: Vec<Id> = parts.iter().map(|part| part.add_to(pattern)).collect();
                ENodeOrVar::ENode(Node::new(*op, args))
            }
        };
        pattern.add(node)
    }

    /// Every part with the path to it, the whole left out.
    fn parts(&self) -> Vec<(Vec<usize>, Tree)> {
        let mut found = Vec::new();
        if let Tree::Node(_, parts) = self {
            for (index, part) in parts.iter().enumerate() {
                found.push((vec![index], part.clone()));
                for (mut path, inner) in part.parts() {
                    path.insert(0, index);
                    found.push((path, inner));
                }
            }
        }
        found
    }

    fn with(&self, path: &[usize], replacement: Tree) -> Tree {
        match (self, path) {
            (Tree::Node(op, parts), [first, rest @ ..]) => {
                let mut parts = parts.clone();
                parts[*first] = parts[*first].with(rest, replacement);
                Tree::Node(*op, parts)
            }
            _ => replacement,
        }
    }

    /// The name of the part's sort, subsets counted as the whole.
    fn sort(&self, grammar: &Grammar) -> Option<String> {
        let sort = match self {
            Tree::Var(var) => grammar.sort_of_variable(&var.to_string())?,
            Tree::Node(op, _) => grammar.constructors.get(op)?.sort,
        };
        Some(grammar.sorts[grammar.sorts[sort].top].name.clone())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tree::Var(var) => write!(f, "{var}"),
            Tree::Node(op, parts) if parts.is_empty() => write!(f, "{op}"),
            Tree::Node(op, parts) => {
                write!(f, "({op}")?;
                parts.iter().try_for_each(|part| write!(f, " {part}"))?;
                write!(f, ")")
            }
        }
    }
}
