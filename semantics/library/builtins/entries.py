# How a function is entered by itself: with unknown arguments, by a caller that may do anything with what it gives.


def drive_entry(classes, name, code, builder, kind, stored, caller, marker):
    if not _is_defined(marker):
        return
    holder = builder
    if kind != "bare":
        holder = _entry_class(classes, builder, caller)
    receiver = _entry_receiver(holder, kind, stored, caller)
    given = prim.length(receiver)
    if kind == "decorated":
        bound = _entry_bound(receiver, name)
        # A decorator of which nothing is known hides the function, which is then entered as it stands.
        if prim.is_known_callable(bound):
            arguments = prim.entry_arguments(code, caller, given, "positional")
            _drive(bound(*arguments, **prim.entry_keywords(code, caller)), caller, 2)
            return
    if name == "__exit__" and kind == "method" and not caller:
        _interrupt_body(_entry_bound(receiver, name))
        return
    function = prim.opened(code, holder)
    arguments = prim.entry_arguments(code, caller, given, "all")
    _drive(function(*receiver, *arguments), caller, 2)


def _is_defined(marker):
    """Whether the module has come to the definition: nobody calls a function that is not there."""
    return marker is None or prim.is_bound("__main__", marker)


def _entry_class(classes, builder, caller):
    """The class that a method stands in. Where its bases are unknown, so is the class, and one without them stands in."""
    if builder is None:
        return None
    found = _missing
    for name in classes:
        if found is _missing:
            found = prim.module_names("__main__").get(name, _missing)
        else:
            found = getattr(found, name, _missing)
    if prim.is_known_class(found):
        return found
    return prim.stand_in(builder(), caller)


def _entry_receiver(holder, kind, stored, caller):
    """What a method is called on, as a tuple: an object, a class or nothing."""
    if holder is None or kind == "function" or kind == "bare":
        return ()
    if kind == "of-class":
        return (holder,)
    instance = prim.open_object(holder, stored, caller)
    if instance is _missing:
        instance = holder.__new__(holder)
        prim.open_up(instance, stored, caller)
    return (instance,)


def _entry_bound(receiver, name):
    """What the decorators have made of the function."""
    for instance in receiver:
        return getattr(instance, name, _missing)
    return prim.module_names("__main__").get(name, _missing)


def _drive(result, caller, depth):
    kind = prim.driven_kind(result)
    if kind == "generator":
        _drive_generator(result, caller)
    elif kind == "manager":
        _drive_manager(result, caller)
    elif kind == "function" and depth > 0:
        function = prim.opened(result, None)
        _drive(function(*prim.entry_arguments(result, caller, 0, "all")), caller, depth - 1)


def _drive_manager(manager, caller):
    """The body of its `with` statement ends, or raises: an exception, or an interrupt."""
    failure = None
    try:
        with manager:
            for fails in caller:
                failure = Exception() if fails else KeyboardInterrupt()
                raise failure
    except BaseException as error:
        if error is not failure:
            raise


def _interrupt_body(leave):
    """`__exit__` is called where the body of the `with` statement was interrupted."""
    class Manager:
        def __enter__(self):
            return None

        def __exit__(self, *details):
            return leave(*details)

    failure = KeyboardInterrupt()
    try:
        with Manager():
            raise failure
    except KeyboardInterrupt as error:
        if error is not failure:
            raise


def _drive_generator(generator, caller):
    """It is iterated to any point, sent values where it waits for some, thrown into, and closed.

    Whoever gives it up leaves closing it to the collector: nothing else of it runs then, and that is no fault of its own.
    """
    try:
        for turn in caller:
            if turn:
                prim.go_on(generator, caller)
            else:
                generator.throw(Exception())
        generator.close()
    except StopIteration:
        return


def drive_twin(classes, name, code, builder, kind, stored, caller, marker, observer, handling, outside):
    """Enters a function as `drive_entry` does, so that two can be compared: `observer` is given all that the caller gets. Where that is
    said, it is entered while what `outside` raises is being handled."""
    if not _is_defined(marker):
        return
    holder = builder
    if kind != "bare":
        holder = _entry_class(classes, builder, caller)
    receiver = _entry_receiver(holder, kind, stored, caller)
    if not handling:
        _drive_twin(receiver, holder, name, code, kind, caller, observer)
        return
    try:
        outside()
    except BaseException:
        _drive_twin(receiver, holder, name, code, kind, caller, observer)


def _drive_twin(receiver, holder, name, code, kind, caller, observer):
    given = prim.length(receiver)
    if kind == "decorated":
        bound = _entry_bound(receiver, name)
        if prim.is_known_callable(bound):
            arguments = prim.entry_arguments(code, caller, given, "positional")
            _observe(bound(*arguments, **prim.entry_keywords(code, caller)), receiver, caller, observer)
            return
    function = prim.opened(code, holder)
    arguments = prim.entry_arguments(code, caller, given, "all")
    _observe(function(*receiver, *arguments), receiver, caller, observer)


def _observe(result, receiver, caller, observer):
    if prim.driven_kind(result) == "generator":
        try:
            for turn in caller:
                if turn:
                    observer("yields", prim.go_on(result, caller))
                else:
                    observer("yields", result.throw(Exception()))
            result.close()
        except StopIteration as stop:
            observer("returns", stop.value, *receiver)
    elif prim.driven_kind(result) == "manager":
        _drive_manager(result, caller)
    else:
        observer("returns", result, *receiver)
