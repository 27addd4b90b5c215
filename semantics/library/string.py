# What there was beside the methods of strings before Python 3.0.

whitespace = "\t\n\x0b\x0c\r "
lowercase = ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
uppercase = ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
letters = ascii_letters = lowercase + uppercase
digits = "0123456789"
hexdigits = "0123456789abcdefABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
printable = digits + letters + punctuation + whitespace

index_error = atoi_error = atof_error = atol_error = ValueError


def lower(s):
    return s.lower()


def upper(s):
    return s.upper()


def swapcase(s):
    return s.swapcase()


def capitalize(s):
    return s.capitalize()


def capwords(s, sep=None):
    return (sep or " ").join([word.capitalize() for word in s.split(sep)])


def strip(s, chars=None):
    return s.strip(chars)


def lstrip(s, chars=None):
    return s.lstrip(chars)


def rstrip(s, chars=None):
    return s.rstrip(chars)


def split(s, sep=None, maxsplit=-1):
    return s.split(sep, maxsplit)


def rsplit(s, sep=None, maxsplit=-1):
    return s.rsplit(sep, maxsplit)


def join(words, sep=" "):
    return sep.join(words)


splitfields = split
joinfields = join


def index(s, *args):
    return s.index(*args)


def rindex(s, *args):
    return s.rindex(*args)


def count(s, *args):
    return s.count(*args)


def find(s, *args):
    return s.find(*args)


def rfind(s, *args):
    return s.rfind(*args)


def replace(s, old, new, maxreplace=-1):
    return s.replace(old, new, maxreplace)


def atof(s):
    return float(s)


def atoi(s, base=10):
    return int(s, base)


def atol(s, base=10):
    return int(s, base)


def ljust(s, width, *args):
    return s.ljust(width, *args)


def rjust(s, width, *args):
    return s.rjust(width, *args)


def center(s, width, *args):
    return s.center(width, *args)


def zfill(x, width):
    text = x if isinstance(x, str) else repr(x)
    return text.zfill(width)


def expandtabs(s, tabsize=8):
    return s.expandtabs(tabsize)
