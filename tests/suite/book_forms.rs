//! The form of the book: what its notation stands for, its front page, and how its sections open.
//!
//! `TRYLEMMA_WRITE=1 cargo test --test suite book_forms` writes the recorded digests and the front page's lists anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use trylemma::book::Book;
use trylemma::book::chapters::{self, Chapter};
use trylemma::book::grammar::{Grammar, SortId};
use trylemma::book::version::Version;
use trylemma::render::rules;

use super::common::repository;

/// The book as it stands in the repository: not the one that the crate was built with, which may be older.
fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let read = Book::from_folder(&repository("semantics"), Version::DEFAULT);
        read.unwrap_or_else(|error| panic!("{error}"))
    })
}

/// Asserts that a file of the repository holds a text; or writes it, where that is asked for.
pub fn assert_recorded(path: &str, expected: &str) {
    let path = repository(path);
    if std::env::var_os("TRYLEMMA_WRITE").is_some() {
        std::fs::write(&path, expected).expect("the file can be written");
        return;
    }
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    let recorded: Vec<&str> = recorded.lines().collect();
    let expected: Vec<&str> = expected.lines().collect();
    let new: Vec<&&str> = expected.iter().filter(|line| !recorded.contains(line)).collect();
    let gone: Vec<&&str> = recorded.iter().filter(|line| !expected.contains(line)).collect();
    assert!(
        recorded == expected,
        "{} is not what the book says; `TRYLEMMA_WRITE=1 cargo test --test suite book_forms` writes it anew\nnew: {new:#?}\ngone: {gone:#?}",
        path.display()
    );
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A sort's constructors with the sorts of their parts, in the order of their names.
fn sort_text(grammar: &Grammar, sort: SortId) -> String {
    let name_of = |sort: &SortId| grammar.sorts[*sort].name.as_str();
    let mut constructors: Vec<String> = grammar.sorts[sort]
        .constructors
        .iter()
        .map(|name| {
            let parts: Vec<&str> = grammar.constructors[name].args.iter().map(name_of).collect();
            format!("({name} {})", parts.join(" "))
        })
        .collect();
    constructors.sort();
    format!("{} {} {}", name_of(&grammar.sorts[sort].top), grammar.sorts[sort].atoms, constructors.concat())
}

/// A change of the notation alone changes no line of this: rules and grammar as both engines and the table see them.
#[test]
fn the_rules_written_out_are_those_that_are_recorded() {
    let grammar = &book().grammar;
    let mut lines = BTreeMap::new();
    for rule in book().rules.iter() {
        lines.insert(format!("rule {}", rule.name), digest(&format!("{} {}", rules::text(rule), rule.gate)));
    }
    for (sort, declared) in grammar.sorts.iter().enumerate() {
        lines.insert(format!("sort {}", declared.name), digest(&sort_text(grammar, sort)));
    }
    for (letter, sort) in grammar.metavariables() {
        lines.insert(format!("variable ?{letter}"), digest(&grammar.sorts[sort].name));
    }
    for (name, signature) in &grammar.functions {
        let named = |sort: &SortId| grammar.sorts[*sort].name.clone();
        let args: Vec<String> = signature.args.iter().map(named).collect();
        let result = signature.result.as_ref().map(named);
        lines.insert(format!("function {name}"), digest(&format!("{args:?}{result:?}{:?}", signature.arity)));
    }
    let text: String = lines.iter().map(|(name, digest)| format!("{name} {digest}\n")).collect();
    assert_recorded("tests/suite/rules.digest", &text);
}

/// A chapter's headings of one level, with their ids and what stands below them.
fn sections(text: &str) -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        match line.strip_prefix("## ").filter(|_| !fenced) {
            Some(heading) => {
                let (title, id) = heading.split_once(" {#").unwrap_or((heading, ""));
                found.push((title.to_string(), id.trim_end_matches('}').to_string(), String::new()));
            }
            None => {
                if let Some((_, _, body)) = found.last_mut() {
                    let _ = writeln!(body, "{line}");
                }
            }
        }
    }
    found
}

fn title(chapter: &Chapter) -> &str {
    chapter
        .text
        .lines()
        .find_map(|line| line.strip_prefix("# "))
        .unwrap_or_default()
        .split(" {#")
        .next()
        .unwrap_or_default()
}

/// The chapters of the law, without the catalogue and the front page; each with its file's name.
fn law() -> Vec<(String, &'static Chapter)> {
    let of_law =
        |chapter: &&Chapter| !chapter.file.contains("/litmus/") && !chapter.file.ends_with("README.md");
    let named = |chapter: &'static Chapter| (format!("{}.md", chapters::name(chapter)), chapter);
    book().chapters.iter().filter(of_law).map(named).collect()
}

