//! The book as linked pages of HTML: a page for each chapter, its rules typeset beside their source, a front page with the
//! contents, and an index of rules. The pages work from the file system and need nothing else.

mod typeset;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::book::rule::{Rule, paragraphs};
use crate::book::{Book, chapters::Chapter};
use typeset::escape;

/// A file of the rendered book.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its name.
    pub file: String,
    /// What is in it.
    pub text: String,
}

/// A chapter's headings with ids: level, id and text.
type Headings = Vec<(HeadingLevel, String, String)>;

/// The page with the contents, and the one with the rules.
const CONTENTS: &str = "index.html";
const RULES: &str = "rules.html";

/// The book's pages.
pub fn pages(book: &Book) -> Vec<Page> {
    let press = Press::of(book);
    let mut pages: Vec<Page> = (0..book.chapters.len()).map(|chapter| press.chapter(chapter)).collect();
    pages.push(press.contents());
    pages.push(press.rules());
    pages.push(Page { file: "style.css".into(), text: include_str!("style.css").into() });
    pages
}

/// What all pages are made from.
struct Press<'a> {
    book: &'a Book,
    /// The path of each chapter inside the book's folder, and the name of its page.
    files: Vec<(PathBuf, String)>,
    /// In which order the pages follow one another: what the folder says of itself, the law, the catalogue.
    order: Vec<usize>,
    headings: Vec<Headings>,
    /// The page of each rule.
    rules: BTreeMap<&'a str, &'a Rule>,
}

