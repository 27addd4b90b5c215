//! The book: reading `semantics/` and checking that it is a semantics.
//!
//! [`Book::load`] turns Markdown chapters into sorts, rules, properties and
//! litmus programs, and refuses a book with any fault that can be seen without
//! running it: an unbound variable, an ill-sorted side, a cell of the table of
//! control and frame with no rule or with two.

mod ambiguity;
mod automata;
pub mod chapters;
pub mod classes;
pub mod consequences;
pub mod conventions;
pub mod doubts;
pub mod edition;
pub mod grammar;
pub mod law;
pub mod library;
pub mod litmus;
pub mod part;
pub mod property;
pub mod record;
pub mod rule;
pub mod shapes;
mod shorthand;
pub mod sorts;
pub mod syntax;
pub mod table;
mod tables;
pub mod version;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use egg::Symbol;
use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use chapters::{Block, Chapter};
pub use classes::Hierarchy;
use conventions::Conventions;
use doubts::Doubt;
use edition::{Edition, Switch};
use grammar::{Grammar, SortId};
use law::Law;
use library::Library;
use litmus::Litmus;
use part::Part;
use property::Property;
use record::Record;
use rule::{Pattern, Place, Rule};
use shapes::Shapes;
use table::{Hole, Row, Summary};
pub use tables::Exit;
use tables::{endings, equivalents, pairs};
use version::{Gate, Known, Timeline, Version};

/// A semantics, checked.
#[derive(Debug, Clone)]
pub struct Book {
    /// The chapters' texts.
    pub chapters: Vec<Chapter>,
    /// What part of the language each chapter is about.
    parts: Vec<Part>,
    /// Sorts, constructors, functions. Machines share it, and the rules.
    pub grammar: Arc<Grammar>,
    /// The steps, in the order of the book. Their order never matters.
    pub rules: Arc<[Rule]>,
    /// The states in which a path has ended.
    pub finals: Vec<Pattern>,
    /// The states that no well-formed program reaches.
    pub impossible: Vec<Pattern>,
    /// The builtin exception classes.
    pub hierarchy: Hierarchy,
    /// The texts of messages, by key.
    pub messages: BTreeMap<String, String>,
    /// What is raised in the place of a class that the version does not have, by that class.
    pub stand_ins: BTreeMap<String, String>,
    /// What an operation on something unknown comes to, by the operation.
    pub unknowns: BTreeMap<String, String>,
    /// The same of those that may raise where it is doubted that an unknown is of the type that they ask for.
    pub unknowns_doubted: BTreeMap<String, String>,
    /// What is taken for granted, and what each assumption is doubted by.
    pub doubts: Vec<Doubt>,
    /// What the names of functions say that nobody has seen.
    pub conventions: Conventions,
    /// What an exception that nothing catches makes of the process: classes, the first that fits, and what each says.
    pub endings: Vec<(String, Exit)>,
    /// The catalogue of properties.
    pub properties: Vec<Property>,
    /// The laws, and what is believed and false.
    pub laws: Vec<Law>,
    /// Pairs of functions of which the first calls for the second, whoever names them so.
    pub pairs: Vec<(String, String)>,
    /// Calls that belong together on one object, as they are written: `acquire:release!`, `connect>close`.
    pub object_pairs: Vec<String>,
    /// What can be seen of a program: events of one step, one behind the other.
    pub seen: Vec<Vec<Pattern>>,
    /// First words of names of what undoes something: `release`, `restore`.
    pub undoing: Vec<String>,
    /// The litmus programs, where they were read.
    litmus: OnceLock<Vec<Litmus>>,
    /// Changes of rules that leave the semantics as it is, and why: the rule, the change, the reason.
    pub equivalents: Vec<(String, String, String)>,
    /// What the table of control and frame looks like, where it was laid.
    table: Option<Summary>,
    /// The small programs that are tried where versions are compared.
    pub shapes: Shapes,
    /// What of the language is written in the language itself.
    pub library: Library,
    /// SHA-256 of everything that determines a step, in hex.
    pub hash: String,
    hash_of_rules: String,
    /// The Python version that the book was read for.
    pub version: Version,
    /// The versions that the book knows, oldest first.
    pub versions: Vec<Known>,
    /// The release that stands for the one that it was read for.
    pub release: [u8; 3],
    /// What that version has, of what not every version has.
    pub timeline: Timeline,
    arity: Arity,
    mutant: bool,
}

/// How many arguments the function of a name takes, of those that the rules of a book may call.
pub type Arity = fn(Symbol) -> Option<usize>;

