# Raising, throwing, and groups of exceptions.


def exception_to_raise(cls):
    return _raised_instance(cls, cls())


def exception_cause_unchecked(cls):
    return cls()


def exception_cause(cls):
    return _raised_instance(cls, cls())


def exception_cause_unchecked(cls):
    return cls()


def _raised_instance(cls, made):
    if not prim.isinstance(made, BaseException):
        wanted = repr(cls)
        got = repr(prim.type(made))
        raise TypeError(f"calling {wanted} should have returned an instance of BaseException, not {got}")
    return made


def warn_here(text):
    # Without the module `warnings` a warning is shown once a line, and of the program's own file only.
    place = prim.caller_place(1)
    if place is not None and place[2] == "__main__" and not prim.was_warned(place):
        prim.write(2, f"{place[0]}:{place[1]}: DeprecationWarning: {text}\n")


def exception_to_throw(kind, value=None, traceback=None):
    # A class that is thrown is called. What that raises is thrown instead.
    try:
        if prim.is_unknown(kind):
            raise kind
        if value is None:
            made = kind()
        elif prim.type(value) is _tuple:
            made = kind(*value)
        else:
            made = kind(value)
    except BaseException as error:
        made = error
    if not prim.isinstance(made, BaseException):
        if prim.is_classic(made):
            return prim.carried(made)
        wanted = repr(kind)
        got = prim.type_name(made)
        made = TypeError(f"calling {wanted} should have returned an instance of BaseException, not {got}")
    return made if traceback is None else made.with_traceback(traceback)


# ---- groups ----

def BaseExceptionGroup_split(group, condition):
    return _split(group, _group_test(condition))


def BaseExceptionGroup_subgroup(group, condition):
    return prim.item(_split(group, _group_test(condition)), 0)


def _group_test(condition):
    kind = prim.type(condition)
    if kind is _type or kind is _tuple:
        members = condition
        if kind is _type:
            members = (condition,)
        for member in members:
            if prim.type(member) is not _type or not prim.issubclass(member, BaseException):
                _bad_condition()

        def of_class(exception):
            return prim.isinstance(exception, condition)
        return of_class
    if not callable(condition):
        _bad_condition()
    return condition


def _bad_condition():
    raise TypeError("expected an exception type, a tuple of exception types, or a callable (other than a class)")


def _split(exception, test):
    if test(exception):
        return (exception, None)
    if prim.group_leaf_test(exception):
        return (None, exception)
    matching = prim.list()
    rest = prim.list()
    for member in exception.exceptions:
        parts = _split(member, test)
        if prim.item(parts, 0) is not None:
            prim.append(matching, prim.item(parts, 0))
        if prim.item(parts, 1) is not None:
            prim.append(rest, prim.item(parts, 1))
    return (_derived(exception, matching), _derived(exception, rest))


def _derived(group, members):
    if prim.length(members) == 0:
        return None
    part = group.derive(members)
    if not prim.isinstance(part, BaseExceptionGroup):
        raise TypeError("derive must return an instance of BaseExceptionGroup")
    return prim.copy_metadata(group, part)


def star_split(rest, condition):
    # A group is split by a tuple, and by no object of a class derived from tuple.
    if prim.isinstance(condition, _tuple) and prim.type(condition) is not _tuple and prim.isinstance(rest, BaseExceptionGroup):
        _bad_condition()

    def matches(exception):
        return prim.isinstance(exception, condition)
    return _split(rest, matches)


def star_end(original, rest, raised):
    parts = prim.wrapped_group(original, raised)
    kept = prim.list_copy(prim.item(parts, 0))
    if rest is not None:
        prim.append(kept, rest)
    new = prim.list_copy(prim.item(parts, 1))
    if prim.length(kept) > 0:
        def among(exception):
            return prim.projected(exception, kept)
        again = prim.item(_split(original, among), 0)
        if again is not None:
            prim.append(new, again)
    if prim.length(new) == 0:
        return None
    if prim.length(new) == 1:
        return prim.item(new, 0)
    return BaseExceptionGroup("", new)
