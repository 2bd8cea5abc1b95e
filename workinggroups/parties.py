"""Reads the file of the kinds of party, and of where law or official guidance names them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

LANGUAGES = ("en", "fi", "sv")
GROUPS = ("working_group", "delegation")
CERTAINTIES = ("seen", "general", "inferred")


class PartiesError(ValueError):
    """The file cannot be taken in; the text names the kind and what is wrong with it."""


@dataclass(frozen=True)
class Text:
    en: str
    fi: str
    sv: str


@dataclass(frozen=True)
class Basis:
    """Where a kind of party is named for a kind of group, and how sure we are of it."""

    group: str  # one of GROUPS
    since: date
    until: date | None  # the last day; None: still
    source: Text
    certainty: str  # one of CERTAINTIES


@dataclass(frozen=True)
class Kind:
    code: str
    name: Text
    since: date | None  # None: as long as anybody asks
    until: date | None
    party: str  # a code of `accounts.roles.Party`, for whoever is invited as one of this kind
    bases: tuple[Basis, ...]


def read(content: bytes) -> tuple[Kind, ...]:
    """Return the kinds of the file, in its order. Raises PartiesError at the first fault."""
    values = tomllib.loads(content.decode())
    only(values, {"sources", "kinds"}, "the file")
    sources = {code: text_of(values["sources"], code, "sources") for code in values["sources"]}
    kinds = tuple(kind_of(table, sources) for table in values["kinds"])
    codes = [kind.code for kind in kinds]
    if repeated := next((code for code in codes if codes.count(code) > 1), None):
        raise PartiesError(f"{repeated}: the code is there twice")
    return kinds


def kind_of(table: dict[str, Any], sources: Mapping[str, Text]) -> Kind:
    where = str(table.get("code", "a kind without code"))
    only(table, {field.name for field in fields(Kind)}, where)
    check_period(table, where)
    return Kind(
        code=word(table, "code", where),
        name=text_of(table, "name", where),
        since=table.get("since"),
        until=table.get("until"),
        party=word(table, "party", where),
        bases=tuple(basis_of(basis, sources, where) for basis in table.get("bases", [])),
    )


def basis_of(table: dict[str, Any], sources: Mapping[str, Text], where: str) -> Basis:
    only(table, {field.name for field in fields(Basis)}, where)
    check_period(table, where)
    if "since" not in table:
        raise PartiesError(f"{where}: a basis says from when it holds")
    return Basis(
        group=one_of(table, "group", GROUPS, where),
        since=table["since"],
        until=table.get("until"),
        source=sources[one_of(table, "source", tuple(sources), where)],
        certainty=one_of(table, "certainty", CERTAINTIES, where),
    )


def only(table: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(table.keys() - known):
        raise PartiesError(f"{where}: unknown key {unknown[0]!r}")


def check_period(table: dict[str, Any], where: str) -> None:
    """Check the two days of a table, both included."""
    days = [table[key] for key in ("since", "until") if key in table]
    if not all(type(day) is date for day in days):
        raise PartiesError(f"{where}: since and until are days, as 2025-01-01")
    if sorted(days) != days:
        raise PartiesError(f"{where}: it ends before it begins")


def word(table: dict[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PartiesError(f"{where}: {key} is missing")
    return value


def one_of(table: dict[str, Any], key: str, allowed: tuple[str, ...], where: str) -> str:
    value = word(table, key, where)
    if value not in allowed:
        raise PartiesError(f"{where}: unknown {key} {value!r}")
    return value


def text_of(table: dict[str, Any], key: str, where: str) -> Text:
    """Return a text, which must be there in every language."""
    words = table.get(key)
    if not isinstance(words, dict):
        raise PartiesError(f"{where}: {key} is missing")
    only(words, set(LANGUAGES), f"{where}, {key}")
    return Text(**{code: word(words, code, f"{where}, {key}") for code in LANGUAGES})
