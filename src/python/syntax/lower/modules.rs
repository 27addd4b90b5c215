//! `import`: modules of the library, and files beside the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use egg::Id;
use ruff_python_ast::{Alias, Expr, Stmt, StmtImport, StmtImportFrom};
use ruff_text_size::Ranged;

use crate::book::library::{Library, Module};
use crate::book::version::Timeline;
use crate::diagnostic::Diagnostic;
use crate::python::functions::modules::NATIVE;
use crate::python::syntax::instrument::LIBRARY;
use crate::python::syntax::limits;
use crate::python::syntax::load::LoadOptions;
use crate::python::syntax::lower::library::{constants_of, library_source};
use crate::python::syntax::lower::places;
use crate::python::syntax::lower::{Lowered, Lowerer, Scope, Symbols};
use crate::python::syntax::others::Others;
use crate::python::syntax::parse::Source;
use crate::python::syntax::setting::Setting;

/// Builtin names that would need a second interpreter, or the machine.
const REFUSED: &str = "eval exec compile breakpoint memoryview bytearray complex __import__ aiter anext help \
    globals locals vars dir";

/// Modules that CPython has and that are not modelled.
const NOT_MODELLED: &str = "__main__ _collections_abc _io _testcapi _testinternalcapi _thread _weakref \
    annotationlib argparse array ast asyncio atexit base64 bdb binascii bisect bz2 cProfile calendar cmath \
    cmd code codecs codeop colorsys compileall compression concurrent configparser contextvars copyreg \
    csv ctypes curses dataclasses datetime dbm decimal difflib dis doctest email encodings ensurepip enum \
    faulthandler fcntl filecmp fileinput fnmatch fractions ftplib genericpath getopt getpass gettext \
    glob graphlib grp gzip hashlib heapq hmac html http imaplib importlib ipaddress json keyword \
    linecache locale logging lzma mailbox marshal mimetypes mmap modulefinder msvcrt multiprocessing netrc nt \
    ntpath nturl2path numbers opcode optparse pathlib pdb pickle pickletools pkgutil platform plistlib poplib \
    posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri \
    random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil \
    signal site smtplib socket socketserver sqlite3 sre_compile sre_constants sre_parse ssl stat statistics \
    string stringprep struct subprocess symtable sysconfig syslog tabnanny tarfile tempfile termios test \
    textwrap timeit tkinter token tokenize tomllib trace tracemalloc tty turtle unicodedata urllib \
    uuid venv wave weakref webbrowser winreg winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib \
    zoneinfo";

/// Modules that CPython never looks for beside a program: those that are built in, and those that are loaded before it starts.
const NEVER_FILES: &str = "builtins sys time itertools errno marshal atexit gc faulthandler posix pwd _thread _weakref _io abc codecs \
    encodings io os stat site genericpath posixpath zipimport _collections_abc";

/// What `*` gives of modules in CPython, and is not modelled.
const STARRED: [(&str, &str); 6] = [
    ("typing", "ForwardRef clear_overloads get_overloads no_type_check_decorator"),
    ("collections", "UserList UserString"),
    ("functools", "partialmethod recursive_repr singledispatch singledispatchmethod"),
    ("io", "BytesIO FileIO open TextIOWrapper BufferedReader BufferedWriter IOBase TextIOBase RawIOBase"),
    ("re", "DEBUG Scanner template"),
    ("contextlib", "AsyncExitStack aclosing asynccontextmanager chdir AsyncContextDecorator"),
];

/// The outermost package of a module.
fn top(module: &str) -> &str {
    module.split('.').next().unwrap_or_default()
}

/// The file of a module of the library, as errors show it.
pub(super) fn origin(name: &str) -> String {
    format!("library/{name}.py")
}

/// Whether programs import a module of the library by name.
fn is_importable(name: &str) -> bool {
    top(name) != "builtins" && !name.split('.').any(|part| part.starts_with('_'))
}

/// Whether the builtin of that name is refused.
pub(super) fn is_refused(name: &str) -> bool {
    REFUSED.split_whitespace().any(|refused| refused == name)
}

