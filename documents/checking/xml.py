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
    on_start: OnStart | None = None,
    on_text: Callable[[str], None] | None = None,
) -> None:
    """Read a part to its end; the handlers get each element's local name and text, if wanted."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    if on_start:
        start = on_start
        parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    if on_text:
        parser.CharacterDataHandler = on_text
    try:
        with archive.open(member) as content:
            fed = 0
            while piece := content.read(PIECE):
                parser.Parse(piece)
                fed += len(piece)
                if fed - max(parser.CurrentByteIndex, 0) > UNREAD:
                    raise Unfit("too_much")
            parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError, *UNREADABLE):
        raise Unfit("damaged") from None


def refuse(*_declaration: object) -> None:
    raise Unfit("entities")


def local(name: str) -> str:
    """The name without its namespace: strict and transitional files differ in nothing else."""
    return name.rpartition(" ")[2]
