//! From the bytes of a file to a program.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use egg::{Id, Language as _};
use ruff_python_ast::Stmt;

use crate::book::conventions::{Conventions, OF_PROGRAMS};
use crate::book::library::{Library, Module};
use crate::book::version::Timeline;
use crate::book::{Book, Hierarchy};
use crate::diagnostic::Diagnostic;
use crate::limits::COARSE;
use crate::python::syntax::assume::{self, Assumptions};
use crate::python::syntax::body::Calls;
use crate::python::syntax::classify::{GlobalNames, Language, language};
use crate::python::syntax::clauses::Statements;
use crate::python::syntax::coverage::{Interest, interests};
use crate::python::syntax::entry::{FunctionInfo, Twin};
use crate::python::syntax::globals;
use crate::python::syntax::instrument::Instrumenter;
use crate::python::syntax::limits;
use crate::python::syntax::lower::places::{self, Asked};
use crate::python::syntax::lower::{Bindings, Finder, Lowerer, for_a_run};
use crate::python::syntax::mentions;
use crate::python::syntax::pairs::{Pair, Pairs};
use crate::python::syntax::parse::Source;
use crate::python::syntax::plants::Plants;
use crate::python::syntax::setting::Setting;
use crate::python::syntax::spans::{Span, statement_spans};
use crate::python::syntax::warnings;
use crate::term::{Builder, Term};

/// The stack of the thread that parses: enough for the deepest source that
/// [`limits`] lets through, also in a build without optimisation. It is reserved,
/// not used.
const STACK: usize = 1 << 28;

/// How a file is loaded.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The builtin exception classes.
    pub hierarchy: Hierarchy,
    /// What is assumed of names that the file does not define.
    pub assumptions: Assumptions,
    /// The version of Python whose syntax the file has, and what it has.
    pub timeline: Timeline,
    /// Whether statements carry their lines, as `(at Line Statement)`.
    pub lines: bool,
    /// Whether objects are kept even where the program is one of the core, as a run needs them: tracebacks
    /// show what exceptions remember.
    pub objects: bool,
    /// What it is compared with, if it is: it is one of the whole language then.
    pub twin: Option<Twin>,
    /// Whether the state holds where control is, also where the program does not ask for it: tracebacks have lines then.
    pub places: bool,
    /// What a run reads from standard input.
    pub input: String,
    /// Whether expressions that are not modelled are unknown, rather than refused; never in a run.
    pub unknown: bool,
    /// Whether a program of the core may forget what it does not ask for, as whoever explores its paths wants it. Who counts the
    /// states of whole programs does not.
    pub forgets: bool,
    /// What of the file is run around its functions.
    pub setting: Setting,
    /// What is doubted of what is otherwise taken for granted of unknowns and of the world.
    pub doubts: BTreeSet<String>,
    /// The folder of the program, where modules are looked for.
    pub folder: Option<PathBuf>,
    /// Modules that are at hand without being files.
    pub modules: BTreeMap<String, Module>,
    /// The modules that are written in Python and belong to the book.
    pub library: Library,
    /// The pairs of calls that are looked for.
    pub pairs: Pairs,
    /// What the names of functions say that nobody has seen.
    pub conventions: Conventions,
}

impl LoadOptions {
    /// How a file is loaded for a book: with its version, its classes and its library; statements carry their lines.
    pub fn of(book: &Book) -> LoadOptions {
        LoadOptions {
            hierarchy: book.hierarchy.clone(),
            timeline: book.timeline.clone(),
            library: book.library.clone(),
            conventions: book.conventions.clone(),
            lines: true,
            ..LoadOptions::default()
        }
    }
}

