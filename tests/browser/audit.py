"""`make audit`: every page in every language and width, and the code. Not run with the tests.

About half an hour on two cores; MINUTES sets when it stops. What was not looked at is said and is a
fault. The table goes to the terminal and, with WRITE=1, between the marks of docs/audit.md.
"""

import os
import time
from itertools import product

import pytest

from tests.audit import code, crawl, validator
from tests.audit.table import Row, store, written
from tests.browser.conftest import NARROW, WIDE, faults, session_of
from tests.browser.test_pages import too_wide

MINUTES = float(os.environ.get("MINUTES", "45"))
WIDTHS = [WIDE, NARROW]
CODE = {
    "queries in views that forget whose rows they are": code.unscoped_queries,
    "texts marked as safe": code.unsafe_marks,
    "redirects to where the request says": code.open_redirects,
    "refused versions in the locks": code.banned_versions,
    "bandit": code.bandit,
}


@pytest.fixture
def visit(site, browser, browser_context_args, demo):
    """One browser for each person; the page is opened at `path`."""
    contexts = {}

    def open_page(person, path):
        if person not in contexts:
            contexts[person] = browser.new_context(**browser_context_args)
            if person:
                contexts[person].add_cookies([session_of(person, site("journey:start"))])
        page = contexts[person].new_page()
        said = listen(page)
        page.goto(origin(site) + path)
        return page, said

    yield open_page
    for context in contexts.values():
        context.close()


def listen(page):
    """What the browser complains of, before axe adds its own."""
    said = []
    page.on("console", lambda message: said.append((message.type, message.text)))
    page.on("requestfailed", lambda request: said.append(("error", request.url)))
    return said


def origin(site):
    return site("journey:start").removesuffix("/en/")


@pytest.fixture
def say(capsys):
    """Tell the terminal where the audit is."""
    began = time.monotonic()

    def line(text):
        with capsys.disabled():
            print(f"... {(time.monotonic() - began) / 60:.1f} min: {text}", flush=True)

    return line


def test_audit(site, visit, tmp_path, capsys, say):
    began = time.monotonic()
    end = began + 60 * MINUTES
    say("the code")
    rows = [Row(name, f"{len(code.APPS)} packages", check()) for name, check in CODE.items()]
    say("which pages there are")
    pages = crawl.pages()
    say(f"the HTML of {len(pages)} pages")
    rows.append(html(pages, tmp_path))
    say("the pages in three languages and two widths")
    rows += shown(visit, pages, end)
    say("the pages with an error")
    rows.append(with_errors(visit, pages, end))

    table = written(rows, (time.monotonic() - began) / 60)
    with capsys.disabled():
        print("\n" + table)
        print("\n".join(fault for row in rows for fault in row.faults))
    if os.environ.get("WRITE"):
        store(table)
    assert [row.check for row in rows if row.faults] == []


def html(pages, folder):
    """Each page's HTML in English, as the server sends it."""
    row = Row("HTML (Nu Html Checker)", f"{len(pages)} pages", skipped=validator.missing())
    if not row.skipped:
        names = {f"{number}.html": page for number, page in enumerate(pages)}
        for name, page in names.items():
            (folder / name).write_text(page.html)
        row.faults = [f"{names[name].name}: {text}" for name, text in validator.faults(folder)]
    return row


def shown(visit, pages, end):
    """Filled and empty pages: axe, width, the browser's own complaints."""
    names = ["axe", "wider than the screen", "the browser complains (policy, missing files)"]
    found = {name: [] for name in names}
    todo = list(product(crawl.LANGUAGES, pages))
    done = 0
    for language, page in todo:
        if time.monotonic() > end:
            break
        tab, said = visit(page.person, page.at(language))
        found[names[2]] += [f"{page.name} {language}: {t}" for kind, t in said if kind == "error"]
        look(tab, page.name, found[names[0]], found[names[1]])
        tab.close()
        done += 1
    left = [f"{len(todo) - done} pages were not looked at in time"] if done < len(todo) else []
    routes = len({page.route for page in pages})
    looked_at = f"{len(pages)} pages of {routes} routes x 3 languages x 2 widths"
    return [Row(name, looked_at, sorted(set(found[name])) + left) for name in names]


def look(tab, name, by_axe, by_width):
    for width in WIDTHS:
        tab.set_viewport_size(width)
        by_axe += [f"{name} at {width['width']}: {fault}" for fault in faults(tab)]
        by_width += [f"{name}: {fault}" for fault in too_wide(tab)]


FORM = "main form[method=post], #content form[method=post]"
EMPTY = """form => {
  form.noValidate = true;
  for (const field of form.querySelectorAll('input, textarea, select')) {
    if (field.type === 'hidden' || field.type === 'submit') continue;
    field.required = false;
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = false;
    else if (field.tagName !== 'SELECT') field.value = field.type === 'email' ? 'no address' : '';
  }
}"""


def with_errors(visit, pages, end):
    """Send each page's first form empty; where that is refused, the page that says so."""
    found, looked, forms = [], 0, 0
    for language, page in product(crawl.LANGUAGES, unlike(pages)):
        if time.monotonic() > end:
            found.append("not every form was sent in time")
            break
        tab, _said = visit(page.person, page.at(language))
        form = tab.locator(FORM).filter(has=tab.locator("input:not([type=hidden]), textarea"))
        if form.count():
            forms += 1
            form.first.evaluate(EMPTY)
            button = form.first.locator("[type=submit], button:not([type])").first
            button.click(no_wait_after=False) if button.is_visible() else None
            tab.wait_for_load_state()
            if tab.locator("[aria-invalid=true], .error-summary, .errornote").count():
                looked += 1
                look(tab, f"{page.name} with an error", found, found)
        tab.close()
    return Row("axe and width of pages with an error", f"{looked} of {forms} forms sent", found)


def unlike(pages):
    """One page of each route."""
    return {page.route: page for page in pages}.values()
