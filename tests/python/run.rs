//! `trylemma run` as its users see it: what stands on stderr, exit codes, and limits.

use std::fs;
use std::process::Output;

use crate::common::{in_folder, run_source, text};

fn run(source: &str) -> Output {
    run_source(source, &[])
}

fn stderr(output: &Output) -> String {
    text(&output.stderr)
}

fn stdout(output: &Output) -> String {
    text(&output.stdout)
}

/// The last line on stderr of a program that ends with an uncaught exception.
fn last_line(source: &str) -> String {
    let output = run(source);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    stderr(&output).lines().last().unwrap_or_default().to_string()
}

#[test]
fn a_chain_is_written_from_the_oldest_on() {
    let source = "\
class Err(Exception):
    class Inner(Exception):
        pass
def f(n):
    if n == 0:
        raise KeyError('k')
    f(n - 1)
try:
    try:
        f(1)
    except KeyError as e:
        e.add_note('a note\\nof two lines')
        raise Err.Inner('x') from e
except Err.Inner:
    1 / 0
";
    let expected = "\
Traceback (most recent call last):
  File \"p.py\", line 10, in <module>
    f(1)
  File \"p.py\", line 7, in f
    f(n - 1)
  File \"p.py\", line 6, in f
    raise KeyError('k')
KeyError: 'k'
a note
of two lines

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File \"p.py\", line 13, in <module>
    raise Err.Inner('x') from e
Err.Inner: x

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"p.py\", line 15, in <module>
    1 / 0
ZeroDivisionError: division by zero
";
    let output = run(source);
    assert_eq!(stderr(&output), expected);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn groups_are_boxed() {
    let source = "raise ExceptionGroup('oops', [ValueError(1), ExceptionGroup('inner', [KeyError('k')])])\n";
    let expected = "  \
  + Exception Group Traceback (most recent call last):
  |   File \"p.py\", line 1, in <module>
  |     raise ExceptionGroup('oops', [ValueError(1), ExceptionGroup('inner', [KeyError('k')])])
  | ExceptionGroup: oops (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: 1
    +---------------- 2 ----------------
    | ExceptionGroup: inner (1 sub-exception)
    +-+---------------- 1 ----------------
      | KeyError: 'k'
      +------------------------------------
";
    assert_eq!(stderr(&run(source)), expected);
}

#[test]
fn the_exception_itself_says_what_is_written() {
    let class = "class E(Exception):\n    def __str__(self):\n        ";
    assert_eq!(last_line(&format!("{class}return 'words'\nraise E\n")), "E: words");
    assert_eq!(last_line(&format!("{class}raise E\nraise E\n")), "E: <exception str() failed>");
    assert_eq!(last_line(&format!("{class}return ''\nraise E\n")), "E");
    assert_eq!(
        last_line("def f():\n    class E(Exception): pass\n    return E\nraise f()\n"),
        "f.<locals>.E"
    );
}

#[test]
fn a_name_that_may_have_been_meant_is_suggested() {
    let pairs = [
        ("pritn(1)\n", "name 'pritn' is not defined. Did you mean: 'print'?"),
        ("math.pi\n", "name 'math' is not defined. Did you forget to import 'math'?"),
        ("def f(value):\n    return vlaue\nf(1)\n", "name 'vlaue' is not defined. Did you mean: 'value'?"),
        ("elephant\n", "name 'elephant' is not defined"),
    ];
    for (source, expected) in pairs {
        assert_eq!(last_line(source), format!("NameError: {expected}"));
    }
    let class = "class C:\n    def __init__(self): self.blech = 1\n    def m(self): return blech\n";
    let expected = "NameError: name 'blech' is not defined. Did you mean: 'self.blech'?";
    assert_eq!(last_line(&format!("{class}C().m()\n")), expected);
    let expected = "AttributeError: 'C' object has no attribute 'blich'. Did you mean: 'blech'?";
    assert_eq!(last_line(&format!("{class}C().blich\n")), expected);
    assert_eq!(
        last_line("raise NameError(\"name 'pritn' is not defined\")\n"),
        "NameError: name 'pritn' is not defined"
    );
}

#[test]
fn exits_have_their_codes() {
    let cases = [
        ("raise SystemExit\n", 0, ""),
        ("raise SystemExit(3)\n", 3, ""),
        ("raise SystemExit(-1)\n", 255, ""),
        ("raise SystemExit('bye')\n", 1, "bye\n"),
        ("class C:\n    def __str__(self): return 'cc'\nraise SystemExit(C())\n", 1, "cc\n"),
    ];
    for (source, code, written) in cases {
        let output = run(source);
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(code), written), "{source}");
    }
    assert_eq!(run("raise KeyboardInterrupt\n").status.code(), Some(130));
}

