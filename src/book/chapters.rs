//! From Markdown chapters to fenced blocks that know where they stand.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::book::library::Library;
use crate::book::version::Gate;
use crate::diagnostic::Diagnostic;

static DEFAULT_BOOK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/semantics");

/// A chapter of the book, as text.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// The file's name, as errors show it.
    pub file: String,
    /// The whole text; that of the chapters that the crate was built with is not copied.
    pub text: Cow<'static, str>,
}

/// A fenced block, and the heading that it stands under.
#[derive(Debug, Clone)]
pub struct Block {
    /// The chapter's index in the book.
    pub chapter: usize,
    /// The text of the heading above.
    pub heading: String,
    /// The heading's `{#id}`, or the empty string.
    pub section: String,
    /// The word behind the opening fence: `rule`, `grammar`, `python`, …
    pub language: String,
    /// The versions that the fence says all of the block is for.
    pub gate: Gate,
    /// The block's text.
    pub text: String,
    /// Where the text stands in the chapter, in bytes.
    pub start: usize,
}

/// The folder of a book with the catalogue: files of the chapters' names, with the programs that stand under no rule.
const CATALOGUE: &str = "litmus";

/// The front page of a book. What it shows are examples.
const FRONT_PAGE: &str = "README.md";

/// The name of a chapter: its file's, without folder and extension.
pub fn name(chapter: &Chapter) -> &str {
    Path::new(&chapter.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

/// The chapters that the crate was built with, in reading order.
pub fn built_in() -> Vec<Chapter> {
    let catalogue = DEFAULT_BOOK.get_dir(CATALOGUE).into_iter().flat_map(Dir::files);
    let mut chapters: Vec<Chapter> = DEFAULT_BOOK
        .files()
        .chain(catalogue)
        .filter(|file| file.path().extension().is_some_and(|e| e == "md"))
        .filter_map(|file| {
            Some(Chapter {
                file: format!("semantics/{}", file.path().display()),
                text: file.contents_utf8()?.into(),
            })
        })
        .collect();
    chapters.sort_by(|a, b| a.file.cmp(&b.file));
    chapters
}

/// The folder of a book that holds its library.
const LIBRARY: &str = "library";

/// The library that the crate was built with.
pub fn built_in_library() -> Library {
    static READ: LazyLock<Library> =
        LazyLock::new(|| DEFAULT_BOOK.get_dir(LIBRARY).map(Library::embedded).unwrap_or_default());
    READ.clone()
}

/// The library of a folder of chapters: its own, or where it has none, the one that the crate was built with.
///
/// # Errors
/// When it cannot be read.
pub fn library_of(folder: &Path) -> Result<Library, Diagnostic> {
    let own = folder.join(LIBRARY);
    if own.is_dir() { Library::from_folder(&own) } else { Ok(built_in_library()) }
}

/// The chapters (`*.md`) of a folder and of its catalogue, in the order of their names.
///
/// # Errors
/// When the folder or a chapter cannot be read, or there is no chapter.
pub fn from_folder(folder: &Path) -> Result<Vec<Chapter>, Diagnostic> {
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        Diagnostic::new(format!("cannot read the book: {error}"), path.display().to_string())
            .help("--semantics takes a folder of Markdown chapters like the project's own semantics/")
    };
    let mut paths = markdown_in(folder).map_err(|e| unreadable(folder, &e))?;
    let catalogue = folder.join(CATALOGUE);
    if catalogue.is_dir() {
        paths.extend(markdown_in(&catalogue).map_err(|e| unreadable(&catalogue, &e))?);
    }
    paths.sort();
    if paths.is_empty() {
        return Err(unreadable(folder, &"it has no chapter"));
    }
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).map_err(|e| unreadable(path, &e))?;
            Ok(Chapter { file: path.display().to_string(), text: text.into() })
        })
        .collect()
}

fn markdown_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let paths = std::fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|e| e.path()));
    Ok(paths.filter(|path| path.extension().is_some_and(|e| e == "md")).collect())
}

/// The fenced blocks of all chapters, in reading order. Those of the front page are no part of the book.
pub fn blocks(chapters: &[Chapter]) -> Vec<Block> {
    blocks_where(chapters, |_| true)
}

/// The same without the catalogue, which has litmus programs only.
pub fn blocks_of_law(chapters: &[Chapter]) -> Vec<Block> {
    let folder =
        |chapter: &Chapter| Path::new(&chapter.file).parent().is_some_and(|it| it.ends_with(CATALOGUE));
    blocks_where(chapters, |chapter| !folder(chapter))
}

fn blocks_where(chapters: &[Chapter], wanted: impl Fn(&Chapter) -> bool) -> Vec<Block> {
    let is_front = |chapter: &Chapter| Path::new(&chapter.file).ends_with(FRONT_PAGE);
    let numbered = chapters.iter().enumerate().filter(|(_, chapter)| !is_front(chapter) && wanted(chapter));
    numbered.flat_map(|(index, chapter)| chapter_blocks(index, &chapter.text)).collect()
}

fn chapter_blocks(chapter: usize, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut heading, mut section) = (String::new(), String::new());
    let mut in_heading = false;
    let mut open: Option<Block> = None;
    let options = Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                in_heading = true;
                heading.clear();
                section = id.map(|id| id.to_string()).unwrap_or_default();
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Text(words) | Event::Code(words) if in_heading => heading.push_str(&words),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                open = Some(Block {
                    chapter,
                    heading: heading.clone(),
                    section: section.clone(),
                    language: language.to_string(),
                    gate: Gate::default(),
                    text: String::new(),
                    start: first_line_after(text, range),
                });
            }
            Event::Text(words) => {
                if let Some(block) = &mut open {
                    block.text.push_str(&words);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

fn first_line_after(text: &str, block: Range<usize>) -> usize {
    let fence = text[block.clone()].find('\n').map_or(block.len(), |at| at + 1);
    block.start + fence
}
