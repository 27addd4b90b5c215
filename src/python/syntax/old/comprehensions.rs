//! Comprehensions and generator expressions: their clauses stand in one another.

use ruff_python_ast::{
    AtomicNodeIndex, CmpOp, Comprehension, Expr, ExprCompare, ExprContext, ExprDictComp, ExprGenerator,
    ExprListComp, ExprName, ExprNamed, ExprSetComp,
};
use ruff_text_size::Ranged;

use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};

impl Reader<'_, '_> {
    fn turns(&self, first: &Tree) -> Read<Vec<Comprehension>> {
        let mut found: Vec<Comprehension> = Vec::new();
        let mut next = Some(first);
        while let Some(clause) = next {
            match (clause.rule(), clause.parts()) {
                ("each" | "list_each", [_, target, _, iter, rest @ ..]) => {
                    found.push(Comprehension {
                        range: clause.range(),
                        node_index: AtomicNodeIndex::NONE,
                        target: self.target(target, ExprContext::Store)?,
                        iter: self.expression(iter)?,
                        ifs: Vec::new(),
                        is_async: false,
                    });
                    next = rest.first();
                }
                (_, [_, test, rest @ ..]) => {
                    let test = self.expression(test)?;
                    found.iter_mut().next_back().into_iter().for_each(|last| last.ifs.push(test.clone()));
                    next = rest.first();
                }
                _ => return self.error(clause, "invalid syntax"),
            }
        }
        Ok(found)
    }

    pub(super) fn generated(&self, part: &Tree, element: &Tree, clauses: &Tree) -> Read<Expr> {
        let (elt, generators) = (Box::new(self.expression(element)?), self.turns(clauses)?);
        let parenthesized = part.rule() == "tuple";
        Ok(Expr::Generator(ExprGenerator {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            elt,
            generators,
            parenthesized,
        }))
    }

    pub(super) fn listed(&self, part: &Tree, element: &Tree, clauses: &Tree) -> Read<Expr> {
        let (elt, mut generators) = (Box::new(self.expression(element)?), self.turns(clauses)?);
        if !self.in_class.get() {
            leak(&mut generators);
        }
        Ok(Expr::ListComp(ExprListComp {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            elt,
            generators,
        }))
    }

    /// A comprehension in braces: of one element a set, of a key and a value a dict.
    pub(super) fn comprehended(&self, part: &Tree, elements: &[&Tree], clauses: &Tree) -> Read<Expr> {
        let range = part.range();
        let generators = self.turns(clauses)?;
        let mut elements =
            elements.iter().map(|part| self.expression(part).map(Box::new)).collect::<Read<Vec<_>>>()?;
        match (elements.pop(), elements.pop()) {
            (Some(value), Some(key)) => {
                let key = Some(key);
                Ok(Expr::DictComp(ExprDictComp {
                    node_index: AtomicNodeIndex::NONE,
                    range,
                    key,
                    value,
                    generators,
                }))
            }
            (Some(elt), None) => {
                Ok(Expr::SetComp(ExprSetComp { node_index: AtomicNodeIndex::NONE, range, elt, generators }))
            }
            _ => self.error(part, "invalid syntax"),
        }
    }
}

/// The names of a list comprehension are bound in the function around it. So `[e for x in i]` is `[e for .0 in i if (x := .0) is .0]`, since
/// what `:=` binds is.
fn leak(generators: &mut [Comprehension]) {
    let mut count = 0;
    for generator in generators {
        let mut tests = Vec::new();
        hide(&mut generator.target, &mut count, &mut tests);
        generator.ifs.splice(0..0, tests);
    }
}

/// Puts a name that no program can spell in the place of each of a target, and adds what binds the names.
fn hide(target: &mut Expr, count: &mut usize, tests: &mut Vec<Expr>) {
    match target {
        Expr::Tuple(tuple) => tuple.elts.iter_mut().for_each(|inner| hide(inner, count, tests)),
        Expr::List(list) => list.elts.iter_mut().for_each(|inner| hide(inner, count, tests)),
        Expr::Name(name) => {
            *count += 1;
            let range = name.range;
            let hidden = |ctx| {
                let id = format!(".each{count}").into();
                Expr::Name(ExprName { node_index: AtomicNodeIndex::NONE, range, id, ctx })
            };
            let (value, same) = (hidden(ExprContext::Load), hidden(ExprContext::Load));
            let bound = std::mem::replace(target, hidden(ExprContext::Store));
            let (bound, value) = (Box::new(bound), Box::new(value));
            let named =
                Expr::Named(ExprNamed { node_index: AtomicNodeIndex::NONE, range, target: bound, value });
            tests.push(Expr::Compare(ExprCompare {
                node_index: AtomicNodeIndex::NONE,
                range,
                left: Box::new(named),
                ops: [CmpOp::Is].into(),
                comparators: [same].into(),
            }));
        }
        _ => {}
    }
}
