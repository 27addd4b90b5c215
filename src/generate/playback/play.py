PATHS = {paths}


@functools.lru_cache(maxsize=None)
def compiled(source, file):
    """A module, with the hooks in their places."""
    tree = ast.fix_missing_locations(Places().visit(ast.parse(source, file)))
    return compile(tree, file, "exec", __future__.annotations.compiler_flag)


def play(script, known, expected):
    """How the program ends where its path, which ends as expected, is played back."""
    namespace = {"__name__": "__main__", "__file__": FILE}
    path = Path(script, known, namespace)
    hooks = Hooks(path)
    asked = {what for kind, what, answer in script}
    names = ("call", "operate", "compare", "attribute", "imported", "item", "formatted", "text", "raw", "variadic", "keywords", "spread")
    hooked = {f"_{name}_": getattr(hooks, name) for name in names}
    namespace["__builtins__"] = Modules.names = dict(vars(builtins), __import__=imports(path, asked), **hooked)
    for name in MODULES:
        sys.modules.pop(name, None)
    for name in CLASSES:
        if "." not in name and not hasattr(builtins, name):
            namespace[name] = path.named(name)
    for name in UNKNOWN:
        namespace[name] = path.start(name)
    for name in ABSENT:
        if hasattr(builtins, name):
            namespace[name] = path.start(name)
    try:
        exec(compiled(SOURCE, FILE), namespace)
        if ENTRY is not None:
            enter(path, *ENTRY)
    except Astray:
        raise
    except BaseException as raised:
        of_that = expected.startswith("raising ") and type(raised) is path.named(expected[len("raising ") :])
        ending = expected if of_that else "raising " + type(raised).__name__
    else:
        ending = "normal"
    if path.script:
        raise Astray(f"{ending} where the path has {path.script[0][0]} {path.script[0][1]}")
    return ending


def enter(path, name, kind, parameters):
    """Calls the function as whoever knows nothing of it does, where the module has defined it."""
    if name not in path.raw:
        return
    function = holder = None
    for part in name.split("."):
        holder, function = function, path.namespace[part] if function is None else inspect.getattr_static(function, part)
    if kind != "decorated" or isinstance(function, Unknown):
        function = path.raw[name]
    receiver = {"method": [opened(path, holder)], "of-class": [holder]}.get(kind, []) if holder else []
    caller = path.start("the caller")
    if receiver and kind == "method" and name.endswith(".__exit__") and not caller:
        interrupt_body(getattr(receiver[0], "__exit__"))
        return
    drive(path, call(path, function, receiver, parameters), caller, 2)


def opened(path, holder):
    """An object of a class; nothing is known of the attributes that it does not have."""

    def __getattr__(self, name):
        if name in OWN:
            raise AttributeError(name)
        value = path.value("self", f".{name}")
        object.__setattr__(self, name, value)
        return value

    return object.__new__(type(holder.__name__, (holder,), {"__getattr__": __getattr__, "__qualname__": holder.__qualname__}))


def call(path, function, receiver, parameters):
    path.entered = code = inspect.unwrap(function).__code__
    arguments = {name: path.start(f"{name}()") for name in parameters[len(receiver) :]}
    only = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
    keywords = {name: arguments.pop(name) for name in only if name in arguments}
    return function(*receiver, *arguments.values(), **keywords)


def drive_manager(manager, caller):
    failure = None
    try:
        with manager:
            for fails in caller:
                failure = Exception() if fails else KeyboardInterrupt()
                raise failure
    except BaseException as error:
        if error is not failure:
            raise


def interrupt_body(leave):
    failure = KeyboardInterrupt()
    try:
        with contextlib.ExitStack() as stack:
            stack.push(leave)
            raise failure
    except KeyboardInterrupt as error:
        if error is not failure:
            raise


def waits_for_value(generator):
    """Whether it stands at a `yield` whose value is used."""
    if not isinstance(generator, types.GeneratorType) or inspect.getgeneratorstate(generator) != inspect.GEN_SUSPENDED:
        return False
    if generator.gi_yieldfrom is not None:
        return waits_for_value(generator.gi_yieldfrom)
    place = generator.gi_frame.f_lasti
    behind = (step.opname for step in dis.get_instructions(generator.gi_code) if step.offset > place)
    return next((name for name in behind if name not in ("RESUME", "CACHE", "EXTENDED_ARG")), "") != "POP_TOP"


def drive(path, result, caller, depth):
    """What the caller does with the result, as the `drive_entry` of the model's library: a generator is iterated to any point, sent
    values where it waits for some, thrown into, and closed."""
    if isinstance(result, types.GeneratorType):
        try:
            for turn in caller:
                if turn:
                    result.send(path.start("what is sent") if waits_for_value(result) else None)
                else:
                    result.throw(Exception())
            result.close()
        except StopIteration:
            return
    elif isinstance(result, contextlib.AbstractContextManager) and not isinstance(result, Unknown):
        drive_manager(result, caller)
    elif isinstance(result, types.FunctionType) and depth > 0:
        names = result.__code__.co_varnames[: result.__code__.co_argcount]
        drive(path, call(path, result, [], names), caller, depth - 1)


def pytest_generate_tests(metafunc):
    metafunc.parametrize("script, known, ending", [path[1:] for path in PATHS], ids=[path[0] for path in PATHS])


def test_path(script, known, ending):
    assert play(script, known, ending) == ending


if __name__ == "__main__":
    failed = 0
    for name, script, known, ending in PATHS:
        try:
            found = play(script, known, ending)
        except Astray as difference:
            found = difference
        if found != ending:
            failed += 1
            print(f"{name}: {found}; the path ends {ending}")
    print(len(PATHS) - failed, "played,", failed, "failed")
    sys.exit(failed > 0)
