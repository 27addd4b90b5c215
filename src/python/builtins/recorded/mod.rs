//! Programs of a few statements, run by primitives alone, against what CPython 3.14 recorded.
//!
//! `containers.txt` has `program  =>  outcome` on each line: the `repr` of the last expression, or what was
//! raised. `record.py` writes it; see there.

use std::collections::BTreeMap;

use egg::Id;
use ruff_python_ast::{CmpOp, Expr, ExprSlice, Number, Operator, Stmt, UnaryOp};

use crate::machine::domain::Context;
use crate::machine::domain::Tables;
use crate::python::builtins::containers::{Part, Shape, apply, shape};
use crate::python::builtins::find;
use crate::python::builtins::maps;
use crate::python::values::{Answer, Call, Failure, View};

const RECORDED: &str = include_str!("containers.txt");

/// Runs a function on a call with an empty heap.
fn with_call<T>(run: impl FnOnce(&mut Call) -> T) -> T {
    let mut bank = crate::python::semantics::bank();
    let tables = Tables::new(());
    let heap = bank.node("no-objects", []);
    let modules = bank.node("no-modules", []);
    let next = bank.node("1", []);
    let globals = bank.node("objects", [modules, heap, next]);
    let locals = bank.node("no-names", []);
    let nothing = bank.node("none", []);
    let world = bank.node("world", [locals, globals, nothing, nothing, nothing]);
    let mut cx = Context { bank: &mut bank, tables: &tables };
    let mut call = Call {
        cx: &mut cx,
        world,
        frames: nothing,
        args: Vec::new(),
        keywords: Vec::new(),
        output: None,
        default_count: 0,
    };
    run(&mut call)
}

/// An interpreter of the statements that the recorded programs have.
struct Run<'r, 'c, 'b> {
    call: &'r mut Call<'c, 'b>,
    names: BTreeMap<String, Id>,
}

