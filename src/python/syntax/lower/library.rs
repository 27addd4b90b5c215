//! What the library's `builtins` hold: functions that are called where a primitive does not know what to do, and classes
//! that programs find without an import.

use std::collections::BTreeMap;

use egg::Id;
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};

use crate::book::classes::Hierarchy;
use crate::book::library::{Library, Module};
use crate::book::version::Timeline;
use crate::diagnostic::Diagnostic;
use crate::python::functions::library::{Functions, LibraryFunction};
use crate::python::syntax::instrument::{Instrumenter, LIBRARY};
use crate::python::syntax::limits;
use crate::python::syntax::lower::Lowerer;
use crate::python::syntax::lower::modules::origin;
use crate::python::syntax::parse::Source;

/// The module that programs find without an import: `builtins.py`, and the files in the folder of that name.
const BUILTINS: &str = "builtins";

/// Its files.
fn files(library: &Library) -> impl Iterator<Item = &Module> {
    let inside =
        |name: &str| name.strip_prefix(BUILTINS).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    library.modules().filter(move |(name, _)| inside(name)).map(|(_, module)| module)
}

/// A file of the library, which is written in one version of Python, the default one, whatever version is asked for.
pub(super) fn library_source<'a>(file: &'a str, text: &'a str) -> Source<'a> {
    Source::new(file, text, &Timeline::default())
}

/// Classes of the library that its functions make instances of, and the name, attribute or operator of a
/// program without which they do not.
const NEEDED: [(&str, &str); 12] = [
    ("__getitem__", "_iterator"),
    ("iter", "_callable_iterator"),
    ("mod", "_PercentArguments"),
    ("format", "_FormatFields"),
    ("format_map", "_FormatFields"),
    ("open", "_Disk"),
    ("open", "_TextIOWrapper"),
    ("open", "_BinaryFile"),
    ("open", "_BufferedReader"),
    ("open", "_BufferedWriter"),
    ("open", "_BufferedRandom"),
    ("open", "_UnsupportedOperation"),
];

/// The same before Python 3.0, where an instance of a classic class may say by `__getattr__` that it has items.
const NEEDED_EARLY: [(&str, &str); 1] = [("__getattr__", "_iterator")];

impl Lowerer<'_> {
    /// The statement that makes the classes of the library which the program mentions; `None` for none.
    ///
    /// # Errors
    /// A fault of the library.
    pub(crate) fn library_classes(&mut self) -> Result<Option<Id>, Diagnostic> {
        let library = self.finder.library.clone();
        let texts: Vec<&str> = files(&library).map(|file| &*file.text).collect();
        let text = texts.join("\n");
        let mut wanted = self.finder.mentioned.clone();
        wanted.retain(|name| !name.starts_with('_'));
        let early = NEEDED_EARLY.iter().filter(|_| self.is_early());
        let needed = NEEDED.iter().chain(early).filter(|(cause, _)| self.finder.mentioned.contains(*cause));
        wanted.extend(needed.map(|(_, class)| (*class).to_string()));
        // Most programs mention none, and the library need not be read.
        let mut headings = text.lines().filter_map(|line| line.strip_prefix("class "));
        if !headings.any(|line| line.split(['(', ':']).next().is_some_and(|name| wanted.contains(name))) {
            return Ok(None);
        }
        let origin = origin(BUILTINS);
        let source = library_source(&origin, &text);
        let parsed = source.parse()?;
        let classes: Vec<Stmt> = parsed
            .iter()
            .filter(|stmt| matches!(stmt, Stmt::ClassDef(def) if wanted.contains(def.name.as_str())))
            .cloned()
            .collect();
        if classes.is_empty() {
            return Ok(None);
        }
        let instrumenter = std::mem::take(&mut self.instrumenter);
        let mut inner = Lowerer::new(&source, self.hierarchy, BUILTINS, instrumenter);
        (inner.library, inner.constants) = (true, constants_of(&parsed));
        let code = inner.module_code(BUILTINS, &classes);
        self.instrumenter = std::mem::take(&mut inner.instrumenter);
        let code = code?;
        let run = self.loaded(BUILTINS, code);
        Ok(Some(self.perform(run)))
    }
}

