//! Are rules well sorted, and are their variables bound?

use egg::{ENodeOrVar, Id, Var};

use crate::book::grammar::{Grammar, SortId};
use crate::book::rule::{Pattern, Premise, Rule, variables};

/// Checks a rule against the grammar.
///
/// # Errors
/// The first fault, with the remedy in its text.
pub fn check_rule(grammar: &Grammar, rule: &Rule) -> Result<(), String> {
    let state = grammar.sort_named("State")?;
    let event = grammar.sort_named("Event")?;
    check_matched(grammar, &rule.lhs, state)?;
    check_linear(&rule.lhs)?;
    let mut bound = variables(&rule.lhs);
    check_premises(grammar, &rule.premises, &mut bound)?;
    check_built(grammar, &rule.rhs, state, &bound)?;
    for pattern in &rule.events {
        check_built(grammar, pattern, event, &bound)?;
    }
    Ok(())
}

/// Checks premises in order, adding what they bind to `bound`.
///
/// # Errors
/// The first fault.
pub fn check_premises(grammar: &Grammar, premises: &[Premise], bound: &mut Vec<Var>) -> Result<(), String> {
    for premise in premises {
        let call = premise.call();
        let ENodeOrVar::ENode(node) = &call[call.root()] else {
            return Err("a premise calls a function: `(f …)`".into());
        };
        let signature = grammar
            .functions
            .get(&node.op)
            .ok_or_else(|| format!("the function `{}` is not declared in a `functions` block", node.op))?;
        if signature.args.len() != node.args.len() {
            return Err(arity_message(&node.op.to_string(), signature.args.len(), node.args.len()));
        }
        for (sort, arg) in signature.args.iter().zip(&node.args) {
            check_term(grammar, call, *arg, *sort, &mut |var, sort| {
                built_variable(grammar, var, sort, bound)
            })?;
        }
        if let Some(var) = premise.binds() {
            let result = signature
                .result
                .ok_or_else(|| format!("`{}` is a premise and has no result to bind", node.op))?;
            let sort = sort_of(grammar, var)?;
            if !grammar.is_within(result, sort) {
                return Err(sort_message(grammar, var, sort, result));
            }
            bound.push(var);
        }
    }
    Ok(())
}

/// Checks a left side: variables may be of any sort that overlaps the place's.
///
/// # Errors
/// The first fault.
pub fn check_matched(grammar: &Grammar, pattern: &Pattern, sort: SortId) -> Result<(), String> {
    check_term(grammar, pattern, pattern.root(), sort, &mut |var, expected| {
        let own = sort_of(grammar, var)?;
        if grammar.sorts[own].top == grammar.sorts[expected].top {
            Ok(())
        } else {
            Err(sort_message(grammar, var, expected, own))
        }
    })
}

/// Checks a right side: its variables are bound, and of sorts that fit.
///
/// # Errors
/// The first fault.
pub fn check_built(grammar: &Grammar, pattern: &Pattern, sort: SortId, bound: &[Var]) -> Result<(), String> {
    check_term(grammar, pattern, pattern.root(), sort, &mut |var, sort| {
        built_variable(grammar, var, sort, bound)
    })
}

fn built_variable(grammar: &Grammar, var: Var, expected: SortId, bound: &[Var]) -> Result<(), String> {
    if !bound.contains(&var) {
        return Err(format!("the variable `{var}` is not bound; bind it on the left side or in a premise"));
    }
    let own = sort_of(grammar, var)?;
    if grammar.is_within(own, expected) { Ok(()) } else { Err(sort_message(grammar, var, expected, own)) }
}

fn check_term(
    grammar: &Grammar,
    pattern: &Pattern,
    at: Id,
    expected: SortId,
    variable: &mut impl FnMut(Var, SortId) -> Result<(), String>,
) -> Result<(), String> {
    let node = match &pattern[at] {
        ENodeOrVar::Var(var) => return variable(*var, expected),
        ENodeOrVar::ENode(node) => node,
    };
    // What any term will do for is checked as a term of its own sort.
    let expected = match grammar.constructors.get(&node.op) {
        Some(known) if grammar.sorts[expected].name == "Any" => known.sort,
        _ => expected,
    };
    let sort = &grammar.sorts[expected];
    if !sort.constructors.contains(&node.op) {
        // An atom is any word, also one that a constructor of another sort has: what a place holds is said by its sort.
        if sort.atoms && node.args.is_empty() {
            return Ok(());
        }
        return Err(match grammar.constructors.get(&node.op) {
            Some(known) => format!(
                "`{}` builds a {}, where a {} is expected",
                node.op, grammar.sorts[known.sort].name, sort.name
            ),
            None => format!("the constructor `{}` is not declared in a `grammar` block", node.op),
        });
    }
    let constructor = &grammar.constructors[&node.op];
    if constructor.args.len() != node.args.len() {
        return Err(arity_message(&node.op.to_string(), constructor.args.len(), node.args.len()));
    }
    for (sort, arg) in constructor.args.iter().zip(&node.args) {
        check_term(grammar, pattern, *arg, *sort, variable)?;
    }
    Ok(())
}

fn check_linear(pattern: &Pattern) -> Result<(), String> {
    let mut seen = Vec::new();
    for node in pattern {
        if let ENodeOrVar::Var(var) = node {
            if seen.contains(var) {
                return Err(format!(
                    "`{var}` occurs twice on the left side; use two variables and the premise `(same …)`"
                ));
            }
            seen.push(*var);
        }
    }
    Ok(())
}

fn sort_of(grammar: &Grammar, var: Var) -> Result<SortId, String> {
    let name = var.to_string();
    grammar
        .sort_of_variable(&name)
        .ok_or_else(|| format!("`{name}` is not declared as a metavariable of any sort"))
}

fn arity_message(name: &str, expected: usize, found: usize) -> String {
    format!("`{name}` takes {expected} arguments, not {found}")
}

fn sort_message(grammar: &Grammar, var: Var, expected: SortId, own: SortId) -> String {
    format!("`{var}` is a {}, where a {} is expected", grammar.sorts[own].name, grammar.sorts[expected].name)
}
