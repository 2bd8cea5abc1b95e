"""PNG and JPEG: walked from part to part, to the last byte; their pixels are never decoded."""

import mmap
import re
import struct
import zlib
from pathlib import Path

from documents.checking.child import answer
from documents.checking.unfit import Unfit

PIXELS = 40_000_000
SIDE = 12_000  # pixels
MARKUP = re.compile(rb"<(?:script|html|svg|!doctype|\?php)", re.IGNORECASE)
HEAD = 4096  # bytes in which a browser would look for markup
CHUNKS = 100_000  # parts of a PNG; a real one has some hundreds
SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the JPEG markers that tell width and height
END, SCAN = 0xD9, 0xDA
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # what ends the pixels of a scan

Bytes = mmap.mmap


def check(path: Path, kind: str) -> set[str]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if MARKUP.search(data[:HEAD]) or b"%PDF-" in data[:HEAD]:
            raise Unfit("polyglot")
        end = walk_png(data) if kind == "png" else walk_jpeg(data)
        if end != len(data):
            raise Unfit("polyglot")
    return set()


def check_size(width: int, height: int) -> None:
    if not width or not height:
        raise Unfit("damaged")
    if max(width, height) > SIDE or width * height > PIXELS:
        raise Unfit("picture_too_large")


def walk_png(data: Bytes) -> int:
    """Return where the picture ends."""
    position = 8
    for number in range(CHUNKS):
        length, name = struct.unpack_from(">I4s", data, position)
        end: int = position + 12 + length
        if end > len(data) or (number == 0) != (name == b"IHDR"):
            raise Unfit("damaged")
        if name == b"IHDR":
            check_size(*struct.unpack_from(">II", data, position + 8))
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(memoryview(data)[position + 4 : end - 4]) != checksum:
            raise Unfit("damaged")
        if name == b"IEND":
            return end
        position = end
    raise Unfit("damaged")


def walk_jpeg(data: Bytes) -> int:
    """Return where the picture ends."""
    position, seen_size = 2, False
    while True:
        position, marker = marker_at(data, position)
        if marker == END:
            if not seen_size:
                raise Unfit("damaged")
            return position
        (length,) = struct.unpack_from(">H", data, position)
        if marker in SIZES:
            height, width = struct.unpack_from(">HH", data, position + 3)
            check_size(width, height)
            seen_size = True
        position += length
        if marker == SCAN:
            position = end_of_scan(data, position)


def marker_at(data: Bytes, position: int) -> tuple[int, int]:
    """Return where the marker's content begins, and the marker; it may be padded with 0xFF."""
    if data[position] != 0xFF:
        raise Unfit("damaged")
    while data[position] == 0xFF:
        position += 1
    return position + 1, data[position]


def end_of_scan(data: Bytes, position: int) -> int:
    found = NEXT_MARKER.search(data, position)
    if not found:
        raise Unfit("damaged")
    return found.start()


if __name__ == "__main__":
    answer(check)
