"""The child process that looks at one file: it sets its limits first, then says what it found."""

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from documents.checking.unfit import Unfit

CPU_SECONDS = 10
MEMORY = 96 << 20  # bytes that the look may add to what the process starts with

Check = Callable[[Path, str], set[str]]


def answer(check: Check) -> None:
    """Print as JSON the flags, or why the file is refused; arguments: path and kind."""
    path, kind = Path(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    allowed = address_space() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        print(json.dumps(verdict(check, path, kind)))
    except MemoryError:
        os._exit(1)  # there is no memory left to say so


def verdict(check: Check, path: Path, kind: str) -> dict[str, object]:
    """Return the flags, or why the file is refused, as the parent reads it."""
    try:
        return {"flags": sorted(check(path, kind))}
    except Unfit as why:
        return {"refused": str(why)}
    except RecursionError:
        return {"refused": "too_much"}
    except MemoryError:
        raise
    except Exception:  # a parser's way to say that it cannot read this
        return {"refused": "damaged"}


def address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()
