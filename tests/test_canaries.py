"""Nobody's words reach whom they are not meant for: every page of the seeded world, searched.

Each text of the world says where it belongs: "CANARY-A-application.writing-motivation". Everybody
asks every address about town A; body and headers may hold only what `reads` allows that person.
"""

import re
from collections import defaultdict
from itertools import product

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from applications.tasks import letter_page, receipt
from documents.models import Document
from indexanalysis.tasks import page as report
from notifications.models import Mail
from strategies.tasks import page as strategy
from tests.conftest import enter
from visits.tasks import page as visit_report
from workinggroups.tasks import page as notes

pytestmark = pytest.mark.xdist_group("world")  # made once, in one process

CANARY = re.compile(r"CANARY-([ABCP])-([a-z_]+)(?:\.([\w.-]+?))?-([a-z_]+)\b")
REGISTRY = re.compile(r"CANARY-([ABC])-application\.\w+-registry_email@world\.example")
LEADS = {"lead", "second_lead"}
STAFF = {"lead", "second_lead", "reviewer", "second_reviewer"}
HATS = {"both": "AB", "reader_of_two": "AC"}
HOLDERS = {"coordinator", "member", "reader", "partner", "expert", "registry"}
GROUPS = {
    "A's own": ["A.coordinator", "A.member", "A.reader", "A.partner", "A.expert"],
    "of two towns": ["both", "reader_of_two"],
    "outside": ["anonymous", "stranger", "observer", "B.coordinator", "B.member", "B.expert"],
    "no longer or not yet": ["A.former", "A.future", "A.past_expert", "A.turned_away"],
    "staff": ["reviewer", "second_reviewer", "lead", "superuser"],
}  # fmt: skip


def towns_of(name):
    """The towns where this person wears a hat today."""
    town, _dot, hat = name.rpartition(".")
    return HATS.get(name, town if hat in HOLDERS else "")


def reads(name, town, kind, which, field):
    """Whether the person `name` may meet words of `kind` that belong to `town`: the rule itself.

    kind, which and field: the parts of "application.writing-motivation". "P" is the town of what
    has none. A note given with a move stands in the audit log, whatever was moved.
    """
    kind = "audit" if field == "note" and kind not in NOTES else kind
    inside, upkeep = town in towns_of(name), name == "superuser"
    # The second reviewer has a conflict of interest with the application that was returned.
    in_conflict = name == "second_reviewer" and (which or "").startswith("returning")
    staff = name in STAFF and not in_conflict
    is_expert = inside and name.endswith("expert")
    works_there = inside and not is_expert
    own_text = name == f"{town}.{which}" or (town == "P" and name == which)
    shown = inside or staff
    reads_summary = is_expert or name in LEADS or (which == "final" and shown)
    asked_in = name == f"{town}.invited"
    is_membership = which == "accepted"  # what the invitation said, the membership says now
    # A group's member without an account gets the mails that call to its meetings, and no more.
    called = name == f"{town}.called"
    is_open_meeting = which == "approved" or field in {"place", "agenda"}
    gone = which and which.endswith(("_withdrawn", "_hidden", "_removed"))
    rules = {
        "project": True,
        "project_body": True,
        "working_group": inside or staff or called,
        "delegation": inside or staff,
        "group_member": reads_member(name, town, which, field),
        "meeting": works_there
        or ((inside or staff) and is_open_meeting)
        or (called and field == "place"),
        "decision": works_there or (which == "approved" and (inside or staff)),
        "task": inside or staff,
        "notes": inside or staff or upkeep,
        # What belongs to a call is as public as the call; a message is the staff's, and its
        # audience's by mail.
        "call": which != "draft" or staff,
        "person": inside
        or staff
        or upkeep
        or own_text
        or asked_in
        or meets(name, which)
        or works_along(name, town, which)
        or is_asked_by(name, town, which),
        "call_date": not which.startswith("draft_") or staff,
        "contact": which != "draft" or staff,
        "call_question": which != "draft" or staff,
        "call_document": which != "draft" or staff,
        "deadline_move": True,
        "announcement": staff or upkeep or (which != "unsent" and is_told(name, which)),
        "invitation": works_there or staff or upkeep or asked_in or (inside and is_membership),
        "application": works_there
        or applies_with(name, town, which)
        or is_asked(name, town, which, field)
        or (staff and which not in DRAFTED),
        "receipt": works_there or staff or upkeep,
        "attachment": works_there
        or applies_with(name, town, which)
        or (staff and which not in DRAFTED)
        or (inside and which in WON),
        "answer": inside or staff,
        "suggestion": inside or staff,
        "comment": (works_there or (which.startswith(SHARED) and (inside or staff))) and not gone,
        "assessment": inside or staff,
        # What experts draft is theirs; a lead reads the report and the notes as well. Of what is
        # issued everybody reads what a published strategy's page shows.
        "recommendation": is_expert or (which != "draft" and (shown or field in PUBLISHED)),
        "observation": shown,
        "visit": reads_summary if field == "summary" else shown,
        "programme_item": shown,
        "person_met": shown,
        "note": is_expert or name in LEADS or (which.startswith("shared") and shown),
        "finding": is_expert or (which.startswith("shared") and shown),
        "visit_file": inside or staff or upkeep,
        "report": inside or staff or upkeep,
        "review": staff and not is_others_draft(name, which),
        "mark": staff and not is_others_draft(name, which),
        "criterion": which != "draft" or staff,
        "declaration": name in LEADS or name == which,
        "completion": works_there or staff or upkeep,  # its reasons stand in the audit, too
        "selection": staff,
        # What a letter says: to the staff, and to those whose call is decided.
        "line": staff or upkeep or (works_there and which not in UNDECIDED),
        "letter_text": staff or (bool(towns_of(name)) and not name.endswith("expert")),
        "letter_file": works_there or staff or upkeep,
        "strategy": inside or staff or which == "adopted" or is_invited(name, town, which, field),
        "joint": bool(set("BC") & set(towns_of(name))) or staff,
        "chapter": inside or staff or which == "adopted",
        "objective": inside or staff or which == "adopted",
        "measure": inside or staff or which == "adopted",
        "decisionstep": inside
        or staff
        or which == "adopted"
        or (field in {"note", "section_number"} and upkeep),
        "strategy_file": inside or staff or upkeep or which.startswith("adopted"),
        "answered": inside or staff,
        "access_request": staff or own_text,
        # The reason of a decision on a request is mailed to whoever asked.
        "audit": staff or upkeep or name in {f"{town}.coordinator", f"{town}.turned_away"},
    }
    return rules.get(kind, False)