impl Run<'_, '_, '_> {
    fn apply(&mut self, name: &str, args: &[Id]) -> Answer {
        assert!(find(name).is_some(), "no primitive {name}");
        apply(self.call, name, args)
    }

    fn statement(&mut self, statement: &Stmt) -> Result<Option<Id>, Failure> {
        match statement {
            Stmt::Expr(stmt) => return self.value(&stmt.value).map(Some),
            Stmt::Assign(stmt) => {
                let value = self.value(&stmt.value)?;
                self.assign(&stmt.targets[0], value)?;
            }
            Stmt::AugAssign(stmt) => {
                let args = [self.value(&stmt.target)?, self.value(&stmt.value)?];
                let value = match stmt.op {
                    Operator::Add => self.apply("list.__iadd__", &args)?,
                    op => self.operate(&args, &format!("i{}", operator(op).trim_end_matches('_')))?,
                };
                self.assign(&stmt.target, value)?;
            }
            Stmt::Delete(stmt) => {
                let Expr::Subscript(target) = &stmt.targets[0] else { panic!("target") };
                let args = [self.value(&target.value)?, self.value(&target.slice)?];
                self.apply("delitem", &args)?;
            }
            other => panic!("{other:?}"),
        }
        Ok(None)
    }

    fn operate(&mut self, args: &[Id], op: &str) -> Answer {
        self.call.args = args.to_vec();
        maps::operate(self.call, op)
    }

    fn assign(&mut self, target: &Expr, value: Id) -> Result<(), Failure> {
        match target {
            Expr::Name(name) => drop(self.names.insert(name.id.to_string(), value)),
            Expr::Subscript(target) => {
                let args = [self.value(&target.value)?, self.value(&target.slice)?, value];
                self.apply("setitem", &args)?;
            }
            Expr::Tuple(tuple) => self.assign_members(&tuple.elts, value)?,
            Expr::List(list) => self.assign_members(&list.elts, value)?,
            Expr::Starred(starred) => self.assign(&starred.value, value)?,
            other => panic!("{other:?}"),
        }
        Ok(())
    }

    fn assign_members(&mut self, targets: &[Expr], value: Id) -> Result<(), Failure> {
        let star = targets.iter().position(Expr::is_starred_expr);
        let before = star.unwrap_or(targets.len());
        let after = star.map_or(-1, |star| i64::try_from(targets.len() - star - 1).unwrap());
        let args = [value, self.call.int(before), self.call.int(after)];
        let values = self.apply("unpack", &args)?;
        let View::Tuple(values) = self.call.view(values) else { panic!("no tuple") };
        targets.iter().zip(values).try_for_each(|(target, value)| self.assign(target, value))
    }

    fn all(&mut self, exprs: &[Expr]) -> Result<Vec<Id>, Failure> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    fn value(&mut self, expr: &Expr) -> Answer {
        Ok(match expr {
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(int) => {
                    let int: num_bigint::BigInt = int.to_string().parse().unwrap();
                    self.call.int(int)
                }
                Number::Float(float) => self.call.float(*float),
                Number::Complex { .. } => panic!("complex"),
            },
            Expr::StringLiteral(text) => self.call.str(text.value.to_str()),
            Expr::BytesLiteral(bytes) => {
                let bytes: Vec<u8> = bytes.value.bytes().collect();
                self.call.bytes(&bytes)
            }
            Expr::NoneLiteral(_) => self.call.none(),
            Expr::BooleanLiteral(literal) => self.call.bool(literal.value),
            Expr::Name(name) => self.name(&name.id),
            Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => {
                let value = self.value(&unary.operand)?;
                if let View::Float(float) = self.call.view(value) {
                    return Ok(self.call.float(-float));
                }
                let int = self.call.integer(value).unwrap();
                self.call.int(-int)
            }
            Expr::List(list) => self.display("list_display", &list.elts)?,
            Expr::Tuple(tuple) => self.display("tuple_display", &tuple.elts)?,
            Expr::Set(set) => self.display("set_display", &set.elts)?,
            Expr::Dict(dict) => self.dict(dict)?,
            Expr::Slice(slice) => self.slice(slice)?,
            Expr::Subscript(subscript) => {
                let args = [self.value(&subscript.value)?, self.value(&subscript.slice)?];
                self.apply("getitem", &args)?
            }
            Expr::Compare(compare) => {
                let args = [self.value(&compare.left)?, self.value(&compare.comparators[0])?];
                self.compare(compare.ops[0], args)?
            }
            Expr::BinOp(binary) => {
                let args = [self.value(&binary.left)?, self.value(&binary.right)?];
                self.operate(&args, operator(binary.op))?
            }
            Expr::Attribute(attribute) => {
                let value = self.value(&attribute.value)?;
                let name = format!("{}.{}", self.call.type_name(value), attribute.attr);
                self.apply(&name, &[value])?
            }
            Expr::Call(call) => self.call(call)?,
            other => panic!("{other:?}"),
        })
    }

    fn name(&mut self, name: &str) -> Id {
        match self.names.get(name) {
            Some(value) => *value,
            None => self.call.class(name),
        }
    }

    fn display(&mut self, name: &str, elts: &[Expr]) -> Answer {
        let args = self.all(elts)?;
        self.apply(name, &args)
    }

    fn dict(&mut self, dict: &ruff_python_ast::ExprDict) -> Answer {
        let mut made = self.apply("dict_display", &[])?;
        for item in &dict.items {
            let value = self.value(&item.value)?;
            match &item.key {
                Some(key) => {
                    let key = self.value(key)?;
                    self.apply("setitem", &[made, key, value])?;
                }
                None => made = self.apply("dict_display_merge", &[made, value])?,
            }
        }
        Ok(made)
    }

    fn slice(&mut self, slice: &ExprSlice) -> Answer {
        let mut parts = [self.call.none(); 3];
        for (part, expr) in parts.iter_mut().zip([&slice.lower, &slice.upper, &slice.step]) {
            if let Some(expr) = expr {
                *part = self.value(expr)?;
            }
        }
        Ok(self.call.new_slice(parts))
    }

    fn compare(&mut self, op: CmpOp, args: [Id; 2]) -> Answer {
        let symbol = match op {
            CmpOp::In | CmpOp::NotIn => return self.apply("contains", &[args[1], args[0]]),
            CmpOp::Eq => {
                let equal = crate::python::builtins::containers::same(self.call, args[0], args[1])?;
                return Ok(self.call.bool(equal));
            }
            CmpOp::NotEq => "!=",
            CmpOp::Lt => "<",
            CmpOp::LtE => "<=",
            CmpOp::Gt => ">",
            CmpOp::GtE => ">=",
            other => panic!("{other:?}"),
        };
        self.call.args = args.to_vec();
        maps::compare(self.call, symbol)
    }

    fn call(&mut self, call: &ruff_python_ast::ExprCall) -> Answer {
        let mut args = Vec::new();
        let name = match &*call.func {
            Expr::Name(name) => name.id.to_string(),
            Expr::Attribute(attribute) => self.method(attribute, &mut args)?,
            other => panic!("{other:?}"),
        };
        args.extend(self.all(&call.arguments.args)?);
        let mut keywords = Vec::new();
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_ref().map(ToString::to_string).unwrap_or_default();
            keywords.push((name, self.value(&keyword.value)?));
        }
        if name == "typename" {
            let name = self.call.type_name(args[0]);
            return Ok(self.call.str(&name));
        }
        let primitive = find(&name).unwrap_or_else(|| panic!("no primitive {name}"));
        self.call.args = args;
        self.call.keywords = keywords;
        let answer = primitive(self.call);
        self.call.keywords = Vec::new();
        answer
    }

    /// The full name of a method; `list.append` names it itself.
    fn method(
        &mut self,
        attribute: &ruff_python_ast::ExprAttribute,
        args: &mut Vec<Id>,
    ) -> Result<String, Failure> {
        if let Expr::Name(name) = &*attribute.value
            && Call::is_type(&name.id)
        {
            if attribute.attr.as_str() == "fromkeys" {
                args.push(self.call.class(&name.id));
            }
            return Ok(format!("{}.{}", name.id, attribute.attr));
        }
        let value = self.value(&attribute.value)?;
        args.push(value);
        let class = self.call.type_name(value);
        let own = format!("{class}.{}", attribute.attr);
        Ok(own)
    }
}

