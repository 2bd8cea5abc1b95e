"""The directory of a ZIP archive, checked before anything in it is decoded."""

import re
import stat
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from documents.checking.unfit import Unfit

MEMBERS = 2_000
TOTAL = 200 << 20  # bytes, unpacked
RATIO, LARGE = 100, 1 << 20  # how much a member above LARGE bytes may grow
DIRECTORY = 1 << 20  # bytes of the directory itself
END = struct.Struct("<4sHHHHIIH")
LOCAL = struct.Struct("<4s5H3I2H")
DESCRIPTOR = 24  # bytes that may follow a member, to tell its size
ENCRYPTED = 0x1 | 0x40 | 0x2000
SIZE_FOLLOWS, UTF8 = 0x8, 0x800
UNSAFE = re.compile(r"\A/|\A[A-Za-z]:|(?:\A|/)\.\.(?:/|\Z)|[\\\x00-\x1f\x7f]")
ARCHIVES = (
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b",
    b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF", b"MZ", b"\x7fELF",
)  # fmt: skip
COMPOUND = b"\xd0\xcf\x11\xe0"


def opened(path: Path) -> ZipFile:
    """Return the archive, whose directory holds nothing that we refuse. Raises Unfit."""
    with path.open("rb") as file:
        count, start = read_end(file, path.stat().st_size)
        archive = ZipFile(path)
        members = archive.infolist()
        if len(members) != count:
            raise Unfit("damaged")
        check_amounts(members)
        for member in members:
            check_member(member)
        check_names(members)
        check_places(members, file, start)
    return archive


def read_end(file: IO[bytes], size: int) -> tuple[int, int]:
    """Return the number of members and where the directory starts.

    Office programs end the file with the plain record: no comment, no second volume, no ZIP64.
    """
    file.seek(max(0, size - END.size - 20))
    tail = file.read()
    if len(tail) < END.size:
        raise Unfit("damaged")
    signature, disk, first, here, count, length, start, comment = END.unpack(tail[-END.size :])
    if signature != b"PK\x05\x06" or comment or disk or first or here != count:
        raise Unfit("damaged")
    if tail.startswith(b"PK\x06\x07") or start + length != size - END.size:
        raise Unfit("damaged")
    if count > MEMBERS or length > DIRECTORY:
        raise Unfit("bomb")
    return count, start


def check_amounts(members: Sequence[ZipInfo]) -> None:
    if sum(member.file_size for member in members) > TOTAL:
        raise Unfit("bomb")
    for member in members:
        if member.file_size > LARGE and member.file_size > RATIO * member.compress_size:
            raise Unfit("bomb")


def check_member(member: ZipInfo) -> None:
    if member.flag_bits & ENCRYPTED:
        raise Unfit("locked_or_old")
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unfit("damaged")
    if member.compress_type == ZIP_STORED and member.file_size != member.compress_size:
        raise Unfit("damaged")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unfit("unsafe_archive")


def check_names(members: Iterable[ZipInfo]) -> None:
    """No way out of a folder, no name twice: two programs would read two different files."""
    seen = set()
    for member in members:
        name = member.orig_filename
        if name != member.filename or UNSAFE.search(name) or name.casefold() in seen:
            raise Unfit("unsafe_archive")
        seen.add(name.casefold())


def check_places(members: Iterable[ZipInfo], file: IO[bytes], start: int) -> None:
    """The members fill the file from its first byte to the directory, and say so themselves."""
    position = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        gap = member.header_offset - position
        if not 0 <= gap <= (DESCRIPTOR if position else 0):
            raise Unfit("unsafe_archive")
        file.seek(member.header_offset)
        position = member.header_offset + check_local(member, file) + member.compress_size
    if not 0 <= start - position <= DESCRIPTOR:
        raise Unfit("unsafe_archive")


def check_local(member: ZipInfo, file: IO[bytes]) -> int:
    """Compare the member's own header with the directory; return the header's length."""
    signature, _needs, flags, method, _time, _day, crc, packed, size, name_length, extra = (
        LOCAL.unpack(file.read(LOCAL.size))
    )
    name = file.read(name_length)
    told = zip(
        (crc, packed, size), (member.CRC, member.compress_size, member.file_size), strict=True
    )
    follows = flags & SIZE_FOLLOWS
    if signature != b"PK\x03\x04" or (flags, method) != (member.flag_bits, member.compress_type):
        raise Unfit("unsafe_archive")
    if name != member.orig_filename.encode("utf-8" if flags & UTF8 else "cp437"):
        raise Unfit("unsafe_archive")
    if any(mine != its and (mine or not follows) for mine, its in told):
        raise Unfit("unsafe_archive")
    return LOCAL.size + int(name_length) + int(extra)


def beginning(archive: ZipFile, member: ZipInfo) -> bytes:
    """The first bytes of a member, without unpacking the rest."""
    try:
        with archive.open(member) as content:
            return content.read(8)
    except (BadZipFile, NotImplementedError, RuntimeError):
        raise Unfit("damaged") from None
