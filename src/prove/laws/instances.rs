//! Programs of the core that stand for the variables of a law, the smallest first.

use egg::{ENodeOrVar, Id, Var};

use crate::book::grammar::Grammar;
use crate::book::law::Law;
use crate::book::rule::{Pattern, variables};
use crate::check::core::{CONDITIONS, Core};
use crate::check::enumerate::{Enumeration, Fragment};
use crate::prove::laws::conditions::Instance;
use crate::prove::laws::meaning::CALLED;
use crate::prove::laws::terms::{atom, finish, named, node, part, unmarked};
use crate::term::{Builder, Term};

/// What a variable of a law stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Statement,
    Clauses,
    Binder,
    /// What a clause names.
    Condition,
    /// What `if` and `while` ask.
    Test,
    /// What is raised.
    Raised,
    /// A constant.
    Value,
}

/// The instances of a law.
pub struct Instances {
    variables: Vec<(Var, Kind)>,
    programs: Enumeration,
}

/// Positions that a program has for itself, so that its `return`s are told from those of others.
const APART: usize = 100;

impl Instances {
    /// The instances of a law.
    ///
    /// # Errors
    /// A variable stands for what programs of the core do not have: which.
    pub fn of(grammar: &Grammar, law: &Law) -> Result<Instances, String> {
        let kinds = |var: Var| kind(grammar, &law.left, var).map(|kind| (var, kind));
        let variables = variables(&law.left).into_iter().map(kinds).collect::<Result<_, _>>()?;
        Ok(Instances { variables, programs: Enumeration::new(Fragment::Core) })
    }

    /// How many instances there are whose programs have a size together.
    pub fn count(&self, size: usize) -> u128 {
        self.shares(size).iter().map(|share| self.ways(share)).sum()
    }

    /// Instance number `index` of a size.
    pub fn instance(&self, size: usize, mut index: u128) -> Option<Instance> {
        for share in self.shares(size) {
            let ways = self.ways(&share);
            if index >= ways {
                index -= ways;
                continue;
            }
            let mut instance = Instance::default();
            for (place, size) in share.iter().enumerate() {
                let radix = self.choices(place, *size);
                instance.insert(self.variables[place].0, self.choice(place, *size, index % radix)?);
                index /= radix;
            }
            return Some(instance);
        }
        None
    }

    /// The ways in which a size is shared out.
    fn shares(&self, size: usize) -> Vec<Vec<usize>> {
        let mut found = vec![(Vec::new(), size)];
        for (_, kind) in &self.variables {
            let sizes = |left: usize| match kind {
                Kind::Statement => 1..=left,
                Kind::Clauses => 0..=left,
                _ => 0..=0,
            };
            let longer = |(share, left): &(Vec<usize>, usize)| {
                let (share, left) = (share.clone(), *left);
                sizes(left).map(move |size| ([&share[..], &[size]].concat(), left - size)).collect::<Vec<_>>()
            };
            found = found.iter().flat_map(longer).collect();
        }
        found.into_iter().filter(|(_, left)| *left == 0).map(|(share, _)| share).collect()
    }

    fn ways(&self, share: &[usize]) -> u128 {
        share.iter().enumerate().map(|(place, size)| self.choices(place, *size)).product()
    }

    /// How many terms may stand for a variable, of a size.
    fn choices(&self, place: usize, size: usize) -> u128 {
        match self.variables[place].1 {
            Kind::Statement => self.programs.count_bodies(size),
            Kind::Clauses if size == 0 => 1,
            Kind::Clauses => self.programs.count_handlers(size),
            Kind::Binder => 2,
            Kind::Condition => conditions().count() as u128,
            Kind::Raised => RAISED.len() as u128,
            Kind::Test | Kind::Value => 1,
        }
    }

