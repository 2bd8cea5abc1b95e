import json
import os
import random
import subprocess
import sys

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
    ("letter.pdf", lambda: files.pdf() + files.docx(), "damaged"),
    ("letter.pdf", lambda: files.pdf() + files.archive([("%%EOF", "")], method=0), "polyglot"),
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
    ("a.pdf", files.pdf_bomb, "damaged"),
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


# Each file is looked at as it is in the portal; the children's use is read after each one.
MEASURED = """
import json, resource, sys
from pathlib import Path
from documents.checking import check
from documents.checking.unfit import Unfit
for name in json.loads(sys.argv[2]):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        outcome = check(Path(sys.argv[1], name), name.split("-", 1)[1]).kind
    except Unfit as why:
        outcome = str(why)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps([outcome, seconds, after.ru_maxrss >> 10]))
# Not ru_maxrss: a process that was just started inherits that of the one that started it.
high = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(int(high.split()[1]) >> 10)
"""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """(outcome, CPU seconds, megabytes of the largest child so far) of each, and the parent's."""
    folder = tmp_path_factory.mktemp("refusals")
    names = [f"{number}-{case[0]}" for number, case in enumerate(REFUSALS)]
    for name, (_called, make, _code) in zip(names, REFUSALS, strict=True):
        (folder / name).write_bytes(make())
    command = [sys.executable, "-c", MEASURED, str(folder), json.dumps(names)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    *rows, own = map(json.loads, answer.stdout.splitlines())
    return rows, own


@pytest.mark.parametrize(("name", "make", "code"), named(REFUSALS))
def test_a_harmful_or_broken_file_is_refused_with_its_reason(refusals, name, make, code):
    rows, _own = refusals
    outcome, seconds, _megabytes = rows[REFUSALS.index((name, make, code))]

    assert outcome == code
    assert seconds < 1


def test_no_refusal_takes_a_hundred_megabytes(refusals):
    rows, own = refusals
    _outcome, _seconds, largest_child = rows[-1]

    assert (largest_child < 100, own < 100) == (True, True)


def test_every_outcome_has_words():
    codes = {code for _name, _make, code in REFUSALS} | {"virus", "scanner_away", "no_room"}

    assert codes == set(REFUSED)
    assert set(FLAGS) == set(FLAG_WORDS)
    assert all(why_refused(code) for code in (*codes, "too_big", "bundle_full", "town_full"))


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
        yield f"{number}.{kind}", bytes(content)


# The looks alone, many files in one process: were one to crash, so would all.
LOOKED = """
import json, sys
from importlib import import_module
from pathlib import Path
from documents.checking import MODULES, child
for path in sorted(Path(sys.argv[1]).iterdir()):
    kind = path.suffix[1:]
    print(json.dumps(child.verdict(import_module(MODULES[kind]).check, path, kind)))
"""


def look_at_mutants(folder, count):
    for name, content in mutants(count):
        (folder / name).write_bytes(content)
    command = [sys.executable, "-c", LOOKED, str(folder)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


@pytest.mark.parametrize("count", [200, pytest.param(2_000, marks=pytest.mark.drill)])
def test_every_mutant_is_taken_or_refused_in_words(tmp_path, count):
    verdicts = look_at_mutants(tmp_path, count)

    assert len(verdicts) == count
    assert {v["refused"] for v in verdicts if "refused" in v} - set(REFUSED) == set()
    assert any("flags" in v for v in verdicts)
    assert any(v.get("refused") == "damaged" for v in verdicts)


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
