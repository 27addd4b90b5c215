//! Names that are imported from a module; and `from module import *`, where nothing is known of the module: whatever is not bound otherwise,
//! it may have given.

use egg::Id;
use ruff_python_ast::Alias;

use crate::diagnostic::Diagnostic;
use crate::python::functions::modules::is_name;
use crate::python::syntax::lower::Lowerer;

impl Lowerer<'_> {
    /// A name of a module that was imported.
    pub(super) fn import_one(
        &mut self,
        alias: &Alias,
        module: Id,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        let (module, name) = (self.read(module), self.string(&alias.name));
        let value = self.operate("import_from", &[module, name]);
        self.bind_alias(alias, value, out)
    }

    /// Binds what this module reads and does not bind to unknowns. The program's own file has such names from its beginning.
    pub(super) fn import_any(&mut self, out: &mut Vec<Id>) {
        if self.module == "__main__" || self.library {
            return;
        }
        let symbols = self.scope().symbols.clone();
        self.finder.starred.insert(self.module.clone(), symbols.bound.clone());
        let is_given = |name: &String| {
            !self.hierarchy.contains(name) && !is_name(name) && !["input", "open"].contains(&name.as_str())
        };
        for name in symbols.free().into_iter().filter(is_given).collect::<Vec<_>>() {
            let (target, value) = (self.target(&name), self.imported(&name));
            out.push(self.assign(target, value));
        }
    }

    /// Whether a module of the program may have a name that it does not bind itself.
    pub(super) fn may_have(&self, module: &str, name: &str) -> bool {
        self.finder.starred.get(module).is_some_and(|bound| !bound.contains(name))
    }
}
