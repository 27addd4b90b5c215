"""Mission row A3: a shop looks an instrument up in a database, which is a module of its own
(instruments_database.py). Connections are limited, so whether the instrument is there or not, the shop
disconnects: that is what `finally` is for.

The key is read with `input()`; try `guitar`, then `kazoo`. A path without `finally` that forgets to disconnect is
the one where the key is missing."""

import instruments_database as database


def price_of(name):
    connection = database.connect()
    try:
        return database.look_up(connection, name)
    finally:
        database.disconnect(connection)


name = input()
try:
    print(name, "costs", price_of(name))
except KeyError as missing:
    print("no such instrument:", missing)
print("open connections:", database.open_connections())
