# Test cases and a runner that prints CPython's dots to stderr. Not here:
# mocks, discovery, command-line options, differences of long values, logs.
# Durations are printed as 0.000s, tracebacks without their frames.
import sys

_absent = object()


class SkipTest(Exception):
    pass


def _identity(item):
    return item


def skip(reason=""):
    if callable(reason):
        # Used without a reason, as a plain decorator.
        return skip("")(reason)

    def decorate(item):
        item.__unittest_skip__ = True
        item.__unittest_skip_why__ = reason
        return item
    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else _identity


def skipUnless(condition, reason):
    return _identity if condition else skip(reason)


def expectedFailure(test_item):
    test_item.__unittest_expecting_failure__ = True
    return test_item




class _AssertRaises:
    def __init__(self, expected, test, pattern):
        self.expected = expected
        self.test = test
        self.pattern = pattern
        self.name = None
        self.msg = None

    def handle(self, function, args, kwargs):
        if function is _absent:
            self.msg = kwargs.pop("msg", None)
            if kwargs:
                unknown = next(iter(kwargs))
                raise TypeError(f"{unknown!r} is an invalid keyword argument for this function")
            return self
        self.name = getattr(function, "__name__", str(function))
        with self:
            function(*args, **kwargs)
        return None

    def fail(self, standard):
        raise self.test.failureException(self.test._formatMessage(self.msg, standard))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            names = _expected_text(self.expected)
            suffix = f" by {self.name}" if self.name else ""
            self.fail(f"{names} not raised{suffix}")
        if not issubclass(kind, self.expected):
            return False
        self.exception = value.with_traceback(None)
        if self.pattern is not None:
            import re
            pattern = re.compile(self.pattern)
            if not pattern.search(str(value)):
                text = str(value)
                self.fail(f'"{pattern.pattern}" does not match "{text}"')
        return True


def _expected_text(expected):
    if isinstance(expected, tuple):
        return str(expected)
    return expected.__name__


class _SubTest:
    def __init__(self, test, description):
        self.test = test
        self.description = description

    def __enter__(self):
        return None

    def __exit__(self, kind, value, trace):
        # A test that is called and not run keeps no result.
        if kind is None or not issubclass(kind, Exception) or self.test._result is None:
            return False
        self.test._record(value, self.description)
        return True