    /// Term number `index` of those.
    fn choice(&self, place: usize, size: usize, index: u128) -> Option<Term> {
        let number = (APART * (place + 1)).to_string();
        Some(match self.variables[place].1 {
            Kind::Statement => statement(&self.programs.body(size, index)?, place),
            Kind::Clauses if size == 0 => atom("no-clause"),
            Kind::Clauses => {
                let clauses = self.programs.handlers(size, index)?;
                let around = Core::TryExcept(Box::new(Core::Pass), clauses, None);
                part(&statement(&around, place), 1)
            }
            Kind::Binder if index == 0 => atom("anonymous"),
            Kind::Binder => node("as", &[&node("local", &[&atom("e")])]),
            Kind::Condition => condition(conditions().nth(index as usize)?.classes),
            Kind::Raised => named(RAISED[index as usize % RAISED.len()]),
            Kind::Test => node("call", &[&named("c"), &atom("no-arguments")]),
            Kind::Value => node("int", &[&atom(&number)]),
        })
    }
}

/// The classes that are raised.
const RAISED: [&str; 3] = ["A", "B", "C"];

/// The conditions that clauses of laws have.
fn conditions() -> impl Iterator<Item = &'static crate::check::core::Condition> {
    CONDITIONS.iter().filter(|condition| condition.name.is_none())
}

/// A program without markers; what it returns and what it calls tells it from those that stand for other variables.
fn statement(core: &Core, place: usize) -> Term {
    let called = CALLED[place % CALLED.len()];
    unmarked(&core.placed(APART * (place + 1)), |name| (name == CALLED[0]).then(|| called.to_string()))
}

/// The condition of a clause, as the core writes it.
fn condition(classes: &'static [&'static str]) -> Term {
    let condition = crate::check::core::Condition { classes, name: None };
    let clause = crate::check::core::Clause { condition: Some(condition), body: Core::Pass };
    let around = Core::TryExcept(Box::new(Core::Pass), vec![clause], None);
    part(&part(&unmarked(&around.term(), |_| None), 1), 0)
}

/// What a variable stands for, by its sort and, of an expression, by where it stands.
fn kind(grammar: &Grammar, pattern: &Pattern, var: Var) -> Result<Kind, String> {
    let sort = grammar.sort_of_variable(&var.to_string()).map(|sort| grammar.sorts[sort].name.as_str());
    match sort {
        Some("Statement") => Ok(Kind::Statement),
        Some("Clauses") => Ok(Kind::Clauses),
        Some("Binder") => Ok(Kind::Binder),
        Some("Value") => Ok(Kind::Value),
        Some("Expression") => expression(pattern, var).ok_or_else(|| {
            format!("no programs are known for `{var}`: an expression of a law is what a clause names, or what is tested or raised")
        }),
        _ => Err(format!("no programs are known for `{var}`: laws are about statements, clauses, binders, expressions and values")),
    }
}

fn expression(pattern: &Pattern, var: Var) -> Option<Kind> {
    let stands = |at: &Id| matches!(&pattern[*at], ENodeOrVar::Var(here) if *here == var);
    pattern.as_ref().iter().find_map(|node| match node {
        ENodeOrVar::ENode(node) if node.args.first().is_some_and(stands) => match node.op.as_str() {
            "clause" => Some(Kind::Condition),
            "if" | "while" => Some(Kind::Test),
            "raise" => Some(Kind::Raised),
            _ => None,
        },
        _ => None,
    })
}

/// A side of a law, with what stands for its variables.
pub fn filled(pattern: &Pattern, instance: &Instance) -> Term {
    let mut builder = Builder::default();
    let mut copies: Vec<Id> = Vec::with_capacity(pattern.len());
    for node in pattern {
        let copy = match node {
            ENodeOrVar::Var(var) => builder.splice(&instance[var]),
            ENodeOrVar::ENode(node) => {
                let args: Vec<Id> = node.args.iter().map(|arg| copies[usize::from(*arg)]).collect();
                builder.node(node.op.as_str(), args)
            }
        };
        copies.push(copy);
    }
    copies.last().map_or_else(Term::default, |root| finish(&builder, *root))
}
