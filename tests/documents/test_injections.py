"""What people write into the real templates, as an attacker would: nothing is fetched or read.

40 constructs in 6 fields of people's text. Each names an address of its own on a listening server
and a file of this machine; a request or the file's content in the PDF tells which one it was.
"""

import pytest

from applications.tasks import receipt
from documents import rendering
from indexanalysis.tasks import page
from tests.documents.test_rendering import PAGE, inside, listener
from tests.factories import AttachmentFactory

__all__ = ["listener"]  # a fixture

SECRET = b"CANARY-SECRET-OF-THE-MACHINE"
# {web}: an address of the listening server; {file}: a file that holds SECRET.
CONSTRUCTS = [
    '<img src="{web}">',
    '<img src="{file}">',
    '<img srcset="{web} 2x">',
    '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22'
    '><image href=%22{web}%22/></svg>">',
    '<picture><source srcset="{web}"><img src="{web}"></picture>',
    '<object data="{web}"></object>',
    '<object data="{file}" type="text/plain"></object>',
    '<embed src="{web}">',
    '<iframe src="{web}"></iframe>',
    '<iframe srcdoc="&lt;img src={web}&gt;"></iframe>',
    '<link rel="stylesheet" href="{web}">',
    '<link rel="attachment" href="{file}">',
    '<link rel="icon" href="{web}">',
    '<a rel="attachment" href="{file}">x</a>',
    '<a href="{web}">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    "<a href=\"javascript:app.launchURL('{web}')\">x</a>",
    '<base href="{web}"><img src="x.png">',
    '<meta http-equiv="refresh" content="0;url={web}">',
    '<script src="{web}"></script>',
    "<script>fetch('{web}')</script>",
    '<style>@import "{web}";</style>',
    "<style>@import url({file});</style>",
    "<style>body {{ background: url({web}) }}</style>",
    "<style>@font-face {{ font-family: x; src: url({web}) }} * {{ font-family: x }}</style>",
    "<style>p::before {{ content: url({web}) }}</style>",
    "<style>@page {{ background: url({web}) }}</style>",
    "<style>li {{ list-style-image: url({web}) }}</style>",
    '<p style="background: url({web})">x</p>',
    '<p style="border-image-source: url({file})">x</p>',
    '<svg><image href="{web}"/></svg>',
    '<svg><image xlink:href="{file}"/></svg>',
    '<svg><use href="{web}#x"/></svg>',
    '<svg><style>@import "{web}";</style></svg>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "{file}">]>&e;',
    '<?xml-stylesheet href="{web}"?>',
    '<video poster="{web}" src="{web}"></video>',
    '<input type="image" src="{web}">',
    '"><img src="{web}">',
    "{{% include '{file}' %}}{{{{ settings.SECRET_KEY }}}}</textarea></dd><img src='{web}'>",
]


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_bytes(SECRET)
    return path.as_uri()


def written(number, field, address, secret):
    """One construct as a person would write it, with an address that names it."""
    return CONSTRUCTS[number].format(web=f"{address}/{field}/{number}", file=secret)


def harm(pdf, address):
    """What of the attack is in the PDF: the file's content, or a link that leads out."""
    content = inside(pdf)
    links = [line for line in content.split(b"/URI")[1:] if address.encode() in line[:200]]
    return links, content.count(SECRET), content.count(b"/EmbeddedFile")


def made(html):
    """The PDF and "", or b"" and why there is none."""
    try:
        return rendering.to_pdf(html), ""
    except rendering.RenderingFailed as why:
        return b"", str(why)


def test_there_are_forty_constructs():
    assert len(set(CONSTRUCTS)) == 40


SOME = [0, 1, 11, 21, 30, 39]


