"""What a backup says of itself: what was copied, how much of it, and a checksum of each part."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

FORMAT = 1
Migration = tuple[str, str]  # ("accounts", "0001_initial")


@dataclass(frozen=True)
class Part:
    """One table or one file: its size, and the SHA-256 of its bytes in hexadecimal."""

    size: int  # bytes
    sha256: str
    rows: int = 0  # of a table
    columns: tuple[str, ...] = ()  # of a table, in the order of the copy


@dataclass(frozen=True)
class Manifest:
    made_at: str  # ISO 8601 in UTC: the moment of the snapshot
    portal: str  # the portal's version
    postgresql: str
    site_url: str
    migrations: tuple[Migration, ...]
    tables: Mapping[str, Part]
    sequences: Mapping[str, int]  # those that were used, with their last value
    files: Mapping[str, Part]  # by path below the folder of the portal's files
    left_out: tuple[str, ...]  # tables whose rows are not copied
    missing: tuple[str, ...] = field(default=())  # files that a row names and that were not there
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def size(self) -> int:
        """Bytes of all tables and files."""
        parts = [*self.tables.values(), *self.files.values()]
        return sum(part.size for part in parts)


class Unreadable(Exception):
    """The text is not a manifest of a format that this version knows."""


def to_json(manifest: Manifest) -> str:
    return json.dumps(asdict(manifest), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def from_json(text: str) -> Manifest:
    """Return the manifest that `to_json` wrote. Raises Unreadable for anything else."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise Unreadable(f"its format is {data['format']}, and this version reads {FORMAT}")
        data["migrations"] = tuple((app, name) for app, name in data["migrations"])
        for key in ("tables", "files"):
            data[key] = {name: part(value) for name, value in data[key].items()}
        for key in ("left_out", "missing"):
            data[key] = tuple(data[key])
        return Manifest(**data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"it is no manifest ({type(error).__name__})") from error


def part(value: Mapping[str, object]) -> Part:
    return Part(**{**value, "columns": tuple(value["columns"])})  # type: ignore[arg-type]


def differences(
    kind: str, wanted: Mapping[str, Part], found: Mapping[str, Part | None]
) -> Iterator[str]:
    """Yield a sentence for each part that is missing, not what it was, or not in the manifest.

    kind: "table" or "file". None stands for what is missing, as does a name that is not there.
    """
    for name in sorted({*wanted, *found}):
        before, after = wanted.get(name), found.get(name)
        if after is None:
            yield f"The {kind} {name} is missing."
        elif before is None:
            yield f"The {kind} {name} is not in the manifest."
        elif before.rows != after.rows:
            yield f"The {kind} {name} has {after.rows} rows instead of {before.rows}."
        elif (before.size, before.sha256) != (after.size, after.sha256):
            yield f"The {kind} {name} is not what it was: its checksum differs."


def other_version(wanted: Iterable[Migration], here: Iterable[Migration]) -> str:
    """Say how the schema of a backup differs from the code's; empty where they are the same."""
    theirs, ours = set(wanted), set(here)
    if theirs - ours:
        return f"it was made by a newer or other version ({named(theirs - ours)} is unknown here)"
    if ours - theirs:
        return f"it was made by an older version ({named(ours - theirs)} is not in it)"
    return ""


def named(migrations: Iterable[Migration]) -> str:
    app, name = min(migrations)
    return f"{app}.{name}"