/// The blocks that determine steps, and so the hash.
const DECIDING: [&str; 19] = [
    "syntax",
    "words",
    "stand-ins",
    "record",
    "versions",
    "timeline",
    "grammar",
    "functions",
    "rule",
    "messages",
    "unknowns",
    "unknowns-doubted",
    "endings",
    "naming",
    "endless",
    "classes",
    "module-classes",
    "final",
    "impossible",
];

impl Book {
    /// The same book with another library, which its hash covers.
    #[must_use]
    pub fn with_library(self, library: Library) -> Book {
        Book { hash: library.hashed(&self.hash_of_rules), library, ..self }
    }

    /// Reads and checks chapters, whose rules may call functions with these arities. The book has no library until
    /// it is [given one](Book::with_library).
    ///
    /// # Errors
    /// The first fault, with its file, line and remedy.
    pub fn load(chapters: Vec<Chapter>, version: Version, arity: Arity) -> Result<Book, Diagnostic> {
        Book::read(chapters, &version.into(), arity, false)
    }

    /// Reads chapters that a test has read and checked whole: their table is laid again, and their litmus programs are
    /// read, only where somebody asks for them.
    ///
    /// # Errors
    /// The first fault, with its file, line and remedy.
    pub fn load_proven(chapters: Vec<Chapter>, version: Version, arity: Arity) -> Result<Book, Diagnostic> {
        Book::read(chapters, &version.into(), arity, true)
    }

    /// The same for an edition, which may have holes: one gate of it is another version's.
    ///
    /// # Errors
    /// The first fault, with its file, line and remedy.
    pub fn load_edition(chapters: Vec<Chapter>, edition: &Edition, arity: Arity) -> Result<Book, Diagnostic> {
        Book::read(chapters, edition, arity, true)
    }

    fn read(
        chapters: Vec<Chapter>,
        edition: &Edition,
        arity: Arity,
        proven: bool,
    ) -> Result<Book, Diagnostic> {
        let version = edition.version;
        let parts = chapters.iter().map(part::of).collect::<Result<_, _>>()?;
        let mut blocks =
            if proven { chapters::blocks_of_law(&chapters) } else { chapters::blocks(&chapters) };
        let hash = hash(&blocks);
        // Who changes the book builds for debugging, and is told at once what is wrong.
        let proven_sorts = proven && !cfg!(debug_assertions);
        tables::admit(&mut blocks, edition).map_err(|fault| {
            let (block, why) = *fault;
            let reader = Reader { chapters: &chapters, blocks: &[], arity, proven: proven_sorts };
            reader.block_fault(&block, (0, why))
        })?;
        let reader = Reader { chapters: &chapters, blocks: &blocks, arity, proven: proven_sorts };
        let versions = reader.read_each("versions", version::known)?;
        let release = tables::release(&versions, version)?;
        let grammar = reader.grammar()?;
        let rules = reader.rules(&grammar, edition)?;
        let finals = reader.states(&grammar, "final")?;
        let impossible = reader.states(&grammar, "impossible")?;
        let (table, litmus) = match proven {
            true => (None, OnceLock::new()),
            false => {
                let table = reader.table(&grammar, &rules, &finals, &impossible)?;
                (Some(table), reader.litmus(version)?.into())
            }
        };
        let book = Book {
            hierarchy: Hierarchy::of(&reader.text_of("classes"), edition)?
                .with_modules(&reader.text_of("module-classes"), version)?,
            messages: reader.messages(edition)?,
            stand_ins: tables::keyed(&reader.text_of("stand-ins")),
            timeline: reader.timeline(edition, &versions)?,
            versions,
            release,
            unknowns: consequences::unknowns(&reader.text_of("unknowns"))?,
            unknowns_doubted: consequences::unknowns(&reader.text_of("unknowns-doubted"))?,
            doubts: doubts::read(&reader.text_of("doubts")),
            conventions: Conventions::read(&reader.text_of("naming"), &reader.text_of("endless"))?,
            endings: endings(&reader.text_of("endings"))?,
            properties: reader.properties(&grammar)?,
            laws: reader.laws(&grammar)?,
            pairs: pairs(&reader.text_of("pairs")),
            object_pairs: reader
                .text_of("object-pairs")
                .lines()
                .map(|line| line.trim().to_string())
                .collect(),
            seen: reader.seen(&grammar)?,
            undoing: reader.text_of("undoing").split_whitespace().map(str::to_string).collect(),
            litmus,
            equivalents: equivalents(&reader.text_of("equivalent")),
            table,
            shapes: reader.read_each("shapes", Shapes::read)?,
            library: Library::default(),
            hash: hash.clone(),
            hash_of_rules: hash,
            version,
            arity,
            mutant: false,
            grammar: grammar.into(),
            rules: rules.into(),
            finals: finals.into_iter().map(|(pattern, _)| pattern).collect(),
            impossible: impossible.into_iter().map(|(pattern, _)| pattern).collect(),
            chapters,
            parts,
        };
        Ok(book)
    }

