# Tools for `with`. Nothing asynchronous is here.
import sys

from functools import wraps


class AbstractContextManager:
    _abc_impl = None

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        return None

    __exit__.__isabstractmethod__ = True

    @classmethod
    def __subclasshook__(cls, C):
        if cls is AbstractContextManager:
            return _defines(C, "__enter__") and _defines(C, "__exit__") or NotImplemented
        return NotImplemented


def _defines(cls, name):
    """Whether a class or one behind it has the method; None stands for none."""
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name] is not None
    return False


class ContextDecorator:
    """Lets a context manager decorate a function, whose calls it then encloses."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class _GeneratorContextManager(ContextDecorator, AbstractContextManager):
    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        # A generator runs once, so a decorated function needs a new one per call.
        self.func = func
        self.args = args
        self.kwds = kwds
        self.__doc__ = getattr(func, "__doc__", None)

    def _recreate_cm(self):
        return self.__class__(self.func, self.args, self.kwds)

    def __enter__(self):
        # The generator keeps its arguments alive itself.
        del self.args, self.kwds, self.func
        try:
            return next(self.gen)
        except StopIteration:
            if prim.has("raise.from-none"):
                raise RuntimeError("generator didn't yield") from None
            raise RuntimeError("generator didn't yield")

    def __exit__(self, exc_type, exc_value, traceback):
        if exc_type is None:
            return self._finish()
        if exc_value is None:
            exc_value = exc_type()
        return self._throw(exc_value, traceback)

    def _finish(self):
        """The block ended well: the generator has to end as well."""
        try:
            next(self.gen)
        except StopIteration:
            return False
        self._did_not_stop("generator didn't stop")

    def _throw(self, error, traceback):
        """The block failed: true if the generator handled the exception."""
        length = prim.traceback_length(error)
        try:
            self.gen.throw(error)
        except StopIteration as stop:
            # A StopIteration of the block itself comes back as it went in.
            return stop is not error
        except BaseException as raised:
            if not _is_same_failure(raised, error):
                raise
            # What the generator's frames added to it is none of the caller's.
            error.__traceback__ = traceback
            prim.set_traceback_length(error, length)
            return False
        self._did_not_stop("generator didn't stop after throw()")

    def _did_not_stop(self, message):
        try:
            raise RuntimeError(message)
        finally:
            self.gen.close()


def _is_same_failure(raised, error):
    if raised is error:
        return True
    # PEP 479: a StopIteration that leaves a generator is turned into a
    # RuntimeError, of which it is the cause.
    stops = isinstance(error, StopIteration) if prim.has("manager.stop-subclass") else type(error) is StopIteration
    return isinstance(raised, RuntimeError) and stops and raised.__cause__ is error


def contextmanager(func):
    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper


class closing(AbstractContextManager):
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


def nested(*managers):
    def entered():
        exits = []
        values = []
        failure = (None, None, None)
        try:
            for manager in managers:
                left = manager.__exit__
                values.append(manager.__enter__())
                exits.append(left)
            yield values
        except:
            failure = sys.exc_info()
        finally:
            while exits:
                left = exits.pop()
                try:
                    if left(*failure):
                        failure = (None, None, None)
                except:
                    failure = sys.exc_info()
            if failure != (None, None, None):
                raise failure[1]
    return _GeneratorContextManager(entered, (), {})


class nullcontext(AbstractContextManager):
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        pass


class suppress(AbstractContextManager):
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, exctype, excinst, exctb):
        if exctype is None:
            return None
        if issubclass(exctype, self._exceptions):
            return True
        if prim.has("suppress.groups") and issubclass(exctype, BaseExceptionGroup):
            match, rest = excinst.split(self._exceptions)
            if rest is None:
                return True
            raise rest
        return False


class _RedirectStream(AbstractContextManager):
    _stream = None

    def __init__(self, new_target):
        self._new_target = new_target
        # A list, since one manager may be entered several times.
        self._old_targets = []

    def __enter__(self):
        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, exctype, excinst, exctb):
        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stdout(_RedirectStream):
    _stream = "stdout"


class redirect_stderr(_RedirectStream):
    _stream = "stderr"


class ExitStack(AbstractContextManager):
    def __init__(self):
        # Functions of (type, value, traceback), the last to be called first.
        self._exits = []

    def pop_all(self):
        other = type(self)()
        other._exits = self._exits
        self._exits = []
        return other

    def push(self, exit):
        method = getattr(type(exit), "__exit__", None)
        if method is None:
            self._exits.append(exit)
        else:
            self._push_method(exit, method)
        return exit

    def _push_method(self, manager, method):
        def leave(exc_type, exc_value, traceback):
            return method(manager, exc_type, exc_value, traceback)
        self._exits.append(leave)

    def enter_context(self, cm):
        cls = type(cm)
        enter = getattr(cls, "__enter__", None)
        leave = getattr(cls, "__exit__", None)
        if enter is None or leave is None:
            name = f"{cls.__module__}.{cls.__qualname__}"
            raise TypeError(f"'{name}' object does not support the context manager protocol")
        result = enter(cm)
        self._push_method(cm, leave)
        return result

    def callback(self, callback, /, *args, **kwds):
        def leave(exc_type, exc_value, traceback):
            callback(*args, **kwds)
        leave.__wrapped__ = callback
        self._exits.append(leave)
        return callback

    def close(self):
        self.__exit__(None, None, None)

    def __enter__(self):
        return self

    def __exit__(self, *exc_details):
        received = exc_details[1] is not None
        # What is being handled outside: contexts are mended up to here.
        outside = sys.exc_info()[1]
        pending = exc_details[1]
        raised = False
        suppressed = False
        while self._exits:
            leave = self._exits.pop()
            try:
                if leave(*_details(pending)):
                    suppressed = True
                    raised = False
                    pending = None
            except BaseException as error:
                _mend_context(error, pending, outside)
                raised = True
                pending = error
        if raised:
            # `raise` would set the context anew; keep the one mended above.
            context = pending.__context__
            try:
                raise pending
            except BaseException:
                pending.__context__ = context
                raise
        return received and suppressed


def _details(error):
    if error is None:
        return (None, None, None)
    return (type(error), error, error.__traceback__)


def _mend_context(error, pending, outside):
    """Chains `error` to `pending`, as nested `with` statements would have."""
    while True:
        context = error.__context__
        if context is None or context is pending:
            return
        if context is outside:
            break
        error = context
    error.__context__ = pending
