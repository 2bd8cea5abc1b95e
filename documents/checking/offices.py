"""Word, Excel and OpenDocument texts: an archive whose parts agree with the kind of file."""

import re
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from documents.checking import archives, xml
from documents.checking.child import answer
from documents.checking.unfit import Unfit

CONTENTS = "[Content_Types].xml"
DOCX = "wordprocessingml.document.main+xml"
XLSX = "spreadsheetml.sheet.main+xml"
MAIN = {"docx": DOCX, "xlsx": XLSX}
ODT = b"application/vnd.oasis.opendocument.text"
MACROS = re.compile("macro|vba|activex", re.IGNORECASE)  # in a content type or a part's name
ODT_MACROS = re.compile(r"\A(?:basic|scripts|dialogs)/.", re.IGNORECASE)
OFFICE_FILE = re.compile(r"\A(?:word|xl)/embeddings/[^/]+\.(?:docx|xlsx|pptx)\Z", re.IGNORECASE)
PACKED_PICTURE = re.compile(r"\.(?:emz|wmz)\Z", re.IGNORECASE)  # Office packs these by gzip
COMMANDS = re.compile(r"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE)\b", re.IGNORECASE)
ELSEWHERE = re.compile(r"\A(?:[a-z][a-z0-9+.-]+:|//|\\\\|\.\.)", re.IGNORECASE)
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576  # Excel's own limits
CORNER = re.compile(r"\$?([A-Z]{0,8})\$?([0-9]{0,12})\Z")


def check(path: Path, kind: str) -> set[str]:
    with archives.opened(path) as archive:
        flags = check_parts(archive)
        flags |= check_opendocument(archive) if kind == "odt" else check_open_xml(archive, kind)
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels", ".rdf")):
                flags |= LOOKS[kind](archive, member)
    return flags


def check_parts(archive: ZipFile) -> set[str]:
    """No archive or program inside; a chart's table and the like are flagged."""
    flags = set()
    for member in archive.infolist():
        if member.is_dir():
            continue
        head = archives.beginning(archive, member)
        if head.startswith(archives.COMPOUND) or OFFICE_FILE.match(member.filename):
            flags.add("embedded_file")
        elif PACKED_PICTURE.search(member.filename) and head.startswith(b"\x1f\x8b"):
            continue
        elif head.startswith(archives.ARCHIVES):
            raise Unfit("nested")
    return flags


def check_open_xml(archive: ZipFile, kind: str) -> set[str]:
    types = [element.get("ContentType", "") for element in xml.small_part(archive, CONTENTS).iter()]
    names = [member.filename for member in archive.infolist()]
    if any(map(MACROS.search, [*types, *names])):
        raise Unfit("macros")
    if [kind for kind, main in MAIN.items() if any(t.endswith(main) for t in types)] != [kind]:
        raise Unfit("not_what_it_says")
    rels = [name for name in names if name.endswith(".rels")]
    return set().union(*(links(archive, name) for name in rels))


def links(archive: ZipFile, name: str) -> set[str]:
    """What a part leads to: macros are refused; what is fetched when it opens is flagged."""
    flags = set()
    for link in xml.small_part(archive, name):
        kind = link.get("Type", "")
        if MACROS.search(kind):
            raise Unfit("macros")
        if link.get("TargetMode") == "External" and not kind.endswith("/hyperlink"):
            flags.add("external_link")
    return flags


def check_opendocument(archive: ZipFile) -> set[str]:
    """The type is the first member, as it stands; nothing is locked, nothing is a program."""
    first = min(archive.infolist(), key=lambda member: member.header_offset)
    if first.filename != "mimetype" or first.compress_type or first.file_size != len(ODT):
        raise Unfit("not_what_it_says")
    if archive.read(first) != ODT:
        raise Unfit("not_what_it_says")
    if any(ODT_MACROS.match(name) for name in archive.namelist()):
        raise Unfit("macros")
    manifest = xml.small_part(archive, "META-INF/manifest.xml")
    if any(element.tag.endswith("}encryption-data") for element in manifest.iter()):
        raise Unfit("locked_or_old")
    archive.getinfo("content.xml")
    return set()


def look_at_word(archive: ZipFile, member: ZipInfo) -> set[str]:
    """A field that runs a command or fetches a file; its words may be cut into several runs."""
    words: list[str] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = name == "instrText"
        if name == "fldSimple":
            words.extend([" ", *attributes.values(), " "])
        elif name == "fldChar":
            words.append(" ")

    def text(piece: str) -> None:
        if inside:
            words.append(piece)

    xml.scan(archive, member, start, text)
    return {"commands"} if COMMANDS.search("".join(words)) else set()


def look_at_excel(archive: ZipFile, member: ZipInfo) -> set[str]:
    """A table that claims more than Excel can hold is made to exhaust its reader."""
    flags = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "ddeLink":
            flags.add("commands")
        elif name == "dimension":
            check_area(attributes.get("ref", ""))
        elif name == "col":
            check_number(attributes.get("max", ""), LAST_COLUMN)
        elif name == "row":
            check_number(attributes.get("r", "1"), LAST_ROW)

    xml.scan(archive, member, start)
    return flags


def check_area(area: str) -> None:
    for text in area.split(":"):
        corner = CORNER.match(text)
        if not corner or column(corner[1]) > LAST_COLUMN or int(corner[2] or 1) > LAST_ROW:
            raise Unfit("too_much")


def check_number(text: str, most: int) -> None:
    if not text.isdecimal() or len(text) > 12 or int(text) > most:
        raise Unfit("too_much")


def column(letters: str) -> int:
    """Return a column's number: A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def look_at_opendocument(archive: ZipFile, member: ZipInfo) -> set[str]:
    flags = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "event-listener":
            raise Unfit("macros")
        if name == "dde-source":
            flags.add("commands")
        target = next((v for k, v in attributes.items() if xml.local(k) == "href"), "")
        if name != "a" and ELSEWHERE.match(target):
            flags.add("external_link")

    xml.scan(archive, member, start)
    return flags


LOOKS = {"docx": look_at_word, "xlsx": look_at_excel, "odt": look_at_opendocument}

if __name__ == "__main__":
    answer(check)