/// Where modules are found, and which were.
#[derive(Debug, Clone, Default)]
pub(crate) struct Finder {
    /// Whether modules that are not found are unknown, rather than missing when the program runs.
    pub(crate) open_world: bool,
    /// Whether expressions that are not modelled are unknown, rather than refused.
    pub(crate) unknown: bool,
    /// Whether nothing is known of what the program imports, but for modules whose members are primitives.
    pub(super) apart: bool,
    /// Whether an interrupt may come between two statements.
    pub(super) interrupts: bool,
    /// Whether it is doubted that a name means an exception class where one is asked for.
    pub(super) types: bool,
    /// What was imported from modules of which nothing is known.
    pub(super) imported: BTreeSet<String>,
    /// The exception classes that the program means and that no file at hand defines.
    pub(super) others: Others,
    /// What was taken as unknown: place and construct.
    pub(crate) taken: Vec<String>,
    /// The program's folder.
    pub(crate) folder: Option<PathBuf>,
    /// Modules that are no files.
    pub(crate) given: BTreeMap<String, Module>,
    /// The library of the book.
    pub(crate) library: Library,
    /// The version of the program, and of what is beside it.
    timeline: Timeline,
    /// Modules of the program that were read: files beside it, and those given.
    pub(crate) read: BTreeMap<String, Module>,
    /// Modules that were lowered: their code, and the names that they bind.
    found: BTreeMap<String, (Id, Vec<String>)>,
    /// Modules that are being lowered.
    open: Vec<String>,
    /// Modules of the program that take all names of one of which nothing is known, with the names that they bind themselves: they may
    /// have any others.
    pub(super) starred: BTreeMap<String, BTreeSet<String>>,
    /// Modules of the library that were lowered inside another, which their code takes as loaded.
    inside: Vec<(String, String)>,
    /// What a file asks for of where control is.
    pub(in crate::python::syntax) asked: places::Asked,
    /// Whether tracebacks have entries with the places where control is.
    pub(super) entries: bool,
    /// Names that were read.
    pub(super) mentioned: BTreeSet<String>,
    /// The label of the library's next statement.
    library_label: usize,
    /// Attributes that are stored, of whatever object.
    pub(in crate::python::syntax) stored: BTreeSet<String>,
}

/// Where a module of the program is.
enum Own<'a> {
    File(PathBuf),
    Given(&'a Module),
}

impl Finder {
    /// Where a program's modules are found that is loaded so.
    pub(in crate::python::syntax) fn of(options: &LoadOptions) -> Finder {
        Finder {
            folder: options.folder.clone(),
            given: options.modules.clone(),
            library: options.library.clone(),
            timeline: options.timeline.clone(),
            open_world: !options.objects,
            unknown: options.unknown,
            apart: options.setting == Setting::Apart,
            interrupts: options.doubts.contains("interrupts"),
            types: options.doubts.contains("types"),
            ..Finder::default()
        }
    }

    /// A module of the program: a file beside it, or one that was given. A module of a package finds those beside it by
    /// relative names only, which have a dot in front: the package's folder is none that Python looks into.
    fn own(&self, name: &str) -> Option<Own<'_>> {
        if NEVER_FILES.split_whitespace().any(|known| known == name) {
            return self.given.get(name).map(Own::Given);
        }
        let relative = name.strip_prefix('.');
        let file = format!("{}.py", relative.unwrap_or(name).replace('.', "/"));
        let looked_into = |folder: &&PathBuf| relative.is_some() || !folder.join("__init__.py").is_file();
        let folder = self.folder.as_ref().filter(looked_into);
        let beside = folder.map(|folder| folder.join(file)).filter(|path| path.is_file());
        beside.map(Own::File).or_else(|| self.given.get(name).map(Own::Given))
    }

    /// Whether a module of the program has that name.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own(name).is_some()
    }

    pub(super) fn mention(&mut self, name: &str) {
        if !self.mentioned.contains(name) {
            self.mentioned.insert(name.to_string());
        }
    }
}

