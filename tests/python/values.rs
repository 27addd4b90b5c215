//! What builtin values and the library do in programs that ask more of them than most, as CPython 3.14 does it.

use crate::common::{one_complaint, run_source, text};

/// Runs a program that ends normally: what it prints.
fn printed(source: &str) -> String {
    let output = run_source(source, &[]);
    assert!(output.status.success(), "{source}\n{}", text(&output.stderr));
    text(&output.stdout)
}

/// What a program is refused for before anything runs.
fn refused(source: &str) -> String {
    one_complaint(&run_source(format!("print(1)\n{source}\n"), &[]), source)
}

/// Runs each expression, and compares what it gives, or raises, with what CPython does; `setup` comes first.
fn check(setup: &str, table: &[(&str, &str)]) {
    let mut source = format!("{setup}\n");
    for (expression, _) in table {
        source.push_str(&format!(
            "try:\n    print(repr(({expression})))\nexcept Exception as e:\n    print(type(e).__name__ + ': ' + str(e))\n"
        ));
    }
    let printed = printed(&source);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), table.len(), "{printed}");
    for ((expression, expected), line) in table.iter().zip(lines) {
        assert_eq!(line, *expected, "{expression}");
    }
}

#[test]
fn values_are_compared_in_one_way_wherever_they_are() {
    check(
        "def nest(depth):\n    x = []\n    for _ in range(depth):\n        x = [x]\n    return x\n\
         def endless():\n    d = {}\n    d[1] = d\n    return d\n\
         def outcome(f):\n    try:\n        return f()\n    except RecursionError:\n        return 'too deep'\n\
         few = {float(n) for n in range(3000)}\n\
         class K:\n    def __init__(self, n):\n        self.n = n\n    def __eq__(self, other):\n        return self.n == other.n\n\
         \x20   def __hash__(self):\n        return self.n\n    def __radd__(self, other):\n        return 'added'\n",
        &[
            (
                "nest(450) == nest(450), nest(450) in [nest(450)], nest(450) < nest(450)",
                "(True, True, False)",
            ),
            ("len(repr(nest(450)))", "902"),
            ("outcome(lambda: endless() == endless())", "'too deep'"),
            ("outcome(lambda: endless() in [endless()])", "'too deep'"),
            (
                "few == set(range(3000)), set(range(3000)) in [frozenset(few)], few < set(range(3001))",
                "(True, True, True)",
            ),
            ("[1].__lt__(['b'])", "TypeError: '<' not supported between instances of 'int' and 'str'"),
            (
                "[1].__lt__(2), (1).__add__('a'), {1}.__or__([1])",
                "(NotImplemented, NotImplemented, NotImplemented)",
            ),
            ("[1].__add__('a')", "TypeError: can only concatenate list (not \"str\") to list"),
            ("[1] + K(1), 'a' + K(1), b'a' + K(1)", "('added', 'added', 'added')"),
            ("{K(1): [2]} == {K(1): [2.0]}, {K(1), K(2)} == {K(2), K(1)}", "(True, True)"),
            (
                "hash(frozenset({K(1)})) == hash(frozenset({K(1)})), frozenset({K(1)}) in {frozenset({K(1)})}",
                "(True, True)",
            ),
            ("bool({}.keys()), bool({1: 1}.items()), any([{}.values(), 0])", "(False, True, False)"),
            ("b'abc'.index(b'z')", "ValueError: subsection not found"),
        ],
    );
}

#[test]
fn rare_letters_have_the_case_and_kind_of_unicode() {
    check(
        "",
        &[
            ("'ΟΔΟΣ'.title()", "'Οδος'"),
            ("'\\u0149'.casefold()", "'ʼn'"),
            ("'\\u0345'.isalpha()", "False"),
            ("'\\u01c6'.title()", "'ǅ'"),
            ("'ﬁn ŉa'.title(), 'ǆΣ'.capitalize(), 'ΑΣ ß ǅ'.swapcase()", "('Fin ʼNa', 'ǅς', 'ας SS ǅ')"),
            ("'ǅ'.istitle(), 'ǅ'.isupper(), 'Aǅ'.istitle()", "(True, False, False)"),
            (
                "'五½²'.isnumeric(), '②'.isdigit(), '½'.isdigit(), '²'.isdecimal()",
                "(True, True, False, False)",
            ),
            ("int('𝟗٣'), 'ªé'.isidentifier(), '_²'.isidentifier()", "(93, True, False)"),
        ],
    );
}

#[test]
fn views_of_dicts_are_compared_without_hashing_values() {
    let setup = "class C:\n    def __eq__(self, other): raise RuntimeError('compared')\nd = {1: []}\n";
    let table = [
        ("d.items() == {1: []}.items()", "True"),
        ("d.items() <= {1: [], 2: []}.items()", "True"),
        ("{1: C()}.items() == {1: C()}.items()", "RuntimeError: compared"),
        ("{1: C(), 2: 0}.items() > {1: C()}.items()", "RuntimeError: compared"),
        ("(1, []) in d.items(), (1, 2) in d.items(), 1 in d.items()", "(True, False, False)"),
        ("hash(d.keys())", "TypeError: unhashable type: 'dict_keys'"),
        ("hash(d.items())", "TypeError: unhashable type: 'dict_items'"),
        ("type(hash(d.values()))", "<class 'int'>"),
        ("slice(1) == slice(1), slice(1, C()) == slice(1, C())", "RuntimeError: compared"),
    ];
    check(setup, &table);
}

