//! What signs stand for.

use ruff_python_ast::{CmpOp, Operator};

/// The operator that a sign stands for.
pub(super) fn operator(sign: &str) -> Option<Operator> {
    Some(match sign {
        "+" => Operator::Add,
        "-" => Operator::Sub,
        "*" => Operator::Mult,
        "/" => Operator::Div,
        "//" => Operator::FloorDiv,
        "%" => Operator::Mod,
        "**" => Operator::Pow,
        "<<" => Operator::LShift,
        ">>" => Operator::RShift,
        "|" => Operator::BitOr,
        "^" => Operator::BitXor,
        "&" => Operator::BitAnd,
        _ => return None,
    })
}

/// The comparison that a sign, or words, stand for.
pub(super) fn compared(signs: &str) -> CmpOp {
    let words: Vec<&str> = signs.split_whitespace().collect();
    match words[..] {
        ["<"] => CmpOp::Lt,
        [">"] => CmpOp::Gt,
        ["=="] => CmpOp::Eq,
        [">="] => CmpOp::GtE,
        ["<="] => CmpOp::LtE,
        ["in"] => CmpOp::In,
        ["is"] => CmpOp::Is,
        ["is", ..] => CmpOp::IsNot,
        ["not", ..] => CmpOp::NotIn,
        _ => CmpOp::NotEq,
    }
}