#[test]
fn what_the_program_writes_on_stderr_is_written() {
    let output = run("import sys\nprint('a', file=sys.stderr)\nprint('b')\n");
    assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("b\n", "a\n"));
}

#[test]
fn jumps_out_of_finally_are_warned_of() {
    let source = "\
def f(x):
    try:
        pass
    finally:
        for i in x:
            break
        else:
            return 1
f([])
";
    let output = run(source);
    assert_eq!(stderr(&output), "p.py:8: SyntaxWarning: 'return' in a 'finally' block\n  return 1\n");
    assert_eq!(stderr(&run_source(source, &["--python", "3.13"])), "");
}

#[test]
fn code_that_is_hardly_meant_is_warned_of() {
    let pairs = [
        ("assert (1, 'x')\n", "assertion is always true, perhaps remove parentheses?"),
        ("1 is 1\n", "\"is\" with 'int' literal. Did you mean \"==\"?"),
        (
            "s = '\\d'\n",
            "\"\\d\" is an invalid escape sequence. Such sequences will not work in the future. \
             Did you mean \"\\\\d\"? A raw string is also an option.",
        ),
        ("lambda: 1[0]\n", "'int' object is not subscriptable; perhaps you missed a comma?"),
        (
            "lambda: 'a'['b']\n",
            "str indices must be integers or slices, not str; perhaps you missed a comma?",
        ),
        ("lambda: (1, 2)(3)\n", "'tuple' object is not callable; perhaps you missed a comma?"),
    ];
    for (source, expected) in pairs {
        let expected = format!("p.py:1: SyntaxWarning: {expected}\n  {source}");
        assert_eq!(stderr(&run(source)), expected);
    }
}

#[test]
fn what_the_compiler_rejects_is_rejected_before_anything_runs() {
    let pairs = [
        ("return 1\n", "outside of a function"),
        ("class C:\n    yield 1\n", "outside"),
        ("def f():\n    nonlocal x\n", "nonlocal"),
        ("def f(x):\n    global x\n", "global"),
        ("def f():\n    x = 1\n    global x\n", "name 'x' is assigned to before global declaration"),
        ("def f():\n    print(x)\n    global x\n", "name 'x' is used prior to global declaration"),
        ("def f(a, a): pass\n", "uplicate"),
        ("f(a=1, a=2)\n", "uplicate"),
        ("from __future__ import nothing\n", "__future__"),
        ("try:\n    pass\nelse:\n    pass\n", "'except' or 'finally'"),
        ("try:\n    pass\nexcept:\n    pass\nexcept E:\n    pass\n", "default 'except:' must be last"),
        (
            "for x in y:\n    try:\n        pass\n    except* E:\n        break\n",
            "cannot appear in an except* block",
        ),
        ("x.__debug__ = 1\n", "cannot assign to __debug__"),
    ];
    for (source, expected) in pairs {
        let output = run(&format!("print('ran')\n{source}"));
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{source}");
        let text = stderr(&output).replace('`', "'");
        assert!(text.contains(expected), "{source}: {text}");
    }
    let fine = "for x in [1]:\n    try:\n        1 / 0\n    except* ZeroDivisionError:\n        for y in [1]:\n            break\n";
    assert_eq!(run(fine).status.code(), Some(0));
}

#[test]
fn recursion_without_end_is_an_error_that_can_be_caught() {
    assert_eq!(last_line("def f(): f()\nf()\n"), "RecursionError: maximum recursion depth exceeded");
    let source = "\
depth = 0
def f(n):
    global depth
    depth = n
    f(n + 1)
try:
    f(1)
except RecursionError as e:
    print(depth, e)
def g(n): return 0 if n == 0 else 1 + g(n - 1)
try:
    g(10000)
except RecursionError:
    print(g(900))
";
    assert_eq!(stdout(&run(source)), "999 maximum recursion depth exceeded\n900\n");
    assert_eq!(
        last_line("def g():\n    yield next(it)\nit = g()\nnext(it)\n"),
        "ValueError: generator already executing"
    );
}

#[test]
fn deep_values_overflow_no_stack() {
    let source = "\
x, y = [], ()
for i in range(5000):
    x, y = [x], (y,)
for f in (lambda: repr(x), lambda: repr(y), lambda: hash(y), lambda: x == [x], lambda: isinstance(1, y), lambda: str({1: x})):
    try:
        f()
    except (RecursionError, TypeError):
        pass
print('alive')
";
    assert_eq!(stdout(&run(source)), "alive\n");
}