impl<'a> Press<'a> {
    fn of(book: &'a Book) -> Press<'a> {
        let top = book.chapters.iter().map(|chapter| Path::new(&chapter.file));
        let top = top.min_by_key(|path| path.components().count()).and_then(Path::parent);
        let inside = |chapter: &Chapter| {
            let path = Path::new(&chapter.file);
            path.strip_prefix(top.unwrap_or(Path::new(""))).unwrap_or(path).to_path_buf()
        };
        let page = |path: &Path| {
            let parts: Vec<_> =
                path.with_extension("html").iter().map(|part| part.to_string_lossy().into_owned()).collect();
            parts.join("-")
        };
        let files: Vec<(PathBuf, String)> =
            book.chapters.iter().map(inside).map(|path| (path.clone(), page(&path))).collect();
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.sort_by_key(|chapter| (in_folder(&files[*chapter].0), !is_front(&files[*chapter].0)));
        let headings = book.chapters.iter().map(|chapter| headings(&chapter.text)).collect();
        let rules = book.rules.iter().map(|rule| (rule.name.as_str(), rule)).collect();
        Press { book, files, order, headings, rules }
    }

    fn page(&self, title: &str, neighbours: &str, body: &str) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
             <link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n\
             <nav><a href=\"{CONTENTS}\">Contents</a><a href=\"{RULES}\">Rules</a>{neighbours}</nav>\n\
             <main>\n{body}</main>\n</body>\n</html>\n",
            escape(title)
        )
    }

    fn title(&self, chapter: usize) -> String {
        let first = self.headings[chapter].first().map(|(_, _, text)| text.clone());
        first.unwrap_or_else(|| self.files[chapter].1.clone())
    }

    fn chapter(&self, chapter: usize) -> Page {
        let link = |other: Option<&usize>, arrow: &str| match other {
            Some(other) => {
                format!("<a href=\"{}\">{arrow} {}</a>", self.files[*other].1, escape(&self.title(*other)))
            }
            None => String::new(),
        };
        let place = self.order.iter().position(|other| *other == chapter).unwrap_or_default();
        let before = place.checked_sub(1).and_then(|before| self.order.get(before));
        let neighbours = link(before, "←") + &link(self.order.get(place + 1), "→") + &self.within(chapter);
        let mut body = String::new();
        html::push_html(&mut body, self.events(chapter).into_iter());
        let text = self.page(&self.title(chapter), &neighbours, &body);
        Page { file: self.files[chapter].1.clone(), text }
    }

    /// Links to the sections of a chapter, where it has several.
    fn within(&self, chapter: usize) -> String {
        let sections = self.sections(chapter, "");
        match sections.len() {
            0 | 1 => String::new(),
            _ => format!("<div>{}</div>", sections.concat()),
        }
    }

    /// A link to each section of a chapter, behind the name of its page.
    fn sections(&self, chapter: usize, page: &str) -> Vec<String> {
        let sections = self.headings[chapter].iter().filter(|(level, ..)| *level == HeadingLevel::H2);
        sections
            .map(|(_, id, text)| format!("<a href=\"{page}#{}\">{}</a>", escape(id), escape(text)))
            .collect()
    }

    /// The chapter's Markdown, its rules typeset, its links between pages.
    fn events(&self, chapter: usize) -> Vec<Event<'a>> {
        let text = &self.book.chapters[chapter].text;
        let mut ids = self.headings[chapter].iter().map(|(_, id, _)| id.clone());
        let (mut out, mut kept) = (Vec::new(), Vec::new());
        // A block of rules that is being read, and where its text begins.
        let mut rules: Option<(usize, String)> = None;
        for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                    let id = ids.next().map(CowStr::from);
                    out.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(word))) if &*word == "rule" => {
                    let fence = text[range.clone()].find('\n').map_or(0, |end| end + 1);
                    rules = Some((range.start + fence, String::new()));
                }
                Event::Text(source) if rules.is_some() => {
                    if let Some((_, block)) = &mut rules {
                        block.push_str(&source);
                    }
                }
                Event::End(TagEnd::CodeBlock) if rules.is_some() => {
                    if let Some((start, block)) = rules.take() {
                        out.push(Event::Html(self.rules_of(chapter, start, &block).into()));
                    }
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    let target = self.target(chapter, &dest_url);
                    kept.push(target.is_some());
                    if let Some(target) = target {
                        out.push(Event::Start(Tag::Link { link_type, dest_url: target.into(), title, id }));
                    }
                }
                Event::End(TagEnd::Link) => {
                    if kept.pop() == Some(true) {
                        out.push(Event::End(TagEnd::Link));
                    }
                }
                Event::Code(name) => out.push(match self.link(&name).filter(|_| kept.is_empty()) {
                    Some(link) => {
                        Event::Html(format!("<a href=\"{link}\"><code>{}</code></a>", escape(&name)).into())
                    }
                    None => Event::Code(name),
                }),
                other => out.push(other),
            }
        }
        out
    }

    /// Where a link of a chapter goes among the pages; nothing where it leaves the book's folder.
    fn target(&self, chapter: usize, link: &str) -> Option<String> {
        if link.contains("://") {
            return Some(link.to_string());
        }
        let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
        let place = match path.is_empty() {
            true => chapter,
            false => {
                let folder = self.files[chapter].0.parent().unwrap_or(Path::new(""));
                let path = plain(&folder.join(path))?;
                self.files.iter().position(|(known, _)| *known == path)?
            }
        };
        let is_there = self.headings[place].iter().any(|(_, id, _)| id == fragment);
        let page = &self.files[place].1;
        Some(if is_there { format!("{page}#{fragment}") } else { page.clone() })
    }

    /// Where a rule stands among the pages.
    fn link(&self, name: &str) -> Option<String> {
        let rule = self.rules.get(name)?;
        Some(format!("{}#{}", self.files[rule.place.chapter].1, escape(name)))
    }

    /// The rules of a block that starts at a byte of a chapter, each beside its source; one of another version of
    /// Python has its source only. What quotes a rule, outside the law, is set like it and links to it.
    fn rules_of(&self, chapter: usize, start: usize, block: &str) -> String {
        let mut out = String::new();
        for (offset, source) in paragraphs(block) {
            let place = start + offset..start + offset + source.len().max(1);
            let is_here = |rule: &&Rule| rule.place.chapter == chapter && place.contains(&rule.place.offset);
            let source = source.trim_end();
            let quoted = || source.split_whitespace().find_map(|word| self.rules.get(word)).copied();
            let (id, set) = match (self.book.rules.iter().find(is_here), quoted()) {
                (Some(rule), _) => {
                    let name = escape(rule.name.as_str());
                    (format!(" id=\"{name}\""), typeset::rule(rule, &format!("#{name}")))
                }
                (None, Some(rule)) if is_front(&self.files[chapter].0) => {
                    let link = self.link(rule.name.as_str()).unwrap_or_default();
                    (String::new(), typeset::rule(rule, &link))
                }
                _ => {
                    let version = &self.book.version;
                    (String::new(), format!("<p class=\"faint\">Not a rule of Python {version}.</p>"))
                }
            };
            let source = escape(source);
            out.push_str(&format!("<figure class=\"rule\"{id}>{set}<pre>{source}</pre></figure>\n"));
        }
        out
    }

    fn contents(&self) -> Page {
        let mut body = format!(
            "<h1>The book</h1>\n<p>{} rules of Python {}, in an <a href=\"{RULES}\">index</a>. Hash <code>{}</code>.</p>\n",
            self.book.rules.len(),
            self.book.version,
            escape(&self.book.hash)
        );
        let (law, catalogue): (Vec<usize>, Vec<usize>) =
            self.order.iter().partition(|chapter| in_folder(&self.files[**chapter].0).is_none());
        let title = |chapter: usize| {
            format!("<a href=\"{}\">{}</a>", self.files[chapter].1, escape(&self.title(chapter)))
        };
        let list = |links: Vec<String>| match links.is_empty() {
            true => String::new(),
            false => {
                let items: String = links.iter().map(|link| format!("<li>{link}</li>\n")).collect();
                format!("<ul>\n{items}</ul>\n")
            }
        };
        body.push_str("<div class=\"contents\">\n");
        for chapter in law {
            let sections = self.sections(chapter, &self.files[chapter].1);
            body.push_str(&format!("<section><h2>{}</h2>\n{}</section>\n", title(chapter), list(sections)));
        }
        if !catalogue.is_empty() {
            let pages = catalogue.into_iter().map(title).collect();
            body.push_str(&format!("<section><h2>Catalogue of programs</h2>\n{}</section>\n", list(pages)));
        }
        body.push_str("</div>\n");
        Page { file: CONTENTS.into(), text: self.page("The book", "", &body) }
    }

    fn rules(&self) -> Page {
        let mut body = "<h1>Rules</h1>\n<table>\n<tr><th>Rule</th><th>Chapter</th></tr>\n".to_string();
        for (name, rule) in &self.rules {
            let link = self.link(name).unwrap_or_default();
            let title = escape(&self.title(rule.place.chapter));
            body.push_str(&format!(
                "<tr><td><a href=\"{link}\"><code>{}</code></a></td><td>{title}</td></tr>\n",
                escape(name)
            ));
        }
        body.push_str("</table>\n");
        Page { file: RULES.into(), text: self.page("Rules", "", &body) }
    }
}

/// The folder inside the book that a chapter stands in.
fn in_folder(path: &Path) -> Option<&Path> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty())
}

/// Whether this is what the book's folder says of itself.
fn is_front(path: &Path) -> bool {
    path == Path::new("README.md")
}

fn options() -> Options {
    Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
}

/// The headings of a chapter; one without an id gets one from its text.
fn headings(text: &str) -> Headings {
    let mut found: Headings = Vec::new();
    let mut taken = BTreeSet::new();
    let mut open: Option<(HeadingLevel, Option<String>, String)> = None;
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                open = Some((level, id.map(|id| id.to_string()), String::new()));
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some((_, _, text)) = &mut open {
                    text.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, id, text)) = open.take() {
                    let mut id = id.unwrap_or_else(|| slug(&text));
                    while !taken.insert(id.clone()) {
                        id.push('-');
                    }
                    found.push((level, id, text));
                }
            }
            _ => {}
        }
    }
    found
}

/// Words of a heading, set off by hyphens.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// A path without `..`; nothing where it leaves the folder that it begins in.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => plain.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !plain.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(plain)
}
