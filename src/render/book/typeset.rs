//! A rule in HTML, as it is written on paper: premises over a line with the name, the conclusion below.

use egg::{ENodeOrVar, Id, Var};

use crate::book::rule::{Pattern, Premise, Rule};

/// Text as HTML has it, also between quotes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The rule, typeset, its name a link.
pub fn rule(rule: &Rule, link: &str) -> String {
    let name = escape(rule.name.as_str());
    let lines = |lines: Vec<String>| -> String {
        lines.into_iter().map(|line| format!("<div>{line}</div>")).collect()
    };
    let premises = lines(rule.premises.iter().map(premise).collect());
    let events: Vec<String> = rule.events.iter().map(pattern).collect();
    let events = match events.is_empty() {
        true => String::new(),
        false => format!(" <span class=\"events\">emits {}</span>", events.join(", ")),
    };
    let conclusion = lines(vec![pattern(&rule.lhs), format!("⟶ {}{events}", pattern(&rule.rhs))]);
    format!(
        "<div class=\"typeset\"><div class=\"premises\">{premises}</div><div class=\"bar\"><a href=\"{link}\">{name}</a></div>\
         <div class=\"conclusion\">{conclusion}</div></div>"
    )
}

fn premise(premise: &Premise) -> String {
    let call = pattern(premise.call());
    match premise {
        Premise::If(_) => call,
        Premise::Unless(_) => format!("not {call}"),
        Premise::Undefined(_) => format!("{call} is undefined"),
        Premise::Let(var, _) => format!("{} = {call}", variable(*var)),
        Premise::In(var, _) => format!("{} ∈ {call}", variable(*var)),
    }
}

fn pattern(pattern: &Pattern) -> String {
    term(pattern, pattern.root())
}

fn term(pattern: &Pattern, at: Id) -> String {
    match &pattern[at] {
        ENodeOrVar::Var(var) => variable(*var),
        ENodeOrVar::ENode(node) => {
            let name = format!("<b>{}</b>", escape(node.op.as_str()));
            let parts: Vec<String> = node.args.iter().map(|part| term(pattern, *part)).collect();
            if parts.is_empty() { name } else { format!("{name}({})", parts.join(", ")) }
        }
    }
}

/// `?w1` becomes an italic *w* with a small 1.
fn variable(var: Var) -> String {
    let name = var.to_string();
    let name = name.trim_start_matches('?');
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &name[letters.len()..];
    let small = if digits.is_empty() { String::new() } else { format!("<sub>{digits}</sub>") };
    format!("<i>{}</i>{small}", escape(letters))
}
