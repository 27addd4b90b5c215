//! Attributes of builtin objects that CPython has and this semantics does not: they are refused by name before
//! anything runs, unless the program itself defines the name.

use egg::Id;
use ruff_python_ast::{Expr, ExprAttribute, ExprCall, ExprSubscript};

use crate::diagnostic::Diagnostic;
use crate::python::functions::modules::is_absent;
use crate::python::syntax::lower::{Kind, Lowered, Lowerer};

/// Attributes that are not modelled.
const ABSENT: &str = "tb_lasti f_back f_globals f_locals f_builtins \
    f_trace f_lasti gi_code gi_frame cr_frame co_code co_consts co_names co_varnames \
    co_flags co_lines co_positions co_nlocals co_stacksize __code__ __globals__ __builtins__ \
    __annotations__ __subclasses__ __reduce__ __reduce_ex__ __getstate__ __sizeof__ __dir__ __weakref__ \
    __type_params__ __text_signature__ __flags__ __basicsize__ __itemsize__ __dictoffset__ __isabstractmethod__ \
    __thisclass__ __self_class__ __subclasshook__ __abstractmethods__ __parameters__ \
    characters_written mapping fromhex __getformat__";

/// Attributes that cannot be assigned here, and can in CPython.
const FIXED: [&str; 6] = ["__class__", "__bases__", "__dict__", "__code__", "__func__", "__self__"];

/// Builtin classes, whose `__dict__` is not all there.
const CLASSES: &str = "object bool int float str bytes tuple list dict set frozenset range slice type property \
    staticmethod classmethod super";