/// The functions of a library's `builtins`. A file that cannot be read has none: [`check_library`] says so first.
pub(crate) fn library_functions(library: &Library) -> Functions {
    read_functions(library).unwrap_or_default()
}

fn read_functions(library: &Library) -> Result<Functions, Diagnostic> {
    let mut constants = BTreeMap::new();
    for file in files(library) {
        constants.extend(constants_of(&library_source(&file.file, &file.text).parse()?));
    }
    let mut functions = BTreeMap::new();
    for file in files(library) {
        add_functions(file, &constants, &mut functions)?;
    }
    for (name, value) in &constants {
        // `tuple_index = list_index`: one function under two names.
        if let Expr::Name(other) = value
            && let Some(function) = functions.get(other.id.as_str()).cloned()
        {
            functions.insert(name.clone(), function);
        }
    }
    Ok(Functions::new(functions))
}

/// Looks through every module of a library for what no Python could read.
///
/// # Errors
/// The first fault.
pub(crate) fn check_library(library: &Library) -> Result<(), Diagnostic> {
    for (_, module) in library.modules() {
        limits::nesting(&module.file, &module.text)?;
        let source = library_source(&module.file, &module.text);
        source.checked()?;
    }
    read_functions(library).map(|_| ())
}

/// Adds the functions of a file, which read the constants of all.
fn add_functions(
    file: &Module,
    constants: &BTreeMap<String, Expr>,
    functions: &mut BTreeMap<String, LibraryFunction>,
) -> Result<(), Diagnostic> {
    let source = library_source(&file.file, &file.text);
    let parsed = source.parse()?;
    let hierarchy = Hierarchy::default();
    for stmt in &parsed {
        let Stmt::FunctionDef(def) = stmt else { continue };
        let mut instrumenter = Instrumenter::default();
        instrumenter.count_from(LIBRARY);
        let mut lowerer = Lowerer::new(&source, &hierarchy, BUILTINS, instrumenter);
        (lowerer.library, lowerer.constants) = (true, constants.clone());
        functions.insert(def.name.to_string(), lowerer.library_function(def)?);
    }
    Ok(())
}

/// The names that a module of the library binds to expressions, by plain assignments.
pub(super) fn constants_of(body: &[Stmt]) -> BTreeMap<String, Expr> {
    body.iter()
        .filter_map(|stmt| match stmt {
            Stmt::Assign(assign) => match &assign.targets[..] {
                [Expr::Name(name)] => Some((name.id.to_string(), (*assign.value).clone())),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

impl Lowerer<'_> {
    /// A function of the library: its code, and its defaults, which are constants.
    pub(super) fn library_function(&mut self, def: &StmtFunctionDef) -> Result<LibraryFunction, Diagnostic> {
        let (defaults, kwdefaults) = self.defaults(&def.parameters)?;
        let code = self.function_code(def)?;
        Ok(LibraryFunction {
            code: self.instrumenter.finish(code),
            defaults: defaults.into_iter().map(|id| self.constant_value(id)).collect(),
            kwdefaults: kwdefaults.into_iter().map(|(name, id)| (name, self.constant_value(id))).collect(),
        })
    }

    /// The value of a `(const value)`, or of an int with a minus before it.
    fn constant_value(&self, expression: Id) -> crate::term::Term {
        let mut nodes: Vec<crate::term::Node> = self.instrumenter.finish(expression).as_ref().to_vec();
        let root = nodes.pop();
        if root.is_some_and(|root| root.op.as_str() == "const") {
            return crate::term::Term::from(nodes);
        }
        let int = nodes.iter().rfind(|node| node.op.as_str() == "int");
        let number = int.map_or("0", |int| nodes[usize::from(int.args[0])].op.as_str());
        crate::term::parse_term(&format!("(int -{number})")).unwrap_or_default()
    }
}
