"""A program in another language that reads traces and makes them, by src/trace/FORMAT.md alone.

    trace_format.py check SCHEMA FILE    whether the file has the form that the schema describes
    trace_format.py remake FILE          another trace of the same path, sealed, on standard output
    trace_format.py tell FILE            each step: its rule, and its state as an s-expression
"""

import hashlib
import json
import sys


def checksum(trace):
    rest = {name: value for name, value in trace.items() if name != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def remade(trace):
    """The same path, told anew: no display texts, and a table whose terms stand in another order, some twice."""
    table, places = [], []
    for entry in trace["terms"]:
        name, *parts = entry.split(" ")
        table.append(" ".join([name, *(str(places[int(part)]) for part in parts)]))
        if not parts:
            table.append(table[-1])
        places.append(len(table) - 1)

    def bare(entry):
        return {"term": places[entry["term"]]}

    new = {name: value for name, value in trace.items() if name != "spans"}
    new["terms"], new["start"], new["steps"] = table, bare(trace["start"]), trace["steps"]
    new["transitions"] = []
    if "outcome" in trace:
        new["outcome"] = bare(trace["outcome"])
    for step in trace["transitions"]:
        step = {**step, "state": places[step["state"]]}
        step.pop("shown", None)
        if "events" in step:
            step["events"] = [bare(event) for event in step["events"]]
        new["transitions"].append(step)
    new["checksum"] = checksum(new)
    return new


def told(trace, place):
    name, *parts = trace["terms"][place].split(" ")
    return f"({' '.join([name, *(told(trace, int(part)) for part in parts)])})" if parts else name


def main(task, *arguments):
    with open(arguments[-1], encoding="utf-8") as file:
        data = json.load(file)
    if task == "check":
        import jsonschema

        with open(arguments[0], encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema).validate(data)
    elif task == "remake":
        assert data["checksum"] == checksum(data), "the checksum is not the one that the page describes"
        json.dump(remade(data), sys.stdout)
    elif task == "tell":
        sys.setrecursionlimit(100_000)
        for step in (data["transitions"][place] for place in data["steps"]):
            print(step["rule"], told(data, step["state"]))


main(*sys.argv[1:])
