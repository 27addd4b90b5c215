//! `trylemma rules --book`: the book as linked pages.

use std::collections::{BTreeMap, BTreeSet};

use tempfile::TempDir;

use crate::common::{book, ok};

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    page.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The pages that the command writes, by name.
fn pages() -> BTreeMap<String, String> {
    let folder = TempDir::new().expect("a temporary folder");
    let target = folder.path().join("book");
    ok(&["rules", "--book", &target.display().to_string()]);
    let files = std::fs::read_dir(target).expect("a folder").map(|entry| entry.expect("a file").path());
    let name = |path: &std::path::Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.map(|path| (name(&path), std::fs::read_to_string(&path).expect("text"))).collect()
}

#[test]
fn every_rule_is_reached_by_links_and_no_link_is_dead() {
    let pages = pages();
    let ids: BTreeSet<(String, &str)> = pages
        .iter()
        .flat_map(|(name, page)| attributes(page, "id").into_iter().map(|id| (name.clone(), id)))
        .collect();
    let (mut reached, mut open) = (BTreeSet::new(), vec![("index.html".to_string(), String::new())]);
    while let Some((name, fragment)) = open.pop() {
        let page = pages.get(&name).unwrap_or_else(|| panic!("there is no page {name}"));
        assert!(fragment.is_empty() || ids.contains(&(name.clone(), fragment.as_str())), "{name}#{fragment}");
        if !reached.insert((name.clone(), fragment)) {
            continue;
        }
        for link in attributes(page, "href").into_iter().filter(|link| !link.contains("://")) {
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let path = if path.is_empty() { name.clone() } else { path.to_string() };
            let target = (path, fragment.to_string());
            if !reached.contains(&target) {
                open.push(target);
            }
        }
    }
    assert!(pages.keys().all(|page| reached.iter().any(|(name, _)| name == page)), "a page is not reached");
    for rule in book().rules.iter() {
        assert!(reached.iter().any(|(_, fragment)| fragment == rule.name.as_str()), "{}", rule.name);
    }
}

#[test]
fn a_page_shows_a_rule_beside_its_source_and_needs_no_network() {
    let pages = pages();
    let page = &pages["08-finally.html"];
    assert!(page.contains("<figure class=\"rule\" id=\"finally/suite\"><div class=\"typeset\">"), "{page}");
    assert!(page.contains("(eval (try-finally ?s ?t) ?k ?w)"), "{page}");
    assert!(page.contains("name=\"viewport\"") && pages["style.css"].contains("prefers-color-scheme: dark"));
    assert!(pages.values().all(|page| !page.contains("<script") && !page.contains("src=\"http")));
}

#[test]
fn the_front_page_comes_first_and_sets_the_rule_that_it_quotes() {
    let pages = pages();
    let front = &pages["README.html"];
    let quoted = "<figure class=\"rule\"><div class=\"typeset\">";
    assert!(front.contains(quoted), "{front}");
    assert!(
        front.contains("href=\"08-finally.html#finally/enter-raising\">finally/enter-raising</a>"),
        "{front}"
    );
    assert!(!front.contains("Not a rule of Python"), "{front}");
    let place = |page: &str| pages["index.html"].find(&format!("href=\"{page}\"")).expect("a link");
    assert!(place("README.html") < place("01-grammar.html"));
    assert!(place("18-groups.html") < place("litmus-02-statements.html"));
}

#[test]
fn rules_are_named_by_group_and_by_pattern() {
    let group = ok(&["rules", "finally", "--format", "latex"]);
    let in_group = book().rules.iter().filter(|rule| rule.name.as_str().starts_with("finally/")).count();
    assert_eq!(group.matches("\\inferrule").count(), in_group);
    let pattern = ok(&["rules", "*/override", "--format", "latex"]);
    let matching = book().rules.iter().filter(|rule| rule.name.as_str().ends_with("/override")).count();
    assert!(matching > 0 && pattern.matches("\\inferrule").count() == matching);
    assert_eq!(ok(&["rules", "finally/suite", "--format", "latex"]).matches("\\inferrule").count(), 1);
}
