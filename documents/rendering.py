"""HTML to a tagged PDF, in a child process with limits, with a fetcher that fetches nothing.

Sources of the limits: one page costs about 0.1 CPU seconds and 1.4 MB (docs/operating.md).
"""

import base64
import os
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


class RenderingFailed(Exception):
    """The text is a code, with the detail for the log after a colon."""


def to_pdf(html: str, beat: Callable[[], None] = lambda: None) -> bytes:
    """Return the PDF/UA-1 of a page whose pictures are inline or data: URLs.

    beat: called every few seconds while the child works.
    Raises RenderingFailed, with the reason, at the limits or if the page names another URL.
    """
    with TemporaryDirectory() as folder:
        target = Path(folder, "pdf")
        if (child := os.fork()) == 0:
            render_and_exit(html, target)
        status = wait(child, beat)
        if status != 0:
            raise RenderingFailed(reason(status, target))
        return target.read_bytes()


def render(html: str) -> bytes:
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
    page = HTML(string=html, url_fetcher=fetcher)
    for element in page.etree_element.iter():
        for name in [n for n in element.attrib if n.endswith("href")]:
            if urlsplit(element.attrib[name]).scheme not in SCHEMES:
                del element.attrib[name]  # javascript:, file: and their kin
    # The same closed fetcher for the style: a CSS of its own would bring an open one.
    fonts = FontConfiguration()
    style = CSS(string=style_sheet(), url_fetcher=fetcher, font_config=fonts)
    return page.write_pdf(pdf_variant="pdf/ua-1", stylesheets=[style], font_config=fonts)


@cache
def style_sheet() -> str:
    """The print style with its fonts inside, as no address may be fetched."""
    faces = [
        f"@font-face {{ font-family: 'Source Sans 3'; font-weight: {weight}; "
        f"src: url(data:font/woff2;base64,{encoded}) format('woff2'); unicode-range: {letters}; }}"
        for weight in (400, 700)
        for encoded, letters in font_files(weight)
    ]
    return "\n".join([*faces, STYLE.read_text()])


def font_files(weight: int) -> list[tuple[str, str]]:
    ranges = {"latin": "U+0-FF, U+2000-206F, U+20AC, U+2212", "latin-ext": "U+100-2BA, U+1E00-1EFF"}
    return [
        (
            base64.b64encode(
                (FONTS / f"source-sans-3-{part}-{weight}-normal.woff2").read_bytes()
            ).decode(),
            letters,
        )
        for part, letters in ranges.items()
    ]


def render_and_exit(html: str, target: Path) -> None:
    """The child: never returns, and leaves the parent's connections alone (`os._exit`)."""
    try:
        limit(resource.RLIMIT_CPU, SECONDS)
        limit(resource.RLIMIT_AS, address_space() + MEMORY)
        target.write_bytes(render(html))
        os._exit(0)
    except BaseException as error:  # WeasyPrint's FatalURLFetchingError is not an Exception
        target.write_text(f"{type(error).__name__}: {error}"[:500])
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
        return "too_long"
    detail = target.read_text() if target.exists() else ""
    return f"too_large: {detail}" if detail.startswith("MemoryError") else f"error: {detail}"
