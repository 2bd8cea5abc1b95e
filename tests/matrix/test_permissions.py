"""Who may open what: every route of ours, every kind of person, in the states that matter."""

from collections import defaultdict
from functools import partial
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, reverse

from integration_portal import errors
from notifications.models import OFFERED
from tests.conftest import CAST, enter
from tests.headers import faults
from tests.matrix import (
    applying,
    calls,
    indexanalysis,
    reviewing,
    selecting,
    strategies,
    visits,
    workinggroups,
)
from tests.matrix.words import (
    EVERYONE,
    EXPERT,
    MANAGERS,
    NOT_STAFF,
    OWN,
    READERS,
    REST,
    SIGNED_IN,
    STAFF,
    TALKERS,
    UPKEEP,
    WRITERS,
    admin,
    get,
    post,
    public,
)

CONFIRM, MOVE = "applications:confirm", "applications:move"
SECTION, ANSWER = "indexanalysis:section", "indexanalysis:answer"
SAVED = {"COM-01-read": 0}
MATRIX = [
    public("alive"),
    public("journey:start"),
    public("journey:accessibility"),
    public("journey:privacy"),
    public("journey:demo"),
    get("journey:home", ok=SIGNED_IN, away="superuser"),  # upkeep has its own front page
    get("journey:path", "town", ok=READERS),
    get("journey:question_thread", "handed_in", "COM-01", ok=READERS),
    get("journey:recommendation_thread", "issued", ok=READERS),
    get("journey:recommendation_thread", "recommended", ok=EXPERT),
    get("journey:finding_thread", "shared_finding", ok=READERS),
    get("journey:finding_thread", "found", ok=EXPERT),
    get("accounts:profile", ok=SIGNED_IN),
    get("accounts:access", ok=SIGNED_IN),
    public("municipalities:list"),
    public("municipalities:detail", "", "905"),
    public("applications:calls"),
    public("applications:call", "", "the-call"),
    get("applications:call", "", "a-draft", ok=STAFF, hidden="anonymous"),
    # The municipality is found among those that the person coordinates.
    post("applications:start", "", "the-call", data={"municipality": "town"}, ok="coordinator"),
    get("applications:list", ok=SIGNED_IN),
    get("applications:detail", "draft", ok=OWN),
    get("applications:detail", "submitted", ok=f"{OWN} {STAFF}"),
    get("applications:edit", "draft", "motivation", ok=WRITERS, forbidden="reader"),
    get("applications:edit", "submitted", "motivation", forbidden=f"{OWN} {STAFF}"),
    post(
        "applications:edit", "draft", "motivation", ok=WRITERS, forbidden="reader", data={"read": 0}
    ),
    get(CONFIRM, "draft", "submitted", ok="coordinator", forbidden=REST),
    get(CONFIRM, "submitted", "withdrawn", ok="coordinator", forbidden=f"{REST} {STAFF}"),
    post(MOVE, "draft", "submitted", ok="coordinator", forbidden=REST),
    post(MOVE, "draft", "withdrawn", ok="coordinator", forbidden=REST),
    post(MOVE, "submitted", "withdrawn", ok="coordinator", forbidden=f"{REST} {STAFF}"),
    post(MOVE, "submitted", "in_review", ok=STAFF, forbidden=OWN),
    get("applications:receipt", "with_receipt", ok=OWN),  # staff have not declared on it yet
    public("indexanalysis:questionnaire"),
    public("indexanalysis:questionnaire_section", "", "education"),
    get("indexanalysis:list", ok=SIGNED_IN),
    post(
        "indexanalysis:start",
        "participation",
        data={"round": "open_round"},
        ok="coordinator",
        forbidden=f"{REST} {EXPERT} {STAFF}",
    ),
    get("indexanalysis:detail", "assessment", ok=READERS),
    get(SECTION, "assessment", "education", ok=READERS),
    post(
        ANSWER,
        "assessment",
        "COM-01",
        data=SAVED,
        ok=WRITERS,
        forbidden=f"reader {EXPERT} {STAFF}",
    ),
    post(ANSWER, "handed_in", "COM-01", data=SAVED, forbidden=READERS),
    get(
        "indexanalysis:confirm",
        "assessment",
        ok="coordinator",
        forbidden=f"{REST} {EXPERT} {STAFF}",
    ),
    post(
        "indexanalysis:submit",
        "assessment",
        ok="coordinator",
        forbidden=f"{REST} {EXPERT} {STAFF}",
    ),
    get("indexanalysis:report", "handed_in", ok=READERS),
    get("indexanalysis:report", "assessment"),
    get("indexanalysis:files", "handed_in", ok=READERS),
    get("indexanalysis:download", "with_reports", "fi", ok=READERS),
    post(
        "indexanalysis:remake",
        "handed_in",
        "fi",
        ok="coordinator lead",
        forbidden=f"{REST} {EXPERT} reviewer",
    ),
]


