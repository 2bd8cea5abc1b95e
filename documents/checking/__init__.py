"""Is a file what its name says, and free of what we refuse? Nothing is unpacked, run or rendered.

The name, the first bytes and the structure must agree. The structure is looked at in a child
process with limits of its own, so that a file made to hurt a parser hurts nothing else.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from documents.checking.names import kind_of
from documents.checking.unfit import Unfit

SECONDS = 20  # by the wall; the child's own limit is in CPU seconds
ROOT = Path(__file__).resolve().parents[2]
MODULES = {
    "pdf": "documents.checking.pdfs",
    "docx": "documents.checking.offices",
    "xlsx": "documents.checking.offices",
    "odt": "documents.checking.offices",
    "png": "documents.checking.pictures",
    "jpg": "documents.checking.pictures",
}
BEGINNINGS = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
}
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and Office with a password


@dataclass(frozen=True)
class Found:
    """kind: one of `MODULES`. flags: what staff are told of, each a code of `unfit.FLAGS`."""

    kind: str
    flags: tuple[str, ...]


def check(path: Path, name: str) -> Found:
    """Return what the file at `path`, called `name` by its sender, is.

    Raises Unfit with the reason's code where it is refused; never anything else for a bad file.
    """
    kind = kind_of(name)
    check_beginning(path, kind)
    return Found(kind, look(path, kind))


def check_beginning(path: Path, kind: str) -> None:
    with path.open("rb") as file:
        head = file.read(len(COMPOUND))
    if not head:
        raise Unfit("empty")
    if head.startswith(COMPOUND):
        raise Unfit("locked_or_old")
    if not head.startswith(BEGINNINGS[kind]):
        raise Unfit("not_what_it_says")


def look(path: Path, kind: str) -> tuple[str, ...]:
    """Run the kind's module on the file, and return the flags it prints as JSON."""
    command = [sys.executable, "-m", MODULES[kind], str(path), kind]
    try:
        child = subprocess.run(  # noqa: S603 our own module, and a path of our own making
            command, cwd=ROOT, env={}, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise Unfit("too_much") from None
    if child.returncode:  # its limits stopped it
        raise Unfit("too_much")
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise Unfit(answer["refused"])
    return tuple(answer["flags"])
