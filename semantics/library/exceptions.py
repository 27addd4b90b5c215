# The builtin exceptions, which were also members of a module before Python 3.0. Those behind the gap are not in all versions.

ArithmeticError = ArithmeticError
AssertionError = AssertionError
AttributeError = AttributeError
EOFError = EOFError
EnvironmentError = EnvironmentError
Exception = Exception
FloatingPointError = FloatingPointError
IOError = IOError
ImportError = ImportError
IndexError = IndexError
KeyError = KeyError
KeyboardInterrupt = KeyboardInterrupt
LookupError = LookupError
MemoryError = MemoryError
NameError = NameError
NotImplementedError = NotImplementedError
OSError = OSError
OverflowError = OverflowError
RuntimeError = RuntimeError
StandardError = StandardError
SyntaxError = SyntaxError
SystemError = SystemError
SystemExit = SystemExit
TypeError = TypeError
ValueError = ValueError
ZeroDivisionError = ZeroDivisionError

if prim.has("exception.new-style"):
    BaseException = BaseException
try:
    BufferError = BufferError
except NameError:
    pass
try:
    BytesWarning = BytesWarning
except NameError:
    pass
try:
    DeprecationWarning = DeprecationWarning
except NameError:
    pass
try:
    FutureWarning = FutureWarning
except NameError:
    pass
try:
    GeneratorExit = GeneratorExit
except NameError:
    pass
try:
    ImportWarning = ImportWarning
except NameError:
    pass
try:
    IndentationError = IndentationError
except NameError:
    pass
try:
    PendingDeprecationWarning = PendingDeprecationWarning
except NameError:
    pass
try:
    ReferenceError = ReferenceError
except NameError:
    pass
try:
    RuntimeWarning = RuntimeWarning
except NameError:
    pass
try:
    StopIteration = StopIteration
except NameError:
    pass
try:
    SyntaxWarning = SyntaxWarning
except NameError:
    pass
try:
    TabError = TabError
except NameError:
    pass
try:
    UnboundLocalError = UnboundLocalError
except NameError:
    pass
try:
    UnicodeDecodeError = UnicodeDecodeError
except NameError:
    pass
try:
    UnicodeEncodeError = UnicodeEncodeError
except NameError:
    pass
try:
    UnicodeError = UnicodeError
except NameError:
    pass
try:
    UnicodeTranslateError = UnicodeTranslateError
except NameError:
    pass
try:
    UnicodeWarning = UnicodeWarning
except NameError:
    pass
try:
    UserWarning = UserWarning
except NameError:
    pass
try:
    Warning = Warning
except NameError:
    pass