impl Lowerer<'_> {
    pub(super) fn import(&mut self, import: &StmtImport, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        for alias in &import.names {
            if alias.name.contains('.') && self.is_foreign(top(&alias.name)) {
                self.import_package(alias, out)?;
                continue;
            }
            if self.is_left_out(&alias.name) {
                self.import_left_out(alias, out)?;
                continue;
            }
            let module = self.module_value(alias, &alias.name)?;
            let package = alias.name.split_once('.').filter(|_| alias.asname.is_none());
            let Some((package, _)) = package else {
                self.bind_alias(alias, module, out)?;
                continue;
            };
            // `import a.b` binds `a`, of which `b` is an attribute.
            let whole = self.module_value(alias, package)?;
            out.push(self.perform(module));
            let target = self.bound_name(alias, package)?;
            out.push(self.assign(target, whole));
        }
        Ok(())
    }

    pub(super) fn import_from(
        &mut self,
        import: &StmtImportFrom,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        if module == "__future__" && import.level == 0 {
            if !self.source.timeline.has("syntax.future") {
                let name = self.string(module);
                let failed = self.operate("no_module", &[name]);
                out.push(self.perform(failed));
            }
            return Ok(());
        }
        if import.level > 0 && !self.finder.open_world {
            return Err(self.source.refuse(import, "relative `import`"));
        }
        let relative = format!(".{module}");
        let beside = import.level == 1 && self.finder.own(&relative).is_some() && !self.is_apart();
        if import.level > 0 && !beside || import.level == 0 && self.is_foreign(top(module)) {
            return self.import_unknown(import, out);
        }
        if import.level == 0 && self.is_left_out(module) {
            let refusal = self.source.refuse(import, &format!("the module `{module}`"));
            self.report(&refusal);
            for alias in import.names.iter().filter(|alias| alias.name.as_str() != "*") {
                let value = self.imported(&format!("{module}.{}", alias.name));
                self.bind_alias(alias, value, out)?;
            }
            return Ok(());
        }
        let module = if beside { relative.as_str() } else { module };
        let value = self.module_value(import, module)?;
        let kept = self.temporary();
        out.push(self.assign(kept, value));
        for alias in &import.names {
            if let Some(value) = self.of_the_machine(module, &alias.name) {
                self.bind_alias(alias, value, out)?;
            } else if alias.name.as_str() == "*" {
                self.checked_star(alias)?;
                self.import_all(alias, module, kept, out)?;
            } else if self.lacks(module, &alias.name) {
                self.import_absent(alias, module, out)?;
            } else {
                self.import_one(alias, kept, out)?;
            }
        }
        self.forget(kept, out);
        Ok(())
    }

    /// `import a.b`, which binds `a`, or `import a.b as c`, of a package of which nothing is known.
    fn import_package(&mut self, alias: &Alias, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let (name, target) = match &alias.asname {
            Some(target) => (alias.name.as_str(), target.as_str()),
            None => (top(&alias.name), top(&alias.name)),
        };
        self.finder.imported.insert(name.to_string());
        let module = self.importing(name);
        let target = self.bound_name(alias, target)?;
        out.push(self.assign(target, module));
        Ok(())
    }

    /// Whether a module is in a package that is at hand, but not itself: nothing is known of it in an open world.
    fn is_left_out(&self, name: &str) -> bool {
        let at_hand = self.finder.library.text(name).is_some() || self.finder.own(name).is_some();
        self.finder.open_world
            && self.finder.unknown
            && name.contains('.')
            && !name.starts_with('.')
            && !at_hand
    }

    /// `import os.path`, which binds `os`, or `import os.path as p`, of a module that is not modelled.
    fn import_left_out(&mut self, alias: &Alias, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let refusal = self.source.refuse(alias, &format!("the module `{}`", alias.name));
        self.report(&refusal);
        let inner = self.imported(&alias.name);
        if alias.asname.is_some() {
            return self.bind_alias(alias, inner, out);
        }
        let Some((package, name)) = alias.name.split_once('.') else { return Ok(()) };
        let whole = self.module_value(alias, package)?;
        let target = self.bound_name(alias, package)?;
        out.push(self.assign(target, whole));
        let parts = [self.text(package), self.text(name)];
        let member = self.instrumenter.node("member", parts);
        out.push(self.assign(member, inner));
        Ok(())
    }

    /// Whether nothing is known of a module, in an open world.
    pub(super) fn is_foreign(&self, name: &str) -> bool {
        let is_read = is_importable(name) && (self.library || self.is_there(name));
        let library = self.finder.library.text(name).is_some() && is_read;
        let found = library || self.finder.own(name).is_some();
        self.finder.open_world && !NATIVE.contains(&name) && (!found || self.is_apart())
    }

    /// Whether nothing is known of what this module imports.
    fn is_apart(&self) -> bool {
        self.finder.apart && !self.library
    }

    /// What a module gives of which nothing is known. A name may be missing in a module that is there.
    fn import_unknown(&mut self, import: &StmtImportFrom, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let name = import.module.as_ref().map_or(".", |module| module.as_str());
        let is_standard = import.level == 0 && self.is_standard(name);
        let module = if is_standard { self.importing_name(name) } else { self.importing(name) };
        out.push(self.perform(module));
        if import.names.iter().any(|alias| alias.name.as_str() == "*") {
            self.import_any(out);
        }
        for alias in import.names.iter().filter(|alias| alias.name.as_str() != "*") {
            let inside = format!(".{}", alias.name);
            let value = match import.level == 1
                && import.module.is_none()
                && !self.is_apart()
                && self.finder.own(&inside).is_some()
            {
                // `from . import a`, where `a` is a file beside.
                true => self.module_value(alias, &inside)?,
                false if is_standard => self.imported_of(name, &alias.name),
                false => self.imported(&alias.name),
            };
            self.bind_alias(alias, value, out)?;
        }
        Ok(())
    }

    /// A member that is not modelled: unknown where that is asked for.
    fn import_absent(&mut self, alias: &Alias, module: &str, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let refusal = self.source.refuse(alias, &format!("`{module}.{}`", alias.name));
        if !self.finder.open_world || !self.finder.unknown {
            return Err(refusal);
        }
        self.report(&refusal);
        let value = self.imported_of(module, &alias.name);
        self.bind_alias(alias, value, out)
    }

    /// The unknown that a name of a module of the standard library is bound to, which has a name with dots, as elsewhere.
    fn imported_of(&mut self, module: &str, name: &str) -> Id {
        match self.class_of_others(name) {
            Some(_) => self.imported(name),
            None => self.imported(&format!("{module}.{name}")),
        }
    }

    /// Binds what is imported to the name that an import gives it.
    pub(super) fn bind_alias(
        &mut self,
        alias: &Alias,
        value: Id,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        let target = self.bound_identifier(alias.asname.as_ref().unwrap_or(&alias.name))?;
        out.push(self.assign(target, value));
        Ok(())
    }

    /// The unknown that an import binds.
    pub(super) fn imported(&mut self, name: &str) -> Id {
        self.finder.imported.insert(name.to_string());
        match self.class_of_others(name) {
            Some(class) => self.constant(class),
            None => self.unknown_value(name),
        }
    }

    /// `from module import *`. A name that CPython's module gives, and that is not modelled, is refused where the file
    /// has it and does not bind it.
    fn import_all(
        &mut self,
        place: &impl Ranged,
        module: &str,
        kept: Id,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        let bound = self.scopes.first().map(|scope| scope.symbols.bound.clone()).unwrap_or_default();
        let words = self.source.text.split(|char: char| !char.is_alphanumeric() && char != '_');
        let words: BTreeSet<&str> = words.collect();
        let absent =
            STARRED.iter().filter(|(known, _)| *known == module).flat_map(|(_, names)| names.split(' '));
        for name in absent.filter(|name| words.contains(name) && !bound.contains(*name)) {
            if self.lacks(module, name) && !self.finder.open_world {
                return Err(self.source.refuse(place, &format!("`{module}.{name}`")));
            }
        }
        let names = self.finder.found.get(module).map(|(_, names)| names.clone()).unwrap_or_default();
        for name in &names {
            let (module, text) = (self.read(kept), self.string(name));
            let value = self.operate("import_from", &[module, text]);
            let target = self.target(name);
            out.push(self.assign(target, value));
        }
        if self.finder.starred.contains_key(module) {
            self.import_any(out);
        }
        Ok(())
    }

    /// An expression whose value is the module, which it runs where that was not done yet.
    fn module_value(&mut self, place: &impl Ranged, name: &str) -> Lowered {
        if NATIVE.contains(&name) && (self.library || self.is_there(name)) {
            let module = self.instrumenter.literal("module", name);
            return Ok(self.constant(module));
        }
        if self.is_apart() {
            self.finder.imported.insert(name.to_string());
            return Ok(self.importing(name));
        }
        let code = match self.finder.found.get(name) {
            Some((code, _)) => *code,
            None if self.finder.open.iter().any(|open| open == name) => {
                let inner = self.finder.open.iter().skip_while(|open| *open != name).skip(1).cloned();
                let inner: Vec<String> =
                    inner.filter(|inner| self.finder.library.text(inner).is_some()).collect();
                self.finder.inside.extend(inner.into_iter().map(|inner| (inner, name.to_string())));
                self.no_code(name)
            }
            None => match self.find(place, name)? {
                Some(code) => code,
                None if self.finder.open_world => {
                    self.finder.imported.insert(name.to_string());
                    return Ok(self.importing(name));
                }
                None => {
                    let text = self.string(name);
                    return Ok(self.operate("no_module", &[text]));
                }
            },
        };
        Ok(self.loaded(name, code))
    }

    /// An expression whose value is the module with that code.
    pub(super) fn loaded(&mut self, name: &str, code: Id) -> Id {
        let name = self.text(name);
        let module = self.instrumenter.node("module-code", [name, code]);
        self.invoked(module, &[], &[])
    }

    /// An expression whose value is a module of the library, which programs do not import by name.
    pub(super) fn library_module(&mut self, name: &str) -> Lowered {
        let library = self.finder.library.clone();
        let code = self.lower_module(name, &origin(name), library.text(name).unwrap_or_default(), true)?;
        Ok(self.loaded(name, code))
    }

    /// What stands for the code of a module that is being loaded when it is imported again: it is not run.
    fn no_code(&mut self, name: &str) -> Id {
        let body = self.instrumenter.atom("pass");
        self.code_of_module(name, body)
    }

    fn code_of_module(&mut self, name: &str, body: Id) -> Id {
        self.scopes.push(Scope::module(Symbols::default()));
        let code = self.code(name, "ordinary", &[], body);
        self.scopes.pop();
        code
    }

    /// The code of a module that was not lowered yet.
    fn find(&mut self, place: &impl Ranged, name: &str) -> Result<Option<Id>, Diagnostic> {
        let library = self.finder.library.clone();
        if name.contains('.') && !name.starts_with('.') && library.text(name).is_none() {
            return Err(self.source.refuse(place, "`import` of a module in a package"));
        }
        if let Some(module) = self.own_module(place, name)? {
            return self.lower_module(name, &module.file, &module.text, false).map(Some);
        }
        let read = self.library || is_importable(name) && self.is_there(name);
        if let Some(text) = library.text(name).filter(|_| read) {
            return self.lower_module(name, &origin(name), text, true).map(Some);
        }
        let known =
            NOT_MODELLED.split_whitespace().any(|module| module == name) || self.is_early_module(name);
        if !self.finder.open_world && known && self.is_there(name) {
            return Err(self.source.refuse(place, &format!("the module `{name}`")));
        }
        Ok(None)
    }

    /// A module of the program, read.
    fn own_module(&self, place: &impl Ranged, name: &str) -> Result<Option<Module>, Diagnostic> {
        let path = match self.finder.own(name) {
            Some(Own::File(path)) => path,
            Some(Own::Given(module)) => return Ok(Some(module.clone())),
            None => return Ok(None),
        };
        let file = path.display().to_string();
        let bytes = std::fs::read(&path)
            .map_err(|error| self.source.error(place, format!("cannot read the module `{name}`: {error}")))?;
        let text = limits::text(&file, &bytes)?.to_string();
        Ok(Some(Module { file, text: text.into() }))
    }

    fn lower_module(&mut self, name: &str, origin: &str, text: &str, library: bool) -> Lowered {
        limits::nesting(origin, text)?;
        let source = match library {
            true => library_source(origin, text),
            false => Source::new(origin, text, &self.finder.timeline),
        };
        // The library was checked with the book.
        let parsed = if library { source.parse()? } else { source.checked()? };
        let mut finder = std::mem::take(&mut self.finder);
        finder.open.push(name.to_string());
        if !library {
            let module = Module { file: origin.to_string(), text: text.to_string().into() };
            finder.read.insert(name.to_string(), module);
        }
        let mut instrumenter = std::mem::take(&mut self.instrumenter);
        let own_label = instrumenter.next_label();
        if library && own_label < LIBRARY {
            instrumenter.count_from(finder.library_label.max(LIBRARY));
        }
        let mut inner = Lowerer::new(&source, self.hierarchy, name, instrumenter);
        (inner.finder, inner.library, inner.lines) = (finder, library, self.lines && !library);
        (inner.temporaries, inner.members) = (self.temporaries, self.members.clone());
        inner.assumptions = self.assumptions.clone();
        inner.places = self.places && !library;
        if !library {
            inner.finder.asked = inner.finder.asked.max(places::asks(&parsed));
        }
        let code = inner.module_code(name, &parsed);
        self.instrumenter = std::mem::take(&mut inner.instrumenter);
        self.finder = std::mem::take(&mut inner.finder);
        if library && own_label < LIBRARY {
            self.finder.library_label = self.instrumenter.next_label();
            self.instrumenter.count_from(own_label);
        }
        self.temporaries = inner.temporaries;
        self.callables.append(&mut inner.callables);
        self.finder.open.pop();
        let code = code?;
        let names = exported(&parsed);
        self.finder.found.insert(name.to_string(), (code, names));
        // Elsewhere such a module may be imported first.
        let (inside, others) =
            std::mem::take(&mut self.finder.inside).into_iter().partition(|(_, of)| of == name);
        self.finder.inside = others;
        let inside: Vec<(String, String)> = inside;
        inside.iter().for_each(|(inner, _)| drop(self.finder.found.remove(inner)));
        Ok(code)
    }

    pub(super) fn module_code(&mut self, name: &str, body: &[Stmt]) -> Lowered {
        let body = self.module_body(body)?;
        Ok(self.code_of_module(name, body))
    }
}

