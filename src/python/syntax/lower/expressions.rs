//! Expressions.

use egg::Id;
use num_bigint::BigInt;
use ruff_python_ast::{
    CmpOp, ConversionFlag, Expr, ExprCall, ExprCompare, ExprDict, ExprName, ExprNumberLiteral, ExprUnaryOp,
    FStringPart, InterpolatedStringElement, Number, Operator, UnaryOp,
};

use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::constants::folded;
use crate::python::syntax::limits;
use crate::python::syntax::lower::modules::is_refused;
use crate::python::syntax::lower::old::{quoted, refused};
use crate::python::syntax::lower::{Lowered, Lowerer};
use crate::python::syntax::refuse;

/// The primitive of an operator.
pub(super) fn operator(op: Operator) -> &'static str {
    match op {
        Operator::Add => "add",
        Operator::Sub => "sub",
        Operator::Mult => "mul",
        Operator::MatMult => "matmul",
        Operator::Div => "truediv",
        Operator::Mod => "mod",
        Operator::Pow => "pow",
        Operator::LShift => "lshift",
        Operator::RShift => "rshift",
        Operator::BitOr => "or_",
        Operator::BitXor => "xor",
        Operator::BitAnd => "and_",
        Operator::FloorDiv => "floordiv",
    }
}

/// The value of an integer literal that no machine word holds.
fn big(literal: &str) -> BigInt {
    let digits = literal.replace('_', "").to_ascii_lowercase();
    let (digits, radix) = match digits.get(..2) {
        Some("0x") => (&digits[2..], 16),
        Some("0o") => (&digits[2..], 8),
        Some("0b") => (&digits[2..], 2),
        _ => (&digits[..], 10),
    };
    BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default()
}