#[test]
fn a_dict_that_is_changed_while_it_is_read_is_told_of() {
    let setup = "\
class K:
    def __hash__(self): return 0
    def __eq__(self, other): source.clear(); return False
source = {K(): 0, 1: 1}
def update(): {K(): 0}.update(source)
";
    check(setup, &[("update()", "RuntimeError: dict mutated during update")]);
    let setup = "\
def run(d, change):
    seen = []
    try:
        for key in d:
            seen.append(key)
            change(d, key)
    except RuntimeError as e:
        return seen, str(e)[11:]
    return seen
def again(d, key): del d[key]; d[key] = 0
def passed(d, key):
    if key == 2: d.pop(1); d[1] = 9
def ahead(d, key):
    if key == 1: d.pop(2); d[9] = 9
def same(d, key): d[key] = 5
def shorter(d, key): d.popitem()
";
    let table = [
        (
            "run({0: 0}, again), run({0: 0, 1: 1}, again)",
            "(([0], 'keys changed during iteration'), ([0, 1], 'keys changed during iteration'))",
        ),
        ("run({1: 0, 2: 0, 3: 0}, passed)", "([1, 2, 3], 'keys changed during iteration')"),
        ("run({1: 0, 2: 0, 3: 0}, ahead), run({1: 0, 2: 0}, same)", "([1, 3, 9], [1, 2])"),
        ("run({1: 0, 2: 0}, shorter)", "([1], 'changed size during iteration')"),
    ];
    check(setup, &table);
}