BOARD = "admin:applications_call_"
MATRIX += [
    *admin("accounts_accessrequest", "access_request", see=STAFF, past="superuser"),
    *admin("accounts_auditentry", "audit_entry", see=f"{STAFF} superuser"),
    *admin("accounts_user", "stranger_row", see=UPKEEP, add="superuser"),
    *admin("accounts_membership", "membership", see=STAFF, add="lead"),
    *admin("accounts_assignment", "assignment", see=STAFF, add="lead"),
    *admin("documents_document", "receipt", see=UPKEEP),
    *admin("notifications_mail", "mail", see=UPKEEP, past="reviewer"),
    *admin("applications_project", "project", see=STAFF, add="lead"),
    *admin("applications_call", "call", see=STAFF, add="lead"),
    *admin("applications_application", "submitted", see=STAFF, past="superuser"),
    *admin("applications_application", "draft", see=STAFF, past="superuser", away=STAFF),
    *admin("applications_participation", "participation", see=STAFF, add="lead"),
    *admin("indexanalysis_round", "open_round", see=STAFF, add="lead"),
    *admin("indexanalysis_assessment", "assessment", see=STAFF, past="superuser"),
    *admin("municipalities_municipality", "town", see=f"{STAFF} superuser"),
    NOT_STAFF(BOARD + "selection", "closed_call", ok=STAFF, forbidden="superuser"),
    NOT_STAFF(
        BOARD + "propose",
        "closed_call",
        method="post",
        data={"reason": "Because."},
        ok="lead",
        forbidden="reviewer superuser",
    ),
    NOT_STAFF(
        BOARD + "confirm",
        "proposed_call",
        method="post",
        data={"selection": "proposal"},
        ok="lead",
        forbidden="reviewer superuser",
    ),
    NOT_STAFF(
        "admin:applications_application_review",
        "draft",
        method="post",
        data={"read": 0},
        hidden=f"{STAFF} superuser",
    ),
]
PEOPLE = {"rest": "ok", "method": "post"}
MATRIX += [  # forms that open with GET and are sent to the same address
    get("accounts:profile", **PEOPLE),
    get("accounts:access", **PEOPLE),
]
CHOICE = dict.fromkeys(OFFERED, "daily")
MATRIX += [  # mails
    get("notifications:preferences", ok=SIGNED_IN),
    post("notifications:preferences", data=CHOICE, ok=SIGNED_IN),
]
MATRIX += [  # signing in
    post("accounts:sign_out_everywhere", ok=SIGNED_IN),
    NOT_STAFF("admin:accounts_user_reset_factor", "stranger_row", ok=UPKEEP, forbidden="reviewer"),
    NOT_STAFF("admin:accounts_user_end_sessions", "stranger_row", ok=UPKEEP, forbidden="reviewer"),
    NOT_STAFF("admin:accounts_user_reset_factor", "lead_row", ok="superuser", forbidden=STAFF),
    NOT_STAFF("admin:accounts_user_end_sessions", "lead_row", ok="superuser", forbidden=STAFF),
    NOT_STAFF("admin:accounts_user_reset_factor", "superuser_row", forbidden=f"{STAFF} superuser"),
    NOT_STAFF(
        "admin:accounts_user_reset_factor",
        "stranger_row",
        method="post",
        data={"reason": "Lost."},
        ok=UPKEEP,
        forbidden="reviewer",
    ),
    NOT_STAFF(
        "admin:accounts_user_end_sessions",
        "stranger_row",
        method="post",
        ok=UPKEEP,
        forbidden="reviewer",
    ),
]
# Who is in the municipality's people's list, and who lets people in.
INVITE, MANY = "accounts:invite", "accounts:invite_many"
OTHERS_INSIDE = f"{REST} reviewer"
TERMS = {"role": "reader", "since": "2026-01-01"}
PERSON = {"email": "new@town.example", "role": "member", "language": "fi"}
DAYS = {"since": "2036-06-01", "until": "2036-06-30"}
INSIDE = partial(get, ok=MANAGERS, forbidden=OTHERS_INSIDE)  # an expert knows of no invitations
SEEN = partial(get, ok=MANAGERS, forbidden=f"{OTHERS_INSIDE} {EXPERT}")
MATRIX += [  # people and invitations
    get("accounts:town", "town", ok=READERS),
    INSIDE(INVITE, "town"),
    INSIDE(INVITE, "town", method="post", data=PERSON),
    INSIDE(MANY, "town"),
    INSIDE(MANY, "town", method="post", data={"text": "a@b.example", "language": "fi"}),
    INSIDE("accounts:invitation_revoke", "invitation"),
    INSIDE("accounts:invitation_revoke", "invitation", method="post"),
    INSIDE("accounts:invitation_again", "invitation", method="post"),
    SEEN("accounts:membership", "members_part"),
    SEEN("accounts:membership", "members_part", method="post", data=TERMS),
    SEEN("accounts:deputy", "members_part"),
    SEEN("accounts:deputy", "members_part", method="post", data=DAYS),
    SEEN("accounts:membership_end", "members_part"),
    SEEN("accounts:membership_end", "members_part", method="post"),
    get(
        "accounts:hand_over", "members_part", ok="coordinator", forbidden=f"{REST} {EXPERT} {STAFF}"
    ),
    post(
        "accounts:hand_over",
        "members_part",
        data={"stays": "member"},
        ok="coordinator",
        forbidden=f"{REST} {EXPERT} {STAFF}",
    ),
    # Without the mail's link an invitation is not there for anybody; tests/accounts has the rest.
    get("accounts:invitation", "invitation", hidden="anonymous"),
    post("accounts:invitation", "invitation", hidden="anonymous"),
    get("accounts:invitation_open", "", "no-such-secret", hidden=EVERYONE),
    get("accounts:audit", "town", ok="coordinator lead superuser", forbidden=REST),
    *admin("accounts_invitation", "invitation", see=STAFF, past="superuser"),
]
MATRIX += [  # the portal's health
    NOT_STAFF("admin:health", ok=UPKEEP, forbidden="reviewer"),
]
# Attachments: read as their application is, by staff once they have declared on it, and by the
# assigned expert once it is selected.
LIST, FILE = "applications:attachments", "applications:attachment"
REMOVE, PUT_BACK = "applications:attachment_remove", "applications:attachment_put_back"
MATRIX += [
    get(LIST, "draft", ok=OWN),
    get(LIST, "submitted", ok=OWN),
    get(LIST, "selected", ok=f"{OWN} {EXPERT}"),
    post(LIST, "draft", ok=WRITERS, forbidden="reader"),
    post(LIST, "submitted", ok=WRITERS, forbidden="reader"),  # and says it is locked
    post(LIST, "selected", ok=WRITERS, forbidden=f"reader {EXPERT}"),
    get(FILE, "attached", ok=OWN),
    get(FILE, "attached_and_submitted", ok=OWN),
    get(FILE, "attached_and_selected", ok=f"{OWN} {EXPERT}"),
    get(FILE, "removed"),
    post(REMOVE, "attached", ok=WRITERS, forbidden="reader"),
    post(REMOVE, "attached_and_submitted", ok=WRITERS, forbidden="reader"),
    post(REMOVE, "attached_and_selected", ok=WRITERS, forbidden=f"reader {EXPERT}"),
    post(PUT_BACK, "removed", ok=WRITERS, forbidden="reader"),
    post("applications:receipt_again", "submitted", ok="coordinator", forbidden=REST),
    post(
        "applications:receipt_again",
        "cleared",
        ok="coordinator lead",
        forbidden=f"{REST} reviewer",
    ),
    post("applications:receipt_again", "draft", ok="coordinator", forbidden=REST),
]
ABOUT, SAID = "indexanalysis:about", "indexanalysis:comment_move"
SUGGESTED = "indexanalysis:proposal_move"
TEXT, TEXT_SAID = "applications:text", "applications:text_comment_move"
RESTORE, TEXT_RESTORE = "indexanalysis:restore", "applications:text_restore"
COMMENT, TAKE = {"text": "Look.", "key": "k"}, {"names": "example", "read": 1}
SUGGEST = SAVED | {"COM-01-example": "Suggested.", "key": "k"}
MATRIX += [  # drafting: history, comments and suggestions
    get(ABOUT, "assessment", "COM-01", ok=READERS),
    get("indexanalysis:history", "assessment", "COM-01", ok=READERS),
    get("indexanalysis:history", "handed_in", "COM-01", ok=READERS),
    post(RESTORE, "written_answer", "COM-01", 0, data={"read": 1}, ok=WRITERS,
         forbidden=f"reader {EXPERT} {STAFF}"),
    post(RESTORE, "handed_in", "COM-01", 0, data={"read": 1}, forbidden=READERS),
    post("indexanalysis:comment", "assessment", "COM-01", data=COMMENT, ok=TALKERS,
         forbidden=f"reader {STAFF}"),
    post("indexanalysis:comment", "handed_in", "COM-01", data=COMMENT, ok=TALKERS,
         forbidden=f"reader {STAFF}"),
    post(SAID, "assessment", "COM-01", "said", "done", ok=TALKERS, forbidden=f"reader {STAFF}"),
    post(SAID, "assessment", "COM-01", "said", "not-done", ok=TALKERS, forbidden=f"reader {STAFF}"),
    post(SAID, "assessment", "COM-01", "said", "withdrawn", ok="member",
         forbidden=f"coordinator partner reader {EXPERT} {STAFF}"),
    post(SAID, "assessment", "COM-01", "said", "hidden", ok="coordinator",
         forbidden=f"{REST} {EXPERT} {STAFF}"),
    post("indexanalysis:propose", "assessment", "COM-01", data=SUGGEST, ok="reader",
         forbidden=f"{WRITERS} {EXPERT} {STAFF}"),
    post("indexanalysis:propose", "handed_in", "COM-01", data=SUGGEST, forbidden=READERS),
    post(SUGGESTED, "written_answer", "COM-01", "suggested", "taken", data=TAKE, ok=WRITERS,
         forbidden=f"reader {EXPERT} {STAFF}"),
    post(SUGGESTED, "written_answer", "COM-01", "suggested", "declined", ok=WRITERS,
         forbidden=f"reader {EXPERT} {STAFF}"),
    post(SUGGESTED, "written_answer", "COM-01", "suggested", "withdrawn", ok="reader",
         forbidden=f"{WRITERS} {EXPERT} {STAFF}"),
    get(TEXT, "draft", "motivation", ok=OWN),
    get(TEXT, "submitted", "motivation", ok=OWN, forbidden=STAFF),
    get(TEXT, "draft", "contact_name"),  # not one of the long texts
    get("applications:text_history", "draft", "motivation", ok=OWN),
    get("applications:text_history", "submitted", "motivation", ok=OWN, forbidden=STAFF),
    post(TEXT_RESTORE, "written_draft", "motivation", 0, data={"read": 1}, ok=WRITERS,
         forbidden="reader"),
    post(TEXT_RESTORE, "submitted", "motivation", 0, data={"read": 0},
         forbidden=f"{OWN} {STAFF}"),
    post("applications:text_comment", "draft", "motivation", data=COMMENT, ok=WRITERS,
         forbidden="reader"),
    post("applications:text_comment", "submitted", "motivation", data=COMMENT,
         forbidden=f"{OWN} {STAFF}"),
    post(TEXT_SAID, "draft", "motivation", "said_of_text", "done", ok=WRITERS, forbidden="reader"),
    post(TEXT_SAID, "draft", "motivation", "said_of_text", "withdrawn", ok="member",
         forbidden="coordinator partner reader"),
    post(TEXT_SAID, "draft", "motivation", "said_of_text", "hidden", ok="coordinator",
         forbidden=REST),
]  # fmt: skip
# The modules beside this one that hold the rows of one app each: ROWS.
PARTS = [
    calls, applying, reviewing, selecting, workinggroups, indexanalysis, visits, strategies,
]  # fmt: skip
MATRIX += [row for part in PARTS for row in part.ROWS]
THEIRS = (
    "account_",
    "mfa_",
    "usersessions_",
    "socialaccount_",
    "openid_connect_",
    "admin:",
)  # but our models' pages in the admin are ours
OURS_IN_ADMIN = tuple(
    f"admin:{app}_"
    for app in (
        "accounts", "applications", "documents", "indexanalysis", "municipalities", "notifications",
        "strategies", "visits", "workinggroups",
    )
)  # fmt: skip
OURS_IN_ADMIN += ("admin:health",)