#[test]
fn long_programs_are_read() {
    let suite = format!("x = 0\n{}print(x)\n", "x = x + 1\n".repeat(3000));
    assert_eq!(stdout(&run(&suite)), "3000\n");
    let functions: String = (0..300).map(|n| format!("def f{n}(a): return a + {n}\n")).collect();
    assert_eq!(stdout(&run(&format!("{functions}print(f7(1), f299(0))\n"))), "8 299\n");
    let list: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
    assert_eq!(stdout(&run(&format!("x = [{}]\nprint(len(x), x[-1])\n", list.join(", ")))), "20000 19999\n");
    let branches: String = (0..2000).map(|n| format!("elif x == {n}:\n    print({n})\n")).collect();
    assert_eq!(stdout(&run(&format!("x = 1999\nif x < 0:\n    pass\n{branches}"))), "1999\n");
}

#[test]
fn a_run_forgets_what_lies_behind() {
    let source = "\
kept = [[n] for n in range(50)]
def turns(n):
    while n:
        n -= 1
        rubbish = [n, [n]]
        yield rubbish
total = 0
for a, b in turns(500):
    try:
        raise ValueError(a)
    except ValueError as e:
        total += e.args[0] + b[0]
print(total, sum(k[0] for k in kept))
raise KeyError(total) from ValueError('cause')
";
    let (much, little) = (run(source), run_source(source, &["--limit", "terms=100"]));
    assert_eq!(stdout(&much), "249500 1225\n");
    assert_eq!(stdout(&much), stdout(&little));
    assert_eq!(stderr(&much), stderr(&little));
}

