"""What can be seen in the code without running it: rights, escapes, redirects, packages, bandit.

Each function returns its findings as readable lines. What is accepted stands in `accepted.toml`,
each with its reason; an entry that nothing needs any more is a finding too.
"""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
APPS = [
    folder
    for folder in sorted(ROOT.iterdir())
    if (folder / "__init__.py").exists() and folder.name != "tests"
]
ACCEPTED = tomllib.loads((Path(__file__).parent / "accepted.toml").read_text())
FLAGS = {"IGNORECASE", "I", "MULTILINE", "M", "DOTALL", "S", "ASCII", "A", "VERBOSE", "X"}
USES = {"match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
RE_FUNCTIONS = {"compile", *USES}
PATTERN_CLASSES = {"RegexValidator", "RegexField"}


def modules():
    """Our modules, (path from the checkout, tree); migrations are history."""
    for app in APPS:
        for file in sorted(app.rglob("*.py")):
            if "migrations" not in file.parts:
                yield str(file.relative_to(ROOT)), ast.parse(file.read_text())


def without_accepted(kind, found):
    """Leave out what is accepted; found: (file, what, line for the report)."""
    entries = [(entry["file"], entry["what"]) for entry in ACCEPTED.get(kind, [])]
    open_ones = [line for file, what, line in found if (file, what) not in entries]
    known = {(file, what) for file, what, _line in found}
    idle = [f"accepted.toml: {kind} {entry} is needed no more" for entry in set(entries) - known]
    return open_ones + sorted(idle)


def unscoped_queries():
    """In views: each query of a model starts from `visible_to`, so that no row is forgotten."""
    found = []
    for file, tree in modules():
        if is_view(file):
            found += [
                (file, what, f"{file}:{line} {what} without visible_to")
                for what, line in queries(tree)
                if not what.endswith(".visible_to")
            ]
    return without_accepted("unscoped", found)


def is_view(file):
    return "/views" in file or file.endswith("/admin.py") or "/admin/" in file


def queries(tree):
    """`Model.objects.method` and its line, for each use of a manager."""
    outer = {
        id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            yield f"{ast.unparse(node)}.{outer.get(id(node), '')}", node.lineno


MARKS = re.compile(r"\|\s*safe\b|\bautoescape off\b|\|\s*safeseq\b")


def unsafe_marks():
    """Nobody's text is called safe: no `mark_safe` in code, no `safe` in templates."""
    found = []
    for file, tree in modules():
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)]
        for node in names:
            name = getattr(node, "id", None) or getattr(node, "attr", "")
            if name in {"mark_safe", "SafeString", "SafeText"}:
                found.append((file, name, f"{file}:{node.lineno} {name}"))
    for page in sorted((ROOT / "templates").rglob("*.html")):
        file = str(page.relative_to(ROOT))
        for number, line in enumerate(page.read_text().splitlines(), 1):
            found += [(file, mark, f"{file}:{number} {mark}") for mark in MARKS.findall(line)]
    return without_accepted("unsafe", found)


def open_redirects():
    """Nobody is sent where a request says, unless it was checked to be here."""
    found = []
    for file, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and is_redirect(node.func):
                words = " ".join(map(ast.unparse, node.args))
                if re.search(r"\.(GET|POST|META|headers|COOKIES)\b", words):
                    found.append((file, words, f"{file}:{node.lineno} redirect to {words}"))
    return without_accepted("redirects", found)


def is_redirect(function):
    name = ast.unparse(function).rpartition(".")[2]
    return name == "redirect" or name.startswith("HttpResponseRedirect")


def patterns():
    """Every regular expression that our code spells out: (where, pattern, flags, its uses)."""
    for file, tree in modules():
        uses = uses_by_name(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (pattern := spelled_out(node)) is not None:
                name = ast.unparse(node.func).rpartition(".")[2]
                ways = {name} & USES or uses.get(id(node)) or {"search", "fullmatch", "sub"}
                yield f"{file}:{node.lineno}", pattern, flags_of(node), sorted(ways)


def uses_by_name(tree):
    """Of each `NAME = re.compile(...)` of a module: the methods that the module calls on NAME."""
    methods = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            methods.setdefault(node.value.id, set()).add(node.attr)
    return {
        id(node.value): USES & methods.get(node.targets[0].id, set())
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def spelled_out(call):
    name = ast.unparse(call.func)
    wanted = name.rpartition(".")[2] in PATTERN_CLASSES or (
        name.startswith("re.") and name[3:] in RE_FUNCTIONS
    )
    if not wanted:
        return None
    values = [*call.args[:1], *(k.value for k in call.keywords if k.arg in {"regex", "pattern"})]
    texts = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return texts[0] if texts else None


def flags_of(call):
    words = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
    return sorted(words & FLAGS)


def banned_versions():
    """Packages in a lock that `scripts/banned.txt` refuses, and its lines that match no package."""
    found, seen = [], set()
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        pins = dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.M))
        for name, versions, reason in banned():
            if name in pins:
                seen.add(name)
                if pins[name] in SpecifierSet(versions):
                    found.append(f"{lock.name}: {name} {pins[name]} is refused ({reason})")
    return found + [
        f"banned.txt: {name} is in no lock" for name, *_ in banned() if name not in seen
    ]


def banned():
    lines = (ROOT / "scripts" / "banned.txt").read_text().splitlines()
    return [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]


def bandit():
    """What bandit finds in our code, without what is accepted with a reason."""
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", "-r"]
    targets = [*(str(app.name) for app in APPS), "scripts", "gunicorn.conf.py", "manage.py"]
    result = subprocess.run([*command, *targets], cwd=ROOT, capture_output=True, text=True)
    report = json.loads(result.stdout)
    assert report["metrics"]["_totals"]["loc"] > 1000, "bandit has looked at nothing"
    found = [
        (row["filename"].removeprefix("./"), row["test_id"], place(row))
        for row in report["results"]
    ]
    return without_accepted("bandit", found)


def place(row):
    return f"{row['filename']}:{row['line_number']} {row['test_id']} {row['issue_text']}"