def outcome(response):
    target = getattr(response, "url", "")
    if target.startswith((reverse(settings.LOGIN_URL), reverse("admin:login"))):
        return "login"
    if target == reverse("mfa_index"):
        return "mfa"
    if target == reverse("admin:index"):
        return "away"  # the admin's answer to a row that is not in its queryset
    return {200: "ok", 302: "ok", 400: "ok", 403: "forbidden", 404: "hidden"}[response.status_code]


CASES = list(MATRIX)


def id_of(row):
    route, about, args, method, *_ = row
    return "-".join([method, route, about, *map(str, args)])


@pytest.fixture
def answers(client, request, person, world):
    """Ask the route of a row as each of `names`: what each of them meets."""

    def ask(names, route, about, args, method, data):
        keys = {key: pk_of(request, value) for key, value in data.items()}
        pk = [request.getfixturevalue(about).pk] if about else []
        url = reverse(route, args=[*pk, *(pk_of(request, value) for value in args)])
        return {name: visit(client, person, name, method, url, keys) for name in names}

    return ask


def some(expected, row):
    """Two of those who meet the same at a route, others at the next row: each outcome is tried."""
    turn = CASES.index(row)
    alike = defaultdict(list)
    for name in [*CAST[turn % len(CAST) :], *CAST[: turn % len(CAST)]]:
        alike[expected[name]].append(name)
    return [name for names in alike.values() for name in names[:2]]