/// A loaded file.
#[derive(Debug, Clone)]
pub struct Program {
    /// The file's name, as it was given.
    pub name: String,
    /// The file's text.
    pub source: String,
    /// The module's body, a `Statement`.
    pub body: Term,
    /// The names bound before it runs, an `Env`.
    pub globals: Term,
    /// The names under which functions of the file, and of the modules that it imports, are observed.
    pub callables: Vec<String>,
    /// The functions that the file defines, in its order.
    pub functions: Vec<FunctionInfo>,
    /// The names that the file does not define and that are bound to unknown values,
    /// sorted.
    pub unknowns: Vec<String>,
    /// The expressions that are not modelled and were taken as unknown: place and construct.
    pub taken: Vec<String>,
    /// The classes of the exceptions that a call of an unknown raises, unless an
    /// assumption narrows it.
    pub raises: Vec<String>,
    /// The `Outcomes` of such a call.
    pub(super) outcomes: Term,
    /// Whether objects are kept on a heap.
    pub objects: bool,
    /// Whether the state holds where control is.
    pub places: bool,
    /// The modules that it imports and that are not of the library, as they were read.
    pub modules: BTreeMap<String, Module>,
    /// What it reads from standard input.
    pub input: String,
    /// What Python warns of when it compiles the file, as it writes it.
    pub warnings: Vec<String>,
    /// For each line on which statements begin, their place.
    pub spans: BTreeMap<usize, Span>,
    /// Whether it was loaded as for a run.
    pub for_run: bool,
    /// The names that the file reads or binds, attributes too.
    pub identifiers: BTreeSet<String>,
    /// What the module itself calls.
    pub calls: Calls,
    /// The pairs of calls that were looked for, and those of them that the file has.
    pub pairs: (Pairs, Vec<Pair>),
    /// The bindings of the name that is asked about, where one is.
    pub bindings: Option<Bindings>,
    /// What of the file is run.
    pub setting: Setting,
    /// What is doubted.
    pub doubts: BTreeSet<String>,
    /// What it is compared with.
    pub twin: Option<Twin>,
    /// The attributes that the file stores, of whatever object.
    pub(super) stored: Vec<String>,
    /// Where its `try` and `with` statements stand, and those of the modules that it imports, by their labels.
    pub statements: Statements,
    /// What there is to be covered: its functions, statements and clauses, by line.
    pub places_of_interest: Vec<Interest>,
}

/// Loads the file `name` with the content `bytes`.
///
/// # Errors
/// What cannot be read as text, what this version of Python rejects, what is not
/// modelled, what passes a limit, and assumptions that do not fit the program.
pub fn load(name: &str, bytes: &[u8], options: &LoadOptions) -> Result<Program, Diagnostic> {
    let text = limits::text(name, bytes)?;
    limits::nesting(name, &text)?;
    on_large_stack(name, || read(name, &text, options))
}

/// Runs `work` where the parser's and the syntax tree's recursion cannot overflow.
fn on_large_stack<T: Send>(
    origin: &str,
    work: impl FnOnce() -> Result<T, Diagnostic> + Send,
) -> Result<T, Diagnostic> {
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
        Ok(running) => running.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(error) => {
            Err(Diagnostic::new("no thread to parse on", origin).help(format!("the system says: {error}")))
        }
    })
}

/// A program of the core is lowered to the core, whose states are small; any other keeps objects.
fn read(name: &str, text: &str, options: &LoadOptions) -> Result<Program, Diagnostic> {
    let source = Source::new(name, text, &options.timeline);
    let parsed = source.checked()?;
    let file = File { source: &source, suite: &parsed, options };
    let asked = options.pairs.binding.is_some();
    if !(options.objects
        || options.twin.is_some()
        || options.places
        || asked
        || options.setting.is_partial()
        || options.doubts.iter().any(|doubt| doubt != OF_PROGRAMS))
        && let Language::Core(names) = language(&source, &options.hierarchy, &parsed)
    {
        return file.of_core(&names);
    }
    // The state holds where control is only where the file, or one that it imports, asks for that.
    let own = if options.places { Asked::Entries } else { places::asks(&parsed) };
    let (program, asked) = file.with_objects(own)?;
    if asked > own { file.with_objects(asked).map(|(program, _)| program) } else { Ok(program) }
}

