//! Programs of the core that stand for the variables of a law, the smallest first.

use egg::{ENodeOrVar, Id, Var};
use rustc_hash::FxHashMap;

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
    built: FxHashMap<(usize, usize), Vec<Term>>,
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
        Ok(Instances { variables, programs: Enumeration::new(Fragment::Core), built: FxHashMap::default() })
    }

    /// How many instances there are whose programs have a size together.
    pub fn count(&mut self, size: usize) -> u128 {
        self.shares(size).iter().map(|share| self.ways(share)).sum()
    }

    /// Instance number `index` of a size.
    pub fn instance(&mut self, size: usize, mut index: u128) -> Option<Instance> {
        for share in self.shares(size) {
            let ways = self.ways(&share);
            if index >= ways {
                index -= ways;
                continue;
            }
            let mut instance = Instance::default();
            for (place, size) in share.iter().enumerate() {
                let choices = self.choices(place, *size);
                let radix = choices.len() as u128;
                let chosen = choices[(index % radix) as usize].clone();
                index /= radix;
                instance.insert(self.variables[place].0, chosen);
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

    fn ways(&mut self, share: &[usize]) -> u128 {
        (0..share.len()).map(|place| self.choices(place, share[place]).len() as u128).product()
    }

    /// What may stand for a variable, of a size.
    fn choices(&mut self, place: usize, size: usize) -> &[Term] {
        let Instances { variables, programs, built } = self;
        built.entry((place, size)).or_insert_with(|| match variables[place].1 {
            Kind::Statement => {
                let cores = (0..programs.count_bodies(size)).filter_map(|index| programs.body(size, index));
                cores.map(|core| statement(&core, place)).collect()
            }
            Kind::Clauses if size == 0 => vec![atom("no-clause")],
            Kind::Clauses => {
                let lists =
                    (0..programs.count_handlers(size)).filter_map(|index| programs.handlers(size, index));
                let around = |clauses| Core::TryExcept(Box::new(Core::Pass), clauses, None);
                lists.map(|clauses| part(&statement(&around(clauses), place), 1)).collect()
            }
            Kind::Binder => {
                let target = node("local", &[&atom("e")]);
                vec![atom("anonymous"), node("as", &[&target])]
            }
            Kind::Condition => {
                CONDITIONS.iter().filter(|it| it.name.is_none()).map(|it| condition(it.classes)).collect()
            }
            Kind::Test => vec![node("call", &[&named("c"), &atom("no-arguments")])],
            Kind::Raised => ["A", "B", "C"].map(named).to_vec(),
            Kind::Value => vec![node("int", &[&atom(&(APART * (place + 1)).to_string())])],
        })
    }
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