@pytest.mark.parametrize("row", CASES, ids=id_of)
def test_route(answers, row):
    """Each person meets the world without the others' traces; `make drills` asks all of them."""
    *request, expected = row
    names = some(expected, row)

    assert answers(names, *request) == {name: expected[name] for name in names}


@pytest.mark.drill
@pytest.mark.parametrize("row", CASES, ids=id_of)
def test_route_for_everybody(answers, row):
    *request, expected = row

    assert answers(CAST, *request) == expected


def visit(client, person, name, method, url, data):
    """What `name` meets at `url`; everything that the visit has changed is undone.

    A refusal's page is not made: nobody looks at it here, and most of the answers are refusals.
    """
    user = None if name == "anonymous" else person(name)
    with transaction.atomic(), patch.object(errors, "page", without_page):
        if user:
            enter(client, user)
        response = getattr(client, method)(url, data)
        if response.streaming:
            b"".join(response.streaming_content)  # to the end, which closes the file
        transaction.set_rollback(True)
    client.cookies.clear()
    assert faults(response, signed_in=bool(user) and url != reverse("alive")) == []
    return outcome(response)


def without_page(request, template, status, **values):
    return HttpResponse(status=status)


NAMED = {"town", "open_round", "proposal", "said", "said_of_text", "suggested"}
NAMED |= {name for part in PARTS for name in part.NAMED}


