//! The table of control and frame: exactly one rule for each cell.
//!
//! The left sides of the rules, the final states and the impossible ones are
//! laid over the grammar of states. A *shape* is a term with holes; it is split,
//! constructor by constructor, until each row covers it wholly or not at all.
//! Then the premises of the rows that cover it must form a complete decision
//! tree with exactly one rule at each leaf; a rule that is a choice has several results, not several rules. This decides
//! determinism and progress for all programs, not up to a size.

use egg::{ENodeOrVar, Id, Symbol};

use crate::book::grammar::{Arity, Grammar, SortId};
use crate::book::rule::{Pattern, Place, Premise, Rule};

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// The rule's name, or what the row stands for.
    pub name: String,
    /// Where it stands in the book.
    pub place: Place,
    /// The states that it speaks of.
    pub lhs: &'a Pattern,
    /// Its conditions; none for final and impossible states.
    pub premises: &'a [Premise],
    /// Whether it is a deliberate choice.
    pub choice: bool,
    /// Whether it is a rule, and not a final or impossible state.
    pub is_rule: bool,
}

impl<'a> Row<'a> {
    /// The row of a rule.
    pub fn of_rule(rule: &'a Rule) -> Row<'a> {
        Row {
            name: rule.name.to_string(),
            place: rule.place.clone(),
            lhs: &rule.lhs,
            premises: &rule.premises,
            choice: rule.is_choice(),
            is_rule: true,
        }
    }

    /// The row of a final or impossible state.
    pub fn of_state(name: &str, place: Place, lhs: &'a Pattern) -> Row<'a> {
        Row { name: name.into(), place, lhs, premises: &[], choice: false, is_rule: false }
    }
}

/// What the table of a book looks like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Cells with exactly one rule.
    pub determined: usize,
    /// Cells that are a deliberate choice.
    pub choices: usize,
    /// Cells in which a path has ended.
    pub finals: usize,
    /// Cells that no well-formed program reaches.
    pub impossible: usize,
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hole {
    /// No rule covers the cell.
    Missing {
        /// The cell, as a pattern.
        cell: String,
        /// The premises under which no rule applies, if some do otherwise.
        condition: String,
        /// A rule of the same cell under other premises.
        near: Option<Place>,
    },
    /// Several rules cover the cell.
    Overlap {
        /// The cell, as a pattern.
        cell: String,
        /// The rules, by name and place.
        rows: Vec<(String, Place)>,
    },
}

/// A term with holes.
#[derive(Debug, Clone)]
enum Shape {
    /// Any term of the sort.
    Hole(SortId),
    /// A constructor applied to shapes.
    Node(Symbol, Vec<Shape>),
}

/// Checks the table of all states.
///
/// # Errors
/// Every cell that has no rule, or several.
pub fn check(grammar: &Grammar, state: SortId, rows: &[Row]) -> Result<Summary, Vec<Hole>> {
    let mut table = Table { grammar, summary: Summary::default(), holes: Vec::new() };
    let rows: Vec<&Row> = rows.iter().collect();
    table.split(&Shape::Hole(state), &rows);
    if table.holes.is_empty() { Ok(table.summary) } else { Err(table.holes) }
}

struct Table<'g> {
    grammar: &'g Grammar,
    summary: Summary,
    holes: Vec<Hole>,
}

impl Table<'_> {
    fn split(&mut self, shape: &Shape, rows: &[&Row]) {
        let rows: Vec<&Row> =
            rows.iter().copied().filter(|row| self.overlaps(shape, row.lhs, row.lhs.root())).collect();
        if rows.is_empty() {
            self.holes.push(Hole::Missing { cell: self.show(shape), condition: String::new(), near: None });
            return;
        }
        let split = rows.iter().find_map(|row| self.split_point(shape, row.lhs, row.lhs.root()));
        match split {
            Some(path) => {
                for refined in self.refinements(shape, &path) {
                    self.split(&refined, &rows);
                }
            }
            None => self.leaf(shape, &rows),
        }
    }

