"""Every address of the portal: its methods, as its view declares them, and who may open it.

The rights come from `data/rights.json`, which `make rights` makes of the permission matrix of the
tests; a test fails where the two differ. So whoever runs the portal, and whoever attacks it, reads
the table that the tests hold it to.
"""

import json
from dataclasses import dataclass
from inspect import getclosurevars, isfunction
from pathlib import Path

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

RIGHTS = Path(__file__).parent / "data" / "rights.json"
LIST = "request_method_list"  # what `require_http_methods` and its kin remember of a view


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    methods: list | None  # None: the view looks at the method itself
    needs_sign_in: bool  # asked before the view is
    view: str
    rights: list  # the rows of the matrix; empty for the addresses of the packages we use


def routes():
    """Yield every route, in the order in which addresses are looked up."""
    rights = json.loads(RIGHTS.read_text())
    for name, pattern, view in flat(get_resolver().url_patterns):
        yield Route(
            name=name,
            pattern=pattern,
            methods=methods(view),
            needs_sign_in=getattr(view, "login_required", True),
            view=f"{view.__module__}.{view.__qualname__}",
            rights=rights.get(name, []),
        )


def flat(patterns, space="", path="/"):
    for pattern in patterns:
        here = path + part(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from flat(pattern.url_patterns, inside, here)
        else:
            yield f"{space}{pattern.name}", here, pattern.callback


def part(pattern):
    return "<language>/" if isinstance(pattern, LocalePrefixPattern) else str(pattern)


def methods(view):
    """What the view's own decorators or class say; None where nothing does."""
    if hasattr(view, "view_class"):
        kind = view.view_class
        found = [name.upper() for name in kind.http_method_names if hasattr(kind, name)]
        return found + ["HEAD"] * ("GET" in found and "HEAD" not in found)  # as Django does
    while isfunction(view):
        closure = getclosurevars(view).nonlocals
        if LIST in closure:
            return list(closure[LIST])
        view = getattr(view, "__wrapped__", None)
    return None