def is_told(name, which):
    """Those who may write for a municipality that the message concerns; all three of them are."""
    return bool(towns_of(name)) and not name.endswith(("reader", "expert", "registry"))


PUBLISHED = {"title_en", "title_fi", "title_sv", "response"}  # of a recommendation
NOTES = ("suggestion", "decisionstep")  # whose notes stand on their own pages
SHARED = ("answer", "chapter")  # what experts and staff talk about, too
UNDECIDED = {"proposing", "sending_back"}  # calls whose outcome is not published
# A's applications to the calls so named.
DRAFTED, WON = {"writing", "writing_removed", "joining"}, {"first", "third"}


def reads_member(name, town, which, field):
    """A member's address is for whoever manages the group; and who reads where mails went."""
    if name == f"{town}.called":
        return which == "addressed"
    if field == "email":
        return name in {f"{town}.coordinator", "lead", "second_lead", "superuser"}
    return town in towns_of(name) or name in STAFF


def meets(name, other):
    """Whether `other`, of no single town, works in one of `name`'s, or acts on it as staff.

    Who of the staff did what stands on the audit page of the coordinator.
    """
    acts = name.endswith(".coordinator") and other in STAFF
    return acts or bool(set(towns_of(name)) & set(HATS.get(other, "")))


def works_along(name, town, other):
    """Who asks for a joint application, answers, or writes it, is known to both sides."""
    asked = (name, town, other) in {
        ("B.coordinator", "A", "coordinator"),
        ("A.coordinator", "B", "coordinator"),
    }
    return asked or (town == "A" and applies_with(name, "A", "joining"))


def is_asked_by(name, town, which):
    """Who asks a municipality into a joint strategy stands in the invitation and in its audit."""
    return (name, town, which) in {
        ("B.coordinator", "C", "coordinator"),
        ("C.coordinator", "A", "coordinator"),
    }


def is_invited(name, town, which, field):
    """A asks C into the strategy that it drafts; C's coordinator reads whose and what it is."""
    return (name, town, which, field) == ("C.coordinator", "A", "drafting", "title")


def applies_with(name, town, which):
    """C has confirmed that it applies with A to the call "joining", so its people read along."""
    is_expert = name.endswith("expert")
    return (town, which) == ("A", "joining") and "C" in towns_of(name) and not is_expert


def is_asked(name, town, which, field):
    """B's coordinator is asked by A, and reads enough of its draft to decide."""
    shown = {"motivation", "contact_name", "contact_email"}
    return (name, town, which) == ("B.coordinator", "A", "joining") and field in shown


def is_others_draft(name, which):
    """The second reviewer has written a review and not handed it in; only leads see it then."""
    return which.endswith("second_reviewer") and name == "reviewer"