    /// What the table of control and frame looks like.
    ///
    /// # Errors
    /// The cells that have no rule, or several.
    pub fn table(&self) -> Result<Summary, Diagnostic> {
        match &self.table {
            Some(table) => Ok(table.clone()),
            None => Book::load(self.chapters.clone(), self.version, self.arity)?.table(),
        }
    }

    /// The litmus programs.
    pub fn litmus(&self) -> &[Litmus] {
        self.litmus.get_or_init(|| {
            // A fault was found where the book was read whole.
            litmus::read(&chapters::blocks(&self.chapters), self.version).unwrap_or_default()
        })
    }

    /// The same book with other rules, unchecked: for mutants, which may have holes.
    pub fn with_rules(&self, rules: Vec<Rule>) -> Book {
        Book { rules: rules.into(), hash: format!("{} (mutated)", self.hash), mutant: true, ..self.clone() }
    }

    /// Whether a test holds for these chapters what is not looked at again when they are read.
    pub fn is_proven(&self) -> bool {
        self.table.is_none()
    }

    /// Whether the rules were changed after they were checked.
    pub fn is_mutant(&self) -> bool {
        self.mutant
    }

    /// The versions that it reads, oldest first; of a book that lists none, its own.
    pub fn versions_read(&self) -> Vec<Version> {
        let read = self.versions.iter().filter(|known| known.refused.is_none());
        match self.versions.is_empty() {
            true => vec![self.version],
            false => read.map(|known| known.version).collect(),
        }
    }

    /// What part of the language the chapter is about in which something stands.
    pub fn part(&self, place: &Place) -> Part {
        self.parts[place.chapter]
    }

    /// The name of the chapter to which something belongs: a file of `litmus/` goes with the chapter of its name.
    pub fn chapter(&self, place: &Place) -> &str {
        chapters::name(&self.chapters[place.chapter])
    }

    /// The rule of that name.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name.as_str() == name)
    }

    /// Why a change of a rule leaves the semantics as it is, where the book says so. A change
    /// `*` stands for every change of the rule that survives.
    pub fn equivalent(&self, rule: &str, change: &str) -> Option<&str> {
        self.equivalents
            .iter()
            .find(|(r, c, _)| r == rule && (c == change || c == "*"))
            .map(|(_, _, reason)| reason.as_str())
    }

    /// The text of a rule as the book has it.
    pub fn rule_text(&self, rule: &Rule) -> &str {
        let text = &self.chapters[rule.place.chapter].text;
        let start = text[..rule.place.offset].rfind("\n\n").map_or(0, |at| at + 2);
        let fence = text[..rule.place.offset].rfind("```rule\n").map_or(0, |at| at + 8);
        let rest = &text[start.max(fence)..];
        let end = [rest.find("\n\n"), rest.find("\n```")].into_iter().flatten().min();
        &rest[..end.unwrap_or(rest.len())]
    }

    /// Reads the properties of a user's file, in the book's notation.
    ///
    /// # Errors
    /// The first fault.
    pub fn read_properties(&self, file: &str, text: &str) -> Result<Vec<Property>, Diagnostic> {
        let found = self.read_own(file, text, |reader, grammar| reader.properties(grammar))?;
        if found.is_empty() {
            return Err(Diagnostic::new("no property in the file", file).help(
                "properties stand in Markdown blocks fenced with ```property, as in the book's catalogue",
            ));
        }
        Ok(found)
    }

    /// Reads what a user's file has, in the book's notation.
    fn read_own<T>(
        &self,
        file: &str,
        text: &str,
        read: impl Fn(&Reader, &Grammar) -> Result<Vec<T>, Diagnostic>,
    ) -> Result<Vec<T>, Diagnostic> {
        let chapters = vec![Chapter { file: file.into(), text: text.to_string().into() }];
        let blocks = chapters::blocks(&chapters);
        let reader = Reader { chapters: &chapters, blocks: &blocks, arity: self.arity, proven: false };
        read(&reader, &self.grammar)
    }
}

