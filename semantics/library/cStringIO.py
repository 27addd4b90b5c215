# The same as StringIO here, where nothing can be told of speed.
from StringIO import StringIO