fn operator(op: Operator) -> &'static str {
    match op {
        Operator::BitOr => "or_",
        Operator::BitAnd => "and_",
        Operator::BitXor => "xor",
        Operator::Sub => "sub",
        other => panic!("{other:?}"),
    }
}

/// The `repr` of a value.
fn repr(call: &mut Call, value: Id) -> String {
    let class = call.type_name(value);
    match shape(call, value) {
        Shape::List(members) => format!("[{}]", reprs(call, &members)),
        Shape::Tuple(members) if members.len() == 1 => format!("({},)", reprs(call, &members)),
        Shape::Tuple(members) => format!("({})", reprs(call, &members)),
        Shape::Dict => {
            let entries = maps::entries(call, value);
            let entries: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{}: {}", repr(call, key), repr(call, value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Shape::Set => {
            let members = maps::ordered_members(call, value);
            let inside = reprs(call, &members);
            match (class.as_str(), members.is_empty()) {
                (_, true) => format!("{class}()"),
                ("set", _) => format!("{{{inside}}}"),
                _ => format!("{class}({{{inside}}})"),
            }
        }
        Shape::View(part, dict) => {
            let members = maps::parts(call, dict, part);
            assert_eq!(part == Part::Keys, class == "dict_keys");
            format!("{class}([{}])", reprs(call, &members))
        }
        Shape::Range([start, stop, step]) if step == 1.into() => format!("range({start}, {stop})"),
        Shape::Range([start, stop, step]) => format!("range({start}, {stop}, {step})"),
        Shape::Str(text) => format!("'{text}'"),
        Shape::Bytes(bytes) => format!("b'{}'", bytes.escape_ascii()),
        Shape::Iterator => format!("<{class}>"),
        Shape::Generator | Shape::Other => plain_repr(call, value),
    }
}

fn plain_repr(call: &mut Call, value: Id) -> String {
    match call.view(value) {
        View::None => "None".to_string(),
        View::Bool(yes) => if yes { "True" } else { "False" }.to_string(),
        View::Int(int) => int.to_string(),
        View::Float(float) => format!("{float:?}"),
        View::Slice(parts) => format!("slice({})", reprs(call, &parts)),
        _ => match call.cx.bank.op(value).as_str() {
            "class" => format!("<class '{}'>", call.class_name(value)),
            "not-implemented" => "NotImplemented".to_string(),
            other => other.to_string(),
        },
    }
}

fn reprs(call: &mut Call, values: &[Id]) -> String {
    let texts: Vec<String> = values.iter().map(|value| repr(call, *value)).collect();
    texts.join(", ")
}

fn raised(call: &mut Call, exception: Id) -> String {
    let class = call.class_name(call.cx.bank.arg(exception, 0));
    let args = call.cx.members(call.cx.bank.arg(exception, 1));
    let message = match args[..] {
        [] => String::new(),
        [key] if class == "KeyError" => repr(call, key),
        [message] => call.text(message).unwrap_or_default(),
        _ => reprs(call, &args),
    };
    format!("{class}: {message}").trim_end().to_string()
}

