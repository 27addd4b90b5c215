//! What values look like: `repr`, `str`, `ascii`, and `print`.

pub mod exceptions;
pub mod literals;
pub mod printing;
pub mod represent;

use crate::python::builtins::{Table, run};

pub use exceptions::{
    exception_args, exception_repr, exception_str, exception_str_as, exception_text, os_error_parts,
    text_owner,
};
pub use literals::{MOST_DIGITS, check_length, decimal};
pub use represent::{ascii, function_name, object_repr, qualified_name, repr, str};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("sys.stdout.flush() as TextIOWrapper.flush", |call| Ok(call.none())),
    ("sys.stderr.flush() as TextIOWrapper.flush", |call| Ok(call.none())),
    ("concat", |call| run(call, "add")),
];

#[cfg(test)]
mod tests {
    use crate::python::builtins::testing::{given, in_a_world, user_class};

    #[test]
    fn a_container_that_holds_itself_is_shown_once() {
        in_a_world(|call| {
            let list = call.list(&[]);
            call.push(list, list);
            assert_eq!(given(call, "repr", &[list]), "'[[...]]'");
            let dict = call.dict(&[]);
            let key = call.int(1);
            let pair = call.tuple(&[dict]);
            call.set_dict(dict, &[(key, pair)]);
            assert_eq!(given(call, "str", &[dict]), "'{1: ({...},)}'");
            let other = call.list(&[]);
            call.push(other, other);
            let expected = "RecursionError: ('maximum recursion depth exceeded in comparison',)";
            assert_eq!(given(call, "eq", &[list, other]), expected);
        });
    }

    #[test]
    fn the_program_s_methods_are_left_to_the_library() {
        in_a_world(|call| {
            let (object, error, none) = (call.class("object"), call.class("ValueError"), call.none());
            let plain = user_class(call, "Plain", &[object], &[]);
            let shown = user_class(call, "Shown", &[object], &[("__repr__", none)]);
            let odd = user_class(call, "Odd", &[error], &[("__str__", none)]);
            let (plain, shown) = (call.new_object(plain, none), call.new_object(shown, none));
            assert_eq!(given(call, "repr", &[plain]), "'<__main__.Plain object at 0x7f0000000100>'");
            assert_eq!(given(call, "repr", &[shown]), "Undefined");
            let list = call.list(&[plain, shown]);
            assert_eq!(given(call, "str", &[list]), "Undefined");
            assert_eq!(given(call, "print", &[list]), "Undefined");
            let (args, number) = (call.values(&[]), call.atom("0"));
            let odd = call.cx.bank.node("exception", [odd, args, number]);
            assert_eq!(given(call, "str", &[odd]), "Undefined");
            assert_eq!(given(call, "repr", &[odd]), "'Odd()'");
            assert_eq!(
                given(call, "add", &[plain, list]),
                "TypeError: (\"unsupported operand type(s) for +: 'Plain' and 'list'\",)"
            );
        });
    }

    #[test]
    fn an_exception_on_the_heap_shows_the_arguments_that_it_has_there() {
        in_a_world(|call| {
            let (class, none, one) = (call.class("ValueError"), call.none(), call.int(1));
            let (old, new) = (call.values(&[]), call.values(&[one, none]));
            let no = call.bool(false);
            let payload = call.cx.bank.node("exception-of", [new, none, none, no]);
            let reference = call.allocate(payload);
            let number = call.cx.bank.arg(reference, 0);
            let exception = call.cx.bank.node("exception", [class, old, number]);
            assert_eq!(given(call, "repr", &[exception]), "'ValueError(1, None)'");
            assert_eq!(given(call, "str", &[exception]), "'(1, None)'");
        });
    }
}
