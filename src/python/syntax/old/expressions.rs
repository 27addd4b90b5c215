//! Expressions.

use ruff_python_ast::{
    Arguments, AtomicNodeIndex, BoolOp, DictItem, Expr, ExprAttribute, ExprBinOp, ExprBoolOp, ExprCall,
    ExprCompare, ExprContext, ExprDict, ExprEllipsisLiteral, ExprIf, ExprList, ExprName, ExprSet, ExprSlice,
    ExprStarred, ExprSubscript, ExprTuple, ExprUnaryOp, ExprYield, Identifier, Keyword, Operator, UnaryOp,
};
use ruff_text_size::{Ranged, TextRange};

use crate::book::syntax::Kind;
use crate::python::syntax::old::operators::{compared, operator};
use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};
use crate::python::values::hidden;

const LOAD: ExprContext = ExprContext::Load;

/// A call of a name that stands at the start of a place.
pub(super) fn call(name: &str, range: TextRange, args: Vec<Expr>, keywords: Vec<Keyword>) -> Expr {
    let func = Expr::Name(ExprName { node_index: AtomicNodeIndex::NONE, range, id: name.into(), ctx: LOAD });
    let arguments = Arguments {
        range,
        node_index: AtomicNodeIndex::NONE,
        args: args.into_boxed_slice(),
        keywords: keywords.into(),
    };
    Expr::Call(ExprCall {
        node_index: AtomicNodeIndex::NONE,
        range_start: range.start(),
        func: Box::new(func),
        arguments,
    })
}

/// What stands for an expression that is not modelled: what it is called, and its operands; a literal has none.
pub(super) fn refused(what: &'static str, range: TextRange, operands: Vec<Expr>) -> Expr {
    call(hidden::REFUSED, range, operands, vec![keyword(what, tuple(Vec::new(), true, LOAD))])
}

pub(super) fn keyword(name: &str, value: Expr) -> Keyword {
    let range = value.range();
    Keyword { range, node_index: AtomicNodeIndex::NONE, arg: Some(Identifier::new(name, range)), value }
}

pub(super) fn tuple(elts: Vec<Expr>, parenthesized: bool, ctx: ExprContext) -> Expr {
    let start = elts.first().map_or(TextRange::default(), Ranged::range);
    let range = elts.last().map_or(start, |last| start.cover(last.range()));
    Expr::Tuple(ExprTuple { node_index: AtomicNodeIndex::NONE, range, elts, ctx, parenthesized })
}

impl Reader<'_, '_> {
    pub(super) fn expression(&self, part: &Tree) -> Read<Expr> {
        let Tree::Branch(branch) = part else { return self.word(part) };
        let parts = &branch.parts[..];
        match (branch.rule, parts) {
            ("test", [body, _, test, _, orelse]) => self.choice(part, [body, test, orelse]),
            ("lambda" | "plain_lambda", _) => self.lambda(part),
            ("any", _) => self.bool_op(part, BoolOp::Or),
            ("all", _) => self.bool_op(part, BoolOp::And),
            ("not", [_, operand]) => self.unary(part, UnaryOp::Not, operand),
            ("signed", [sign, operand]) => {
                let op = match self.text(sign) {
                    "+" => UnaryOp::UAdd,
                    "-" => UnaryOp::USub,
                    _ => UnaryOp::Invert,
                };
                self.unary(part, op, operand)
            }
            ("compared", _) => self.comparison(part),
            ("joined" | "differing" | "common" | "shifted" | "sum" | "product", [first, rest @ ..]) => {
                self.operations(first, rest)
            }
            ("power", [atom, rest @ ..]) => self.power(part, atom, rest),
            ("texts", _) => Ok(self.strings(parts)),
            ("tuple", _) => self.parenthesised(part),
            ("list", _) => self.list(part),
            ("dict", _) => self.braces(part),
            ("quoted", [_, inner, _]) => {
                Ok(call(hidden::QUOTED, part.range(), vec![self.expression(inner)?], Vec::new()))
            }
            ("subscript", _) => self.slice(part),
            ("yield", _) => {
                let value = parts.get(1).map(|part| self.expression(part)).transpose()?.map(Box::new);
                Ok(Expr::Yield(ExprYield { node_index: AtomicNodeIndex::NONE, range: part.range(), value }))
            }
            ("items" | "places" | "inside" | "listed" | "iterated" | "subscripts", _) => {
                let mut read = tuple(self.all(parts)?, false, LOAD);
                if let Expr::Tuple(tuple) = &mut read {
                    tuple.range = part.range();
                }
                Ok(read)
            }
            _ => self.error(part, "invalid syntax"),
        }
    }

