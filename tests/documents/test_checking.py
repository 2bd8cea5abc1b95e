import os
import random
import resource
import subprocess
import sys
import time

import pikepdf
import pytest

from documents.checking import ROOT, check
from documents.checking.names import clean_name
from documents.checking.unfit import FLAGS, Unfit
from documents.reasons import FLAGS as FLAG_WORDS
from documents.reasons import REFUSED, why_refused
from tests.documents import files

# (called, content, flags)
TAKEN = [
    ("letter.pdf", files.pdf, ()),
    ("Letter.PDF", files.pdf, ()),
    ("letter.docx.pdf", files.pdf, ()),  # what printing to a file calls it
    ("turned.pdf", lambda: files.pdf(files.turned_to_its_page), ()),
    ("letter.docx", files.docx, ()),
    ("table.xlsx", files.xlsx, ()),
    ("letter.odt", files.odt, ()),
    ("photo.png", files.png, ()),
    ("photo.jpg", files.jpg, ()),
    ("photo.jpeg", lambda: files.jpg(progressive=True), ()),
    ("large.png", lambda: files.png_of_size(8_000, 5_000), ()),
    ("linked.docx", lambda: files.docx(document_rels=files.links(
        ("hyperlink", "https://example.org/", "External"))), ()),
]  # fmt: skip
FLAGGED = [
    ("a.pdf", lambda: files.pdf(files.acting(S=pikepdf.Name.JavaScript, JS="app.alert(1)")),
     ("javascript", "starts_by_itself")),
    ("a.pdf", lambda: files.pdf(files.acting(S=pikepdf.Name.Launch, F="calc.exe")),
     ("launches", "starts_by_itself")),
    ("a.pdf", lambda: files.pdf(files.acting(S=pikepdf.Name.SubmitForm, F="https://example.org")),
     ("sends_form", "starts_by_itself")),
    ("a.pdf", lambda: files.pdf(files.acting(S=pikepdf.Name.GoToR, F="other.pdf")),
     ("external_link", "starts_by_itself")),
    ("a.pdf", lambda: files.pdf(files.with_file_inside), ("embedded_file",)),
    ("a.pdf", lambda: files.pdf(files.with_script_on_page), ("javascript", "starts_by_itself")),
    ("a.pdf", lambda: files.pdf(encryption=pikepdf.Encryption(owner="o", user="")),
     ("restricted",)),
    ("a.docx", lambda: files.docx(document_rels=files.links(
        ("attachedTemplate", "https://example.org/t.dotm", "External"))), ("external_link",)),
    ("a.docx", lambda: files.docx(document_rels=files.links(
        ("image", "file://server/share/x.png", "External"))), ("external_link",)),
    ("a.docx", lambda: files.docx(document=files.word(
        '<w:p><w:r><w:instrText> DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\x "/k calc"'
        "</w:instrText></w:r></w:p>")), ("commands",)),
    ("a.docx", lambda: files.docx(document=files.word(
        '<w:p><w:fldSimple w:instr="INCLUDEPICTURE &quot;https://example.org/x&quot;"/></w:p>')),
     ("commands",)),
    ("a.docx", lambda: files.docx(("word/embeddings/table.xlsx", files.xlsx())),
     ("embedded_file",)),
    ("a.docx", lambda: files.docx(("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0" * 9)),
     ("embedded_file",)),
    ("a.xlsx", lambda: files.xlsx(("xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{files.SHEET}"><ddeLink ddeService="cmd"/></externalLink>')),
     ("commands",)),
    ("a.odt", lambda: files.odt(
        content='<draw:image xlink:href="https://example.org/x.png"/>'), ("external_link",)),
]  # fmt: skip
REFUSALS = [
    # the name
    ("letter", files.pdf, "kind"),
    ("letter.exe", files.pdf, "kind"),
    ("letter.doc", files.pdf, "kind"),
    ("drawing.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
    ("page.html", lambda: b"<html></html>", "kind"),
    ("letter.docm", files.docx, "macros"),
    ("letter.exe.pdf", files.pdf, "two_endings"),
    ("page.html.png", files.png, "two_endings"),
    ("page.php .jpg", files.jpg, "two_endings"),
    # the first bytes
    ("letter.pdf", lambda: b"", "empty"),
    ("letter.pdf", files.docx, "not_what_it_says"),
    ("letter.docx", files.pdf, "not_what_it_says"),
    ("photo.png", files.jpg, "not_what_it_says"),
    ("photo.jpg", lambda: b"<html><script>alert(1)</script></html>", "not_what_it_says"),
    ("photo.png", lambda: b"<svg onload='alert(1)'/>", "not_what_it_says"),
    ("letter.pdf", lambda: b"\n\n" + files.pdf(), "not_what_it_says"),
    ("letter.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "locked_or_old"),
    # two kinds in one file
    ("photo.png", lambda: files.png() + files.docx(), "polyglot"),
    ("photo.jpg", lambda: files.jpg() + files.docx(), "polyglot"),
    ("photo.jpg", lambda: files.jpg(comment=b"<script>alert(1)</script>"), "polyglot"),
    ("photo.jpg", lambda: files.jpg(comment=b"%PDF-1.7"), "polyglot"),
    ("letter.pdf", lambda: files.pdf() + files.docx() + b"%%EOF"[:0], "damaged"),
    ("letter.pdf", lambda: files.pdf()[:-6] + files.archive([("a", "%%EOF")], method=0), "polyglot"),
    ("letter.docx", lambda: files.docx() + b"PK", "damaged"),
    # macros
    ("a.docx", lambda: files.docx(("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")), "macros"),
    ("a.docx", lambda: files.docx(types=files.types(
        "application/vnd.ms-word.document.macroEnabled.main+xml")), "macros"),
    ("a.docx", lambda: files.docx(("word/a.bin", b"x"), types=files.types(
        files.DOCX_TYPE, "application/vnd.ms-office.vbaProject")), "macros"),
    ("a.docx", lambda: files.docx(document_rels=files.links(
        ("vbaProject", "a.bin", ""))), "macros"),
    ("a.docx", lambda: files.docx(("word/activeX/activeX1.xml", "<x/>")), "macros"),
    ("a.xlsx", lambda: files.xlsx(("xl/macrosheets/sheet1.xml", files.sheet())), "macros"),
    ("a.odt", lambda: files.odt(("Basic/Standard/Module1.xml", "<x/>")), "macros"),
    ("a.odt", lambda: files.odt(("Scripts/python/a.py", "x")), "macros"),
    ("a.odt", lambda: files.odt(
        content='<script:event-listener xlink:href="vnd.sun.star.script:x"/>'), "macros"),
    # another office file
    ("a.docx", files.xlsx, "not_what_it_says"),
    ("a.xlsx", files.docx, "not_what_it_says"),
    ("a.odt", files.docx, "not_what_it_says"),
    ("a.docx", lambda: files.archive([("a.txt", "x")]), "damaged"),
    ("a.odt", lambda: files.odt(mimetype="application/vnd.oasis.opendocument.script"),
     "not_what_it_says"),
    # locked
    ("a.docx", files.locked, "locked_or_old"),
    ("a.odt", lambda: files.odt(manifest="<manifest:encryption-data/>"), "locked_or_old"),
    ("a.pdf", lambda: files.pdf(encryption=pikepdf.Encryption(owner="o", user="u")),
     "locked_or_old"),
    # bombs
    ("a.docx", lambda: files.docx(document=files.word("<w:p/>" * 2_000_000)), "bomb"),
    ("a.docx", lambda: files.docx(("word/media/a.bmp", bytes(60 << 20))), "bomb"),
    ("a.docx", lambda: files.docx(
        *((f"word/{n}.txt", bytes(1 << 20)) for n in range(210))), "bomb"),
    ("a.docx", lambda: files.many_members(2_000), "bomb"),
    ("a.docx", lambda: files.many_members(30_000), "bomb"),
    ("a.docx", lambda: files.docx(document=files.word(prolog=files.XML + files.ENTITIES)),
     "entities"),
    ("a.docx", lambda: files.docx(types=files.ENTITIES + files.types(files.DOCX_TYPE)[38:]),
     "entities"),
    ("a.xlsx", lambda: files.xlsx(page=files.sheet(
        '<cols><col min="1" max="1000000" width="9"/></cols>')), "too_much"),
    ("a.xlsx", lambda: files.xlsx(page=files.sheet('<dimension ref="A1:BDWGN1"/>')), "too_much"),
    ("a.xlsx", lambda: files.xlsx(page=files.sheet('<dimension ref="A1:A99999999"/>')),
     "too_much"),
    ("a.docx", lambda: files.docx(
        document=files.word(f"<!--{os.urandom(3 << 20).hex()}-->")), "too_much"),
    ("a.docx", lambda: files.docx(document=files.word(
        "<w:p>" * 3_000_000 + os.urandom(300_000).hex())), "too_much"),
    ("a.png", lambda: files.png_of_size(13_000, 13_000), "picture_too_large"),
    ("a.png", lambda: files.png_of_size(12_001, 10), "picture_too_large"),
    ("a.pdf", files.pdf_bomb, "too_much"),
    ("a.pdf", lambda: files.pdf(files.deep), "too_much"),
    # archives put together to deceive
    ("a.docx", lambda: files.docx(files.docx_members()[2]), "unsafe_archive"),
    ("a.docx", lambda: files.docx(("WORD/document.xml", "<x/>")), "unsafe_archive"),
    ("a.docx", lambda: files.docx(("../../etc/cron.d/x", "x")), "unsafe_archive"),
    ("a.docx", lambda: files.docx(("/etc/passwd", "x")), "unsafe_archive"),
    ("a.docx", lambda: files.docx(("C:/x", "x")), "unsafe_archive"),
    ("a.docx", lambda: files.docx(("word\\x.xml", "x")), "unsafe_archive"),
    ("a.docx", lambda: files.docx(files.link_member()), "unsafe_archive"),
    ("a.docx", files.lying_header, "unsafe_archive"),
    ("a.docx", lambda: files.lying_directory(10), "unsafe_archive"),
    ("a.docx", files.overlapping, "unsafe_archive"),
    ("a.docx", files.with_gap, "unsafe_archive"),
    ("a.docx", files.zip64, "damaged"),
    ("a.docx", lambda: files.docx(("word/inner.zip", files.docx())), "nested"),
    ("a.docx", lambda: files.docx(("word/a.bin", b"MZ" + bytes(90))), "nested"),
    ("a.odt", lambda: files.odt(("inner.bin", b"Rar!\x1a\x07\x00")), "nested"),
    # broken
    ("a.docx", lambda: files.docx()[:-30], "damaged"),
    ("a.docx", lambda: files.docx(document="<w:p"), "damaged"),
    ("a.docx", lambda: b"PK\x03\x04" + bytes(100), "damaged"),
    ("a.png", lambda: files.png()[:-20], "damaged"),
    ("a.png", lambda: files.png()[:60] + b"x" + files.png()[61:], "damaged"),
    ("a.jpg", lambda: files.jpg()[:-2], "damaged"),
    ("a.jpg", lambda: b"\xff\xd8\xff\xd9", "damaged"),
    ("a.pdf", lambda: files.pdf()[:200], "damaged"),
    ("a.pdf", lambda: b"%PDF-1.7\n%%EOF", "damaged"),
]  # fmt: skip


def named(cases):
    return [pytest.param(*case, id=f"{n}-{case[2]}-{case[0]}") for n, case in enumerate(cases)]


@pytest.fixture
def outcome(tmp_path):
    """What the check says of this content: its flags, or the code of the refusal."""

    def of(name, content):
        path = tmp_path / "file"
        path.write_bytes(content)
        try:
            return check(path, name).flags
        except Unfit as why:
            return str(why)

    return of


@pytest.mark.parametrize(("name", "make", "flags"), named(TAKEN + FLAGGED))
def test_a_file_that_is_what_it_says_is_taken_and_what_acts_is_told(outcome, name, make, flags):
    assert outcome(name, make()) == flags


@pytest.mark.parametrize(("name", "make", "code"), named(REFUSALS))
def test_a_harmful_or_broken_file_is_refused_with_its_reason(outcome, name, make, code):
    assert outcome(name, make()) == code


def test_every_outcome_has_words():
    codes = {code for _name, _make, code in REFUSALS} | {"virus", "scanner_away", "no_room"}

    assert codes == set(REFUSED)
    assert set(FLAGS) == set(FLAG_WORDS)
    assert all(why_refused(code) for code in (*codes, "too_big", "bundle_full", "town_full"))


def test_a_refusal_costs_less_than_a_second_of_work_and_100_megabytes(tmp_path):
    """In child processes, so that each one's own highest use is read; the test's own is not."""
    costs = {}
    for number, (name, make, _code) in enumerate(REFUSALS):
        path = tmp_path / f"{number}"
        path.write_bytes(make())
        costs[f"{number}-{name}"] = cost(path, name)
        path.unlink()

    assert {case: c for case, c in costs.items() if c[0] >= 1 or c[1] >= 100} == {}


MEASURED = (
    "import sys; from pathlib import Path; from documents.checking import check, Unfit\n"
    "try: check(Path(sys.argv[1]), sys.argv[2])\n"
    "except Unfit: pass\n"
    "import resource; own, child = (resource.getrusage(w) for w in (0, -1))\n"
    "print(own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime,"
    " max(own.ru_maxrss, child.ru_maxrss) >> 10)"
)


def cost(path, name):
    """CPU seconds and megabytes that looking at a file takes, beyond starting and nothing else."""
    command = [sys.executable, "-c", MEASURED, str(path), name]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    seconds, megabytes = map(float, answer.stdout.split())
    return seconds, megabytes


def mutants(count):
    """Whole files with some bytes changed, cut or doubled; always the same ones."""
    chance = random.Random(20261122)
    made = {"pdf": files.pdf(), "docx": files.docx(), "xlsx": files.xlsx()}
    made |= {"png": files.png(), "jpg": files.jpg(), "odt": files.odt()}
    for number in range(count):
        kind = list(made)[number % len(made)]
        content = bytearray(made[kind])
        for _ in range(chance.choice([1, 2, 8, 30])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.2:
            start = chance.randrange(len(content))
            content[start : start + chance.randrange(50)] = b""
        if chance.random() < 0.1:
            content += content[chance.randrange(len(content)) :]
        yield f"a.{kind}", bytes(content)


def try_mutants(outcome, count):
    """Each is taken or refused with a reason: never an error, never a child that dies."""
    began = time.monotonic()
    met = [outcome(name, content) for name, content in mutants(count)]
    unexplained = [code for code in met if isinstance(code, str) and code not in REFUSED]
    assert unexplained == []
    assert any(isinstance(code, tuple) for code in met)
    assert {"damaged", "not_what_it_says"} <= {code for code in met if isinstance(code, str)}
    return time.monotonic() - began


def test_two_hundred_mutants_are_taken_or_refused_in_words(outcome):
    try_mutants(outcome, 200)


@pytest.mark.drill
def test_two_thousand_mutants_are_taken_or_refused_in_words(outcome):
    try_mutants(outcome, 2_000)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\letter.pdf", "letter.pdf"),
        ("a\x00b\x1f\x7f.pdf", "ab.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\ud800.pdf", "a.pdf"),
        ("A\u0308a\u0308kkonen.pdf", "Ääkkonen.pdf"),
        ("  .hidden \u00a0 name.pdf ", "hidden name.pdf"),
        ("Sámi čállin ŋ.odt", "Sámi čállin ŋ.odt"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        ("\u202e", "file"),
        (".pdf", "file.pdf"),
    ],
)
def test_a_name_is_kept_without_what_could_deceive(name, clean):
    assert clean_name(name) == clean


def test_the_child_has_limits_of_its_own(tmp_path):
    """What a parser would take without end is stopped: here the address space of the child."""
    path = tmp_path / "file"
    path.write_bytes(files.pdf_bomb())

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unfit, match="too_much"):
        check(path, "a.pdf")

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10