def pk_of(request, value):
    """The key of the fixture that a posted value names, or the value itself."""
    return request.getfixturevalue(value).pk if value in NAMED else value


LEGACY = "django.views.generic.base.RedirectView"  # nameless former addresses of a package's pages


def routes(patterns, prefix=""):
    for pattern in patterns:
        if not isinstance(pattern, URLResolver):
            if pattern.lookup_str != LEGACY:
                yield f"{prefix}{pattern.name}"
        else:
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, prefix + namespace)


def test_every_route_of_ours_has_a_row():
    found = set(routes(get_resolver().url_patterns))

    ours = {n for n in found if n.startswith(OURS_IN_ADMIN) or not n.startswith(THEIRS)}

    assert ours == {route for route, *_ in MATRIX}


WITHOUT_FACTOR = ["coordinator", "other_coordinator", "expert", "reviewer", "lead", "superuser"]


@pytest.mark.parametrize("name", WITHOUT_FACTOR)
@pytest.mark.parametrize(
    "route",
    ["journey:home", "applications:list", "indexanalysis:list", "admin:index", "accounts:profile"],
)
def test_without_the_second_factor_there_is_only_setting_it_up(client, person, name, route):
    client.force_login(person(name, mfa=False))

    response = client.get(reverse(route))

    assert outcome(response) == "mfa"