impl Lowerer<'_> {
    pub(super) fn expression(&mut self, expr: &Expr) -> Lowered {
        if self.depth >= limits::EXPRESSION {
            return Err(self
                .source
                .error(expr, "the expression is nested too deeply")
                .help(format!("at most {} levels are read", limits::EXPRESSION)));
        }
        let mark = self.mark();
        self.depth += 1;
        let lowered = match self.own_spot(expr) {
            None => self.nested(expr),
            Some(spot) => {
                let back = self.come_from(spot.clone());
                let lowered = self.nested(expr);
                self.come_from(back);
                lowered.map(|lowered| self.located(&spot, lowered))
            }
        };
        self.depth -= 1;
        let lowered = lowered.map(|lowered| self.planted(expr, lowered));
        lowered.or_else(|refusal| self.taken_as_unknown(expr, refusal, mark))
    }

    fn nested(&mut self, expr: &Expr) -> Lowered {
        if let Some(what) =
            refused(expr).map(|(what, _)| what).or_else(|| self.unshared.get(&expr.range()).copied())
        {
            return Err(self.source.refuse(expr, what));
        }
        Ok(match expr {
            Expr::Name(name) => return self.name(name),
            Expr::NoneLiteral(_) => self.none(),
            Expr::BooleanLiteral(literal) => self.constant_atom(if literal.value { "true" } else { "false" }),
            Expr::EllipsisLiteral(_) => self.constant_atom("ellipsis"),
            Expr::NumberLiteral(number) => return self.number(number),
            Expr::StringLiteral(literal) => {
                for part in &literal.value {
                    self.without_surrogates(part, part.flags.prefix().is_raw())?;
                }
                if self.source.is_unicode(literal) && !self.library {
                    let value = self.instrumenter.literal("unicode", literal.value.to_str());
                    return Ok(self.constant(value));
                }
                self.string(literal.value.to_str())
            }
            Expr::BytesLiteral(literal) => {
                let hex: String = literal.value.bytes().map(|byte| format!("{byte:02x}")).collect();
                let value = self.instrumenter.literal("bytes", &hex);
                self.constant(value)
            }
            Expr::FString(_) => return self.fstring(expr),
            Expr::Tuple(tuple) => return self.display("tuple_display", &tuple.elts),
            Expr::List(list) => return self.display("list_display", &list.elts),
            Expr::Set(set) => return self.display("set_display", &set.elts),
            Expr::Dict(dict) => return self.dict(dict),
            Expr::Call(call) if quoted(call).is_some() => return self.backquotes(call),
            Expr::Call(call) if !self.objects => return self.core_call(call),
            Expr::Call(call) => return self.call(call),
            Expr::Attribute(attribute) => {
                if self.library
                    && let Expr::Name(name) = &*attribute.value
                    && name.id.as_str() == "prim"
                {
                    return Ok(self.primitive(&attribute.attr));
                }
                if let Expr::Name(module) = &*attribute.value {
                    let mut modules = self.modules_of(&module.id).into_iter();
                    if let Some(unknown) =
                        modules.find_map(|module| self.of_the_machine(&module, &attribute.attr))
                    {
                        return Ok(unknown);
                    }
                }
                self.modelled(attribute)?;
                let reads = ["get", "keys", "values", "items", "copy"].contains(&attribute.attr.as_str());
                let object =
                    if reads { self.read_at_once(&attribute.value)? } else { self.object_of(attribute)? };
                self.finder.mention(&attribute.attr);
                let name = self.mangled(&attribute.attr);
                let name = self.string(&name);
                let read = self.operate("getattr", &[object, name]);
                return self.narrowed_attribute(attribute, read);
            }
            Expr::Subscript(subscript) => {
                let object = self.read_at_once(&subscript.value)?;
                let index = self.expression(&subscript.slice)?;
                self.operate("getitem", &[object, index])
            }
            Expr::Slice(slice) => {
                let parts = [&slice.lower, &slice.upper, &slice.step];
                let mut lowered = Vec::new();
                for part in parts {
                    lowered.push(match part {
                        Some(part) => self.expression(part)?,
                        None => self.none(),
                    });
                }
                self.operate("slice", &lowered)
            }
            Expr::BinOp(binary) => {
                let (left, right) = (self.expression(&binary.left)?, self.expression(&binary.right)?);
                self.finder.mention(operator(binary.op));
                self.operate(operator(binary.op), &[left, right])
            }
            Expr::UnaryOp(unary) => return self.unary(unary),
            Expr::BoolOp(bool_op) => {
                let op = if bool_op.op.is_and() { "and" } else { "or" };
                let mut operands = self.expressions(&bool_op.values)?;
                let last = operands.pop().unwrap_or_else(|| self.instrumenter.atom("none"));
                operands.into_iter().rev().fold(last, |rest, first| self.instrumenter.node(op, [first, rest]))
            }
            Expr::Compare(compare) => return self.compare(compare),
            Expr::If(conditional) => {
                let test = self.expression(&conditional.test)?;
                let (body, orelse) =
                    (self.expression(&conditional.body)?, self.expression(&conditional.orelse)?);
                self.instrumenter.node("conditional", [test, body, orelse])
            }
            Expr::Named(named) => {
                let value = self.expression(&named.value)?;
                let Expr::Name(name) = &*named.target else {
                    return Err(self.source.refuse(expr, "assignment expression"));
                };
                let target = self.bound_name(name, &name.id)?;
                let bound = self.instrumenter.node("bind", [target, value]);
                self.binding_inside(target, bound)
            }
            Expr::Lambda(lambda) => return self.lambda(lambda),
            Expr::ListComp(comp) => {
                return self.comprehension("list_display", "list.append", &[&comp.elt], &comp.generators);
            }
            Expr::SetComp(comp) => {
                return self.comprehension("set_display", "set.add", &[&comp.elt], &comp.generators);
            }
            Expr::DictComp(comp) => {
                let Some(key) = &comp.key else {
                    return Err(self.source.refuse(expr, "unpacking in a dictionary comprehension"));
                };
                return self.comprehension(
                    "dict_display",
                    "store_entry",
                    &[key, &comp.value],
                    &comp.generators,
                );
            }
            Expr::Generator(comp) => return self.generator_expression(&comp.elt, &comp.generators),
            Expr::Yield(yielded) => {
                let value = match &yielded.value {
                    Some(value) => self.expression(value)?,
                    None => self.none(),
                };
                self.instrumenter.node("yield", [value])
            }
            Expr::YieldFrom(yielded) => {
                let value = self.expression(&yielded.value)?;
                self.instrumenter.node("yield-from", [value])
            }
            _ => return Err(self.source.refuse(expr, refuse::expression(expr))),
        })
    }

    pub(super) fn expressions(&mut self, expressions: &[Expr]) -> Result<Vec<Id>, Diagnostic> {
        expressions.iter().map(|expr| self.expression(expr)).collect()
    }

    fn constant_atom(&mut self, value: &str) -> Id {
        let value = self.instrumenter.atom(value);
        self.constant(value)
    }

    fn unary(&mut self, unary: &ExprUnaryOp) -> Lowered {
        if !self.objects
            && let Some(Number::Int(int)) = folded(unary).map(|number| &number.value)
        {
            return Ok(self.integer(int.as_i64().map_or(0, |int| -int)));
        }
        let operand = self.expression(&unary.operand)?;
        Ok(match unary.op {
            UnaryOp::Not => self.instrumenter.node("not", [operand]),
            UnaryOp::USub => self.operate("neg", &[operand]),
            UnaryOp::UAdd => self.operate("pos", &[operand]),
            UnaryOp::Invert => self.operate("invert", &[operand]),
        })
    }

    fn name(&mut self, name: &ExprName) -> Lowered {
        let id = name.id.as_str();
        if self.library && id == "prim" {
            return Err(self.source.refuse(name, "`prim` by itself"));
        }
        let refused = self.objects && !self.library && (is_refused(id) || self.is_early_builtin(id));
        if refused && !self.is_bound(id) {
            return Err(self.source.refuse(name, &format!("the builtin `{id}`")));
        }
        if let Some(constant) = self.constants.get(id).cloned()
            && !self.is_bound(id)
        {
            return self.expression(&constant);
        }
        if let Some(function) = self.early_builtin(id) {
            return Ok(function);
        }
        self.finder.mention(id);
        let target = self.target(id);
        Ok(self.read(target))
    }

    /// Whether the file gives a name a meaning, anywhere.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.symbols.bound.contains(name))
    }

    /// `prim.name`: a primitive, or one of the constants that the library needs.
    fn primitive(&mut self, name: &str) -> Id {
        match name {
            "missing" => self.constant_atom("missing"),
            "bool_type" | "complex_type" | "frozenset_type" | "property_type" => {
                let class = name.trim_end_matches("_type").to_string();
                let class = self.string(&class);
                self.operate("prim.class", &[class])
            }
            "not_implemented" => self.constant_atom("not-implemented"),
            "unknown_first" => self.either("the lock is free"),
            "unknown_set" => self.either("the event is set"),
            "unknown_match" => self.either("the pattern matches"),
            _ => match name.strip_prefix("unknown_") {
                Some(name) => self.unknown_of_files(name),
                None => self.builtin(&format!("prim.{name}")),
            },
        }
    }

    fn number(&mut self, number: &ExprNumberLiteral) -> Lowered {
        match &number.value {
            Number::Int(int) if !self.library && self.source.is_long(number) => {
                let digits = big(&int.to_string()).to_string();
                let value = self.instrumenter.literal("long", &digits);
                Ok(self.constant(value))
            }
            Number::Int(int) => match int.as_u64() {
                Some(int) => Ok(self.integer(int)),
                None => Ok(self.integer(big(&int.to_string()))),
            },
            Number::Float(float) => {
                let value = self.instrumenter.literal("float", &format!("{float:?}"));
                Ok(self.constant(value))
            }
            Number::Complex { .. } => Err(self.source.refuse(number, "complex number")),
        }
    }

    /// A display whose members may be starred.
    fn display(&mut self, name: &str, elements: &[Expr]) -> Lowered {
        if !elements.iter().any(Expr::is_starred_expr) {
            let members = self.expressions(elements)?;
            if name == "tuple_display" {
                let members = self.instrumenter.arguments(&members);
                return Ok(self.instrumenter.node("tuple-display", [members]));
            }
            return Ok(self.operate(name, &members));
        }
        let mut lowered = Vec::new();
        for element in elements {
            lowered.push(match element {
                Expr::Starred(starred) => ("starred", self.expression(&starred.value)?),
                element => ("operand", self.expression(element)?),
            });
        }
        let mut operands = self.instrumenter.atom("no-operands");
        for (op, value) in lowered.into_iter().rev() {
            operands = self.instrumenter.node(op, [value, operands]);
        }
        let function = self.builtin(name);
        Ok(self.instrumenter.node("invocation", [function, operands]))
    }

    fn dict(&mut self, dict: &ExprDict) -> Lowered {
        let mut whole: Option<Id> = None;
        let mut pairs: Vec<Id> = Vec::new();
        for item in &dict.items {
            match &item.key {
                Some(key) => {
                    let (key, value) = (self.expression(key)?, self.expression(&item.value)?);
                    pairs.extend([key, value]);
                }
                None => {
                    let before = self.merged(whole, &mut pairs);
                    let other = self.expression(&item.value)?;
                    whole = Some(self.operate("dict_display_merge", &[before, other]));
                }
            }
        }
        match whole {
            Some(whole) if pairs.is_empty() => Ok(whole),
            whole => Ok(self.merged(whole, &mut pairs)),
        }
    }

    fn merged(&mut self, before: Option<Id>, pairs: &mut Vec<Id>) -> Id {
        let display = self.operate("dict_display", pairs);
        pairs.clear();
        match before {
            Some(before) => self.operate("dict_display_merge", &[before, display]),
            None => display,
        }
    }

    fn call(&mut self, call: &ExprCall) -> Lowered {
        if let Expr::Name(name) = &*call.func
            && name.id.as_str() == "super"
            && call.arguments.args.is_empty()
            && call.arguments.keywords.is_empty()
            && !self.is_bound("super")
        {
            return self.bare_super(name);
        }
        if let Some(names) = self.locals_read(call) {
            return Ok(names);
        }
        if let Some(update) = self.own_update(call)? {
            return Ok(update);
        }
        self.named_attribute(call)?;
        let function = self.expression(&call.func)?;
        let operands = self.operands(&call.arguments)?;
        Ok(self.instrumenter.node("invocation", [function, operands]))
    }

    /// `object.__dict__.update(…)`: the dict that `__dict__` gives is a copy, and other changes are refused.
    fn own_update(&mut self, call: &ExprCall) -> Result<Option<Id>, Diagnostic> {
        const CHANGES: [&str; 5] = ["update", "pop", "popitem", "setdefault", "clear"];
        let Expr::Attribute(method) = &*call.func else { return Ok(None) };
        let Expr::Attribute(own) = &*method.value else { return Ok(None) };
        if own.attr.as_str() != "__dict__" || !CHANGES.contains(&method.attr.as_str()) {
            return Ok(None);
        }
        if method.attr.as_str() != "update" {
            return Err(self.source.refuse(call, &format!("`__dict__.{}`", method.attr)));
        }
        let object = self.expression(&own.value)?;
        let operands = self.operands(&call.arguments)?;
        let operands = self.instrumenter.node("operand", [object, operands]);
        let function = self.builtin("update_own");
        Ok(Some(self.instrumenter.node("invocation", [function, operands])))
    }

    fn read_at_once(&mut self, expr: &Expr) -> Lowered {
        match self.namespace_read(expr) {
            Some(names) => Ok(names),
            None => self.expression(expr),
        }
    }

    /// `super()`: the class that the function stands in, and its first argument.
    fn bare_super(&mut self, place: &ExprName) -> Lowered {
        let (first, stands) = (self.scope().first.clone(), self.is_enclosing("__class__"));
        let Some(first) = first.clone().filter(|_| stands) else {
            let missing = if first.is_none() { "no arguments" } else { "__class__ cell not found" };
            let missing = self.string(missing);
            return Ok(self.operate("super_nowhere", &[missing]));
        };
        let deleted = &self.scope().symbols.deleted;
        if let Some(name) = [first.as_str(), "__class__"].iter().find(|name| deleted.contains(**name)) {
            return Err(self.source.refuse(place, &format!("`super()` where `{name}` is deleted")));
        }
        let (class, object) = (self.target("__class__"), self.target(&first));
        let (class, object) = (self.read(class), self.read(object));
        Ok(self.operate("super", &[class, object]))
    }

    /// `a < b < c` is `a < b and b < c` with `b` evaluated once.
    fn compare(&mut self, compare: &ExprCompare) -> Lowered {
        let mut left = self.expression(&compare.left)?;
        let mut tests = Vec::new();
        let count = compare.ops.len();
        for (place, (op, right)) in compare.ops.iter().zip(&compare.comparators).enumerate() {
            let contains = matches!(op, CmpOp::In | CmpOp::NotIn);
            let right = if contains { self.read_at_once(right)? } else { self.expression(right)? };
            let (right, next) = if place + 1 < count {
                let kept = self.temporary();
                (self.instrumenter.node("bind", [kept, right]), self.read(kept))
            } else {
                (right, right)
            };
            tests.push(self.comparison(*op, left, right));
            left = next;
        }
        let last = tests.pop().unwrap_or(left);
        Ok(tests.into_iter().rev().fold(last, |rest, first| self.instrumenter.node("and", [first, rest])))
    }

    pub(super) fn comparison(&mut self, op: CmpOp, left: Id, right: Id) -> Id {
        let name = match op {
            CmpOp::Is => "is",
            CmpOp::IsNot => "is-not",
            CmpOp::NotIn => {
                let found = self.operate("in_", &[left, right]);
                return self.instrumenter.node("not", [found]);
            }
            CmpOp::In => "in_",
            CmpOp::Eq => "eq",
            CmpOp::NotEq => "ne",
            CmpOp::Lt => "lt",
            CmpOp::LtE => "le",
            CmpOp::Gt => "gt",
            CmpOp::GtE => "ge",
        };
        if !self.objects || matches!(op, CmpOp::Is | CmpOp::IsNot) {
            let op = self.instrumenter.atom(name);
            return self.instrumenter.node("compare", [op, left, right]);
        }
        self.operate(name, &[left, right])
    }

    /// Refuses a literal with half of a surrogate pair, which is no character here.
    fn without_surrogates(&self, literal: &impl Ranged, raw: bool) -> Result<(), Diagnostic> {
        if self.source.escapes_surrogate(literal, raw) {
            return Err(self.source.refuse(literal, "a lone surrogate"));
        }
        Ok(())
    }

    fn fstring(&mut self, expr: &Expr) -> Lowered {
        let Expr::FString(fstring) = expr else { return Ok(self.none()) };
        let mut pieces = Vec::new();
        for part in fstring.value.as_slice() {
            match part {
                FStringPart::Literal(literal) => {
                    self.without_surrogates(literal, literal.flags.prefix().is_raw())?;
                    pieces.push(self.string(&literal.value));
                }
                FStringPart::FString(fstring) => {
                    self.without_surrogates(fstring, fstring.flags.prefix().is_raw())?;
                    self.pieces(fstring.elements.iter(), &mut pieces)?;
                }
            }
        }
        Ok(self.operate("fstring_join", &pieces))
    }

    fn pieces<'e>(
        &mut self,
        elements: impl Iterator<Item = &'e InterpolatedStringElement>,
        pieces: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => pieces.push(self.string(&literal.value)),
                InterpolatedStringElement::Interpolation(field) => {
                    if let Some(text) = &field.debug_text {
                        let source = self.source.slice(&*field.expression).to_string();
                        let text = format!("{}{source}{}", text.leading(), text.trailing());
                        pieces.push(self.string(&text));
                    }
                    let value = self.expression(&field.expression)?;
                    let conversion = match field.conversion {
                        ConversionFlag::None if field.debug_text.is_some() && field.format_spec.is_none() => {
                            "r"
                        }
                        ConversionFlag::None => "",
                        ConversionFlag::Str => "s",
                        ConversionFlag::Ascii => "a",
                        ConversionFlag::Repr => "r",
                    };
                    let conversion = self.string(conversion);
                    let spec = match &field.format_spec {
                        Some(spec) => {
                            let mut inner = Vec::new();
                            self.pieces(spec.elements.iter(), &mut inner)?;
                            self.operate("fstring_join", &inner)
                        }
                        None => self.string(""),
                    };
                    pieces.push(self.operate("fstring_value", &[value, conversion, spec]));
                }
            }
        }
        Ok(())
    }
}
