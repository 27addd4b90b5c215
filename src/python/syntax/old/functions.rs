//! Functions, classes and their parameters.

use ruff_python_ast::{
    Arguments, AtomicNodeIndex, Comprehension, Decorator, Expr, ExprAttribute, ExprContext, ExprLambda,
    ExprListComp, ExprName, ExprNumberLiteral, ExprSubscript, Identifier, Int, Number, Parameter,
    ParameterWithDefault, Parameters, Stmt, StmtAssign, StmtClassDef, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};

/// Parameters, and the statements that take those apart that are tuples.
struct Taken {
    parameters: Parameters,
    first: Vec<Stmt>,
}

impl Reader<'_, '_> {
    pub(super) fn function(&self, part: &Tree, decorator_list: Vec<Decorator>) -> Read<Stmt> {
        let [_, name, open, parameters @ .., close, _, suite] = part.parts() else {
            return self.error(part, "invalid syntax");
        };
        self.bound(name)?;
        let mut taken = self.parameters(parameters.first())?;
        taken.parameters.range = TextRange::new(open.start(), close.end());
        let mut body = self.inside(false, |reader| reader.suite(suite))?;
        // A docstring stays in front.
        let documented = body
            .first()
            .is_some_and(|first| matches!(first, Stmt::Expr(first) if first.value.is_string_literal_expr()));
        let place = usize::from(documented);
        body.splice(place..place, taken.first);
        Ok(Stmt::FunctionDef(StmtFunctionDef {
            node_index: AtomicNodeIndex::NONE,
            range: started(part, &decorator_list),
            is_async: false,
            decorator_list: decorator_list.into(),
            name: self.identifier(name),
            type_params: None,
            parameters: Box::new(taken.parameters),
            returns: None,
            body: body.into(),
        }))
    }

    pub(super) fn class(&self, part: &Tree, decorator_list: Vec<Decorator>) -> Read<Stmt> {
        let parts = part.parts();
        let [_, name, .., suite] = parts else { return self.error(part, "invalid syntax") };
        self.bound(name)?;
        let open = parts.iter().position(|part| self.is(part, "("));
        let arguments = match open.map(|open| (&parts[open], &parts[open + 1])) {
            Some((open, inner)) => {
                let args = match (inner.rule(), self.is(inner, ")")) {
                    (_, true) => Vec::new(),
                    ("items", _) => self.all(inner.parts())?,
                    _ => vec![self.expression(inner)?],
                };
                let close = parts.iter().rfind(|part| self.is(part, ")")).unwrap_or(inner);
                let range = TextRange::new(open.start(), close.end());
                let keywords = Vec::new().into();
                Some(Box::new(Arguments {
                    range,
                    node_index: AtomicNodeIndex::NONE,
                    args: args.into_boxed_slice(),
                    keywords,
                }))
            }
            None => None,
        };
        let body = self.inside(true, |reader| reader.suite(suite))?;
        Ok(Stmt::ClassDef(StmtClassDef {
            node_index: AtomicNodeIndex::NONE,
            range: started(part, &decorator_list),
            decorator_list: decorator_list.into(),
            name: self.identifier(name),
            type_params: None,
            arguments,
            body: body.into(),
        }))
    }

    pub(super) fn decorated(&self, part: &Tree) -> Read<Stmt> {
        let Some((defined, decorators)) = part.parts().split_last() else {
            return self.error(part, "invalid syntax");
        };
        let decorators = decorators.iter().map(|decorator| self.decorator(decorator)).collect::<Read<_>>()?;
        match defined.rule() {
            "class" => self.class(defined, decorators),
            _ => self.function(defined, decorators),
        }
    }

    /// `@name.name(arguments)`.
    fn decorator(&self, part: &Tree) -> Read<Decorator> {
        let [sign, dotted, rest @ ..] = part.parts() else { return self.error(part, "invalid syntax") };
        let mut expression = self.dotted(dotted);
        if let [open, inner @ .., close, _] = rest {
            let mut arguments = match inner.first() {
                Some(inner) => self.arguments(inner)?,
                None => Arguments {
                    range: TextRange::default(),
                    node_index: AtomicNodeIndex::NONE,
                    args: Vec::new().into_boxed_slice(),
                    keywords: Vec::new().into(),
                },
            };
            arguments.range = TextRange::new(open.start(), close.end());
            expression = Expr::Call(ruff_python_ast::ExprCall {
                node_index: AtomicNodeIndex::NONE,
                range_start: dotted.start(),
                func: Box::new(expression),
                arguments,
            });
        }
        let range = TextRange::new(sign.start(), expression.end());
        Ok(Decorator { range, node_index: AtomicNodeIndex::NONE, expression })
    }

    fn dotted(&self, part: &Tree) -> Expr {
        let mut names = part.parts().iter().filter(|name| !self.is(name, "."));
        let first = names.next().unwrap_or(part);
        let start = self.named(self.text(first), first.range());
        names.fold(start, |value, name| {
            let (range, attr) = (TextRange::new(part.start(), name.end()), self.identifier(name));
            let value = Box::new(value);
            Expr::Attribute(ExprAttribute {
                node_index: AtomicNodeIndex::NONE,
                range,
                value,
                attr,
                ctx: ExprContext::Load,
            })
        })
    }