    fn overlaps(&self, shape: &Shape, pattern: &Pattern, at: Id) -> bool {
        match (&pattern[at], shape) {
            (ENodeOrVar::Var(var), Shape::Node(op, _)) => self.admits(*var, *op),
            (ENodeOrVar::Var(var), Shape::Hole(sort)) => {
                let sort = &self.grammar.sorts[*sort];
                sort.constructors.is_empty() || sort.constructors.iter().any(|c| self.admits(*var, *c))
            }
            (ENodeOrVar::ENode(node), Shape::Node(op, parts)) => {
                node.op == *op
                    && parts.iter().zip(&node.args).all(|(part, arg)| self.overlaps(part, pattern, *arg))
            }
            (ENodeOrVar::ENode(node), Shape::Hole(sort)) => {
                self.grammar.sorts[*sort].constructors.contains(&node.op)
            }
        }
    }

    fn admits(&self, var: egg::Var, op: Symbol) -> bool {
        match self.grammar.sort_of_variable(&var.to_string()) {
            Some(sort) => {
                !self.grammar.is_restricted(sort) || self.grammar.sorts[sort].constructors.contains(&op)
            }
            None => true,
        }
    }

    /// The path to a hole that the row tells apart, if there is one.
    fn split_point(&self, shape: &Shape, pattern: &Pattern, at: Id) -> Option<Vec<usize>> {
        match (&pattern[at], shape) {
            (ENodeOrVar::ENode(_), Shape::Hole(_)) => Some(Vec::new()),
            (ENodeOrVar::Var(var), Shape::Hole(sort)) => {
                let sort = &self.grammar.sorts[*sort];
                let tells = sort.constructors.iter().any(|c| !self.admits(*var, *c));
                tells.then(Vec::new)
            }
            (ENodeOrVar::Var(_), Shape::Node(..)) => None,
            (ENodeOrVar::ENode(node), Shape::Node(_, parts)) => {
                parts.iter().zip(&node.args).enumerate().find_map(|(index, (part, arg))| {
                    let mut path = self.split_point(part, pattern, *arg)?;
                    path.insert(0, index);
                    Some(path)
                })
            }
        }
    }

    fn refinements(&self, shape: &Shape, path: &[usize]) -> Vec<Shape> {
        match (shape, path) {
            (Shape::Hole(sort), _) => self.grammar.sorts[*sort]
                .constructors
                .iter()
                .map(|op| {
                    let args = &self.grammar.constructors[op].args;
                    Shape::Node(*op, args.iter().map(|sort| Shape::Hole(*sort)).collect())
                })
                .collect(),
            (Shape::Node(op, parts), [first, rest @ ..]) => self
                .refinements(&parts[*first], rest)
                .into_iter()
                .map(|refined| {
                    let mut parts = parts.clone();
                    parts[*first] = refined;
                    Shape::Node(*op, parts)
                })
                .collect(),
            (Shape::Node(..), []) => vec![shape.clone()],
        }
    }

    fn leaf(&mut self, shape: &Shape, rows: &[&Row]) {
        let candidates: Vec<Candidate> =
            rows.iter().map(|row| Candidate { row, literals: self.literals(shape, row) }).collect();
        self.decide(shape, &candidates, &mut Vec::new());
    }

    /// The row's tests, each with the answer it needs, written over the shape so that
    /// two rows' tests can be compared.
    fn literals(&self, shape: &Shape, row: &Row) -> Vec<(String, bool)> {
        let mut bound = Vec::new();
        bind(shape, row.lhs, row.lhs.root(), &mut Vec::new(), &mut bound);
        let mut literals = Vec::new();
        for premise in row.premises {
            let call = render(premise.call(), premise.call().root(), &bound);
            if let Some(var) = premise.binds() {
                bound.push((var, call.clone()));
            }
            match premise {
                Premise::If(_) => literals.push((call, true)),
                Premise::Unless(_) | Premise::Undefined(_) => literals.push((call, false)),
                Premise::Let(..) if self.is_partial(premise.call()) => literals.push((call, true)),
                Premise::Let(..) | Premise::In(..) => {}
            }
        }
        literals
    }

    fn is_partial(&self, call: &Pattern) -> bool {
        match &call[call.root()] {
            ENodeOrVar::ENode(node) => self
                .grammar
                .functions
                .get(&node.op)
                .is_some_and(|signature| signature.arity == Arity::Partial),
            ENodeOrVar::Var(_) => false,
        }
    }