struct Reader<'a> {
    chapters: &'a [Chapter],
    blocks: &'a [Block],
    arity: Arity,
    /// Whether a test has held the rules and properties against the grammar.
    proven: bool,
}

impl<'a> Reader<'a> {
    fn of(&self, language: &'a str) -> impl Iterator<Item = &'a Block> + use<'a> {
        self.blocks.iter().filter(move |block| block.language == language)
    }

    fn text_of(&self, language: &'static str) -> String {
        self.of(language).map(|block| block.text.as_str()).collect()
    }

    fn fault(&self, chapter: usize, offset: usize, why: String) -> Diagnostic {
        let chapter = &self.chapters[chapter];
        let rest = chapter.text.get(offset..).unwrap_or_default();
        let indent = rest.len() - rest.trim_start().len();
        let length = rest.trim_start().lines().next().map_or(0, |line| line.trim_end().len());
        Diagnostic::new(why, chapter.file.clone())
            .at(chapter.text.clone(), offset + indent..offset + indent + length)
            .help("the notation is explained in semantics/01-grammar.md and CONTRIBUTING.md")
    }

    fn block_fault(&self, block: &Block, (offset, why): (usize, String)) -> Diagnostic {
        self.fault(block.chapter, block.start + offset, why)
    }

    fn grammar(&self) -> Result<Grammar, Diagnostic> {
        let mut grammar = Grammar::new();
        let blocks: Vec<&Block> = self.of("grammar").collect();
        let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
        grammar.declare(&texts).map_err(|(index, error)| self.block_fault(blocks[index], error))?;
        for sort in ["State", "Event"] {
            if let Err(why) = grammar.sort_named(sort) {
                return Err(Diagnostic::new(why, self.chapters[0].file.clone())
                    .help("a book declares its states and events in `grammar` blocks"));
            }
        }
        for block in self.of("functions") {
            grammar.declare_functions(&block.text).map_err(|error| self.block_fault(block, error))?;
            self.check_functions(&grammar, block)?;
        }
        Ok(grammar)
    }

    fn check_functions(&self, grammar: &Grammar, block: &Block) -> Result<(), Diagnostic> {
        for (name, signature) in &grammar.functions {
            if (self.arity)(*name) != Some(signature.args.len()) {
                let at = block.text.find(&format!("({name}")).unwrap_or(0);
                let why = format!(
                    "the function `{name}` with {} arguments is not one that Trylemma computes",
                    signature.args.len()
                );
                return Err(self.block_fault(block, (at, why)));
            }
        }
        Ok(())
    }

    fn rules(&self, grammar: &Grammar, edition: &Edition) -> Result<Vec<Rule>, Diagnostic> {
        let mut rules: Vec<Rule> = Vec::new();
        let mut places: HashMap<Symbol, Place> = HashMap::new();
        let records = self.records(grammar)?;
        for block in self.of("rule") {
            for mut rule in
                rule::parse_block(&block.text, &records).map_err(|e| self.block_fault(block, e))?
            {
                rule.place = Place { chapter: block.chapter, offset: block.start + rule.place.offset };
                rule.section = block.section.clone();
                if rule.gate == Gate::default() {
                    rule.gate = block.gate;
                }
                let fault = |why| self.fault(rule.place.chapter, rule.place.offset, why);
                if !self.proven {
                    sorts::check_rule(grammar, &rule)
                        .map_err(|why| fault(format!("rule {}: {why}", rule.name)))?;
                }
                if !rule.gate.admits(edition.version_of(Switch::Section, &block.section)) {
                    continue;
                }
                if let Some(first) = places.insert(rule.name, rule.place.clone()) {
                    let first = self.show_place(&first);
                    return Err(fault(format!("the rule `{}` stands already at {first}", rule.name)));
                }
                rules.push(rule);
            }
        }
        Ok(rules)
    }

    /// The constructors whose parts have names. What each stands for is checked as a pattern of its variable's sort.
    fn records(&self, grammar: &Grammar) -> Result<Vec<Record>, Diagnostic> {
        let mut found = Vec::new();
        for block in self.of("record") {
            let mut offset = 0;
            for line in block.text.split_inclusive('\n') {
                let fault = |why| self.block_fault(block, (offset, why));
                if !line.trim().is_empty() {
                    let record = Record::parse(line.trim()).map_err(fault)?;
                    let sort = grammar.sort_of_variable(record.variable());
                    let sort = sort.ok_or_else(|| fault(format!("`{}` has no sort", record.variable())))?;
                    rule::parse_pattern(&record.pattern())
                        .and_then(|pattern| sorts::check_matched(grammar, &pattern, sort))
                        .map_err(fault)?;
                    found.push(record);
                }
                offset += line.len();
            }
        }
        Ok(found)
    }