/// A file that was parsed.
struct File<'a> {
    source: &'a Source<'a>,
    suite: &'a [Stmt],
    options: &'a LoadOptions,
}

impl File<'_> {
    /// The program without what lowering finds.
    fn program(&self) -> Program {
        let Source { origin, text, .. } = *self.source;
        Program {
            name: origin.to_string(),
            source: text.to_string(),
            body: Term::default(),
            globals: Term::default(),
            callables: Vec::new(),
            functions: Vec::new(),
            unknowns: Vec::new(),
            taken: Vec::new(),
            raises: Vec::new(),
            outcomes: Term::default(),
            objects: false,
            places: false,
            modules: BTreeMap::new(),
            input: self.options.input.clone(),
            warnings: warnings::of(self.source, self.suite),
            spans: statement_spans(text, self.suite),
            for_run: self.options.objects,
            identifiers: mentions::identifiers(self.suite),
            calls: Calls::of(self.suite),
            pairs: (self.options.pairs.clone(), Vec::new()),
            bindings: None,
            setting: self.options.setting,
            doubts: self.options.doubts.clone(),
            twin: self.options.twin.clone(),
            stored: Vec::new(),
            statements: Statements::new(),
            places_of_interest: interests(self.source, self.suite),
        }
    }

    /// The file as a program of the core.
    fn of_core(&self, names: &GlobalNames) -> Result<Program, Diagnostic> {
        let hierarchy = &self.options.hierarchy;
        let mut lowerer = Lowerer::new(self.source, hierarchy, "__main__", Instrumenter::default());
        (lowerer.lines, lowerer.objects) = (self.options.lines, false);
        lowerer.imported = self.options.setting.is_imported();
        let conventions = self.options.conventions.doubting(&self.options.doubts);
        let plants = Plants::of_hazards(self.suite, &self.options.pairs);
        lowerer.plants = plants.with(self.suite, &conventions).into();
        let body = lowerer.module_body(self.suite)?;
        let body = lowerer.instrumenter.finish(body);
        if depth(&body) > limits::TERM {
            return Err(Diagnostic::new("the file is too large", self.source.origin).help(format!(
                "a suite may have about {} statements, and a call as many arguments",
                limits::TERM
            )));
        }
        let assumptions = &self.options.assumptions;
        let (forgotten, instrumenter) = (self.options.forgets, &mut lowerer.instrumenter);
        let initial = globals::initial(names, hierarchy, assumptions, forgotten, instrumenter)?;
        let mut functions = std::mem::take(&mut lowerer.functions);
        for function in &mut functions {
            function.called = names.read_elsewhere.contains(&function.name);
        }
        Ok(Program {
            body,
            globals: lowerer.instrumenter.finish(initial.globals),
            statements: lowerer.instrumenter.take_statements(),
            callables: functions.iter().map(|function| function.name.clone()).collect(),
            functions,
            unknowns: initial.unknowns,
            raises: initial.raises,
            outcomes: lowerer.instrumenter.finish(initial.outcomes),
            ..self.program()
        })
    }

    /// The file as a program that keeps objects, with what is asked for of where control is; and what a module that it imports asks for.
    fn with_objects(&self, asked: Asked) -> Result<(Program, Asked), Diagnostic> {
        let (options, suite) = (self.options, self.suite);
        let mut lowerer = Lowerer::new(self.source, &options.hierarchy, "__main__", Instrumenter::default());
        lowerer.imported = options.setting.is_imported();
        lowerer.finder = Finder::of(options);
        lowerer.note_places(options.lines, asked, options.objects);
        lowerer.assumptions = options.assumptions.clone();
        lowerer.mention_all(suite);
        if let Some(twin) = &options.twin {
            let other = Source::new(self.source.origin, &twin.beside, &options.timeline).checked()?;
            lowerer.mention_all(&other);
            [&other[..], suite].into_iter().for_each(|suite| lowerer.mention_iteration(suite));
        }
        let mut plants = Plants::of(suite, &options.pairs);
        if !options.objects {
            let conventions = options.conventions.doubting(&options.doubts);
            plants = plants.with(suite, &conventions);
            lowerer.assumptions.usual = assume::usual(&conventions);
        }
        lowerer.plants = plants.into();
        lowerer.asked.question = options.pairs.binding.clone();
        let spoken = lowerer.plants.spoken.clone();
        let main = match options.setting {
            // Nothing but this is run, and the rest is lowered for its functions.
            Setting::Main => lowerer.module_body(&for_a_run(suite))?,
            _ => lowerer.module_body(suite)?,
        };
        let files = lowerer.files(suite)?;
        let classes = lowerer.library_classes()?;
        let main = (!options.setting.is_alone()).then_some(main);
        let body: Vec<Id> = classes.into_iter().chain(files).chain(main).collect();
        let body = lowerer.instrumenter.seq(&body);
        let body = lowerer.instrumenter.node("session", [body]);
        let (names, unknowns) = match options.objects {
            true => (lowerer.names_of_file(self.source.origin), Vec::new()),
            false => lowerer.unknown_names(suite, files.is_some(), options.setting.without_names()),
        };
        lowerer.check_assumptions(&unknowns)?;
        let globals = lowerer.globals(names, options);
        let exceptions = lowerer.raised_exceptions();
        let outcomes = globals::outcomes(&exceptions, &mut lowerer.instrumenter);
        let program = Program {
            body: lowerer.instrumenter.finish(body),
            globals: lowerer.instrumenter.finish(globals),
            callables: std::mem::take(&mut lowerer.callables),
            functions: lowerer.main_functions(),
            unknowns,
            taken: std::mem::take(&mut lowerer.finder.taken),
            raises: lowerer.raised_classes(),
            outcomes: lowerer.instrumenter.finish(outcomes),
            objects: true,
            places: lowerer.places,
            modules: std::mem::take(&mut lowerer.finder.read),
            pairs: (options.pairs.clone(), spoken),
            bindings: lowerer.asked.found(),
            statements: lowerer.instrumenter.take_statements(),
            stored: std::mem::take(&mut lowerer.finder.stored).into_iter().collect(),
            ..self.program()
        };
        Ok((program, lowerer.finder.asked))
    }
}

