"""Texts that break careless software are typed into the forms.

Promise: each is stored as it was typed, or refused with a sentence at its field; no page answers
500, and the PDF is made all the same. Half a surrogate pair cannot be typed: a browser sends the
replacement character for it, and that is what is stored for whoever sends the bytes themselves.
"""

from applications.models import Application
from documents.models import Document
from indexanalysis.models import Answer
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor
from tests.drills.waiting import until

TEXTS = {
    "a family joined to one sign": "Perhe 👨‍👩‍👧‍👦 ja 🏳️‍🌈",
    "written right to left": "نرحب بكم ברוכים הבאים",
    "direction turned round": "ennen \u202eoikealta\u202c jälkeen \u2066x\u2069",
    "marks on marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "composed": "Järvenpää Å Ñ",
    "decomposed": "Ja\u0308rvenpa\u0308a\u0308 A\u030a N\u0303",
    "letters that change their length": "ß İ ı Ø ŉ ǰ ﬁ",
    "Sámi": "Áŋŋel Čuđegieddi Đ Ŧ Ž ǥ ǩ ʒ ǯ ŋ",
    "outside the basic plane": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎 🇫🇮",
    "invisible": "a\u200bb\u2060c\ufeffd\u00ade",
    "line ends of all kinds": "yksi\u2028kaksi\u2029kolme\u0085neljä",
    "control characters": "a\x01b\x08c\x1bd\x7fe",
    "markup": "<script>alert(1)</script> </textarea> &amp; {{ 7*7 }} {% debug %}",
    "a formula": '=HYPERLINK("http://example.org") \'; DROP TABLE x; -- %s %(a)s {0}',
    "private use": "\ue000\uf8ff\U000f0000",
    "not a character": "\ufffe\uffff",
    "NUL": "a\x00b",
    "half a surrogate pair": "a\ud800b",
    "one long word": "ä" * 900,
}
REFUSED = {"NUL"}
LONE = "half a surrogate pair"
PATIENCE = 240


def run(portal, rounds=1):
    found = Outcome(rounds * len(TEXTS))
    for _ in range(rounds):
        town = world.town()
        coordinator = world.person(town)
        visitor = Visitor(portal, coordinator)
        assessment, application = world.assessment(town), world.draft(town)
        for name, text in TEXTS.items():
            check_answer(found, visitor, assessment, name, text)
            check_application(found, visitor, application, name, text)
        check_pdfs(found, visitor, coordinator, assessment, application)
    return found


def expected(name, text):
    return text.encode("utf-8", "replace").decode() if name == LONE else text


def check_answer(found, visitor, assessment, name, text):
    answer = assessment.answers.filter(example="").order_by("question").first()
    code = answer.question
    path = f"/en/assessments/{assessment.pk}/answers/{code}/"
    data = {f"{code}-read": answer.version, f"{code}-example": as_sent(text)}
    reply = visitor.post(path, data)
    if name in REFUSED:
        found.demand(reply.status == 400 and "Null characters" in reply.text, f"{name}: {reply}")
        return
    found.demand(reply.status == 302, f"{name}: {reply}")
    answer.refresh_from_db()
    found.demand(same(name, answer.example, text), f"an answer: {name} was stored otherwise")


def check_application(found, visitor, application, name, text):
    """A short and two long texts, each on its page; what is too long for one is refused there."""
    for part, field, limit in (
        ("people", "contact_name", 60),
        ("motivation", "motivation", None),
        ("present-work", "present_work", None),
    ):
        application.refresh_from_db()
        rest = ["contact_email", "coordinator_name", "coordinator_post"]
        fields = {one: getattr(application, one) for one in rest if part == "people"}
        fields |= {"read": application.version, field: as_sent(text)[:limit]}
        reply = visitor.post(f"/en/applications/{application.pk}/edit/{part}/", fields)
        if name in REFUSED:
            found.demand(
                reply.status == 400 and "Null characters" in reply.text, f"{name}: {reply}"
            )
            return
        found.demand(reply.status == 302, f"{name}: {reply}")
    application.refresh_from_db()
    found.demand(same(name, application.motivation, text), f"an application: {name}")


def as_sent(text):
    """The bytes of the text; the lone half as whoever writes requests by hand would send it."""
    return text.encode("utf-8", "surrogatepass")


def same(name, stored, text):
    if name == LONE:
        return set(stored.replace("\ufffd", "?")) == set("a?b")
    return stored == text


def check_pdfs(found, visitor, coordinator, assessment, application):
    visitor.post(f"/en/assessments/{assessment.pk}/submit/")
    visitor.post(f"/en/applications/{application.pk}/move/submitted/")
    mine = Document.objects.filter(asked_by=coordinator)
    until(lambda: not mine.filter(finished_at=None), PATIENCE)
    failed = {document.reason for document in mine if not document.is_ready}
    found.demand(mine.count() == 4, f"{mine.count()} documents were ordered instead of 4")
    found.demand(not failed, f"documents failed: {failed}")
    found.lost += Answer.objects.filter(assessment=assessment).exclude(example="").count() < 18
    found.lost += not Application.objects.get(pk=application.pk).motivation