    fn decide(&mut self, shape: &Shape, rows: &[Candidate], assumed: &mut Vec<(String, bool)>) {
        let open = |c: &Candidate| {
            c.literals.iter().find(|(test, _)| !assumed.iter().any(|(t, _)| t == test)).cloned()
        };
        match rows.iter().find_map(open) {
            None => self.settle(shape, rows),
            Some((test, _)) => {
                for answer in [true, false] {
                    let kept: Vec<Candidate> = rows
                        .iter()
                        .filter(|c| !c.literals.contains(&(test.clone(), !answer)))
                        .cloned()
                        .collect();
                    assumed.push((test.clone(), answer));
                    if kept.is_empty() {
                        self.holes.push(Hole::Missing {
                            cell: self.show(shape),
                            condition: show_assumed(assumed),
                            near: rows.first().map(|c| c.row.place.clone()),
                        });
                    } else {
                        self.decide(shape, &kept, assumed);
                    }
                    assumed.pop();
                }
            }
        }
    }

    fn settle(&mut self, shape: &Shape, rows: &[Candidate]) {
        match rows {
            [only] if only.row.choice => self.summary.choices += 1,
            [only] if only.row.is_rule => self.summary.determined += 1,
            [only] if only.row.name == "final" => self.summary.finals += 1,
            [_] => self.summary.impossible += 1,
            _ => self.holes.push(Hole::Overlap {
                cell: self.show(shape),
                rows: rows.iter().map(|c| (c.row.name.clone(), c.row.place.clone())).collect(),
            }),
        }
    }

    fn show(&self, shape: &Shape) -> String {
        match shape {
            Shape::Hole(sort) => format!("<{}>", self.grammar.sorts[*sort].name),
            Shape::Node(op, parts) if parts.is_empty() => op.to_string(),
            Shape::Node(op, parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.show(part)).collect();
                format!("({op} {})", parts.join(" "))
            }
        }
    }
}

#[derive(Clone)]
struct Candidate<'r> {
    row: &'r Row<'r>,
    literals: Vec<(String, bool)>,
}

fn show_assumed(assumed: &[(String, bool)]) -> String {
    let tests: Vec<String> = assumed
        .iter()
        .map(|(test, answer)| format!("{test} {}", if *answer { "holds" } else { "does not hold" }))
        .collect();
    tests.join(" and ")
}

/// Gives each variable of the left side the part of the shape that it matches,
/// holes written as the path to them.
fn bind(
    shape: &Shape,
    pattern: &Pattern,
    at: Id,
    path: &mut Vec<usize>,
    bound: &mut Vec<(egg::Var, String)>,
) {
    match (&pattern[at], shape) {
        (ENodeOrVar::Var(var), part) => bound.push((*var, show_path(part, path))),
        (ENodeOrVar::ENode(node), Shape::Node(_, parts)) => {
            for (index, (part, arg)) in parts.iter().zip(&node.args).enumerate() {
                path.push(index);
                bind(part, pattern, *arg, path, bound);
                path.pop();
            }
        }
        (ENodeOrVar::ENode(_), Shape::Hole(_)) => {}
    }
}

fn show_path(shape: &Shape, path: &mut Vec<usize>) -> String {
    match shape {
        Shape::Hole(_) => {
            let steps: Vec<String> = path.iter().map(|step| (step + 1).to_string()).collect();
            format!("<part {}>", steps.join("."))
        }
        Shape::Node(op, parts) if parts.is_empty() => op.to_string(),
        Shape::Node(op, parts) => {
            let mut out = format!("({op}");
            for (index, part) in parts.iter().enumerate() {
                path.push(index);
                out.push(' ');
                out.push_str(&show_path(part, path));
                path.pop();
            }
            out.push(')');
            out
        }
    }
}

fn render(pattern: &Pattern, at: Id, bound: &[(egg::Var, String)]) -> String {
    match &pattern[at] {
        ENodeOrVar::Var(var) => {
            bound.iter().find(|(v, _)| v == var).map_or_else(|| var.to_string(), |(_, text)| text.clone())
        }
        ENodeOrVar::ENode(node) if node.args.is_empty() => node.op.to_string(),
        ENodeOrVar::ENode(node) => {
            let args: Vec<String> = node.args.iter().map(|arg| render(pattern, *arg, bound)).collect();
            format!("({} {})", node.op, args.join(" "))
        }
    }
}