fn outcome(program: &str) -> String {
    let parsed = ruff_python_parser::parse_module(program).unwrap();
    with_call(|call| {
        let mut run = Run { call, names: BTreeMap::new() };
        let mut last = None;
        for statement in &parsed.syntax().body {
            match run.statement(statement) {
                Ok(value) => last = value,
                Err(Failure::Raised(exception)) => return raised(run.call, exception),
                Err(other) => return format!("{other:?}"),
            }
        }
        last.map_or("None".to_string(), |value| repr(run.call, value))
    })
}

#[test]
fn primitives_about_containers_do_what_cpython_recorded() {
    let mut wrong = Vec::new();
    for line in RECORDED.lines().filter(|line| !line.starts_with('#')) {
        let (program, expected) = line.split_once("  =>  ").unwrap();
        let found = std::panic::catch_unwind(|| outcome(program))
            .unwrap_or_else(|panic| format!("panic {:?}", panic.downcast_ref::<String>()));
        if found != expected {
            wrong.push(format!("{program}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A class with these methods (values that nothing calls) and a base, and an instance that holds a payload.
fn user_instance(call: &mut Call, base: &str, methods: &[&str], payload: (&str, &[Id])) -> Id {
    let nothing = call.none();
    let reference = call.allocate(nothing);
    let base = call.class(base);
    let none = call.cx.bank.node("no-bases", []);
    let bases = call.cx.bank.node("bases", [base, none]);
    let name = call.atom("C");
    let class = call.cx.bank.node("class", [name, reference, bases]);
    let method = call.int(0);
    for name in methods {
        call.set_own_attribute(class, name, Some(method));
    }
    let members = call.values(payload.1);
    let payload = call.cx.bank.node(payload.0, [members]);
    call.new_object(class, payload)
}

#[test]
fn what_a_users_methods_decide_is_undefined() {
    with_call(|call| {
        let [zero, one] = [0, 1].map(|int| call.int(int));
        let plain = user_instance(call, "list", &[], ("list-of", &[one]));
        let own = user_instance(call, "list", &["__getitem__", "__iter__", "__len__"], ("list-of", &[one]));
        assert_eq!(apply(call, "getitem", &[plain, zero]), Ok(one));
        for (name, args) in
            [("getitem", &[own, zero][..]), ("len", &[own]), ("iter", &[own]), ("list", &[own])]
        {
            assert_eq!(apply(call, name, args), Err(Failure::Undefined), "{name}");
        }
        assert_eq!(apply(call, "list.__getitem__", &[own, zero]), Ok(one));
        assert_eq!(apply(call, "item", &[own, zero]), Ok(one));
        assert_eq!(apply(call, "length", &[own]), Ok(one));
    });
}

#[test]
fn hashes_that_users_compute_are_kept() {
    with_call(|call| {
        let key = user_instance(call, "object", &["__eq__", "__hash__"], ("plain", &[]));
        let other = user_instance(call, "object", &[], ("plain", &[]));
        let unhashable = user_instance(call, "object", &["__eq__"], ("plain", &[]));
        let [zero, one, code, none] = [0, 1, 77, -1].map(|int| call.int(int));
        let dict = call.dict(&[]);
        assert_eq!(apply(call, "setitem", &[dict, key, one]), Err(Failure::Undefined));
        apply(call, "dict_put", &[dict, none, key, one, code]).unwrap();
        apply(call, "setitem", &[dict, other, zero]).unwrap();
        assert_eq!(apply(call, "dict_hash", &[dict, zero]), Ok(code));
        assert_eq!(apply(call, "dict_find_hash", &[dict, code, zero]), Ok(zero));
        assert_eq!(apply(call, "getitem", &[dict, other]), Ok(zero));
        let copy = apply(call, "dict.copy", &[dict]).unwrap();
        assert_eq!(apply(call, "dict_hash", &[copy, zero]), Ok(code));
        let keys = apply(call, "set", &[dict]).unwrap();
        assert_eq!(apply(call, "set_hash", &[keys, zero]), Ok(code));
        let Err(Failure::Raised(raised)) = apply(call, "set_display", &[unhashable]) else {
            panic!("hashed")
        };
        let expected = "TypeError: cannot use 'C' as a set element (unhashable type: 'C')";
        assert_eq!(self::raised(call, raised), expected);
    });
}
