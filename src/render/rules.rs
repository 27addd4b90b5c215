//! Rules as inference rules, in text and in LaTeX.

use std::fmt::Write;

use egg::{ENodeOrVar, Id};

use crate::book::rule::{Pattern, Premise, Rule};

/// A rule in text: the premises over a line with the name, the conclusion below.
pub fn text(rule: &Rule) -> String {
    let premises: Vec<String> = rule.premises.iter().map(premise_text).collect();
    let left = rule.lhs.to_string();
    let right = rule.rhs.to_string();
    let events: Vec<String> = rule.events.iter().map(ToString::to_string).collect();
    let width =
        premises.iter().chain([&left, &right]).map(|line| line.chars().count() + 4).max().unwrap_or(0);
    let mut out = String::new();
    for premise in &premises {
        let _ = writeln!(out, "    {premise}");
    }
    let _ = writeln!(out, "{} {}", "-".repeat(width.max(40)), rule.name);
    let _ = writeln!(out, "    {left}\n ~> {right}");
    if !events.is_empty() {
        let _ = writeln!(out, "    ! {}", events.join(" "));
    }
    out
}

fn premise_text(premise: &Premise) -> String {
    let call = premise.call();
    match premise {
        Premise::If(_) => format!("if {call}"),
        Premise::Unless(_) => format!("unless {call}"),
        Premise::Undefined(_) => format!("undefined {call}"),
        Premise::Let(var, _) => format!("{var} = {call}"),
        Premise::In(var, _) => format!("{var} in {call}"),
    }
}

/// A rule in LaTeX, for the package `mathpartir`.
pub fn latex(rule: &Rule) -> String {
    let premises: Vec<String> = rule.premises.iter().map(premise_latex).collect();
    let events: Vec<String> = rule.events.iter().map(pattern_latex).collect();
    let arrow = if events.is_empty() {
        "\\longrightarrow".to_string()
    } else {
        format!("\\xrightarrow{{{}}}", events.join("\\;"))
    };
    format!(
        "\\inferrule*[right={}]\n  {{{}}}\n  {{{} \\;{arrow}\\; {}}}\n",
        escape(rule.name.as_str()),
        premises.join(" \\\\ "),
        pattern_latex(&rule.lhs),
        pattern_latex(&rule.rhs)
    )
}

fn premise_latex(premise: &Premise) -> String {
    let call = pattern_latex(premise.call());
    match premise {
        Premise::If(_) => call,
        Premise::Unless(_) => format!("\\neg\\,{call}"),
        Premise::Undefined(_) => format!("{call}\\uparrow"),
        Premise::Let(var, _) => format!("{} = {call}", variable_latex(&var.to_string())),
        Premise::In(var, _) => format!("{} \\in {call}", variable_latex(&var.to_string())),
    }
}

fn pattern_latex(pattern: &Pattern) -> String {
    term_latex(pattern, pattern.root())
}

fn term_latex(pattern: &Pattern, at: Id) -> String {
    match &pattern[at] {
        ENodeOrVar::Var(var) => variable_latex(&var.to_string()),
        ENodeOrVar::ENode(node) => {
            let name = format!("\\textsf{{{}}}", escape(node.op.as_str()));
            let args: Vec<String> = node.args.iter().map(|arg| term_latex(pattern, *arg)).collect();
            if args.is_empty() { name } else { format!("{name}({})", args.join(",\\,")) }
        }
    }
}

/// `?w1` becomes `w_{1}`, `?hs` an upright word.
fn variable_latex(name: &str) -> String {
    let name = name.trim_start_matches('?');
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &name[letters.len()..];
    let base =
        if letters.chars().count() == 1 { letters.to_string() } else { format!("\\mathit{{{letters}}}") };
    if digits.is_empty() { base } else { format!("{base}_{{{digits}}}") }
}

fn escape(text: &str) -> String {
    text.replace('_', "\\_").replace('%', "\\%").replace('#', "\\#").replace('&', "\\&")
}