    /// The expressions between commas.
    pub(super) fn all(&self, parts: &[Tree]) -> Read<Vec<Expr>> {
        self.branches(parts).into_iter().map(|part| self.expression(part)).collect()
    }

    fn word(&self, part: &Tree) -> Read<Expr> {
        let range = part.range();
        match part {
            Tree::Leaf(token) if token.kind == Kind::Number => self.number(part),
            Tree::Leaf(token) if token.kind == Kind::Text => Ok(self.strings(std::slice::from_ref(part))),
            _ => Ok(self.named(self.text(part), range)),
        }
    }

    fn choice(&self, part: &Tree, [body, test, orelse]: [&Tree; 3]) -> Read<Expr> {
        let [body, test, orelse] = [self.expression(body)?, self.expression(test)?, self.expression(orelse)?];
        let [body, test, orelse] = [body, test, orelse].map(Box::new);
        Ok(Expr::If(ExprIf { node_index: AtomicNodeIndex::NONE, range: part.range(), test, body, orelse }))
    }

    fn bool_op(&self, part: &Tree, op: BoolOp) -> Read<Expr> {
        let values = part.parts().iter().step_by(2).map(|part| self.expression(part)).collect::<Read<_>>()?;
        Ok(Expr::BoolOp(ExprBoolOp { node_index: AtomicNodeIndex::NONE, range: part.range(), op, values }))
    }

    fn unary(&self, part: &Tree, op: UnaryOp, operand: &Tree) -> Read<Expr> {
        let operand = Box::new(self.expression(operand)?);
        Ok(Expr::UnaryOp(ExprUnaryOp { node_index: AtomicNodeIndex::NONE, range: part.range(), op, operand }))
    }

    fn comparison(&self, part: &Tree) -> Read<Expr> {
        let mut operands = Vec::new();
        let mut ops = Vec::new();
        for (place, part) in part.parts().iter().enumerate() {
            match place % 2 {
                0 => operands.push(self.expression(part)?),
                _ => ops.push(compared(self.text(part))),
            }
        }
        let left = Box::new(operands.remove(0));
        Ok(Expr::Compare(ExprCompare {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            left,
            ops: ops.into_boxed_slice(),
            comparators: operands.into_boxed_slice(),
        }))
    }

    /// Operations of one precedence, from left to right.
    fn operations(&self, first: &Tree, rest: &[Tree]) -> Read<Expr> {
        let mut left = self.expression(first)?;
        for pair in rest.chunks_exact(2) {
            left = self.operation(left, &pair[0], &pair[1])?;
        }
        Ok(left)
    }

