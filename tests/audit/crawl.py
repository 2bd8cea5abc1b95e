"""Which pages there are: found by following links, as each person of the demo and as nobody.

So a page that somebody adds is audited without being listed anywhere. Of the many addresses of one
route two are kept: the longest page, which is filled, and the shortest, which is as good as empty.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve, reverse
from django.utils.translation import override

from accounts.models import User

LANGUAGES = ("en", "fi", "sv")
MOST = 120  # addresses that are opened as one person
SAMPLES = 3  # of one route, as one person
MUCH_THE_SAME = 0.98  # of the length: it differs by a name or a token only
UNTRIED = ("account_logout",)  # no link leads there, but a person would type it
BARE = ("journey:home", "admin:index", *UNTRIED)


@dataclass(frozen=True)
class Page:
    route: str
    person: str  # "" for nobody
    path: str  # in English
    html: str

    def at(self, language):
        """The same page's path in another language."""
        return f"/{language}/{self.path.removeprefix('/en/')}"

    @property
    def name(self):
        return f"{self.route} as {self.person or 'nobody'}"


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        target = dict(attributes).get("href") if tag == "a" else None
        if target:
            self.found.append(target)


def pages():
    """The pages to look at: of each route the filled one and, if it differs, the emptiest."""
    by_route = {}
    people = [
        "",
        *User.objects.filter(email__endswith="@demo.example").values_list("email", flat=True),
    ]
    for person in people:
        for page in crawl(person):
            by_route.setdefault(page.route, []).append(page)
    kept = []
    for route in sorted(by_route):
        *_, longest = by_size = sorted(by_route[route], key=lambda page: len(page.html))
        kept.append(longest)
        if len(by_size[0].html) < MUCH_THE_SAME * len(longest.html):
            kept.append(by_size[0])
    return kept


def crawl(person):
    """Open what a person can reach by links, breadth first."""
    client = Client()
    if person:
        client.force_login(User.objects.get(email=person))
    waiting, seen, per_route = starts(), set(), {}
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        route = route_of(path)
        if path in seen or route is None or per_route.get(route, 0) >= SAMPLES:
            continue
        seen.add(path)
        response = client.get(path)
        if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
            close(response)
            continue
        per_route[route] = per_route.get(route, 0) + 1
        yield Page(route, person, path, response.text)
        waiting += links(path, response.text)


def close(response):
    if response.streaming:
        b"".join(response.streaming_content)


def starts():
    """The front pages, and every address that needs no key: a link may be missing."""
    with override("en"):
        paths = [reverse(name) for name in BARE]
        return ["/en/", *paths, *filter(None, map(keyless, routes()))]


def keyless(route):
    try:
        return reverse(route)
    except Exception:  # NoReverseMatch, or a library's own page that is switched off
        return None


def routes(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(pattern, URLResolver):
            yield f"{prefix}{pattern.name}"
        else:
            inside = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, prefix + inside)


def links(path, html):
    parser = Links()
    parser.feed(html)
    targets = [urlsplit(urljoin(path, target)) for target in parser.found]
    return [
        target.path + (f"?{target.query}" if target.query else "")
        for target in targets
        if not target.netloc and target.path.startswith("/en/")
    ]


def route_of(path):
    """The name of the page at `path`; None where there is none, or it is the demo's own."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return match.view_name or None