fn contents() -> String {
    let mut out = String::new();
    for (file, chapter) in law() {
        let sections: Vec<String> =
            sections(&chapter.text).iter().map(|(title, id, _)| format!("[{title}]({file}#{id})")).collect();
        let more = if sections.is_empty() { String::new() } else { format!(": {}", sections.join(", ")) };
        let _ = writeln!(out, "- **[{}]({file})**{more}", title(chapter));
    }
    out
}

fn index_of_rules() -> String {
    let mut sorted: Vec<_> = book().rules.iter().collect();
    sorted.sort_by_key(|rule| rule.name.as_str());
    let mut out = String::from("| rule | section |\n| --- | --- |\n");
    for rule in sorted {
        let chapter = &book().chapters[rule.place.chapter];
        let section = sections(&chapter.text).into_iter().find(|(_, id, _)| *id == rule.section);
        let title = section.map(|(title, _, _)| title).unwrap_or_default();
        let file = format!("{}.md#{}", chapters::name(chapter), rule.section);
        let _ = writeln!(out, "| `{}` | [{title}]({file}) |", rule.name);
    }
    out
}

fn range(grammar: &Grammar, sort: SortId) -> String {
    let declared = &grammar.sorts[sort];
    let top = &grammar.sorts[declared.top];
    let listed =
        |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if !grammar.is_restricted(sort) {
        return if declared.atoms { "any name or number".into() } else { "all".into() };
    }
    let is_in = |name: &&str| declared.constructors.iter().any(|other| other.as_str() == *name);
    let (within, without): (Vec<&str>, Vec<&str>) =
        top.constructors.iter().map(|name| name.as_str()).partition(is_in);
    match without.len() < within.len() {
        true => format!("each `{}` but {}", top.name, listed(without)),
        false => format!("of `{}`: {}", top.name, listed(within)),
    }
}

fn index_of_metavariables() -> String {
    let grammar = &book().grammar;
    let mut letters: Vec<(&str, SortId)> = grammar.metavariables().collect();
    letters.sort_unstable();
    let mut out = String::from("| metavariable | sort | what it ranges over |\n| --- | --- | --- |\n");
    for (letter, sort) in letters {
        let _ = writeln!(out, "| `?{letter}` | {} | {} |", grammar.sorts[sort].name, range(grammar, sort));
    }
    out
}

/// The text with what stands between `<!-- name -->` and `<!-- end -->` replaced.
fn with_list(text: &str, name: &str, list: &str) -> String {
    let mark = format!("<!-- {name} -->\n");
    let (before, rest) = text.split_once(&mark).unwrap_or_else(|| panic!("the front page has {mark}"));
    let (_, after) = rest.split_once("<!-- end -->").expect("the list has an end");
    format!("{before}{mark}\n{list}\n<!-- end -->{after}")
}

#[test]
fn the_front_page_lists_every_section_rule_and_metavariable() {
    const PAGE: &str = "semantics/README.md";
    let mut text = std::fs::read_to_string(repository(PAGE)).expect("the front page");
    let lists =
        [("contents", contents()), ("rules", index_of_rules()), ("metavariables", index_of_metavariables())];
    for (name, list) in lists {
        text = with_list(&text, name, &list);
    }
    assert_recorded(PAGE, &text);
}

/// Whether a text names a clause of the language reference, or a PEP.
fn cites(text: &str) -> bool {
    let digit_follows = |words: &str| {
        text.match_indices(words)
            .any(|(at, _)| text[at + words.len()..].starts_with(|c: char| c.is_ascii_digit()))
    };
    digit_follows("Language reference ") || digit_follows("PEP ")
}

#[test]
fn each_section_with_rules_opens_with_a_sentence_and_cites_its_clause() {
    let mut faults = Vec::new();
    for (file, chapter) in law() {
        for (title, id, body) in sections(&chapter.text) {
            if !body.contains("```rule") {
                continue;
            }
            let opening = body.split("```").next().unwrap_or_default().trim();
            let is_sentence = opening.starts_with(|c: char| c.is_uppercase() || c == '`')
                && opening.ends_with(['.', ':', ')']);
            if !is_sentence || !cites(&opening.replace('\n', " ")) {
                faults.push(format!("{file}#{id}: {title}"));
            }
        }
    }
    assert!(faults.is_empty(), "sections without an opening sentence that cites its clause: {faults:#?}");
}
