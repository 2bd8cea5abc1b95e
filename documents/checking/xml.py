"""XML from a stranger: no document type, so no entities; read in pieces, so no great memory."""

from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from documents.checking.unfit import Unfit

PIECE = 64 << 10
UNREAD = 4 << 20  # bytes that one tag, comment or attribute may fill
DEPTH = 500  # of elements inside one another
SMALL = 1 << 20  # bytes of a part that is read as a whole
UNREADABLE = (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError)

OnStart = Callable[[str, dict[str, str]], None]


def small_part(archive: ZipFile, name: str) -> Element:
    """Return the root of a part that is small by its nature: a list of contents or of links."""
    try:
        member = archive.getinfo(name)
        if member.file_size > SMALL:
            raise Unfit("too_much")
        root: Element = fromstring(archive.read(member), forbid_dtd=True)
    except DefusedXmlException:
        raise Unfit("entities") from None
    except (KeyError, ParseError, LookupError, ValueError, *UNREADABLE):
        raise Unfit("damaged") from None
    return root


def scan(
    archive: ZipFile,
    member: ZipInfo,
    on_start: OnStart,
    on_text: Callable[[str], None] | None = None,
) -> None:
    """Read a part to its end; the handlers get each element's local name and text."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise Unfit("too_much")
        on_start(local(name), attributes)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = on_text
    try:
        feed(parser, archive, member)
    except (expat.ExpatError, LookupError, ValueError, *UNREADABLE):
        raise Unfit("damaged") from None


def feed(parser: expat.XMLParserType, archive: ZipFile, member: ZipInfo) -> None:
    fed = 0
    with archive.open(member) as content:
        while piece := content.read(PIECE):
            parser.Parse(piece)
            fed += len(piece)
            if fed - max(parser.CurrentByteIndex, 0) > UNREAD:
                raise Unfit("too_much")
    parser.Parse(b"", True)


def refuse(*_declaration: object) -> None:
    raise Unfit("entities")


def local(name: str) -> str:
    """The name without its namespace: strict and transitional files differ in nothing else."""
    return name.rpartition(" ")[2]