    pub(super) fn lambda(&self, part: &Tree) -> Read<Expr> {
        let (given, body) = match part.parts() {
            [_, given, _, body] => (Some(given), body),
            [_, _, body] => (None, body),
            _ => return self.error(part, "invalid syntax"),
        };
        let taken = self.parameters(given)?;
        let parameters = given.map(|_| Box::new(taken.parameters));
        let body = self.inside(false, |reader| reader.expression(body))?;
        let body = Box::new(if taken.first.is_empty() { body } else { taking_apart(body, taken.first) });
        Ok(Expr::Lambda(ExprLambda {
            node_index: AtomicNodeIndex::NONE,
            range: part.range(),
            parameters,
            body,
        }))
    }

    fn parameters(&self, part: Option<&Tree>) -> Read<Taken> {
        let range = part.map_or(TextRange::default(), Ranged::range);
        let mut parameters = Parameters { range, ..Parameters::default() };
        let mut first = Vec::new();
        let mut star: Option<&Tree> = None;
        let parts = part.map_or(&[][..], |part| match part.rule() {
            "parameters" => part.parts(),
            _ => std::slice::from_ref(part),
        });
        for part in parts {
            match (self.text(part), star.take()) {
                (",", _) => {}
                ("*" | "**", _) => star = Some(part),
                (_, Some(star)) => {
                    let rest = Box::new(self.parameter(part, star.start()));
                    let place =
                        if self.is(star, "*") { &mut parameters.vararg } else { &mut parameters.kwarg };
                    *place = Some(rest);
                }
                _ => parameters.args.push(self.positional(part, &mut first)?),
            }
        }
        self.distinct(&parameters, &first)?;
        Ok(Taken { parameters, first })
    }

    /// A parameter that begins at a place.
    fn parameter(&self, name: &Tree, start: TextSize) -> Parameter {
        Parameter {
            range: TextRange::new(start, name.end()),
            node_index: AtomicNodeIndex::NONE,
            name: self.identifier(name),
            annotation: None,
        }
    }

    /// A parameter by its place. A tuple gets the name that CPython gives it, which no program can spell.
    fn positional(&self, part: &Tree, first: &mut Vec<Stmt>) -> Read<ParameterWithDefault> {
        let parts = part.parts();
        let place = parts.first().unwrap_or(part);
        let default = parts.get(2).map(|part| self.expression(part)).transpose()?.map(Box::new);
        if place.rule() != "nested" {
            let parameter = self.parameter(place, place.start());
            return Ok(ParameterWithDefault {
                range: part.range(),
                node_index: AtomicNodeIndex::NONE,
                parameter,
                default,
            });
        }
        let range = place.range();
        let hidden = format!(".nested{}", first.len());
        let value = Box::new(Expr::Name(ExprName {
            node_index: AtomicNodeIndex::NONE,
            range,
            id: hidden.as_str().into(),
            ctx: ExprContext::Load,
        }));
        let targets = vec![self.nested(place)];
        first.push(Stmt::Assign(StmtAssign { node_index: AtomicNodeIndex::NONE, range, targets, value }));
        let name = Identifier::new(hidden, range);
        let parameter = Parameter { range, node_index: AtomicNodeIndex::NONE, name, annotation: None };
        Ok(ParameterWithDefault {
            range: part.range(),
            node_index: AtomicNodeIndex::NONE,
            parameter,
            default,
        })
    }

    /// `(a, (b, c))` of parameters; one name in parentheses is that name.
    fn nested(&self, part: &Tree) -> Expr {
        if part.rule() != "nested" {
            let (range, ctx) = (part.range(), ExprContext::Store);
            return Expr::Name(ExprName {
                node_index: AtomicNodeIndex::NONE,
                range,
                id: self.text(part).into(),
                ctx,
            });
        }
        let inner = &part.parts()[1..part.parts().len() - 1];
        let mut places: Vec<Expr> = self.branches(inner).into_iter().map(|part| self.nested(part)).collect();
        match (places.pop(), inner.len()) {
            (Some(only), 1) => only,
            (last, _) => {
                places.extend(last);
                super::expressions::tuple(places, true, ExprContext::Store)
            }
        }
    }
}

/// The body of a lambda expression some of whose parameters are tuples: `[body for (a, b) in (parameter,)][0]`.
fn taking_apart(body: Expr, first: Vec<Stmt>) -> Expr {
    let range = body.range();
    let turn = |stmt| match stmt {
        Stmt::Assign(mut assign) => Some(Comprehension {
            range: assign.range,
            node_index: AtomicNodeIndex::NONE,
            target: assign.targets.pop()?,
            iter: super::expressions::tuple(vec![*assign.value], true, ExprContext::Load),
            ifs: Vec::new(),
            is_async: false,
        }),
        _ => None,
    };
    let list = Expr::ListComp(ExprListComp {
        node_index: AtomicNodeIndex::NONE,
        range,
        elt: Box::new(body),
        generators: first.into_iter().filter_map(turn).collect(),
    });
    Expr::Subscript(ExprSubscript {
        node_index: AtomicNodeIndex::NONE,
        range,
        value: Box::new(list),
        slice: Box::new(Expr::NumberLiteral(ExprNumberLiteral {
            node_index: AtomicNodeIndex::NONE,
            range,
            value: Number::Int(Int::from(0u8)),
        })),
        ctx: ExprContext::Load,
    })
}

/// The range of a definition: decorators are part of it.
fn started(part: &Tree, decorators: &[Decorator]) -> TextRange {
    let start = decorators.first().map_or(part.start(), Ranged::start);
    TextRange::new(start, part.end())
}
