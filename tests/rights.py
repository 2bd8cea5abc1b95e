"""The permission matrix as data: what `journey/data/rights.json` holds, made by `make rights`."""

import json

from tests.matrix.test_permissions import MATRIX


def declaration():
    """For each route its rows: the object's fixture, and who meets what with which method."""
    rights = {}
    for row in MATRIX:
        rights.setdefault(row[0], []).append(described(*row[1:]))
    return dict(sorted(rights.items()))


def described(about, args, method, data, by_person):
    outcomes = {}
    for person, outcome in by_person.items():
        outcomes.setdefault(outcome, []).append(person)
    return {
        "method": method.upper(),
        "object": about,
        "arguments": list(args),
        "fields": sorted(data),
        "outcomes": dict(sorted(outcomes.items())),
    }


def text():
    """The declaration as JSON, one line a row, so that a change of one is a change of one line."""
    routes = [f"{json.dumps(name)}: {lines(rows)}" for name, rows in declaration().items()]
    return "{\n" + ",\n".join(routes) + "\n}\n"


def lines(rows):
    return "[\n" + ",\n".join(" " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