class TestCase:
    failureException = AssertionError
    longMessage = True
    maxDiff = 640

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._cleanups = []
        self._result = None

    # What a test case defines.

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def id(self):
        cls = self.__class__
        return f"{cls.__module__}.{cls.__qualname__}.{self._testMethodName}"

    def shortDescription(self):
        doc = getattr(self, self._testMethodName).__doc__
        return doc.strip().split("\n")[0].strip() if doc else None

    def __str__(self):
        return f"{self._testMethodName} ({self.id()})"

    def __repr__(self):
        cls = self.__class__
        return f"<{cls.__module__}.{cls.__qualname__} testMethod={self._testMethodName}>"

    def addCleanup(self, function, /, *args, **kwargs):
        self._cleanups.append((function, args, kwargs))

    def enterContext(self, cm):
        cls = prim.type(cm)
        result = cls.__enter__(cm)
        self.addCleanup(cls.__exit__, cm, None, None, None)
        return result

    def skipTest(self, reason):
        raise SkipTest(reason)

    def subTest(self, msg=_absent, **params):
        parts = []
        if msg is not _absent:
            parts.append(f"[{msg}]")
        if params:
            inside = ", ".join([f"{name}={value!r}" for name, value in params.items()])
            parts.append(f"({inside})")
        return _SubTest(self, " ".join(parts) or "(<subtest>)")

    # Running.

    def run(self, result):
        self._result = result
        self._failed = False
        method = getattr(self, self._testMethodName)
        reason = _skip_reason(self.__class__, method)
        result.startTest(self)
        if reason is not None:
            result.addSkip(self, reason)
            return
        expecting = (getattr(method, "__unittest_expecting_failure__", False)
                     or getattr(self.__class__, "__unittest_expecting_failure__", False))
        self._expected = None
        self._expecting = expecting
        if self._guarded(self.setUp):
            self._guarded(method, True)
            self._guarded(self.tearDown)
        self.doCleanups()
        if self._failed:
            return
        if not expecting:
            result.addSuccess(self)
        elif self._expected is None:
            result.addUnexpectedSuccess(self)
        else:
            result.addExpectedFailure(self)

    def debug(self):
        """Runs the test, and lets through what it raises."""
        method = getattr(self, self._testMethodName)
        reason = _skip_reason(self.__class__, method)
        if reason is not None:
            raise SkipTest(reason)
        self.setUp()
        method()
        self.tearDown()
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def _guarded(self, function, is_test=False):
        """Whether the function ended without an exception."""
        try:
            function()
        except KeyboardInterrupt:
            raise
        except SkipTest as skipped:
            self._failed = True
            self._result.addSkip(self, str(skipped))
            return False
        except BaseException as error:
            if self._expecting and is_test:
                self._expected = error
            else:
                self._record(error, None)
            return False
        return True

    def _record(self, error, description):
        self._failed = True
        if isinstance(error, SkipTest):
            self._result.addSkip(self, str(error))
        elif isinstance(error, self.failureException):
            self._result.addFailure(self, error, description)
        else:
            self._result.addError(self, error, description)

    def doCleanups(self):
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            self._guarded(_bound(function, args, kwargs))

    # Assertions.

    def fail(self, msg=None):
        raise self.failureException(msg)

    def _formatMessage(self, msg, standardMsg):
        if not self.longMessage:
            return msg or standardMsg
        if msg is None:
            return standardMsg
        return f"{standardMsg} : {msg}"

    def _fail(self, msg, standard):
        raise self.failureException(self._formatMessage(msg, standard))

    def assertTrue(self, expr, msg=None):
        if not expr:
            self._fail(msg, f"{expr!r} is not true")

    def assertFalse(self, expr, msg=None):
        if expr:
            self._fail(msg, f"{expr!r} is not false")

    def assertEqual(self, first, second, msg=None):
        if not first == second:
            self._fail(msg, f"{first!r} != {second!r}")

    assertListEqual = assertEqual
    assertTupleEqual = assertEqual
    assertDictEqual = assertEqual
    assertSetEqual = assertEqual
    assertSequenceEqual = assertEqual
    assertMultiLineEqual = assertEqual

    def assertNotEqual(self, first, second, msg=None):
        if not first != second:
            self._fail(msg, f"{first!r} == {second!r}")

    def assertIs(self, expr1, expr2, msg=None):
        if expr1 is not expr2:
            self._fail(msg, f"{expr1!r} is not {expr2!r}")

    def assertIsNot(self, expr1, expr2, msg=None):
        if expr1 is expr2:
            self._fail(msg, f"unexpectedly identical: {expr1!r}")

    def assertIsNone(self, obj, msg=None):
        if obj is not None:
            self._fail(msg, f"{obj!r} is not None")

    def assertIsNotNone(self, obj, msg=None):
        if obj is None:
            self._fail(msg, "unexpectedly None")

    def assertIn(self, member, container, msg=None):
        if member not in container:
            self._fail(msg, f"{member!r} not found in {container!r}")

    def assertNotIn(self, member, container, msg=None):
        if member in container:
            self._fail(msg, f"{member!r} unexpectedly found in {container!r}")

    def assertIsInstance(self, obj, cls, msg=None):
        if not isinstance(obj, cls):
            self._fail(msg, f"{obj!r} is not an instance of {cls!r}")

    def assertNotIsInstance(self, obj, cls, msg=None):
        if isinstance(obj, cls):
            self._fail(msg, f"{obj!r} is an instance of {cls!r}")

    def assertIsSubclass(self, cls, superclass, msg=None):
        if not issubclass(cls, superclass):
            self._fail(msg, f"{cls!r} is not a subclass of {superclass!r}")

    def assertHasAttr(self, obj, name, msg=None):
        if not hasattr(obj, name):
            self._fail(msg, f"{type(obj).__name__!r} object has no attribute {name!r}")

    def assertNotHasAttr(self, obj, name, msg=None):
        if hasattr(obj, name):
            self._fail(msg, f"{type(obj).__name__!r} object has unexpected attribute {name!r}")

    def assertStartsWith(self, s, prefix, msg=None):
        if not s.startswith(prefix):
            self._fail(msg, f"{s!r} doesn't start with {prefix!r}")

    def assertEndsWith(self, s, suffix, msg=None):
        if not s.endswith(suffix):
            self._fail(msg, f"{s!r} doesn't end with {suffix!r}")

    def assertLess(self, a, b, msg=None):
        if not a < b:
            self._fail(msg, f"{a!r} not less than {b!r}")

    def assertLessEqual(self, a, b, msg=None):
        if not a <= b:
            self._fail(msg, f"{a!r} not less than or equal to {b!r}")

    def assertGreater(self, a, b, msg=None):
        if not a > b:
            self._fail(msg, f"{a!r} not greater than {b!r}")

    def assertGreaterEqual(self, a, b, msg=None):
        if not a >= b:
            self._fail(msg, f"{a!r} not greater than or equal to {b!r}")

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if first == second:
            return
        difference = abs(first - second)
        if delta is not None:
            if difference > delta:
                self._fail(msg, f"{first!r} != {second!r} within {delta!r} delta ({difference!r} difference)")
            return
        places = 7 if places is None else places
        if round(difference, places) != 0:
            self._fail(msg, f"{first!r} != {second!r} within {places!r} places ({difference!r} difference)")

    def assertCountEqual(self, first, second, msg=None):
        rest = list(second)
        missing = []
        for item in list(first):
            if item in rest:
                rest.remove(item)
            else:
                missing.append(item)
        if missing or rest:
            self._fail(msg, f"Element counts were not equal: {missing!r}, {rest!r}")

    def assertRegex(self, text, expected_regex, msg=None):
        import re
        pattern = re.compile(expected_regex)
        if not pattern.search(text):
            self._fail(msg, f"Regex didn't match: {pattern.pattern!r} not found in {text!r}")

    def assertNotRegex(self, text, unexpected_regex, msg=None):
        import re
        found = re.compile(unexpected_regex).search(text)
        if found:
            self._fail(msg, f"Regex matched: {found.group()!r} matches {unexpected_regex!r} in {text!r}")

    def assertRaises(self, expected_exception, function=_absent, /, *args, **kwargs):
        context = _AssertRaises(expected_exception, self, None)
        return context.handle(function, args, kwargs)

    def assertRaisesRegex(self, expected_exception, expected_regex, function=_absent, /, *args, **kwargs):
        context = _AssertRaises(expected_exception, self, expected_regex)
        return context.handle(function, args, kwargs)