    fn operation(&self, left: Expr, sign: &Tree, right: &Tree) -> Read<Expr> {
        let right = self.expression(right)?;
        let op = operator(self.text(sign)).unwrap_or(Operator::Add);
        let range = left.range().cover(right.range());
        if op == Operator::Div && self.futures.contains(&"division") {
            return Ok(refused("`/` with `from __future__ import division`", range, vec![left, right]));
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(Expr::BinOp(ExprBinOp { node_index: AtomicNodeIndex::NONE, range, left, op, right }))
    }

    /// `atom(…)[…].name ** power`.
    fn power(&self, part: &Tree, atom: &Tree, rest: &[Tree]) -> Read<Expr> {
        let mut value = self.expression(atom)?;
        for (place, trailer) in rest.iter().enumerate() {
            if self.is(trailer, "**") {
                return match rest.get(place + 1) {
                    Some(power) => self.operation(value, trailer, power),
                    None => self.error(part, "invalid syntax"),
                };
            }
            value = self.trailed(value, TextRange::new(part.start(), trailer.end()), trailer)?;
        }
        Ok(value)
    }

    fn trailed(&self, value: Expr, range: TextRange, trailer: &Tree) -> Read<Expr> {
        let value = Box::new(value);
        match trailer.parts() {
            [sign, name] if self.is(sign, ".") => {
                let attr = self.identifier(name);
                Ok(Expr::Attribute(ExprAttribute {
                    node_index: AtomicNodeIndex::NONE,
                    range,
                    value,
                    attr,
                    ctx: LOAD,
                }))
            }
            [open, inner @ .., _] if self.is(open, "(") => {
                let mut arguments = inner.first().map_or(Ok(none_given()), |inner| self.arguments(inner))?;
                arguments.range = trailer.range();
                Ok(Expr::Call(ExprCall {
                    node_index: AtomicNodeIndex::NONE,
                    range_start: range.start(),
                    func: value,
                    arguments,
                }))
            }
            [_, inner, _] => {
                let slice = Box::new(self.expression(inner)?);
                Ok(Expr::Subscript(ExprSubscript {
                    node_index: AtomicNodeIndex::NONE,
                    range,
                    value,
                    slice,
                    ctx: LOAD,
                }))
            }
            _ => self.error(trailer, "invalid syntax"),
        }
    }

    pub(super) fn arguments(&self, part: &Tree) -> Read<Arguments> {
        let mut arguments = none_given();
        arguments.range = part.range();
        let mut args = Vec::new();
        let mut star: Option<&Tree> = None;
        for part in part.parts() {
            match self.text(part) {
                "," => continue,
                "*" | "**" => {
                    star = Some(part);
                    continue;
                }
                _ => {}
            }
            match (star.take(), part.rule(), part.parts()) {
                (Some(star), ..) => {
                    let (range, value) = (TextRange::new(star.start(), part.end()), self.expression(part)?);
                    if self.is(star, "**") {
                        arguments.keywords.push(Keyword {
                            range,
                            node_index: AtomicNodeIndex::NONE,
                            arg: None,
                            value,
                        });
                        continue;
                    }
                    let value = Box::new(value);
                    args.push(Expr::Starred(ExprStarred {
                        node_index: AtomicNodeIndex::NONE,
                        range,
                        value,
                        ctx: LOAD,
                    }));
                }
                (_, "argument", [name, sign, value]) if self.is(sign, "=") => {
                    if !matches!(name, Tree::Leaf(token) if token.kind == Kind::Name) {
                        let is_lambda = name.rule() == "lambda";
                        let text = if is_lambda {
                            "lambda cannot contain assignment"
                        } else {
                            "keyword can't be an expression"
                        };
                        return self.error(name, text);
                    }
                    let (range, arg) = (part.range(), Some(self.identifier(name)));
                    let value = self.expression(value)?;
                    let given = Keyword { range, node_index: AtomicNodeIndex::NONE, arg, value };
                    self.given_once(&given, &arguments.keywords)?;
                    arguments.keywords.push(given);
                }
                (_, "argument", [element, clauses]) => args.push(self.generated(part, element, clauses)?),
                _ if !arguments.keywords.is_empty() => {
                    return self.error(part, "non-keyword arg after keyword arg");
                }
                _ if args.iter().any(Expr::is_starred_expr) => {
                    return self.error(part, "only named arguments may follow *expression");
                }
                _ => args.push(self.expression(part)?),
            }
        }
        arguments.args = args.into_boxed_slice();
        self.alone(&arguments)?;
        Ok(arguments)
    }

    /// What stands in parentheses: a tuple, a generator expression, or what would stand there without them.
    fn parenthesised(&self, part: &Tree) -> Read<Expr> {
        let [_, inner, _] = part.parts() else { return Ok(self.empty_tuple(part)) };
        let mut read = match (inner.rule(), inner.parts()) {
            ("inside", [element, clauses]) if clauses.rule() == "each" => {
                return self.generated(part, element, clauses);
            }
            _ => self.expression(inner)?,
        };
        if let Expr::Tuple(tuple) = &mut read
            && inner.rule() == "inside"
        {
            (tuple.parenthesized, tuple.range) = (true, part.range());
        }
        Ok(read)
    }

    fn empty_tuple(&self, part: &Tree) -> Expr {
        let (range, elts) = (part.range(), Vec::new());
        Expr::Tuple(ExprTuple {
            node_index: AtomicNodeIndex::NONE,
            range,
            elts,
            ctx: LOAD,
            parenthesized: true,
        })
    }

    fn list(&self, part: &Tree) -> Read<Expr> {
        let range = part.range();
        let elts = match part.parts() {
            [_, inner, _] => match (inner.rule(), inner.parts()) {
                ("listed", [element, clauses]) if clauses.rule() == "list_each" => {
                    return self.listed(part, element, clauses);
                }
                ("listed", parts) => self.all(parts)?,
                _ => vec![self.expression(inner)?],
            },
            _ => Vec::new(),
        };
        Ok(Expr::List(ExprList { node_index: AtomicNodeIndex::NONE, range, elts, ctx: LOAD }))
    }

    /// A dict or a set, or a comprehension of one.
    fn braces(&self, part: &Tree) -> Read<Expr> {
        let range = part.range();
        let Some(inner) = part.parts().get(1).filter(|inner| inner.rule() == "pairs") else {
            return Ok(Expr::Dict(ExprDict { node_index: AtomicNodeIndex::NONE, range, items: Vec::new() }));
        };
        let members = self.branches(inner.parts());
        if let Some(clauses) = members.last().filter(|last| last.rule() == "each") {
            return self.comprehended(part, &members[..members.len() - 1], clauses);
        }
        let members = members.into_iter().map(|part| self.expression(part)).collect::<Read<Vec<_>>>()?;
        if !inner.parts().iter().any(|part| self.is(part, ":")) {
            return Ok(Expr::Set(ExprSet { node_index: AtomicNodeIndex::NONE, range, elts: members }));
        }
        let mut items = Vec::new();
        let mut members = members.into_iter();
        while let (Some(key), Some(value)) = (members.next(), members.next()) {
            items.push(DictItem { key: Some(key), value });
        }
        Ok(Expr::Dict(ExprDict { node_index: AtomicNodeIndex::NONE, range, items }))
    }

    /// `a:b:c`, or `...`.
    fn slice(&self, part: &Tree) -> Read<Expr> {
        let range = part.range();
        if part.parts().iter().any(|part| self.is(part, ".")) {
            return Ok(Expr::EllipsisLiteral(ExprEllipsisLiteral {
                node_index: AtomicNodeIndex::NONE,
                range,
            }));
        }
        let mut bounds = [None, None, None];
        let mut place = 0;
        for part in part.parts() {
            if self.is(part, ":") {
                place += 1;
            } else if let Some(bound) = bounds.get_mut(place) {
                *bound = Some(Box::new(self.expression(part)?));
            }
        }
        let [lower, upper, step] = bounds;
        Ok(Expr::Slice(ExprSlice { node_index: AtomicNodeIndex::NONE, range, lower, upper, step }))
    }
}

fn none_given() -> Arguments {
    let (range, args) = (TextRange::default(), Vec::new().into_boxed_slice());
    Arguments { range, node_index: AtomicNodeIndex::NONE, args, keywords: Vec::new().into() }
}
