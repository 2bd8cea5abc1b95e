"""Every address of the portal is asked by every kind of person in every way, with odd contents.

Addresses come from the resolver, so that a new route is asked by itself. Promise: not one answer
is a 500. ROUNDS sets the number of requests.
"""

import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode

from django.db import connections

from accounts.models import User
from journey.routes import routes
from tests.drills.outcome import Outcome
from tests.drills.visitor import TOKEN, NoAnswer, Visitor

THREADS = 8
NOT_OF_A_PATH = str.maketrans("", "", "^$\\")
SIGNED_IN_AGAIN = 150  # requests; some of them sign out or end other sessions
METHODS = ["GET"] * 4 + ["POST"] * 6 + ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "ODD"]
HUGE = 2**63
WORDS = [
    "en", "fi", "sv", "submitted", "withdrawn", "draft", "selected", "education", "COM-01",
    "demo-open", "D01", "905", "2026", "x", "%00", "%F0%9F%91%A8", "..%2f..", "'", "0", "-1",
]  # fmt: skip
TEXTS = [
    "", "x", "0", "-1", "1e999", "NaN", str(HUGE), "\x00", "\ud800", "ä" * 5000, "2026-02-30",
    "31.2.2026", "<script>", "%s", "[]", "{}", "null", "on", "true", "a@b.example", "\r\nX: y",
    "/en/", "//example.org", "javascript:alert(1)", "1,2", "１", "\u202e",
]  # fmt: skip
KINDS = [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    "application/json",
    "text/plain; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "",
    "x",
]
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS", "TRACE"}
NAMES_KEPT = 300
PARAMETERS = [
    "q", "page", "p", "o", "next", "all", "e", "_popup", "_to_field", "_changelist_filters",
    "state__exact", "state__in", "task", "language", "id__lt", "municipality__region__x", "round",
]  # fmt: skip
HEADERS = {
    "HX-Request": ["true"],
    "Accept-Language": ["fi", "xx-yy;q=2", "*", "a" * 1000],
    "Cookie": ["session=; csrf=", "session=x'\"; messages=x", "\xff"],
    "Referer": ["http://", "x", "http://example.org/"],
    "Range": ["bytes=0-", "bytes=9-1"],
    "If-Modified-Since": ["yesterday", "Mon, 31 Feb 9999 00:00:00 GMT"],
    "X-Forwarded-For": ["x", "127.0.0.1, ::1"],
    "X-Request-ID": ["\x7f", "x" * 5000],
    "Accept-Encoding": ["gzip", "br;q=x"],
}


def run(portal, rounds=5000):
    found = Outcome(rounds)
    patterns = [simple(route.pattern) for route in routes()]
    people = [None, *User.objects.filter(email__endswith="@demo.example")]
    met = Counter()
    shares = [(number, rounds // THREADS) for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        for counted in pool.map(lambda share: ask(portal, patterns, people, *share), shares):
            met += counted
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(met.items()))
    found.note = f"{len(patterns)} routes, {len(people)} people: {statuses}"
    return found


def simple(pattern):
    """A route's pattern with a regular expression's parts as plain ones: "<language>/<key>/"."""
    return re.sub(r"\(\?P(<\w+>)(?:[^()]|\([^)]*\))*\)", r"\1", pattern).translate(NOT_OF_A_PATH)


def ask(portal, patterns, people, number, requests):
    """One thread's requests, the same at every run; return how often each status was met."""
    chance, met, names = random.Random(number), Counter(), ["x"]
    for count in range(requests):
        if count % SIGNED_IN_AGAIN == 0:
            visitors = [Visitor(portal, person) for person in people]
        request = odd_request(chance, patterns, names)
        try:
            answer = chance.choice(visitors).ask(*request)
        except NoAnswer:
            met["no answer"] += 1
            continue
        met[answer.status] += 1
        names += field_names(answer)
        del names[:-NAMES_KEPT]
    connections.close_all()
    return met


def field_names(answer):
    """What the forms of a page call their fields, to be sent with odd values."""
    return re.findall(r'name="([\w-]+)"', answer.text) if answer.status == 200 else []


def odd_request(chance, patterns, names):
    method, path = chance.choice(METHODS), address_of(chance, chance.choice(patterns))
    if chance.random() < 0.4:
        path += "?" + fields(chance, PARAMETERS)
    headers = {
        name: chance.choice(values) for name, values in HEADERS.items() if chance.random() < 0.1
    }
    if method in WITHOUT_BODY:
        return method, path, None, headers
    kind, body = odd_body(chance, names)
    return method, path, body, headers | {"Content-Type": kind}


def address_of(chance, pattern):
    """The pattern with a value for each of its parts, mostly one that fits."""

    def value(match):
        kind, _colon, name = match[1].rpartition(":")
        if name == "language":
            return chance.choice(["en", "fi", "sv"])
        fitting = str(chance.randint(1, 40)) if kind == "int" else chance.choice(WORDS)
        return fitting if chance.random() < 0.9 else quote(chance.choice(TEXTS), errors="replace")

    return re.sub(r"<([^>]+)>", value, pattern)


def fields(chance, names):
    chosen = chance.sample(names, min(len(names), chance.randint(0, 12)))
    return urlencode({name: as_bytes(chance.choice(TEXTS)) for name in chosen})


def as_bytes(text):
    return text.encode("utf-8", "surrogatepass")


def odd_body(chance, names):
    """(content type, body): mostly a form with the token, whose values are odd; else nonsense."""
    form = f"csrfmiddlewaretoken={TOKEN}&" + fields(chance, names)
    if chance.random() < 0.75:
        return KINDS[0], form
    nonsense = [form, multipart(chance, names), "{" * 5000, "&" * 5000, "a=" + "b" * 2_000_000, ""]
    return chance.choice(KINDS), chance.choice(nonsense)


def multipart(chance, names):
    """A form with a file, whole or broken off."""
    name = chance.choice(names)
    head = f'Content-Disposition: form-data; name="{name}"; filename="../x.pdf"'
    token = f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
    whole = f"{token}--b\r\n{head}\r\nContent-Type: x\r\n\r\n%PDF-\r\n--b--\r\n"
    return whole[: chance.choice([len(whole), len(whole) // 2, 200])]