#[test]
fn a_limit_is_named() {
    let output = run_source("n = 0\nwhile True:\n    n += 1\n", &["--limit", "steps=20000"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("20000 steps"), "{}", stderr(&output));
    let output = run_source("while True: print(1)\n", &["--limit", "steps=20000"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).lines().all(|line| line == "1"));
}

/// A dict, a set, a list and a text with many members do what they do with few.
#[test]
fn containers_with_many_members_hold_what_they_are_given() {
    let source = "\
def key(i):
    return [float(i), 'k%d' % i, (i, 'x', True), i + 0.5, i][i % 5]
seed, d, order = 1, {}, []
for step in range(900):
    seed = (seed * 1103515245 + 12345) % 2147483648
    k = key((seed >> 8) % 150)
    op = (seed >> 20) % 10
    if op < 6:
        if k not in d:
            order.append(k)
        d[k] = step
    elif op < 9:
        if d.pop(k, None) is not None:
            order.remove(k)
    elif d:
        assert d.popitem()[0] == order.pop()
    if step % 150 == 0:
        assert list(d) == order and len(d) == len(order)
        assert [k for k in d] == order and list(reversed(d)) == order[::-1]
class K:
    pass
keys = [K() for i in range(80)]
e = {k: i for i, k in enumerate(keys)}
assert e[keys[50]] == 50 and K() not in e and 5 not in e
e[frozenset([1, 2])] = 'f'
assert e[frozenset([2, 1])] == 'f' and len(e) == 81
for k in keys[:70]:
    del e[k]
assert list(e.values()) == [70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 'f']
s = set(range(100))
for i in range(90):
    s.discard(i)
assert s == {90, 91, 92, 93, 94, 95, 96, 97, 98, 99} and 90 in s and 1 not in s
a = list(range(100))
a[50] = 'a'; a[-1] = 'z'; del a[-2]; a.pop(); a.pop(3); a.insert(40, 'q')
assert len(a) == 98 and a[40] == 'q' and a[50] == 'a' and a[-1] == 97
t = ''
for c in 'abc' * 50:
    t += c
assert t == 'abc' * 50 and t[100] == 'b' and t[-1] == 'c' and len(t) == 150 and t[98:101] == 'cab'
assert ''.join(c for c in t) == t and hash(t) == hash('abc' * 50) and {t: 1}['abc' * 50] == 1
assert sorted(a[:40] + a[51:], key=lambda x: -x) == sorted(a[:40] + a[51:], reverse=True)
";
    let output = run(source);
    assert_eq!(stderr(&output), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_no_memory_holds_is_a_memory_error_and_what_is_not_kept_is_a_limit() {
    for value in ["[0] * 10**10", "1 << 10**12", "list(range(10**12))", "bytes(10**12)"] {
        assert_eq!(last_line(value), "MemoryError", "{value}");
    }
    for value in ["10**10000000", "'a' * 10**9", "b'a' * 10**9", "tuple(range(10**8))", "f'{1:>100000000}'"] {
        let output = run(value);
        assert_eq!(output.status.code(), Some(3), "{value}");
        assert!(stderr(&output).contains("the limit of 10000000 members was reached"), "{value}");
    }
    assert_eq!(run_source("x = 'a' * 10**7 * 2", &["--limit", "members=20000000"]).status.code(), Some(0));
}

#[test]
fn what_is_not_modelled_ends_a_run_by_name() {
    let source = "\
print('before')
try:
    1 / 0
except ZeroDivisionError as e:
    print(e.__traceback__.tb_lineno, e.__traceback__.tb_frame.f_lineno)
";
    let output = run(source);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(stdout(&output), "before\n");
    let message = "the program came to what is not modelled: `f_lineno` of a frame that control is still in";
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

#[test]
fn a_module_may_ask_for_the_lines_of_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let asking = "def line(e):\n    return e.__traceback__.tb_lineno\n";
    fs::write(folder.path().join("asking.py"), asking).expect("a file");
    let program =
        "import asking\ntry:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(asking.line(e))\n";
    fs::write(folder.path().join("p.py"), program).expect("a file");
    let output = in_folder(folder.path(), &["run", "p.py"], "");
    assert_eq!(stdout(&output), "3\n", "{}", stderr(&output));
}

#[test]
fn a_comment_says_what_a_file_is_encoded_in() {
    let run = |bytes: &[u8]| run_source(bytes, &[]);
    let latin = run(b"#!python\n# -*- coding: latin-1 -*-\nprint('caf\xe9')\n");
    assert_eq!(stdout(&latin), "caf\u{e9}\n");
    assert_eq!(stdout(&run(b"x = 1\n\n# coding: unknown\nprint(x)\n")), "1\n");
    let unknown = run(b"# vim: set fileencoding=rot99 :\nprint(1)\n");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("in the encoding `rot99`"), "{}", stderr(&unknown));
}

#[test]
fn a_program_may_end_itself() {
    let output = run("print(1)\nexit(3)\n");
    assert_eq!((output.status.code(), stdout(&output)), (Some(3), "1\n".to_string()));
    assert_eq!(run("quit()\n").status.code(), Some(0));
    let output = run("print(chr(0xD800))\n");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let output = run("import sys\nsys.setrecursionlimit(10 ** 6)\ndef f(): f()\nf()\n");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("activations"), "{}", stderr(&output));
    let output = run("import math\nfor module in [math]:\n    module.erf(1)\n");
    assert!(stderr(&output).contains("`math.erf`"), "{}", stderr(&output));
}

#[test]
fn hints_are_given_for_what_the_program_raises_itself() {
    let slots = "class A:\n    __slots__ = ('colour',)\nA().color";
    assert_eq!(
        last_line(slots),
        "AttributeError: 'A' object has no attribute 'color'. Did you mean: 'colour'?"
    );
    let own =
        "class A:\n    value = 1\n    def __getattr__(self, name): raise AttributeError('no')\nA().valu";
    assert_eq!(last_line(own), "AttributeError: no. Did you mean: 'value'?");
    let name = "def f():\n    raise NameError('zz', name='prnt')\nf()";
    assert_eq!(last_line(name), "NameError: zz. Did you mean: 'print'?");
    assert_eq!(last_line("raise SyntaxError('bad', ('f.py', 3, 1, 'x'))"), "SyntaxError: bad");
}

#[test]
fn a_warning_names_its_line_however_it_comes_about() {
    let source = "\
import sys, warnings
def g():
    yield
for args in (ValueError, 'x'), (ValueError('y'),):
    try:
        g().throw(*args)
    except ValueError as e:
        print(e)
warnings.warn('told')
throw = g().throw
try:
    throw(ValueError, 'z')
except ValueError as e:
    print(e)
";
    let output = run(source);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "x\ny\nz\n"));
    let long = "DeprecationWarning: the (type, exc, tb) signature of throw() is deprecated";
    let told = stderr(&output);
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("Warning: ")).collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(lines[0].starts_with("p.py:6: ") && lines[0].contains(long), "{told}");
    assert!(lines[1].starts_with("p.py:9: UserWarning: told"), "{told}");
    assert!(lines[2].starts_with("p.py:12: ") && lines[2].contains(long), "{told}");
}

#[test]
fn the_docstring_of_a_module_is_there_for_who_imports_it() {
    let (folder, _path) = crate::common::file("told.py", "\"\"\"Told.\"\"\"\n");
    fs::write(folder.path().join("p.py"), "import told\nprint(told.__doc__)\n").expect("a file");
    assert_eq!(stdout(&in_folder(folder.path(), &["run", "p.py"], "")), "Told.\n");
}