def _bound(function, args, kwargs):
    def call():
        function(*args, **kwargs)
    return call


def _skip_reason(cls, method):
    for item in (cls, method):
        if getattr(item, "__unittest_skip__", False):
            return getattr(item, "__unittest_skip_why__", "")
    return None


class TestResult:
    """Counts outcomes and prints a sign for each."""

    separator1 = "=" * 70
    separator2 = "-" * 70

    def __init__(self, stream=None):
        self.stream = stream
        self.testsRun = 0
        self.failures = []
        self.errors = []
        self.skipped = []
        self.expectedFailures = []
        self.unexpectedSuccesses = []

    def _sign(self, text):
        if self.stream is not None:
            self.stream.write(text)

    def startTest(self, test):
        self.testsRun += 1

    def addSuccess(self, test):
        self._sign(".")

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))
        self._sign("s")

    def addFailure(self, test, error, description=None):
        self.failures.append((_described(test, description), error))
        self._sign("F")

    def addError(self, test, error, description=None):
        self.errors.append((_described(test, description), error))
        self._sign("E")

    def addExpectedFailure(self, test):
        self.expectedFailures.append(test)
        self._sign("x")

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)
        self._sign("u")

    def wasSuccessful(self):
        return not self.failures and not self.errors and not self.unexpectedSuccesses

    def printErrors(self):
        self._sign("\n")
        self._print_list("ERROR", self.errors)
        self._print_list("FAIL", self.failures)
        if self.unexpectedSuccesses:
            self._sign(self.separator1 + "\n")
            for test in self.unexpectedSuccesses:
                self._sign(f"UNEXPECTED SUCCESS: {_described(test, None)}\n")

    def _print_list(self, flavour, entries):
        for title, error in entries:
            self._sign(f"{self.separator1}\n{flavour}: {title}\n{self.separator2}\n")
            self._sign(_chain_text(error, []) + "\n")


def _chain_text(error, seen):
    """The exception after its cause or context, as tracebacks print them."""
    seen.append(id(error))
    before = ""
    cause = error.__cause__
    context = error.__context__
    if cause is not None:
        if id(cause) not in seen:
            before = _chain_text(cause, seen) + (
                "\nThe above exception was the direct cause of the following exception:\n\n")
    elif context is not None and not error.__suppress_context__ and id(context) not in seen:
        before = _chain_text(context, seen) + (
            "\nDuring handling of the above exception, another exception occurred:\n\n")
    import traceback
    lines = "".join(traceback.format_exception_only(error))
    if error.__traceback__ is None:
        return before + lines
    return before + "Traceback (most recent call last):\n" + lines