/// The names that `from module import *` gives: those of `__all__`, or all that the module binds, does not unbind at its
/// end, and that have no underscore in front.
fn exported(body: &[Stmt]) -> Vec<String> {
    let texts = |elements: &[Expr]| -> Option<Vec<String>> {
        let text = |element: &Expr| match element {
            Expr::StringLiteral(text) => Some(text.value.to_str().to_string()),
            _ => None,
        };
        elements.iter().map(text).collect()
    };
    let listed = constants_of(body).get("__all__").and_then(|list| match list {
        Expr::List(list) => texts(&list.elts),
        Expr::Tuple(tuple) => texts(&tuple.elts),
        // `"a b c".split()`.
        Expr::Call(call) => match &*call.func {
            Expr::Attribute(method) if method.attr.as_str() == "split" => {
                let text = texts(std::slice::from_ref(&method.value))?;
                Some(text.iter().flat_map(|text| text.split_whitespace()).map(str::to_string).collect())
            }
            _ => None,
        },
        _ => None,
    });
    if let Some(names) = listed {
        return names;
    }
    let mut names = Symbols::of_body(body).bound;
    for stmt in body {
        let Stmt::Delete(delete) = stmt else { continue };
        for target in &delete.targets {
            let gone: &[Expr] = match target {
                Expr::Tuple(tuple) => &tuple.elts,
                other => std::slice::from_ref(other),
            };
            for name in gone {
                if let Expr::Name(name) = name {
                    names.remove(name.id.as_str());
                }
            }
        }
    }
    names.into_iter().filter(|name| !name.starts_with(['_', '*'])).map(|name| name.to_string()).collect()
}