@pytest.mark.parametrize(
    "number",
    [pytest.param(n, marks=() if n in SOME else pytest.mark.drill) for n in range(40)],
)
def test_nothing_that_a_receipt_prints_is_fetched_or_read(
    number, listener, secret, submitted, coordinator
):
    address, callers = listener
    for field in ("motivation", "present_work", "contact_name"):
        longest = submitted._meta.get_field(field).max_length
        setattr(submitted, field, written(number, field, address, secret)[:longest])
    submitted.save()
    name = written(number, "name", address, secret)[:120]
    AttachmentFactory(application=submitted, upload__name=name)
    submitted.receipt.asked_by = coordinator
    submitted.receipt.save()

    html, _name = receipt(submitted.receipt)
    pdf = rendering.to_pdf(html)

    assert "{web}" not in CONSTRUCTS[number] or f"/motivation/{number}" in html
    assert callers == []
    assert harm(pdf, address) == ([], 0, 0)


def test_nothing_that_a_report_prints_is_fetched_or_read(listener, secret, handed_in):
    """All forty in the examples and all forty in the reasons of as many answers, at once."""
    address, callers = listener
    for number, answer in enumerate(handed_in.answers.order_by("question")[:40]):
        answer.value = "not_applicable"
        answer.example = written(number, "example", address, secret)
        answer.reason = written(number, "reason", address, secret)
        answer.save()
    report = handed_in.reports.get(language="fi")

    html, _name = page(report.document)
    pdf = rendering.to_pdf(html)

    assert all(f"/reason/{n}" in html for n, text in enumerate(CONSTRUCTS) if "{web}" in text)
    assert callers == []
    assert harm(pdf, address) == ([], 0, 0)


@pytest.mark.drill
@pytest.mark.parametrize("number", range(40))
def test_even_as_markup_nothing_is_fetched_or_read(number, listener, secret):
    """If a template ever forgot to escape: the renderer's own walls hold as well."""
    address, callers = listener
    content = written(number, "raw", address, secret)

    pdf, reason = made(PAGE.format("<p>x</p>") + content)

    assert not reason or reason.startswith("error: FatalURLFetchingError")
    assert callers == []
    _links, secrets, embedded = harm(pdf, address)
    assert (secrets, embedded) == (0, 0)


MONSTERS = {
    "one word of a megabyte": lambda: "a" * (1 << 20),
    "a word of a hundred thousand letters": lambda: "pitkäsana" * 11_000,
    "ten thousand lines": lambda: "rivi<br>" * 10_000,
    "ten thousand paragraphs": lambda: "<p>sana sana sana</p>" * 10_000,
    "two thousand headings": lambda: ("<h2>Otsikko</h2><p>" + "sana " * 60 + "</p>") * 2_000,
    "three thousand table rows": lambda: (
        f"<table>{'<tr><td>a</td><td>b</td></tr>' * 3_000}</table>"
    ),
    "three thousand boxes inside one another": lambda: "<div>" * 3_000 + "x",
    "a hundred thousand marks on one letter": lambda: "a" + "\u0301" * 100_000,
    "fifty thousand joined emoji": lambda: "\U0001f469\u200d" * 50_000,
    "writing from both sides": lambda: "abc \u202e\u05d0\u05d1 \u202c" * 20_000,
    "spaces that do not break": lambda: "sana\u00a0" * 60_000,
    "a picture of a kilometre": lambda: (
        '<svg width="1000000mm" height="9mm"><title>x</title></svg>'
    ),
}


@pytest.mark.drill
@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_ends_in_time_and_the_next_page_is_made(name, monkeypatch, capfd):
    """With a tenth of the time and half of the memory that the portal gives."""
    monkeypatch.setattr(rendering, "SECONDS", 6)
    monkeypatch.setattr(rendering, "MEMORY", 512 << 20)

    pdf, reason = made(PAGE.format(MONSTERS[name]()))

    assert pdf.startswith(b"%PDF-") or reason.split(":")[0] in {"too_long", "too_large", "error"}
    assert rendering.to_pdf(PAGE.format("<p>x</p>")).startswith(b"%PDF-")