    fn show_place(&self, place: &Place) -> String {
        let chapter = &self.chapters[place.chapter];
        let line = chapter.text[..place.offset].matches('\n').count() + 1;
        format!("{}:{line}", chapter.file)
    }

    fn states(&self, grammar: &Grammar, language: &'static str) -> Result<Vec<(Pattern, Place)>, Diagnostic> {
        let sort = grammar.sort_named("State").unwrap_or_default();
        let mut found = Vec::new();
        for block in self.of(language) {
            let mut offset = 0;
            for line in block.text.split_inclusive('\n') {
                let term = line.split(" --").next().unwrap_or_default().trim();
                if !term.is_empty() {
                    let pattern = rule::parse_pattern(term)
                        .and_then(|p| sorts::check_matched(grammar, &p, sort).map(|()| p))
                        .map_err(|why| self.block_fault(block, (offset, why)))?;
                    found.push((pattern, Place { chapter: block.chapter, offset: block.start + offset }));
                }
                offset += line.len();
            }
        }
        Ok(found)
    }

    fn table(
        &self,
        grammar: &Grammar,
        rules: &[Rule],
        finals: &[(Pattern, Place)],
        impossible: &[(Pattern, Place)],
    ) -> Result<Summary, Diagnostic> {
        let rows: Vec<Row> = rules
            .iter()
            .map(Row::of_rule)
            .chain(finals.iter().map(|(p, place)| Row::of_state("final", place.clone(), p)))
            .chain(impossible.iter().map(|(p, place)| Row::of_state("impossible", place.clone(), p)))
            .collect();
        let state = grammar.sort_named("State").unwrap_or_default();
        table::check(grammar, state, &rows).map_err(|holes| self.table_fault(&holes))
    }

    fn table_fault(&self, holes: &[Hole]) -> Diagnostic {
        let more = match holes.len() {
            0 | 1 => String::new(),
            n => format!(" ({} more cells are at fault)", n - 1),
        };
        match &holes[0] {
            Hole::Missing { cell, condition, near } => {
                let when = if condition.is_empty() { String::new() } else { format!(" when {condition}") };
                let title = format!("no rule for the cell {cell}{when}{more}");
                match near {
                    Some(place) => self.fault(place.chapter, place.offset, title),
                    None => Diagnostic::new(title, self.folder()),
                }
                .help("add a rule for it, or declare it `impossible` in the grammar chapter with the reason")
            }
            Hole::Overlap { cell, rows } => {
                let names: Vec<String> =
                    rows.iter().map(|(name, place)| format!("{name} ({})", self.show_place(place))).collect();
                let title = format!("several rules for the cell {cell}: {}{more}", names.join(", "));
                self.fault(rows[0].1.chapter, rows[0].1.offset, title)
                    .help("tell them apart by their left sides or by a premise and its negation")
            }
        }
    }

    fn folder(&self) -> String {
        let file = &self.chapters[0].file;
        Path::new(file).parent().map_or_else(|| file.clone(), |p| p.display().to_string())
    }

    fn properties(&self, grammar: &Grammar) -> Result<Vec<Property>, Diagnostic> {
        let mut found: Vec<Property> = Vec::new();
        for block in self.of("property") {
            let property = property::parse_block(&block.text).map_err(|e| self.block_fault(block, e))?;
            if !self.proven {
                property::check(grammar, &property).map_err(|why| self.block_fault(block, (0, why)))?;
            }
            if found.iter().any(|p| p.name == property.name) {
                let why = format!("the property `{}` is declared twice", property.name);
                return Err(self.block_fault(block, (0, why)));
            }
            found.push(property);
        }
        Ok(found)
    }

    fn litmus(&self, version: Version) -> Result<Vec<Litmus>, Diagnostic> {
        litmus::read(self.blocks, version).map_err(|(block, error)| self.block_fault(block, error))
    }
}

fn hash(blocks: &[Block]) -> String {
    let mut hasher = Sha256::new();
    let decides = |block: &&Block| DECIDING.iter().any(|word| block.language.split(' ').next() == Some(word));
    for block in blocks.iter().filter(decides) {
        hasher.update(block.language.as_bytes());
        hasher.update([0]);
        hasher.update(block.text.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The index of the sort of states, which every loaded book has.
pub fn state_sort(grammar: &Grammar) -> SortId {
    grammar.sort_named("State").unwrap_or_default()
}
