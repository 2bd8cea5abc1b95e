"""A virus check by clamd, over its INSTREAM command; no answer counts as a refusal."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from documents.checking.unfit import Unfit

SECONDS = 30
PIECE = 64 << 10
ANSWER = 4096  # bytes


def scan(path: Path, address: str) -> None:
    """Ask the scanner at `address` (tcp://host:port or unix:///path) about a file.

    Raises Unfit: "virus" where one is found, "scanner_away" where no clear answer comes.
    """
    try:
        with connected(address) as link:
            send(path, link)
            answer = receive(link)
    except (OSError, ValueError):
        raise Unfit("scanner_away") from None
    if answer.endswith(" FOUND"):
        raise Unfit("virus")
    if not answer.endswith(" OK"):
        raise Unfit("scanner_away")


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        place = parts.hostname or "", parts.port or 3310
        with socket.create_connection(place, SECONDS) as link:
            yield link
    else:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(SECONDS)
            link.connect(parts.path)
            yield link


def send(path: Path, link: socket.socket) -> None:
    link.sendall(b"zINSTREAM\0")
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            link.sendall(struct.pack(">I", len(piece)) + piece)
    link.sendall(struct.pack(">I", 0))


def receive(link: socket.socket) -> str:
    """Return the answer's one line: "stream: OK", "stream: Name FOUND", or an error."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < ANSWER:
        piece = link.recv(ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
