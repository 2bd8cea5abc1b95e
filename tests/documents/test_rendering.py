import re
import socket
import threading
import zlib

import pytest
from page import ValidationProfile, validate_pdf_bytes

from documents import reasons, rendering
from documents.models import Document

PAGE = (
    '<!DOCTYPE html><html lang="fi"><head><meta charset="utf-8"><title>Kuitti</title></head>'
    "<body><h1>Kuitti</h1>{}</body></html>"
)
TABLE = (
    "<table><caption>Pisteet</caption><thead><tr><th scope='col'>Osio</th>"
    "<th scope='col'>Tulos</th></tr></thead><tbody><tr><td>Koulutus</td><td>57 %</td></tr></tbody>"
    "</table>"
)
CHART = (
    '<svg role="img" width="420" height="42" viewBox="0 0 420 42" font-family="Source Sans 3">'
    '<title>Koulutus 57 %</title><text x="0" y="13">Koulutus</text>'
    '<rect width="239" height="12" y="19" fill="#0f4c8a"/></svg>'
)
LETTERS = "<p>Åbo, Äänekoski, š ž, Anár, ŋ đ ŧ ǥ ǧ ʒ č, a\u2010b\u2011c\u2028d\x0be → ≥</p>"


def pdf_of(content):
    return rendering.to_pdf(PAGE.format(content))


def inside(pdf):
    """A PDF's bytes with its streams unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    packed = [stream for stream in streams if stream.startswith(b"x")]
    return b"\n".join([pdf, *(zlib.decompressobj().decompress(stream) for stream in packed)])


def why_failed(content):
    with pytest.raises(rendering.RenderingFailed) as failure:
        pdf_of(content)
    return str(failure.value)


def sentence(reason):
    return reasons.sentence(Document(reason=reason))


@pytest.fixture
def listener():
    """An address on this machine, and the list of those who called it."""
    callers = []

    def answer(server):
        while True:
            try:
                connection, caller = server.accept()
            except OSError:  # closed: the test is over
                return
            callers.append(caller)
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, args=[server])
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", callers
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize("content", [TABLE, CHART, LETTERS, "<p>" + "Sana tavutetaan. " * 2000])
def test_a_page_becomes_a_pdf_that_fails_no_rule_of_pdf_ua(content):
    report = validate_pdf_bytes(pdf_of(content), profile=ValidationProfile.PDF_UA_1)

    assert report.rules.total == 104
    assert {failure.rule_id for failure in report.failures} == set()


def test_the_letters_of_every_national_and_sami_language_are_in_our_own_fonts():
    pdf = inside(pdf_of("<p>Åäö š ž ŋ đ ŧ ǥ ǧ ʒ č <b>Šž</b></p>"))

    assert b"Source-Sans-3" in pdf
    assert b"DejaVu" not in pdf


@pytest.mark.parametrize(
    "content",
    [
        '<img alt="x" src="{}/x.png">',
        '<link rel="stylesheet" href="{}/x.css">',
        '<style>@import "{}/x.css";</style>',
        "<style>p {{ background: url({}/x.png) }}</style><p>x</p>",
        "<style>@font-face {{ font-family: x; src: url({}/x.woff2) }}</style><p>x</p>",
        '<object data="{}/x.svg"></object>',
    ],
)
def test_a_page_that_names_another_address_fails_and_nothing_is_fetched(listener, content):
    address, callers = listener

    reason = why_failed(content.format(address))

    assert reason.startswith("error: FatalURLFetchingError")
    assert callers == []


@pytest.mark.parametrize(
    "content",
    [
        '<iframe src="{}/"></iframe>',
        '<svg width="9" height="9"><title>x</title><image href="{}/x.png"/></svg>',
        '<p><a href="{}/">A link is only printed.</a></p>',
    ],
)
def test_what_weasyprint_leaves_out_or_links_to_is_not_fetched_either(listener, content):
    address, callers = listener

    pdf_of(content.format(address))

    assert callers == []


def test_a_page_that_names_a_file_of_the_machine_fails(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")

    reason = why_failed(f'<img alt="x" src="{secret.as_uri()}">')

    assert reason.startswith("error: FatalURLFetchingError")
    assert "fault in the portal" in str(sentence(reason))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_a_link_that_could_do_harm_is_removed(link):
    pdf = inside(pdf_of(f'<p><a href="{link}">x</a></p>'))

    assert link.encode() not in pdf
    assert b"/URI" not in pdf


def test_a_web_link_and_a_mail_link_stay():
    links = '<a href="https://example.org/a">a</a> <a href="mailto:a@example.org">b</a>'

    pdf = inside(pdf_of(f"<p>{links}</p>"))

    assert b"https://example.org/a" in pdf
    assert b"mailto:a@example.org" in pdf


def test_a_page_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(rendering, "SECONDS", 1)

    reason = why_failed("<h2>Otsikko</h2><p>" + "sana " * 500_000)

    assert reason == "too_long"
    assert "too long" in str(sentence(reason))


@pytest.mark.parametrize("megabytes", [1, pytest.param(64, marks=pytest.mark.drill)])
def test_a_page_that_takes_too_much_memory_is_stopped(monkeypatch, capfd, megabytes):
    monkeypatch.setattr(rendering, "MEMORY", megabytes << 20)

    reason = why_failed("<p>sana</p>" * 20_000)

    assert reason.startswith("too_large")
    assert "memory" in str(sentence(reason))


def test_after_a_failure_the_next_page_is_made(monkeypatch, capfd):
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "MEMORY", 1 << 20)
        why_failed("<p>sana</p>" * 20_000)

    assert pdf_of(TABLE).startswith(b"%PDF-")


def test_the_worker_gives_a_sign_of_life_while_the_page_is_made(settings):
    settings.HEARTBEAT_SECONDS = 0.05
    signs = []

    rendering.to_pdf(PAGE.format("<p>sana</p>" * 1000), beat=lambda: signs.append(1))

    assert signs