impl Lowerer<'_> {
    /// `globals()` or `locals()` where its dict is read at once, and cannot change or be changed meanwhile.
    pub(super) fn namespace_read(&mut self, expr: &Expr) -> Option<Id> {
        let Expr::Call(call) = expr else { return None };
        match self.namespace_called(call)? {
            "locals" if matches!(self.scope().kind, Kind::Class(_)) => None,
            "locals" if matches!(self.scope().kind, Kind::Function) => self.locals_read(call),
            _ => {
                let module = self.module.clone();
                let module = self.string(&module);
                Some(self.operate("module_names", &[module]))
            }
        }
    }

    /// `locals()` in a function makes a new dict each time.
    pub(super) fn locals_read(&mut self, call: &ExprCall) -> Option<Id> {
        let scope = self.scope();
        let plain = matches!(scope.kind, Kind::Function) && !scope.qualname.ends_with("comp>");
        (plain && self.namespace_called(call) == Some("locals")).then(|| self.operate("bound_names", &[]))
    }

    /// The name in `globals()["name"]`.
    pub(super) fn global_entry(&self, target: &ExprSubscript) -> Option<String> {
        let (Expr::Call(call), Expr::StringLiteral(name)) = (&*target.value, &*target.slice) else {
            return None;
        };
        (self.namespace_called(call) == Some("globals")).then(|| name.value.to_str().to_string())
    }

    fn namespace_called(&self, call: &ExprCall) -> Option<&'static str> {
        let Expr::Name(name) = &*call.func else { return None };
        let known = ["globals", "locals"].into_iter().find(|known| *known == name.id.as_str())?;
        (call.arguments.is_empty() && !self.is_bound(known)).then_some(known)
    }

    /// Refuses an attribute that is not modelled.
    pub(super) fn modelled(&self, attribute: &ExprAttribute) -> Result<(), Diagnostic> {
        let name = attribute.attr.as_str();
        if let Expr::Name(module) = &*attribute.value
            && !self.library
            && let Some(module) =
                self.modules_of(&module.id).into_iter().find(|module| self.lacks(module, name))
            && !self.source.text.contains(&format!("import {module}.{name}"))
        {
            return Err(self.source.refuse(attribute, &format!("`{module}.{name}`")));
        }
        if name == "__dict__"
            && let Expr::Name(object) = &*attribute.value
            && !self.library
            && self.has_partial_names(&object.id)
        {
            return Err(self.source.refuse(attribute, &format!("`{}.__dict__`", object.id)));
        }
        if name == "__init__"
            && let Expr::Name(object) = &*attribute.value
            && object.id.as_str() == "super"
            && !self.is_bound("super")
        {
            return Err(self.source.refuse(attribute, "`super.__init__`"));
        }
        if self.lacks_everywhere(name) {
            return Err(self.source.refuse(attribute, &format!("the attribute `{name}`")));
        }
        Ok(())
    }

    /// Whether CPython's module of that name has a member that is not modelled, or one of the program may have it.
    pub(super) fn lacks(&self, module: &str, name: &str) -> bool {
        is_absent(module, name) && !self.finder.is_own(module) || self.may_have(module, name)
    }

    /// The modules that imports may have bound to a name, where the scope at hand finds it.
    pub(super) fn modules_of(&self, name: &str) -> Vec<String> {
        let Some((module, functions)) = self.scopes.split_first() else { return Vec::new() };
        let current = functions.len();
        for (place, scope) in functions.iter().enumerate().rev() {
            let is_seen = matches!(scope.kind, Kind::Function) || place + 1 == current;
            if scope.symbols.globals.contains(name) {
                break;
            }
            if is_seen && scope.symbols.bound.contains(name) && !scope.symbols.nonlocals.contains(name) {
                return scope.symbols.modules.get(name).into_iter().flatten().cloned().collect();
            }
        }
        let symbols = &module.symbols;
        let found = [&symbols.modules, &symbols.global_modules].into_iter().filter_map(|map| map.get(name));
        found.flatten().cloned().collect()
    }

    /// Refuses an attribute whose object is not modelled; `function.__code__` is for what it tells at once.
    pub(super) fn object_of(&mut self, attribute: &ExprAttribute) -> Lowered {
        match &*attribute.value {
            Expr::Attribute(code)
                if code.attr.as_str() == "__code__" && attribute.attr.starts_with("co_") =>
            {
                let (function, name) = (self.expression(&code.value)?, self.string("__code__"));
                Ok(self.operate("getattr", &[function, name]))
            }
            object => self.expression(object),
        }
    }

    /// Whether no object has the attribute here. In an open world the object may be unknown.
    fn lacks_everywhere(&self, name: &str) -> bool {
        let absent = ABSENT.split_whitespace().any(|absent| absent == name);
        let absent = absent || self.is_early_attribute(name);
        absent && !self.library && !self.finder.open_world && !self.defines(name)
    }

    /// Whether a name is that of a module, or of a builtin class.
    fn has_partial_names(&self, name: &str) -> bool {
        let class = CLASSES.split_whitespace().any(|class| class == name) && !self.is_bound(name);
        // `from a import b` binds a module only where there is one of that name.
        let is_module = |module: &String| !module.contains('.') || self.finder.library.text(module).is_some();
        class || self.modules_of(name).iter().any(is_module)
    }

    /// Refuses `getattr(object, name)` and the like where the name is, or may be, that of an attribute that is not
    /// modelled: one that the file has as a string.
    pub(super) fn named_attribute(&self, call: &ExprCall) -> Result<(), Diagnostic> {
        let Expr::Name(function) = &*call.func else { return Ok(()) };
        let (Some(name), false) = (call.arguments.args.get(1), self.library) else { return Ok(()) };
        if !["getattr", "hasattr", "setattr", "delattr"].contains(&function.id.as_str()) {
            return Ok(());
        }
        let found = match name {
            Expr::StringLiteral(name) => Some(name.value.to_str()).filter(|name| self.lacks_everywhere(name)),
            _ => ABSENT.split_whitespace().find(|name| {
                name.starts_with("__")
                    && ['\'', '"']
                        .iter()
                        .any(|mark| self.source.text.contains(&format!("{mark}{name}{mark}")))
                    && self.lacks_everywhere(name)
            }),
        };
        match found {
            Some(found) => Err(self.source.refuse(name, &format!("the attribute `{found}`"))),
            None => Ok(()),
        }
    }

    /// Notes that the program stores an attribute of that name.
    pub(super) fn note_stored(&mut self, name: &str) {
        if !self.library && !self.finder.stored.contains(name) {
            self.finder.stored.insert(name.to_string());
        }
    }

    /// Refuses the assignment of an attribute that is not modelled.
    pub(super) fn settable(&mut self, attribute: &ExprAttribute) -> Result<(), Diagnostic> {
        let name = attribute.attr.as_str();
        self.note_stored(name);
        if FIXED.contains(&name) && !self.library {
            return Err(self.source.refuse(attribute, &format!("assignment of `{name}`")));
        }
        self.modelled(attribute)
    }

    /// Whether the file has a definition of that name, or an assignment at the start of a line.
    fn defines(&self, name: &str) -> bool {
        self.source.text.lines().map(str::trim_start).any(|line| {
            let rest = line.strip_prefix("def ").or_else(|| line.strip_prefix("class ")).unwrap_or(line);
            let rest = rest.strip_prefix("self.").unwrap_or(rest);
            rest.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['(', '=', ':']))
        })
    }
}
