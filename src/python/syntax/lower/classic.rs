//! What a program of a version before Python 3.0 means: classic classes, builtin functions that did something else, and functions that
//! see no names of those around them.

use egg::Id;
use ruff_python_ast::{Comprehension, Expr, Stmt, StmtAssign, StmtClassDef};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::library::library_functions;
use crate::python::syntax::lower::{Kind, Lowerer, Symbols};
use crate::python::values::types;

/// Builtin names that are not modelled, of those that there are no more.
const BUILTINS: &str = "buffer coerce execfile file input intern reload __metaclass__";

/// Special names of a class that change what is done with its instances, and are not modelled.
const SPECIAL: &str = "__coerce__ __getslice__ __setslice__ __delslice__ __hex__ __oct__";

/// Attributes that are not modelled: of functions and methods.
const ATTRIBUTES: &str = "im_func im_self im_class func_code func_globals func_name func_defaults func_dict func_doc \
    func_closure viewkeys viewvalues viewitems";

/// Modules that are not modelled.
const MODULES: &str = "BaseHTTPServer CGIHTTPServer ConfigParser Cookie HTMLParser SimpleHTTPServer SocketServer \
    Tkinter UserDict UserList UserString __builtin__ anydbm cPickle commands compiler cookielib copy_reg dbhash \
    dircache dummy_thread dummy_threading fpformat gdbm hotshot htmlentitydefs httplib ihooks imp imputil md5 \
    mhlib mimetools mutex new os2emxpath popen2 posixfile regex regsub repr rexec rfc822 robotparser sets sgmllib sha \
    statvfs strop sunaudio thread toaiff urllib2 urlparse user whichdb xmlrpclib";

/// Special names of a class that change what a `class` statement or attribute access does.
const REFUSED: [&str; 4] = ["__del__", "__prepare__", "__instancecheck__", "__subclasscheck__"];

/// Those of them that a metaclass has.
const OF_METACLASS: [&str; 3] = ["__prepare__", "__instancecheck__", "__subclasscheck__"];

impl Lowerer<'_> {
    /// Whether a class with that name is refused, in versions in which the name means something.
    fn is_refused_in_class(&self, name: &str) -> bool {
        REFUSED.contains(&name) && (!OF_METACLASS.contains(&name) || self.source.timeline.has("class.checks"))
    }

    /// Whether a builtin of a version before Python 3.0 is not modelled.
    pub(super) fn is_early_builtin(&self, name: &str) -> bool {
        self.is_early() && BUILTINS.split_whitespace().any(|known| known == name)
    }

    /// The same of a special name of a class.
    fn is_refused_early(&self, name: &str) -> bool {
        self.is_early() && SPECIAL.split_whitespace().any(|known| known == name)
    }

    /// The same of an attribute.
    pub(super) fn is_early_attribute(&self, name: &str) -> bool {
        self.is_early() && ATTRIBUTES.split_whitespace().any(|known| known == name)
    }

    /// The same of a module.
    pub(super) fn is_early_module(&self, name: &str) -> bool {
        self.is_early() && MODULES.split_whitespace().any(|known| known == name)
    }

    /// Whether what is lowered is a program of a version before Python 3.0.
    pub(super) fn is_early(&self) -> bool {
        !self.library && self.source.timeline.has("class.classic")
    }

    /// Refuses a class that has a name which changes what a `class` statement or attribute access does, or that something else than
    /// `type` may make.
    pub(super) fn checked_class(&self, def: &StmtClassDef, symbols: &Symbols) -> Result<(), Diagnostic> {
        let refused = |name: &str| self.is_refused_in_class(name) || self.is_refused_early(name);
        if let Some(name) = symbols.bound.iter().find(|name| !self.library && refused(name)) {
            return Err(self.source.refuse(&def.name, &format!("a class with `{name}`")));
        }
        let is_early = self.is_early();
        let assigned = def.body.iter().filter(|_| is_early).filter_map(Stmt::as_assign_stmt);
        let others = |assign: &&StmtAssign| {
            let names = assign.targets.iter().filter_map(Expr::as_name_expr);
            names.into_iter().any(|name| name.id.as_str() == "__metaclass__")
                && assign.value.as_name_expr().is_none_or(|made_by| made_by.id.as_str() != "type")
        };
        match assigned.into_iter().find(others) {
            Some(assign) => {
                Err(self.source.refuse(assign, "a class with `__metaclass__` that is not `type`"))
            }
            None => Ok(()),
        }
    }

    /// What a builtin name stands for in a version before Python 3.0, where that is something else: the function of the library
    /// that has this name behind `old_`.
    pub(super) fn early_builtin(&mut self, name: &str) -> Option<Id> {
        if !self.is_early() || !self.objects || self.is_bound(name) {
            return None;
        }
        let name = format!("old_{name}");
        self.finder.library.made(library_functions).find(&name)?;
        let atom = self.instrumenter.atom(&name);
        let function = self.instrumenter.node("library", [atom]);
        Some(self.constant(function))
    }

    /// What a class of the program derives from that names no base, where that is not `object`.
    fn classic_root(&mut self) -> Option<Id> {
        if !self.is_early() {
            return None;
        }
        let parts = ["object", "builtin", "no-bases"].map(|part| self.instrumenter.atom(part));
        let object = self.instrumenter.node("class", parts);
        let root = self.instrumenter.class_value(types::CLASSIC, "builtin", object);
        Some(self.constant(root))
    }

    /// Whether the version has a module of the library.
    pub(super) fn is_there(&self, name: &str) -> bool {
        self.source.timeline.has(&format!("module.{name}"))
    }

    /// Refuses `from m import *` where it binds names of a function or class, as before Python 3.0 it may.
    pub(super) fn checked_star(&self, place: &impl Ranged) -> Result<(), Diagnostic> {
        match self.scopes.len() > 1 {
            true => Err(self.source.refuse(place, "`from … import *` in a function or class")),
            false => Ok(()),
        }
    }

    /// Refuses a list comprehension that sees the names of the class body in which it stands, or whose names are those of it: before
    /// Python 3.0 it is no function of its own.
    pub(super) fn checked_in_class(
        &self,
        elements: &[&Expr],
        generators: &[Comprehension],
    ) -> Result<(), Diagnostic> {
        let Some(scope) = self.scopes.last().filter(|scope| matches!(scope.kind, Kind::Class(_))) else {
            return Ok(());
        };
        let symbols = Symbols::of_comprehension(elements, generators);
        let shared =
            |name: &&String| scope.symbols.bound.contains(*name) || scope.symbols.used.contains(*name);
        let seen = symbols.used.difference(&symbols.bound).filter(|name| scope.symbols.bound.contains(*name));
        let left = symbols.bound.iter().filter(shared);
        match (seen.chain(left).next(), elements.first()) {
            (Some(name), Some(element)) if self.is_early() => {
                let what =
                    format!("a list comprehension in a class body that shares the name `{name}` with it");
                Err(self.source.refuse(*element, &what))
            }
            _ => Ok(()),
        }
    }

    /// The call that makes a class which names no base.
    pub(super) fn built_without_bases(&mut self, builder: Id) -> Id {
        let root = self.classic_root();
        self.invoked(builder, &Vec::from_iter(root), &[])
    }

    /// How many of the open scopes are those around the innermost one, of which that sees the names.
    pub(super) fn seen_scopes(&self) -> usize {
        let nested = self.library || self.source.timeline.has("scope.nested");
        if nested { self.scopes.len().saturating_sub(1) } else { 0 }
    }
}