/// The number of levels of a term.
fn depth(term: &Term) -> usize {
    let mut depths: Vec<usize> = Vec::with_capacity(term.len());
    for node in term {
        let below = node.children().iter().filter_map(|&id| depths.get(usize::from(id)));
        depths.push(1 + below.max().copied().unwrap_or(0));
    }
    depths.last().copied().unwrap_or(0)
}

/// The globals of a program of the core that may forget, ended so that it forgets more.
fn coarse(b: &mut Builder, globals: Id) -> Id {
    match b.get(globals).args[..] {
        [name, value, rest] => {
            let rest = coarse(b, rest);
            b.node("binding", [name, value, rest])
        }
        _ if b.get(globals).op.as_str() == "forgetful" => b.atom("coarse"),
        _ => globals,
    }
}

impl Program {
    /// The program in which what grows in a loop is unknown behind so many turns. Nothing grows where no objects are kept: there
    /// no number of turns but [`COARSE`] makes a difference.
    #[must_use]
    pub fn widening(&self, turns: u32) -> Program {
        let mut b = Builder::default();
        let globals = b.splice(&self.globals);
        if !self.objects && turns == COARSE {
            let globals = coarse(&mut b, globals);
            return Program { globals: b.finish(globals), ..self.clone() };
        }
        let [modules, heap, next, pending] = b.get(globals).args[..] else { return self.clone() };
        let [dropped, ..] = b.get(pending).args[..] else { return self.clone() };
        let turns = b.atom(&turns.to_string());
        let pending = b.node("widening", [dropped, turns]);
        let globals = b.node("objects", [modules, heap, next, pending]);
        Program { globals: b.finish(globals), ..self.clone() }
    }
}
