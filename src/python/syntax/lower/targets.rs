//! What assignments, loops and `del` bind and unbind.

use egg::Id;
use ruff_python_ast::{Expr, Identifier};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::{Lowered, Lowerer};
use crate::python::syntax::refuse;

impl Lowerer<'_> {
    /// Assigns the value of an expression: `value` is evaluated first, once.
    pub(super) fn assign_to(
        &mut self,
        target: &Expr,
        value: Id,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        match target {
            Expr::Name(_) => {
                let place = self.plain_target(target)?;
                out.push(self.assign(place, value));
            }
            Expr::Attribute(target) => {
                self.settable(target)?;
                if target.attr.as_str() == "__debug__" {
                    return Err(self.source.syntax(&target.attr, "cannot assign to __debug__"));
                }
                let object = self.expression(&target.value)?;
                let name = self.mangled(&target.attr);
                let name = self.string(&name);
                let stored = self.operate("store_attr", &[value, object, name]);
                out.push(self.perform(stored));
            }
            Expr::Subscript(target) if self.global_entry(target).is_some() => {
                let name = self.global_entry(target).unwrap_or_default();
                let place = self.member(&name);
                out.push(self.assign(place, value));
            }
            Expr::Subscript(target) => {
                let (object, own) = self.container(&target.value, &target.slice)?;
                let index = self.expression(&target.slice)?;
                let store = if own { "store_own" } else { "store_item" };
                let stored = self.operate(store, &[value, object, index]);
                out.push(self.perform(stored));
            }
            Expr::Tuple(tuple) => self.unpack(target, &tuple.elts, value, out)?,
            Expr::List(list) => self.unpack(target, &list.elts, value, out)?,
            other => return Err(self.source.refuse(other, refuse::TARGET)),
        }
        Ok(())
    }

    /// What an item is stored in or deleted from; for `object.__dict__` the object, whose attributes these are.
    fn container(&mut self, expr: &Expr, index: &Expr) -> Result<(Id, bool), Diagnostic> {
        match expr {
            Expr::Attribute(attribute) if attribute.attr.as_str() == "__dict__" => {
                if !index.is_string_literal_expr() && index.is_literal_expr() {
                    return Err(self.source.refuse(index, "a key of `__dict__` that is no string"));
                }
                Ok((self.expression(&attribute.value)?, true))
            }
            expr => Ok((self.expression(expr)?, false)),
        }
    }

    fn unpack(
        &mut self,
        place: &Expr,
        targets: &[Expr],
        value: Id,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        let star = targets.iter().position(Expr::is_starred_expr);
        let before = self.integer(star.unwrap_or(targets.len()));
        let after = match star {
            Some(star) => self.integer(targets.len() - star - 1),
            None => self.integer(-1),
        };
        let kept = self.temporary();
        let spot = self.source.spot_of_all(place);
        let parts = match self.places && spot != self.spot {
            false => self.operate("unpack", &[value, before, after]),
            // What is unpacked has a value before control is on the targets.
            true => {
                out.push(self.assign(kept, value));
                let value = self.read(kept);
                let parts = self.operate("unpack", &[value, before, after]);
                self.located(&spot, parts)
            }
        };
        out.push(self.assign(kept, parts));
        for (index, target) in targets.iter().enumerate() {
            let (parts, index) = (self.read(kept), self.integer(index));
            let part = self.operate("item", &[parts, index]);
            match target {
                Expr::Starred(starred) => self.assign_to(&starred.value, part, out)?,
                target => self.assign_to(target, part, out)?,
            }
        }
        self.forget(kept, out);
        Ok(())
    }

    pub(super) fn bound_name(&mut self, place: &impl Ranged, name: &str) -> Lowered {
        if name == "__debug__" {
            return Err(self.source.syntax(place, "cannot assign to __debug__"));
        }
        Ok(self.target(name))
    }

    pub(super) fn bound_identifier(&mut self, name: &Identifier) -> Lowered {
        self.bound_name(name, name.as_str())
    }

    pub(super) fn member(&mut self, name: &str) -> Id {
        if self.module == "__main__" {
            self.members.insert(name.to_string());
        }
        self.member_of_module(name)
    }

    /// The place that a name is.
    pub(super) fn plain_target(&mut self, target: &Expr) -> Lowered {
        match target {
            Expr::Name(name) => self.bound_name(name, &name.id),
            other => Err(self.source.refuse(other, refuse::TARGET)),
        }
    }

    /// A target that one store binds, and the statements that bind the rest from it.
    pub(super) fn simple_target(&mut self, target: &Expr) -> Result<(Id, Vec<Id>), Diagnostic> {
        if target.is_name_expr() {
            let place = self.plain_target(target)?;
            return Ok((place, self.bound_before(place).into_iter().collect()));
        }
        let kept = self.temporary();
        let mut rest = Vec::new();
        let value = self.read(kept);
        self.assign_to(target, value, &mut rest)?;
        Ok((kept, rest))
    }

    pub(super) fn delete(&mut self, target: &Expr, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        match target {
            Expr::Name(name) => {
                let place = self.bound_name(name, &name.id)?;
                let deleted = self.instrumenter.node("delete", [place]);
                out.push(self.unbinding(place, deleted));
            }
            Expr::Attribute(target) => {
                let object = self.expression(&target.value)?;
                let name = self.mangled(&target.attr);
                let name = self.string(&name);
                let deleted = self.operate("delattr", &[object, name]);
                out.push(self.perform(deleted));
            }
            Expr::Subscript(target) => {
                let (object, own) = self.container(&target.value, &target.slice)?;
                let index = self.expression(&target.slice)?;
                let delete = if own { "delete_own" } else { "delitem" };
                let deleted = self.operate(delete, &[object, index]);
                out.push(self.perform(deleted));
            }
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|target| self.delete(target, out))?,
            Expr::List(list) => list.elts.iter().try_for_each(|target| self.delete(target, out))?,
            other => return Err(self.source.refuse(other, refuse::TARGET)),
        }
        Ok(())
    }

    /// `(keyword …)`, `(starred …)` and so on for the arguments of a call.
    pub(super) fn operands(&mut self, arguments: &ruff_python_ast::Arguments) -> Lowered {
        let mut lowered = Vec::new();
        for argument in &arguments.args {
            lowered.push(match argument {
                Expr::Starred(starred) if arguments.args.len() > 1 => {
                    // What is no iterable is no fault of the callee's, but of the tuple that is made of them all.
                    let (tuple, value) = (self.builtin("tuple_display"), self.expression(&starred.value)?);
                    ("starred", None, self.operate("argument_tuple", &[tuple, value]))
                }
                Expr::Starred(starred) => ("starred", None, self.expression(&starred.value)?),
                argument => ("operand", None, self.expression(argument)?),
            });
        }
        for keyword in &arguments.keywords {
            let value = self.expression(&keyword.value)?;
            lowered.push(match &keyword.arg {
                Some(name) => ("keyword", Some(self.text(name)), value),
                None => ("double-starred", None, self.operate("argument_mapping", &[value])),
            });
        }
        let mut rest = self.instrumenter.atom("no-operands");
        for (op, name, value) in lowered.into_iter().rev() {
            rest = match name {
                Some(name) => self.instrumenter.node(op, [name, value, rest]),
                None => self.instrumenter.node(op, [value, rest]),
            };
        }
        Ok(rest)
    }
}
