"""HTML to a tagged PDF, in a child process with limits, with a fetcher that fetches nothing.

Sources of the limits: one page costs about 0.1 CPU seconds and 1.4 MB (docs/operating.md).
"""

import base64
import errno
import gc
import os
import re
import resource
import select
import signal
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

SCHEMES = {"", "http", "https", "mailto"}  # "": a place on the page
SECONDS = 60
MEMORY = 1 << 30  # bytes that the child may add to the address space it starts with
FONTS = settings.BASE_DIR / "static" / "vendor" / "source-sans-3"
STYLE = settings.BASE_DIR / "static" / "print.css"
# The two parts have two names, as in portal.css they need not: WeasyPrint would take fonts of one
# name for one font, and print š as another letter. Which letters are in which part: portal.css.
PARTS = {
    "latin": (
        "Source Sans 3",
        "U+0-FF, U+131, U+152-153, U+2BB-2BC, U+2C6, U+2DA, U+2DC, U+304, U+308, U+329, "
        "U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF",
    ),
    "latin-ext": (
        "Source Sans 3 Ext",
        "U+100-2BA, U+2BD-2C5, U+2C7-2CC, U+2CE-2D7, U+2DD-2FF, U+1E00-1E9F, U+2113",
    ),
}
LIKE = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2028": "\n", "\u2029": "\n"})
NO_MEMORY = re.compile("MemoryError|SystemError|.*Cannot allocate memory")
FULL = re.compile("OSError: .*No space left on device")
WITHOUT_GLYPH = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")


class RenderingFailed(Exception):
    """The text is a code, with the detail for the log after a colon."""


def to_pdf(html: str, beat: Callable[[], None] = lambda: None) -> bytes:
    """Return the PDF/UA-1 of a page whose pictures are inline or data: URLs.

    beat: called every few seconds while the child works.
    Raises RenderingFailed, with the reason, at the limits or if the page names another URL, and
    OSError where the disk is full.
    """
    print_style()  # read before the fork, so that the next page finds it
    with TemporaryDirectory() as folder:
        target = Path(folder, "pdf")
        if (child := os.fork()) == 0:
            render_and_exit(html, target)
        status = wait(child, beat)
        if status != 0:
            if FULL.search(why := reason(status, target)):
                raise OSError(errno.ENOSPC, why)  # may pass, where a page that is too long does not
            raise RenderingFailed(why)
        return target.read_bytes()


def render(html: str) -> bytes:
    page = HTML(string=WITHOUT_GLYPH.sub("", html.translate(LIKE)), url_fetcher=closed_fetcher())
    for element in page.etree_element.iter():
        for name in [n for n in element.attrib if n.endswith("href")]:
            if urlsplit(element.attrib[name]).scheme not in SCHEMES:
                del element.attrib[name]  # javascript:, file: and their kin
    style, fonts = print_style()
    return page.write_pdf(pdf_variant="pdf/ua-1", stylesheets=[style], font_config=fonts)


def closed_fetcher() -> URLFetcher:
    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)


@cache
def print_style() -> tuple[CSS, FontConfiguration]:
    """The style and its fonts, unpacked once for a worker: a tenth of what a report costs."""
    fonts = FontConfiguration()
    # A CSS without a fetcher of its own would bring an open one.
    return CSS(string=style_sheet(), url_fetcher=closed_fetcher(), font_config=fonts), fonts


def style_sheet() -> str:
    """The print style with its fonts inside, as no address may be fetched."""
    faces = [face(part, weight) for part in PARTS for weight in (400, 700)]
    return "\n".join([*faces, STYLE.read_text()])


def face(part: str, weight: int) -> str:
    family, letters = PARTS[part]
    content = (FONTS / f"source-sans-3-{part}-{weight}-normal.woff2").read_bytes()
    source = f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
    return (
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; "
        f"src: url({source}) format('woff2'); unicode-range: {letters}; }}"
    )


def render_and_exit(html: str, target: Path) -> None:
    """The child: never returns, and leaves the parent's connections alone (`os._exit`)."""
    try:
        gc.disable()  # a tenth of the time; the process ends before its litter counts
        limit(resource.RLIMIT_CPU, SECONDS)
        limit(resource.RLIMIT_AS, address_space() + MEMORY)
        target.write_bytes(render(html))
        os._exit(0)
    except BaseException as error:  # WeasyPrint's FatalURLFetchingError is not an Exception
        target.write_text(f"{type(error).__name__}: {error}"[:500])
    finally:  # also where memory does not suffice to say so: the child must not go on as the parent
        os._exit(1)


def limit(what: int, amount: int) -> None:
    resource.setrlimit(what, (amount, amount))


def address_space() -> int:
    """The bytes of address space in use now; what was mapped before the fork is not the page's."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def wait(child: int, beat: Callable[[], None]) -> int:
    """Return the child's exit status; beat now and then, and kill it when it sleeps too long."""
    end = time.monotonic() + 2 * SECONDS
    with os.fdopen(os.pidfd_open(child)) as finished:
        while not select.select([finished], [], [], settings.HEARTBEAT_SECONDS)[0]:
            beat()
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def reason(status: int, target: Path) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        # Pango and GLib do not raise where memory ends: they abort.
        stopped = number in {signal.SIGXCPU, signal.SIGKILL}
        return "too_long" if stopped else f"too_large: signal {number}"
    detail = target.read_text() if target.exists() else ""
    silent = not detail  # it had no memory left to say why
    return f"too_large: {detail}" if silent or NO_MEMORY.match(detail) else f"error: {detail}"