def patterns(resolver, namespace=""):
    """(name, names of its arguments) of every address with a name."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            space = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from patterns(one, space)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{namespace}{one.name}", list(one.pattern.regex.groupindex)


# What an argument may be; `pk` and the admin's `object_id` are the keys of the app's own objects.
ARGUMENTS = {
    "recommendation": ["1"],
    "slug": ["world-draft", "world-writing", "world-first"],
    "code": ["D81"],
    "section": ["commitment"],
    "question": ["COM-01"],
    "language": ["en", "fi"],
    "to": ["submitted", "withdrawn", "remarks", "approved", "final", "adopted", "published"],
    "number": ["0"],
    "app_label": ["applications"],
    "part": ["people", "motivation", "present-work"],
    "field": ["motivation", "notes", "text", "text_fi", "summary"],
    "kind": ["working-group"],
    "version": ["0"],
    "comment": ["1"],
    "proposal": ["1"],
    "token": ["no-such-secret"],
}
LEFT_OUT = re.compile(
    r"admin:(jsi18n|view_on_site|autocomplete|logout)|admin:auth_|account_logout|.*_reset_password|"
    r"account_(confirm_email|reset)|mfa_|openid_connect_|socialaccount_|.*None$"
)


def addresses(world):
    """Every address about town A that the resolver knows: each route with each of its objects."""
    keys = keys_of(world)
    for name, arguments in patterns(get_resolver()):
        if LEFT_OUT.match(name):
            continue
        choices = [ARGUMENTS.get(arg) or keys[app_of(name)] for arg in arguments]
        for chosen in product(*choices):
            yield reverse(name, kwargs=dict(zip(arguments, chosen, strict=True)))


def app_of(route):
    """ "applications" of "applications:edit"; of a page of the admin "applications_call"."""
    space, _colon, name = route.rpartition(":")
    return name.rpartition("_")[0] if space == "admin" else space


def keys_of(world):
    """The keys of A's objects, one for each model and state: by app, and by the admin's names.

    Of the towns all: what stands on the pages of a town itself, its own people search too.
    """
    keys = defaultdict(set)
    seen = set()
    for one in world["objects"]:
        kind = (one["model"], one["state"], one["what"].partition(".")[0])
        is_town = one["model"] == "municipalities.municipality"
        if not is_town and (one["town"] not in "AP" or kind in seen):
            continue
        seen.add(kind)
        keys[one["model"].partition(".")[0]].add(one["id"])
        keys[one["model"].replace(".", "_")].add(one["id"])
    # Its pages are about a municipality and what stands on its path.
    keys["journey"] = keys["municipalities"] | keys["indexanalysis"] | keys["visits"]
    return keys


def leaks(client, name, url):
    """What `url` shows to the person `name` without leave, in its body or its headers."""
    response = client.get(url)
    body = b"".join(response) if response.streaming else response.content
    text = body.decode(errors="replace") + str(response.headers)
    assert response.status_code < 500, url
    return {found for found in CANARY.findall(text) if not reads(name, *found)}


@pytest.mark.drill  # thousands of pages
@pytest.mark.parametrize("group", GROUPS)
def test_a_page_shows_only_what_its_reader_may_know(client, world_of_all, caplog, group):
    world = world_of_all
    urls = sorted(set(addresses(world)))
    wrong = {}

    for name in GROUPS[group]:
        client.cookies.clear()
        if name != "anonymous":
            enter(client, User.objects.get(pk=world["people"][name]["id"]))
        found = {url: leaks(client, name, url) for url in urls}
        wrong |= {(name, url): what for url, what in found.items() if what}

    assert wrong == {}
    assert len(urls) > 100
    assert "CANARY" not in caplog.text


def test_a_mail_tells_only_what_its_receiver_may_know(world_of_all):
    world = world_of_all
    names = {person["email"]: name for name, person in world["people"].items()}
    names |= {f"CANARY-{town}-invitation.{how}-email@world.example": f"{town}.invited"
              for town in "ABC" for how in ("waiting", "expired", "revoked")}  # fmt: skip

    names |= {f"CANARY-{town}-group_member.addressed-email@world.example": f"{town}.called"
              for town in "ABC"}  # fmt: skip
    mails = Mail.objects.all()
    names |= {found[0]: f"{found[1]}.registry"
              for found in (REGISTRY.fullmatch(mail.to) for mail in mails) if found}  # fmt: skip

    wrong = {
        (names[mail.to], found)
        for mail in mails
        for found in CANARY.findall(mail.subject + mail.text + mail.gist)
        if not reads(names[mail.to], *found)
    }

    assert wrong == set()


def test_a_pdf_holds_only_its_own_municipality_s_words(world_of_all):
    world = world_of_all
    towns = {one["id"]: one["town"] for one in world["objects"] if one["model"] == DOCUMENT}

    for document in Document.objects.filter(pk__in=towns):
        html, name = BUILDERS[document.task](document)
        found = CANARY.findall(html + name)

        assert {town for town, *_rest in found} <= {towns[document.pk], "P"}
        kinds = {(kind, which.partition("_")[0]) for _town, kind, which, _field in found}
        assert "note" not in {kind for kind, _which in kinds}
        assert not kinds & {("finding", "draft"), ("recommendation", "draft")}


DOCUMENT = "documents.document"
BUILDERS = {
    "applications.tasks.produce_letter": letter_page,
    "applications.tasks.produce_receipt": receipt,
    "indexanalysis.tasks.produce_report": report,
    "strategies.tasks.produce_strategy": strategy,
    "visits.tasks.produce_report": visit_report,
    "workinggroups.tasks.produce_notes": notes,
}
