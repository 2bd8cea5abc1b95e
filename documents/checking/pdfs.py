"""PDF: its objects are read, never rendered. What acts when it is opened is flagged to staff.

A file that asks for a password is refused: neither the staff nor a virus scanner could read it.
One that only forbids copying or printing opens for everybody, so it is taken and flagged.
"""

from pathlib import Path

import pikepdf

from documents.checking.child import answer
from documents.checking.unfit import Unfit

OBJECTS = 300_000
DEPTH = 40  # of dictionaries inside one another
TAIL = 1024  # bytes in which the end mark stands
ARCHIVE_END = b"PK\x05\x06"
ARCHIVE_TAIL = (1 << 16) + 22  # bytes in which a ZIP archive's end record stands
KEYS = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/AA": "starts_by_itself",
    "/EmbeddedFiles": "embedded_file",
    "/EF": "embedded_file",
    "/RichMediaContent": "media",
    "/XFA": "javascript",
}
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launches",
    "/SubmitForm": "sends_form",
    "/ImportData": "sends_form",
    "/GoToR": "external_link",
    "/GoToE": "embedded_file",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
}


def check(path: Path, kind: str) -> set[str]:
    check_end(path)
    try:
        with pikepdf.open(path, access_mode=pikepdf.AccessMode.stream) as pdf:
            return look(pdf)
    except pikepdf.PasswordError:
        raise Unfit("locked_or_old") from None


def check_end(path: Path) -> None:
    """It ends like a PDF, and not like an archive as well."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - ARCHIVE_TAIL))
        tail = file.read()
    if b"%%EOF" not in tail[-TAIL:]:
        raise Unfit("damaged")
    at = tail.rfind(ARCHIVE_END)
    if at >= 0 and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
        raise Unfit("polyglot")


def look(pdf: pikepdf.Pdf) -> set[str]:
    if not len(pdf.pages) or len(pdf.objects) > OBJECTS:
        raise Unfit("damaged" if not len(pdf.pages) else "too_much")
    flags = {"restricted"} if pdf.is_encrypted else set()
    if opens_with(pdf.Root.get("/OpenAction")):
        flags.add("starts_by_itself")
    for thing in pdf.objects:
        walk(thing, flags, DEPTH)
    return flags


def opens_with(action: pikepdf.Object | None) -> bool:
    """Whether opening does more than turn to a page, which most programs write into a PDF."""
    return isinstance(action, pikepdf.Dictionary) and action.get("/S") != pikepdf.Name.GoTo


def walk(thing: pikepdf.Object, flags: set[str], depth: int) -> None:
    """Collect the flags of an object and of what is written inside it."""
    if not depth:
        raise Unfit("too_much")
    if isinstance(thing, pikepdf.Array):
        inside = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        flags |= {KEYS[key] for key in thing.keys() if key in KEYS}  # noqa: SIM118 not a dict
        flags |= {ACTIONS[str(name)] for name in [thing.get("/S")] if str(name) in ACTIONS}
        inside = [value for _key, value in thing.items()]
    else:
        return
    for value in inside:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            walk(value, flags, depth - 1)


if __name__ == "__main__":
    answer(check)