def _described(test, description):
    if isinstance(test, str):
        return test
    text = str(test)
    if description:
        text = f"{text} {description}"
    doc = test.shortDescription()
    return f"{text}\n{doc}" if doc else text


class TestSuite:
    def __init__(self, tests=()):
        self._tests = []
        self.addTests(tests)

    def addTest(self, test):
        self._tests.append(test)

    def addTests(self, tests):
        for test in tests:
            self.addTest(test)

    def __iter__(self):
        return iter(self._tests)

    def countTestCases(self):
        return len(list(self._cases()))

    def _cases(self):
        for test in self._tests:
            if isinstance(test, TestSuite):
                yield from test._cases()
            else:
                yield test

    def run(self, result):
        current = None
        usable = True
        for test in self._cases():
            if test.__class__ is not current:
                _leave_class(current, usable, result)
                current = test.__class__
                usable = _enter_class(current, result)
            if usable:
                test.run(result)
        _leave_class(current, usable, result)
        return result


def _class_title(cls, hook):
    return f"{hook} ({cls.__module__}.{cls.__qualname__})"


def _enter_class(cls, result):
    if getattr(cls, "__unittest_skip__", False):
        return True
    return _class_hook(cls, "setUpClass", result)


def _leave_class(cls, usable, result):
    if cls is not None and usable and not getattr(cls, "__unittest_skip__", False):
        _class_hook(cls, "tearDownClass", result)


def _class_hook(cls, hook, result):
    try:
        getattr(cls, hook)()
    except SkipTest as skipped:
        result.addSkip(_class_title(cls, hook), str(skipped))
        return False
    except Exception as error:
        result.addError(_class_title(cls, hook), error)
        return False
    return True


class TestLoader:
    testMethodPrefix = "test"

    def getTestCaseNames(self, testCaseClass):
        return [name for name in sorted(dir(testCaseClass))
                if name.startswith(self.testMethodPrefix) and callable(getattr(testCaseClass, name))]

    def loadTestsFromTestCase(self, testCaseClass):
        names = self.getTestCaseNames(testCaseClass)
        if not names and hasattr(testCaseClass, "runTest"):
            names = ["runTest"]
        return TestSuite([testCaseClass(name) for name in names])

    def loadTestsFromModule(self, module):
        suite = TestSuite()
        for name in sorted(dir(module)):
            item = getattr(module, name)
            if isinstance(item, type) and issubclass(item, TestCase) and item is not TestCase:
                suite.addTest(self.loadTestsFromTestCase(item))
        return suite


defaultTestLoader = TestLoader()


class TextTestRunner:
    def __init__(self, stream=None, verbosity=1):
        self.stream = stream

    def run(self, test):
        stream = sys.stderr if self.stream is None else self.stream
        result = TestResult(stream)
        test.run(result)
        result.printErrors()
        count = result.testsRun
        plural = "" if count == 1 else "s"
        stream.write(f"{result.separator2}\nRan {count} test{plural} in 0.000s\n\n")
        stream.write(_summary(result) + "\n")
        return result


def _summary(result):
    if not result.wasSuccessful():
        verdict = "FAILED"
    elif result.testsRun == 0 and not result.skipped:
        verdict = "NO TESTS RAN"
    else:
        verdict = "OK"
    counts = []
    for name, entries in (("failures", result.failures), ("errors", result.errors),
                          ("skipped", result.skipped),
                          ("expected failures", result.expectedFailures),
                          ("unexpected successes", result.unexpectedSuccesses)):
        if entries:
            counts.append(f"{name}={len(entries)}")
    inside = ", ".join(counts)
    return f"{verdict} ({inside})" if counts else verdict


def main(module="__main__", exit=True, verbosity=1, **options):
    if isinstance(module, str):
        module = sys.modules[module]
    suite = defaultTestLoader.loadTestsFromModule(module)
    result = TextTestRunner(None, verbosity).run(suite)
    if exit:
        if result.testsRun == 0 and not result.skipped:
            sys.exit(5)
        sys.exit(0 if result.wasSuccessful() else 1)
    return result
