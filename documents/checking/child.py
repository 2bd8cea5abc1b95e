"""The child process that looks at one file: it sets its limits first, then says what it found."""

import json
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
        print(json.dumps({"flags": sorted(check(path, kind))}))
    except Unfit as why:
        print(json.dumps({"refused": str(why)}))
    except (MemoryError, RecursionError):
        print(json.dumps({"refused": "too_much"}))
    except Exception:  # a parser's way to say that it cannot read this
        print(json.dumps({"refused": "damaged"}))


def address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()
