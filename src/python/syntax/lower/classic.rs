//! Classic classes, and functions that see no names of those around them: what was so before Python 2.2 and 3.0.

use egg::Id;

use crate::python::syntax::lower::Lowerer;
use crate::python::values::types;

impl Lowerer<'_> {
    /// What a class of the program derives from that names no base, where that is not `object`.
    fn classic_root(&mut self) -> Option<Id> {
        if self.library || !self.source.timeline.has("class.classic") {
            return None;
        }
        let parts = ["object", "builtin", "no-bases"].map(|part| self.instrumenter.atom(part));
        let object = self.instrumenter.node("class", parts);
        let root = self.instrumenter.class_value(types::CLASSIC, "builtin", object);
        Some(self.constant(root))
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