FOREIGN = [
    *applying.FOREIGN,
    ("applications:call_document", "drafts_document"),
    ("indexanalysis:recommendations", "handed_in"),
    ("indexanalysis:recommendation", "issued"),
    ("indexanalysis:recommendation", "recommended"),
    ("visits:detail", "planned"),
    ("visits:report", "final"),
    ("visits:note", "note"),
    ("visits:note", "shared_note"),
    ("visits:finding", "shared_finding"),
    ("visits:follow_up", "participation"),
    ("visits:observe", "issued"),
    ("indexanalysis:about", "assessment", "COM-01"),
    ("indexanalysis:history", "assessment", "COM-01"),
    ("applications:text", "draft", "motivation"),
    ("applications:text_history", "draft", "motivation"),
    ("applications:detail", "submitted"),
    ("applications:edit", "draft", "motivation"),
    ("applications:receipt", "submitted"),
    ("applications:letter", "stored_letter"),
    ("applications:participation", "participation"),
    ("applications:attachments", "draft"),
    ("applications:attachment", "attached"),
    ("applications:attachment", "attached_and_submitted"),
    ("applications:attachment", "removed"),
    *reviewing.FOREIGN,
    ("indexanalysis:detail", "assessment"),
    ("indexanalysis:report", "handed_in"),
    ("workinggroups:detail", "group"),
    ("workinggroups:member_edit", "group_member"),
    ("workinggroups:meetings", "group"),
    ("workinggroups:meeting", "meeting"),
    ("workinggroups:meeting", "approved_meeting"),
    ("workinggroups:calendar", "meeting"),
    ("workinggroups:meeting_edit", "held_meeting"),
    ("workinggroups:meeting_text", "held_meeting", "notes"),
    ("workinggroups:decision_edit", "decision"),
    ("workinggroups:files", "approved_meeting"),
    ("workinggroups:tasks", "group"),
    ("workinggroups:task_edit", "task"),
    ("accounts:town", "town"),
    ("accounts:invite", "town"),
    ("accounts:audit", "town"),
    ("accounts:membership", "members_part"),
    ("accounts:invitation_revoke", "invitation"),
    ("strategies:detail", "strategy"),
    ("strategies:text", "strategy"),
    ("strategies:coverage", "strategy"),
    ("strategies:recommendations", "strategy"),
    ("strategies:decisions", "strategy"),
    ("strategies:towns", "strategy"),
    ("strategies:decision", "step"),
    ("strategies:measure", "measure"),
    ("strategies:chapter_edit", "chapter"),
    ("strategies:chapter_text", "chapter", "text"),
    ("strategies:objective_text_history", "objective", "text"),
    ("strategies:download", "published", "fi"),
]


@pytest.mark.parametrize("row", FOREIGN, ids=lambda row: row[0])
def test_a_foreign_key_answers_like_one_that_does_not_exist(client, request, person, row):
    route, about, *args = row
    key = request.getfixturevalue(about).pk
    urls = [reverse(route, args=[pk, *args]) for pk in (key, 999_999)]

    for name in ("stranger", "other_coordinator", "former", "free_expert"):
        enter(client, person(name))
        foreign, missing = map(client.get, urls)

        assert foreign.status_code == missing.status_code == 404
        assert body(foreign, key) == body(missing, 999_999)


def body(response, key):
    """The page without its own key and without what changes with every request."""
    text = response.text.replace(f"/{key}/", "/KEY/")
    return [line for line in text.splitlines() if "csrf" not in line.lower()]
