"""The quick part of the audit, with every run of the tests."""

import ast
import json
import re
import subprocess
import sys

import pytest

from tests.audit import code

LENGTH = 100_000
SECONDS = 0.1
PATTERNS = sorted({(p, tuple(flags), tuple(uses)) for _where, p, flags, uses in code.patterns()})


@pytest.mark.parametrize(
    "check",
    [
        code.unscoped_queries,
        code.unsafe_marks,
        code.open_redirects,
        code.banned_versions,
        code.bandit,
    ],
    ids=lambda check: check.__name__,
)
def test_nothing_is_found_that_is_not_accepted_with_a_reason(check):
    assert check() == []


def test_everything_accepted_has_a_reason():
    entries = [entry for kind in code.ACCEPTED.values() for entry in kind]

    assert [entry for entry in entries if len(entry.get("reason", "")) < 20] == []


def test_a_query_in_a_view_that_forgets_whose_it_is_is_seen(monkeypatch):
    tree = ast.parse("rows = Application.objects.filter(pk=1)\nfine = Call.objects.visible_to(u)")
    monkeypatch.setattr(code, "modules", lambda: [("applications/views.py", tree)])
    monkeypatch.setattr(code, "ACCEPTED", {})

    assert code.unscoped_queries() == [
        "applications/views.py:1 Application.objects.filter without visible_to"
    ]


def test_a_redirect_to_what_the_request_says_is_seen(monkeypatch):
    tree = ast.parse("redirect(request.GET['next'])\nredirect('journey:home')")
    monkeypatch.setattr(code, "modules", lambda: [("journey/views.py", tree)])

    assert code.open_redirects() == ["journey/views.py:1 redirect to request.GET['next']"]


def test_an_accepted_finding_that_is_gone_is_said(monkeypatch):
    monkeypatch.setattr(code, "ACCEPTED", {"bandit": [{"file": "a.py", "what": "B1"}]})

    assert code.without_accepted("bandit", []) == [
        "accepted.toml: bandit ('a.py', 'B1') is needed no more"
    ]


def test_a_refused_version_is_seen(monkeypatch):
    monkeypatch.setattr(code, "banned", lambda: [["weasyprint", "<999", "too old"]])

    assert "demo.txt: weasyprint 70.0 is refused (too old)" in code.banned_versions()


def inputs(pattern):
    """Three long texts: one letter, what the pattern likes and then not, and only blanks."""
    liked = re.sub(r"\\.|[^A-Za-z0-9 @.:/=_-]", "", pattern) or "ab1"
    return ["a" * LENGTH, (liked * LENGTH)[:LENGTH] + "\x00", " \t" * (LENGTH // 2) + "x"]


RUN = """
import json, re, sys, time
worst = 0
pattern, names, uses, texts = json.load(sys.stdin)
compiled = re.compile(pattern, sum(getattr(re, name) for name in names))
for text in texts:
    for use in uses:
        arguments = ["", text] if use.startswith("sub") else [text]
        began = time.process_time()
        result = getattr(compiled, use)(*arguments)
        list(result) if use == "finditer" else result
        worst = max(worst, time.process_time() - began)
print(worst)
"""


def slowest(pattern, flags, uses):
    """The CPU seconds of the slowest use, in a child of its own, since `re` cannot be stopped."""
    given = json.dumps([pattern, flags, uses, inputs(pattern)])
    child = subprocess.run(
        [sys.executable, "-S", "-c", RUN], input=given, capture_output=True, text=True, timeout=60
    )
    assert child.returncode == 0, child.stderr
    return float(child.stdout)


def test_the_patterns_were_found():
    assert len(PATTERNS) >= 10


@pytest.mark.parametrize(("pattern", "flags", "uses"), PATTERNS, ids=ascii)
def test_a_long_text_costs_a_pattern_little(pattern, flags, uses):
    assert slowest(pattern, flags, uses) < SECONDS


def test_a_pattern_that_explodes_would_be_noticed():
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-S", "-c", EXPLODES], timeout=3)


EXPLODES = "import re; re.fullmatch('(a+)+', 'a' * 60 + '!')"