#[test]
fn a_set_is_popped_as_its_table_has_it() {
    let setup = "\
from collections import ChainMap, UserDict
def emptied(s): return [s.pop() for _ in range(len(s))]
def worked(s, most):
    done = []
    while s and len(done) < most:
        done.append(s.pop())
        s.add(done[-1] + 7)
        s.add(done[-1] * 2)
        if len(done) % 3 == 0: s.discard(done[-1] + 7)
    return done
def changed(s):
    s.discard(3); s.remove(4); s.pop(); s.add(100); s.add(3)
    return s
u = UserDict({'a': 1}, b=2)
";
    let table = [
        ("emptied(set(range(11)))", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"),
        (
            "worked({5}, 20)",
            "[5, 10, 12, 24, 31, 48, 38, 76, 45, 17, 83, 20, 152, 24, 90, 31, 96, 159, 34, 38]",
        ),
        ("changed(set(range(20)))", "{1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 100}"),
        (
            "u == {'a': 1, 'b': 2}, u.pop('a'), u.setdefault('q', 3), u | {'c': 1}",
            "(True, 1, 3, {'b': 2, 'q': 3, 'c': 1})",
        ),
        ("ChainMap({'a': 1}, {'b': 2}) == {'b': 2, 'a': 1}", "True"),
    ];
    check(setup, &table);
}

#[test]
fn names_of_attributes_are_strings() {
    let setup = "class C: pass\nc = C()\n";
    let table = [
        ("object.__setattr__(c, 5, 5)", "TypeError: attribute name must be string, not 'int'"),
        ("type.__setattr__(C, b'x', 1)", "TypeError: attribute name must be string, not 'bytes'"),
        ("object.__delattr__(c, None)", "TypeError: attribute name must be string, not 'NoneType'"),
        ("object.__getattribute__(c, 1)", "TypeError: attribute name must be string, not 'int'"),
    ];
    check(setup, &table);
}

#[test]
fn functions_and_generators_have_attributes_that_can_be_set() {
    let setup = "\
def f(a, b=1, *, c=2): return a, b, c
def g(): yield
def change(name, *value):
    (setattr if value else delattr)(f, name, *value)
    return f(0, *([] if f.__defaults__ else [0]), **({} if f.__kwdefaults__ else {'c': 0}))
def named(function, name):
    function.__qualname__ = function.__name__ = name
    return function.__name__, function.__qualname__
";
    let table = [
        ("change('__defaults__', (5, 6))", "(0, 6, 2)"),
        ("change('__defaults__')", "(0, 0, 2)"),
        ("change('__kwdefaults__', {'c': 9})", "(0, 0, 9)"),
        ("change('__defaults__', 3)", "TypeError: __defaults__ must be set to a tuple object"),
        ("change('__kwdefaults__', 3)", "TypeError: __kwdefaults__ must be set to a dict object"),
        ("named(f, 'x')", "('x', 'x')"),
        ("named(g(), 'y')", "('y', 'y')"),
        ("named(f, 7)", "TypeError: __qualname__ must be set to a string object"),
        ("delattr(g(), '__qualname__')", "TypeError: __qualname__ must be set to a string object"),
        ("delattr(f, '__dict__')", "TypeError: cannot delete __dict__"),
        ("setattr(f, '__dict__', 7)", "TypeError: __dict__ must be set to a dictionary, not a 'int'"),
        ("f.__dict__", "{}"),
    ];
    check(setup, &table);
}

#[test]
fn a_class_with_abstract_methods_has_no_instances() {
    let setup = "\
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
class A(ABC):
    @abstractmethod
    def f(self): return 'A.f'
    @property
    @abstractmethod
    def g(self): pass
class B(A):
    def f(self): return super().f()
class C(B):
    g = 1
class M(AbstractContextManager): pass
class N:
    def __enter__(self): pass
    def __exit__(self, *details): pass
class O(N):
    __exit__ = None
";
    let without = "without an implementation for abstract method";
    let both = format!("TypeError: Can't instantiate abstract class A {without}s 'f', 'g'");
    let one = format!("TypeError: Can't instantiate abstract class B {without} 'g'");
    let manager = format!("TypeError: Can't instantiate abstract class M {without} '__exit__'");
    let table = [
        ("A()", both.as_str()),
        ("B()", &one),
        ("C().f()", "'A.f'"),
        ("M()", &manager),
        ("issubclass(N, AbstractContextManager), isinstance(N(), AbstractContextManager)", "(True, True)"),
        ("issubclass(O, AbstractContextManager), isinstance(1, AbstractContextManager)", "(False, False)"),
    ];
    check(setup, &table);
}

#[test]
fn classes_decide_what_makes_their_instances() {
    let setup = "\
class E(OSError):
    def __new__(cls, message, extra):
        self = super().__new__(cls, message)
        self.extra = extra
        return self
def fails(self): raise KeyError('no init')
class P: __init__ = property(fails)
class N(int): pass
class D:
    @property
    def __class__(self): return int
class R(BaseException):
    def __new__(cls): return 1
def raising():
    raise R
def final(of):
    class C(of): pass
";
    let table = [
        ("E('m', extra=1).args, E('m', 2).extra", "(('m',), 2)"),
        ("P()", "KeyError: 'no init'"),
        ("int.__new__(bool, 0)", "TypeError: int.__new__(bool) is not safe, use bool.__new__()"),
        ("object.__new__(int)", "TypeError: object.__new__(int) is not safe, use int.__new__()"),
        ("object.__new__(1)", "TypeError: object.__new__(X): X is not a type object (int)"),
        ("int.__new__(str)", "TypeError: int.__new__(str): str is not a subtype of int"),
        ("bool.from_bytes(b'a'), type(N.from_bytes(b'a'))", "(True, <class '__main__.N'>)"),
        ("isinstance(D(), int), isinstance(D(), str)", "(True, False)"),
        (
            "raising()",
            "TypeError: calling <class '__main__.R'> should have returned an instance of BaseException, \
             not <class 'int'>",
        ),
        ("final(type(len))", "TypeError: type 'builtin_function_or_method' is not an acceptable base type"),
    ];
    check(setup, &table);
}

#[test]
fn errors_of_codecs_tell_their_parts() {
    let setup = "\
def changed(error, **parts):
    for name, value in parts.items(): setattr(error, name, value)
    return str(error)
e = UnicodeEncodeError('baz', 'xxxxx', 1, 5, 'foo')
t = UnicodeTranslateError('xxxx', 1, 5, 'foo')
i = ImportError('m', name='n', path='p')
i.__init__()
";
    let table = [
        ("changed(e, end=2)", r#""'baz' codec can't encode character '\\x78' in position 1: foo""#),
        (
            "changed(e, end=5, encoding=4000)",
            r#""'4000' codec can't encode characters in position 1-4: foo""#,
        ),
        ("changed(t, reason=9), t.object", r#"("can't translate characters in position 1-4: 9", 'xxxx')"#),
        ("str(UnicodeDecodeError.__new__(UnicodeDecodeError))", "''"),
        ("i.args, i.msg, i.name, i.path", "((), None, None, None)"),
    ];
    check(setup, &table);
}

#[test]
fn numbers_and_bytes_are_read_and_written() {
    let setup = "class I:\n    def __index__(self): return 2\n";
    let table = [
        ("int('101', base=I()), int('11', I()), int('१२'), float('١.٥')", "(5, 3, 12, 1.5)"),
        ("int('4', base=1)", "ValueError: int() base must be >= 2 and <= 36, or 0"),
        ("b'%%=%d=%s=%r' % (1, b'x', 'y')", r#"b"%=1=x='y'""#),
        ("b'%c%c%5.1f' % (65, b'B', 2.25)", "b'AB  2.2'"),
        (
            "b'%s' % 'x'",
            "TypeError: %b requires a bytes-like object, or an object that implements __bytes__, not 'str'",
        ),
    ];
    check(setup, &table);
}

#[test]
fn lines_end_as_on_any_system_and_methods_may_rebind_their_class() {
    assert_eq!(printed("print(repr('''a\rb\r\nc'''))\r\nprint(2)\r"), "'a\\nb\\nc'\n2\n");
    let source = "\
class C:
    def swap(self):
        nonlocal __class__
        __class__ = int
    def name(self): return __class__.__name__
c = C()
print(c.name())
c.swap()
print(c.name())
";
    assert_eq!(printed(source), "C\nint\n");
}

#[test]
fn containers_are_told_by_their_methods() {
    let setup = "\
import collections.abc
from collections.abc import *
from collections import deque
from abc import ABC
values = [1, 'a', [1], (1,), {1}, {}, {}.keys(), {}.values(), range(3), iter([]), (x for x in ()), len, None, deque()]
def among(kind): return ''.join(str(int(isinstance(value, kind))) for value in values)
class M(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, key): return self.d[key]
    def __setitem__(self, key, value): self.d[key] = value
    def __delitem__(self, key): del self.d[key]
    def __len__(self): return len(self.d)
    def __iter__(self): return iter(self.d)
m = M()
m.update(b=2, c=3)
class S(Sequence):
    def __len__(self): return 3
    def __getitem__(self, i): return (0, 1, 4)[i]
class A(ABC): pass
@A.register
class B: pass
";
    let table = [
        ("among(Hashable), among(Iterator)", "('11010001111110', '00000000011000')"),
        ("among(Collection), among(Callable)", "('01111111100001', '00000000000100')"),
        ("among(collections.abc.Sequence), among(MutableSequence)", "('01110000100001', '00100000000001')"),
        (
            "among(Mapping), among(Set), among(Generator)",
            "('00000100000000', '00001010000000', '00000000001000')",
        ),
        (
            "list(m.items()), m.pop('b'), m == {'c': 3}, m.get(0), dict(m)",
            "([('b', 2), ('c', 3)], 2, True, None, {'c': 3})",
        ),
        ("list(S()), 4 in S(), S().index(4), list(reversed(S()))", "([0, 1, 4], True, 2, [4, 1, 0])"),
        ("issubclass(B, A), isinstance(B(), A), isinstance(1, A)", "(True, True, False)"),
        (
            "Sized()",
            "TypeError: Can't instantiate abstract class Sized without an implementation for abstract method '__len__'",
        ),
    ];
    check(setup, &table);
}

#[test]
fn objects_are_copied_as_deep_as_is_asked() {
    let setup = "\
import copy, errno
class P:
    def __init__(self, a): self.a = a
class R:
    def __init__(self, v): self.v = v
    def __reduce__(self): return (R, (self.v + 1,))
class L(list): pass
class E(Exception): pass
p, e, r = P([1]), E('m'), []
p.me, e.code = p, 4
r.append(r)
c, d, f, t = copy.copy(p), copy.deepcopy(p), copy.copy(e), copy.deepcopy(r)
x = L([1, [2]])
y = copy.deepcopy(x)
";
    let table = [
        ("c.a is p.a, c.me is p, d.a, d.a is p.a, d.me is d", "(True, True, [1], False, True)"),
        ("repr(f), f.code, f is e, t[0] is t", "(\"E('m')\", 4, False, True)"),
        ("y, type(y).__name__, y[1] is x[1], copy.copy(R(1)).v", "([1, [2]], 'L', False, 2)"),
        ("copy.copy((x for x in ()))", "TypeError: cannot pickle 'generator' object"),
        ("errno.errorcode[errno.ENOENT], OSError(errno.EEXIST, 'x')", "('ENOENT', FileExistsError(17, 'x'))"),
    ];
    check(setup, &table);
}

#[test]
fn functions_show_their_cells_and_code() {
    let setup = "\
import types
def outer(a):
    b = 2
    def inner(x, /, y=1, *, z): return a, b
    return inner
f = outer(1)
def cells(value): return outer(value).__closure__[0]
def change(value):
    f.__closure__[0].cell_contents = value
    return f(0, z=0)
def empty():
    del f.__closure__[0].cell_contents
    return f.__closure__[0].cell_contents
def g(x): super()
def h(): super()
";
    let table = [
        ("f.__code__.co_name, f.__code__.co_freevars, outer.__closure__", "('inner', ('a', 'b'), None)"),
        ("[cell.cell_contents for cell in f.__closure__], change('new')", "([1, 2], ('new', 2))"),
        ("empty()", "ValueError: Cell is empty"),
        (
            "f(0, z=0)",
            "NameError: cannot access free variable 'a' where it is not associated with a value in enclosing scope",
        ),
        (
            "cells(1) < cells(2), cells(1) == cells(1.0), type(cells(1)) is types.CellType",
            "(True, True, True)",
        ),
        ("f.__code__.co_argcount, f.__code__.co_posonlyargcount, f.__code__.co_kwonlyargcount", "(2, 1, 1)"),
        ("setattr(f, '__closure__', None)", "AttributeError: readonly attribute"),
        ("g(1)", "RuntimeError: super(): __class__ cell not found"),
        ("h()", "RuntimeError: super(): no arguments"),
    ];
    check(setup, &table);
}

#[test]
fn what_objects_do_not_tell_is_refused_before_anything_runs() {
    let table = [
        ("getattr(print, '__globals__')", "the attribute `__globals__`"),
        ("names = ['__globals__']\ngetattr(print, names[0])", "the attribute `__globals__`"),
        ("import sys\nsys.__dict__", "`sys.__dict__`"),
        ("import collections\ncollections.abc", "`collections.abc`"),
        (
            "class C:\n    def f(self):\n        del self\n        super()",
            "`super()` where `self` is deleted",
        ),
    ];
    for (source, construct) in table {
        let error = refused(source);
        assert!(error.contains(construct), "{source}: {error}");
    }
}

#[test]
fn locks_of_one_thread() {
    let setup = "import threading\nlock = threading.Lock()\nsemaphore = threading.BoundedSemaphore()\n\
                 def held():\n    with lock:\n        return lock.locked(), lock.acquire(False)\n";
    let table = [
        ("held()", "(True, False)"),
        ("lock.locked()", "False"),
        ("lock.release()", "RuntimeError: release unlocked lock"),
        ("lock.acquire(False, 3)", "ValueError: can't specify a timeout for a non-blocking call"),
        ("threading.RLock().release()", "RuntimeError: cannot release un-acquired lock"),
        ("threading.Condition().notify()", "RuntimeError: cannot notify on un-acquired lock"),
        ("semaphore.acquire(), semaphore.acquire(False)", "(True, False)"),
        ("semaphore.release(), semaphore.release()", "ValueError: Semaphore released too many times"),
    ];
    check(setup, &table);
    assert!(refused("import threading\nthreading.Thread()").contains("`threading.Thread`"));
}

#[test]
fn where_a_generator_stands() {
    let source = "import inspect
def g():
    print(inspect.getgeneratorstate(it), it.gi_yieldfrom)
    yield from iter([1])
    yield 2
it = g()
for _ in 1, 2, 3:
    print(inspect.getgeneratorstate(it), type(it.gi_yieldfrom).__name__)
    next(it, None)
it.close()
print(inspect.getgeneratorstate(it), inspect.isgenerator(it), inspect.isfunction(g), inspect.isclass(int))
";
    let expected = "GEN_CREATED NoneType
GEN_RUNNING None
GEN_SUSPENDED list_iterator
GEN_SUSPENDED NoneType
GEN_CLOSED True True True
";
    assert_eq!(printed(source), expected);
}

#[test]
fn indices_of_slices_with_objects() {
    let setup = "class I:\n    def __init__(self, n):\n        self.n = n\n    def __index__(self):\n        return self.n\n";
    let table = [
        ("slice(I(0), 10, I(1)).indices(5)", "(0, 5, 1)"),
        ("slice(0, 10).indices(I(5))", "(0, 5, 1)"),
        ("slice(0, 10).indices(5.0)", "TypeError: 'float' object cannot be interpreted as an integer"),
        (
            "slice(0.0, 10, 1).indices(5)",
            "TypeError: slice indices must be integers or None or have an __index__ method",
        ),
        ("slice(0, 10).indices(I(-1))", "ValueError: length should not be negative"),
    ];
    check(setup, &table);
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_not_read() {
    let table = [("open('/dev/zero')", "OSError: [Errno 5] Input/output error: '/dev/zero'")];
    check("", &table);
}

#[test]
fn modules_are_what_imports_bind() {
    let table = [
        ("import math, os\nos.path", "`os.path`"),
        ("import os as o\no.getcwd()", "`os.getcwd`"),
        ("def f():\n    import math, os\n    return os.sep", "`os.sep`"),
        ("def f():\n    global os\n    import os\ndef g(): return os.sep", "`os.sep`"),
        ("import sys, collections as c\nc.abc", "`collections.abc`"),
        ("import gc, sys as s\ns.__dict__", "`s.__dict__`"),
    ];
    for (source, construct) in table {
        let error = refused(source);
        assert!(error.contains(construct), "{source}: {error}");
    }
    let source = "import os, math as m\nclass C: sep = 1\ndef f(os): return os.sep\nprint(f(C), m.pi > 3)\n";
    assert_eq!(printed(source), "1 True\n");
}

#[test]
fn what_print_writes_to_can_be_bound_anew() {
    let source = "import contextlib, io, sys
b, e = io.StringIO(), io.StringIO()
with contextlib.redirect_stdout(b), contextlib.redirect_stderr(e):
    print('hi', 2)
    sys.stdout.write('w')
    print('x', file=sys.stderr)
old, sys.stdout = sys.stdout, b
print('more')
sys.__stdout__.write('original\\n')
sys.stdout = None
print('nothing')
sys.stdout = old
print(repr(b.getvalue()), repr(e.getvalue()), sys.__stdout__ is sys.stdout, sys.__stderr__ is sys.stderr)
";
    assert_eq!(printed(source), "original\n'hi 2\\nwmore\\n' 'x\\n' True True\n");
}

#[test]
fn the_limit_on_recursion_is_set() {
    let setup = "\
import sys
def f(n): return 0 if n == 0 else 1 + f(n - 1)
def within(limit, n):
    sys.setrecursionlimit(limit)
    try: return sys.getrecursionlimit(), f(n)
    finally: sys.setrecursionlimit(1000)
";
    let table = [
        ("within(3000, 2000)", "(3000, 2000)"),
        ("within(50, 47), sys.getrecursionlimit()", "((50, 47), 1000)"),
        ("within(50, 48)", "RecursionError: maximum recursion depth exceeded"),
        (
            "sys.setrecursionlimit(1)",
            "RecursionError: cannot set the recursion limit to 1 at the recursion depth 1: the limit is too low",
        ),
        ("sys.setrecursionlimit(0)", "ValueError: recursion limit must be greater or equal than 1"),
        ("sys.setrecursionlimit('x')", "TypeError: 'str' object cannot be interpreted as an integer"),
        (
            "sys.setrecursionlimit()",
            "TypeError: sys.setrecursionlimit() takes exactly one argument (0 given)",
        ),
    ];
    check(setup, &table);
}

#[test]
fn classes_of_collections_are_named_in_messages() {
    let setup = "\
import copy
from collections import OrderedDict, defaultdict, deque, namedtuple
P = namedtuple('P', 'x y')
p = P(1, 2)
class C: pass
C.__name__ = 'Q'
";
    let table = [
        ("p.z", "AttributeError: 'P' object has no attribute 'z'"),
        ("P.z", "AttributeError: type object 'P' has no attribute 'z'"),
        ("setattr(p, 'x', 1)", "AttributeError: can't set attribute"),
        ("delattr(p, 'x')", "AttributeError: can't delete attribute"),
        (
            "setattr(p, 'z', 1)",
            "AttributeError: 'P' object has no attribute 'z' and no __dict__ for setting new attributes",
        ),
        (
            "delattr(5, 'z')",
            "AttributeError: 'int' object has no attribute 'z' and no __dict__ for setting new attributes",
        ),
        ("namedtuple('P', 'class')", "ValueError: Type names and field names cannot be a keyword: 'class'"),
        ("namedtuple('class', 'a')", "ValueError: Type names and field names cannot be a keyword: 'class'"),
        ("namedtuple('P', 'def a a', rename=True)._fields", "('_0', 'a', '_2')"),
        (
            "P, p._replace(x=5), P._make([3, 4]), p._asdict()",
            "(<class '__main__.P'>, P(x=5, y=2), P(x=3, y=4), {'x': 1, 'y': 2})",
        ),
        ("OrderedDict().z", "AttributeError: 'collections.OrderedDict' object has no attribute 'z'"),
        ("hash(defaultdict())", "TypeError: unhashable type: 'collections.defaultdict'"),
        (
            "setattr(deque(), 'z', 1)",
            "AttributeError: 'collections.deque' object has no attribute 'z' and no __dict__ for setting new attributes",
        ),
        ("C().x", "AttributeError: 'Q' object has no attribute 'x'"),
    ];
    check(setup, &table);
}

#[test]
fn arguments_that_cannot_be_spread_or_named() {
    let setup = "def f(*a): return a\n";
    let table = [
        ("enumerate([1], foo=1)", "TypeError: 'foo' is an invalid keyword argument for enumerate()"),
        (
            "enumerate([1], iterable=1)",
            "TypeError: 'iterable' is an invalid keyword argument for enumerate()",
        ),
        ("enumerate(start=2)", "TypeError: 'start' is an invalid keyword argument for enumerate()"),
        ("list(enumerate(start=2, iterable=[1]))", "[(2, 1)]"),
        ("enumerate()", "TypeError: enumerate() missing required argument 'iterable'"),
        ("f(1, *None)", "TypeError: Value after * must be an iterable, not NoneType"),
        ("f(*None)", "TypeError: __main__.f() argument after * must be an iterable, not NoneType"),
        ("f(1, *[2], 3, *'ab')", "(1, 2, 3, 'a', 'b')"),
        ("{1, *3}", "TypeError: 'int' object is not iterable"),
        ("exit", "Use exit() or Ctrl-D (i.e. EOF) to exit"),
        (
            "quit(1, 2)",
            "TypeError: Quitter.__call__() takes from 1 to 2 positional arguments but 3 were given",
        ),
    ];
    check(setup, &table);
}

#[test]
fn a_list_is_empty_while_it_is_sorted() {
    let setup = "\
l, seen = [3, 1, 2], []
def fails(x):
    l.append(7)
    raise KeyError('k')
";
    let table = [
        ("l.sort(key=lambda x: l.append(1) or x)", "ValueError: list modified during sort"),
        ("l", "[1, 2, 3]"),
        ("l.sort(key=lambda x: seen.append(l[:]) or -x), l, seen", "(None, [3, 2, 1], [[], [], []])"),
        ("l.sort(key=fails)", "KeyError: 'k'"),
        ("l", "[3, 2, 1]"),
    ];
    check(setup, &table);
}

#[test]
fn lone_surrogates_are_refused() {
    for source in ["x = '\\ud800'", "x = f'{1}\\udfff'", "print('a' '\\U0000D800')"] {
        assert!(refused(source).contains("a lone surrogate"), "{source}");
    }
    assert_eq!(
        printed("print('\\\\ud800', r'\\ud800', '\\ufffd', '\\U0001F600')\n"),
        "\\ud800 \\ud800 \u{fffd} \u{1f600}\n"
    );
}

#[test]
fn filters_decide_which_warnings_are_shown() {
    let setup = "\
import warnings
from warnings import warn
class U(UserWarning): pass
def old(): warn('old', DeprecationWarning, stacklevel=2)
def recorded(change, times=2):
    with warnings.catch_warnings(record=True) as log:
        change()
        for _ in range(times):
            warn('x y')
            warn(U('z'))
            old()
        warn('x y')
    return ' '.join(str(w.message) for w in log)
def filtered(*filters):
    def change():
        for name, args in filters: getattr(warnings, name)(*args)
    return recorded(change)
simple, pattern = 'simplefilter', 'filterwarnings'
with warnings.catch_warnings(record=True) as log:
    warn('a', source=3)
w = log[0]
";
    let table = [
        ("filtered()", "'x y z old x y'"),
        ("filtered((simple, ['always']))", "'x y z old x y z old x y'"),
        ("filtered((simple, ['once'])), filtered((simple, ['module']))", "('x y z old', 'x y z old')"),
        ("filtered((simple, ['ignore', U]))", "'x y old x y'"),
        ("filtered((simple, ['ignore']), (simple, ['default', U]))", "'z'"),
        ("filtered((pattern, ['ignore', 'X.']))", "'z old'"),
        ("filtered((pattern, ['error', '.*z']))", "U: z"),
        ("filtered(('resetwarnings', []), (simple, ['ignore', Warning, 0, True]))", "''"),
        (
            "w.lineno, w.filename, w.category, w.source, w.file, w.line",
            "(20, 'p.py', <class 'UserWarning'>, 3, None, None)",
        ),
        (
            "str(w)",
            "\"{message : UserWarning('a'), category : 'UserWarning', filename : 'p.py', lineno : 20, line : None}\"",
        ),
        ("warnings.simplefilter('bogus')", "ValueError: invalid action: 'bogus'"),
        ("warnings.simplefilter('error', lineno=-1)", "ValueError: lineno must be an int >= 0"),
        ("warnings.filterwarnings('error', category=int)", "TypeError: category must be a Warning subclass"),
        ("warn('x', 3)", "TypeError: category must be a Warning subclass, not 'int'"),
        ("warn()", "TypeError: warn() missing required argument 'message' (pos 1)"),
        ("warnings.simplefilter('error'), old()", "DeprecationWarning: old"),
    ];
    check(setup, &table);
    assert!(refused("import warnings\nwarnings.deprecated").contains("`warnings.deprecated`"));
}

#[test]
fn what_is_wrong_with_a_pattern_is_told_with_its_place() {
    let setup = "\
import re
def fault(pattern):
    try: re.compile(pattern)
    except re.error as e: return str(e), e.pos
";
    let table = [
        ("re.error", "<class 're.PatternError'>"),
        ("fault('a(b')", "('missing ), unterminated subpattern at position 1', 1)"),
        ("fault('[a')", "('unterminated character set at position 0', 0)"),
        ("fault('a**')", "('multiple repeat at position 2', 2)"),
        ("fault('^*')", "('nothing to repeat at position 1', 1)"),
        ("fault('a{2,1}')", "('min repeat greater than max repeat at position 2', 2)"),
        (r"fault('\\q')", r"('bad escape \\q at position 0', 0)"),
        (r"fault('a\n)')", "('unbalanced parenthesis at position 2 (line 2, column 1)', 2)"),
        ("re.error('m', 'pp', 1).colno, re.error('m').pos", "(2, None)"),
    ];
    check(setup, &table);
}

#[test]
fn the_lines_that_name_an_exception() {
    let setup = "\
from traceback import format_exception_only as lines
def caught(f):
    try: f()
    except Exception as e: return e
def imported(): from math import sinn
";
    let table = [
        (
            "lines(ValueError, KeyError('x')), lines(None), lines(ValueError('x'), None)",
            r#"(["KeyError: 'x'\n"], ['NoneType: None\n'], ['NoneType: None\n'])"#,
        ),
        ("lines(3)", "AttributeError: 'int' object has no attribute '__suppress_context__'"),
        (
            "lines(caught(lambda: [].appendd))",
            r#"["AttributeError: 'list' object has no attribute 'appendd'. Did you mean: 'append'?\n"]"#,
        ),
        (
            "lines(SyntaxError()), lines(SyntaxError('bad'))",
            r"(['SyntaxError: <no detail available>\n'], ['SyntaxError: bad\n'])",
        ),
        (
            "lines(ExceptionGroup('g', [ValueError(1)]), show_group=True)",
            r"['ExceptionGroup: g (1 sub-exception)\n', '   ValueError: 1\n']",
        ),
        (
            "lines(caught(imported))",
            r#"["ImportError: cannot import name 'sinn' from 'math' (unknown location). Did you mean: 'sin'?\n"]"#,
        ),
    ];
    check(setup, &table);
}

#[test]
fn classes_derived_from_builtin_ones_are_made_of_iterators_and_objects() {
    let setup = "\
class L(list): pass
class S(set): pass
class T(tuple): pass
class D(dict): pass
class F(frozenset): pass
class I(int): pass
class Text(str): pass
class N:
    def __int__(self): return 7
    def __str__(self): return 'text'
class Own(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, (item for item in items))
";
    let table = [
        ("L(zip('ab', [1, 2])), L(x for x in 'ab')", "([('a', 1), ('b', 2)], ['a', 'b'])"),
        ("sorted(S(x for x in 'ab')), sorted(F(x for x in 'ab'))", "(['a', 'b'], ['a', 'b'])"),
        ("T(x for x in 'ab'), Own(1, 2), type(Own()).__name__", "(('a', 'b'), (1, 2), 'Own')"),
        (
            "D(zip('ab', [1, 2])), D(((x, 1) for x in 'ab'), c=3)",
            "({'a': 1, 'b': 2}, {'a': 1, 'b': 1, 'c': 3})",
        ),
        ("I(N()), Text(N()), type(I(N())).__name__", "(7, 'text', 'I')"),
    ];
    check(setup, &table);
}

#[test]
fn docstrings_have_no_indentation() {
    let setup = "'''mod\n   of two\n'''\nclass C:\n    '''doc\n    two\n      three\n    '''\n";
    let source = format!("{setup}print(repr(__doc__), repr(C.__doc__))\n");
    assert_eq!(printed(&source), "'mod\\nof two\\n' 'doc\\ntwo\\n  three\\n'\n");
}

#[test]
fn a_cached_property_is_computed_once_and_stays_with_the_object() {
    let source = "\
import functools
class C:
    @functools.cached_property
    def x(self):
        print('compute')
        return 5
c = C()
print(c.x, c.x, c.__dict__)
del c.x
print(c.x)
";
    assert_eq!(printed(source), "compute\n5 5 {'x': 5}\ncompute\n5\n");
}

#[test]
fn exceptions_take_the_keywords_of_their_builtin_class() {
    let setup = "\
class A(AttributeError):
    def __init__(self, name, obj): super().__init__('no', name=name, obj=obj)
class I(ImportError): pass
class M(ModuleNotFoundError): pass
class V(ValueError): pass
def shown(e): return e.args, e.name, e.obj, e.__dict__
def caught(f):
    try: f()
    except AttributeError as e: return str(e), e.name, type(e.obj).__name__
class G:
    def __getattr__(self, name): raise AttributeError('nope')
class H:
    def __getattribute__(self, name): raise AttributeError('nope')
";
    let table = [
        ("shown(A('n', 5))", "(('no',), 'n', 5, {})"),
        ("I('x', name='n', path='p').path", "'p'"),
        ("M('x', k=1)", "TypeError: ImportError() got an unexpected keyword argument 'k'"),
        (
            "UnboundLocalError('x', nam=1)",
            "TypeError: NameError() got an unexpected keyword argument 'nam'. Did you mean 'name'?",
        ),
        ("NameError('x', a=1, b=2)", "TypeError: NameError() takes at most 1 keyword argument (2 given)"),
        ("V('x', k=1)", "TypeError: V() takes no keyword arguments"),
        ("caught(lambda: G().x)", "('nope', 'x', 'G')"),
        ("caught(lambda: H().x)", "('nope', 'x', 'H')"),
    ];
    check(setup, &table);
}

#[test]
fn the_text_of_an_exception_is_that_of_the_first_class_that_has_one() {
    let setup = "\
class Key(KeyError): __str__ = Exception.__str__
class O(OSError, KeyError): pass
class M(ImportError, KeyError): pass
class Own(Exception):
    def __str__(self): return 'mine'
class J(KeyError, Own): pass
def changed(e, **fields):
    for name, value in fields.items(): setattr(e, name, value)
    return str(e), e.args
";
    let table = [
        ("str(Key('a')), BaseException.__str__(KeyError('x'))", "('a', 'x')"),
        ("str(O('q')), str(O(1, 'q')), str(M('q')), str(J('k'))", "('q', '[Errno 1] q', 'q', \"'k'\")"),
        ("changed(ImportError('a'), msg='b')", "('b', ('a',))"),
        (
            "changed(SyntaxError('a', ('f', 3, 1, 't')), lineno=9)",
            "('a (f, line 9)', ('a', ('f', 3, 1, 't')))",
        ),
        ("changed(ExceptionGroup('g', [ValueError()]), args=('x',))", "('g (1 sub-exception)', ('x',))"),
    ];
    check(setup, &table);
}

#[test]
fn what_an_os_error_keeps() {
    let setup = "\
class M(OSError):
    def __init__(self, n): self.n = n
class N(OSError):
    def __new__(cls, *args): return super().__new__(cls, *args)
    def __init__(self, n, text): self.n = n
class C(OSError): errno = 77
def changed(e, **fields):
    for name, value in fields.items(): setattr(e, name, value)
    return str(e), e.args, e.errno, e.filename, e.__dict__
";
    let table = [
        ("M(2), M(2).args, str(M(2)), M(2).errno", "(M(), (), '', None)"),
        ("N(2, 's'), str(N(2, 's'))", "(N(2, 's'), '[Errno 2] s')"),
        ("OSError(2, 'm', 'a', None, 'b').filename2", "'b'"),
        ("OSError(2, 'm', None).args", "(2, 'm', None)"),
        ("OSError(1, 2, 3, 4, 5, 6), OSError(1, 2, 3, 4, 5, 6).errno", "(OSError(1, 2, 3, 4, 5, 6), None)"),
        ("changed(OSError('x'), filename='q')", "(\"[Errno None] None: 'q'\", ('x',), None, 'q', {})"),
        ("changed(OSError('x'), errno=3, strerror='q')", "('[Errno 3] q', ('x',), 3, None, {})"),
        ("changed(OSError(1, 'a', 'f'), filename=None)", "('[Errno 1] a: None', (1, 'a'), 1, None, {})"),
        ("changed(OSError(1, 'a', 'f'), args=('u',))", "(\"[Errno 1] a: 'f'\", ('u',), 1, 'f', {})"),
        ("C(1, 'x').errno, str(C(1, 'x'))", "(77, '[Errno 1] x')"),
    ];
    check(setup, &table);
}

#[test]
fn attributes_of_exceptions_are_checked() {
    let setup = "\
class E(Exception): args = 'cls'
class S(Exception):
    __slots__ = ('a',)
    def __init__(self, a): self.a = a
def noted():
    e = ValueError()
    e.__notes__ = ('a',)
    e.add_note('x')
def unset(e): del e.__suppress_context__
";
    let table = [
        ("E(1).args, E(1), str(E(1))", "('cls', E(1), '1')"),
        ("S(2).a, S(2).args, S(2).__dict__", "(2, (2,), {})"),
        ("setattr(ValueError(), '__suppress_context__', 5)", "TypeError: attribute value type must be bool"),
        ("unset(ValueError())", "TypeError: can't delete numeric/char attribute"),
        ("noted()", "TypeError: Cannot add note: __notes__ is not a list"),
        (
            "ValueError.args, OSError.errno",
            "(<attribute 'args' of 'BaseException' objects>, <member 'errno' of 'OSError' objects>)",
        ),
    ];
    check(setup, &table);
}

#[test]
fn errors_of_codecs_and_of_syntax_check_their_arguments() {
    let table = [
        ("UnicodeDecodeError(1, b'a', 0, 1, 'r')", "TypeError: argument 1 must be str, not int"),
        ("UnicodeDecodeError('u', 'a', 0, 1, 'r')", "TypeError: a bytes-like object is required, not 'str'"),
        (
            "UnicodeEncodeError('u', 'a', 0, 1.5, 'r')",
            "TypeError: 'float' object cannot be interpreted as an integer",
        ),
        ("UnicodeTranslateError('a', 0, 1, None)", "TypeError: argument 4 must be str, not None"),
        (
            "str(UnicodeDecodeError('u', b'a', -1, 0, 'r'))",
            "\"'u' codec can't decode bytes in position -1--1: r\"",
        ),
        (
            "str(UnicodeEncodeError('u', 'a', 5, 6, 'r'))",
            "\"'u' codec can't encode characters in position 5-5: r\"",
        ),
        ("SyntaxError('bad', (1, 2))", "TypeError: function takes at least 4 arguments (2 given)"),
        ("str(SyntaxError('bad', ('f', None, 2, 't')))", "'bad (f)'"),
    ];
    check("", &table);
}

#[test]
fn groups_are_split_by_classes_of_exceptions() {
    let setup = "\
eg = ExceptionGroup('g', [ValueError(1), TypeError(2)])
class C: pass
def naked():
    try: raise ValueError('n')
    except* ValueError as e: result = e.__traceback__ is None
    return result
";
    let fault = "TypeError: expected an exception type, a tuple of exception types, or a callable (other than a class)";
    let table = [
        ("eg.split(C)", fault),
        ("eg.subgroup((ValueError, int))", fault),
        ("eg.split()", "TypeError: BaseExceptionGroup.split() takes exactly one argument (0 given)"),
        (
            "eg.subgroup(1, 2)",
            "TypeError: BaseExceptionGroup.subgroup() takes exactly one argument (2 given)",
        ),
        ("naked()", "False"),
    ];
    check(setup, &table);
}

#[test]
fn a_keyword_near_a_parameter_is_hinted_at() {
    let setup = "def f(timeout=1, *, retries=2): pass\ndef g(a, /, bcd): pass\n";
    let table = [
        (
            "f(timout=1)",
            "TypeError: f() got an unexpected keyword argument 'timout'. Did you mean 'timeout'?",
        ),
        ("f(zzzzz=1)", "TypeError: f() got an unexpected keyword argument 'zzzzz'"),
        ("g(1, b=1)", "TypeError: g() got an unexpected keyword argument 'b'"),
        (
            "print(1, sp='')",
            "TypeError: print() got an unexpected keyword argument 'sp'. Did you mean 'sep'?",
        ),
        (
            "sorted([1], kee=1)",
            "TypeError: sort() got an unexpected keyword argument 'kee'. Did you mean 'key'?",
        ),
        (
            "zip([1], stric=1)",
            "TypeError: zip() got an unexpected keyword argument 'stric'. Did you mean 'strict'?",
        ),
        (
            "'a'.split(sepp=1)",
            "TypeError: split() got an unexpected keyword argument 'sepp'. Did you mean 'sep'?",
        ),
    ];
    check(setup, &table);
}

#[test]
fn what_cannot_be_changed_or_derived_from() {
    let setup = "\
class S:
    __slots__ = ('ab',)
def order():
    class Y(object, Exception): pass
def forget(): del None.x
def forget_real(): del (5).real
def forget_slot(): del S().ab
";
    let table = [
        (
            "order()",
            "TypeError: Cannot create a consistent method resolution order (MRO) for bases object, Exception",
        ),
        (
            "forget()",
            "AttributeError: 'NoneType' object has no attribute 'x' and no __dict__ for setting new attributes",
        ),
        ("forget_real()", "AttributeError: attribute 'real' of 'int' objects is not writable"),
        ("setattr(5, 'real', 3)", "AttributeError: attribute 'real' of 'int' objects is not writable"),
        ("setattr(range(3), 'start', 1)", "AttributeError: readonly attribute"),
        ("forget_slot()", "AttributeError: ab"),
    ];
    check(setup, &table);
}
