"""The database of instruments.py: a dictionary, and a limited number of connections."""

LIMIT = 2
prices = {"guitar": 250, "violin": 400, "triangle": 15}
connections = []


def connect():
    if len(connections) == LIMIT:
        raise RuntimeError("no connection is left")
    connection = "connection " + str(len(connections) + 1)
    connections.append(connection)
    print("connected:", connection)
    return connection


def disconnect(connection):
    connections.remove(connection)
    print("disconnected:", connection)


def look_up(connection, name):
    return prices[name]


def open_connections():
    return len(connections)
