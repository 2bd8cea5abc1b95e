"""Who may open and do what in each state of the path's objects, for every kind of person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Call, Selection
from documents.models import Document
from indexanalysis.models import Assessment
from indexanalysis.workflow import submit
from tests.conftest import CAST, store
from tests.factories import (
    ApplicationFactory,
    AssessmentFactory,
    CallFactory,
    DeclarationFactory,
    ReviewFactory,
)
from tests.matrix.test_permissions import visit
from tests.matrix.words import EXPERT, OWN, STAFF

State = Application.State
WRITERS = " ".join(name for name in OWN.split() if name != "reader")
NOBODY = ""


def people(rest="hidden", **outcomes):
    """Person to outcome; who is not named meets `rest`, and nobody's visitor the sign-in."""
    by_person = dict.fromkeys(CAST, rest) | {"anonymous": "login"}
    for met, names in outcomes.items():
        by_person |= dict.fromkeys(names.split(), met)
    return by_person


def application(state, town):
    handed_in = None if state == State.DRAFT else timezone.now()
    return ApplicationFactory(municipality=town, state=state, submitted_at=handed_in)


def sees(state):
    """What was never handed in is the municipality's own."""
    return OWN if state == State.DRAFT else f"{OWN} {STAFF}"


def acts(state, *, ok=NOBODY):
    """`ok` may, the others who see it may not, and the rest does not find it."""
    return people(forbidden=sees(state), ok=ok)


BEFORE_DECISION = {State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED}


def application_rows(state):
    """(method, route, its arguments, what is sent, what each person meets) in one state.

    A move that is impossible, or done already, is answered in words to whoever sees the row.
    """
    draft, submitted = state == State.DRAFT, state == State.SUBMITTED
    writers = WRITERS if draft else NOBODY  # of a returned one what was asked: reviewing.py
    submits = "coordinator" if draft or state == State.RETURNED else NOBODY
    withdraws = "coordinator" if state in BEFORE_DECISION else NOBODY
    yield "get", "detail", [], {}, people(ok=sees(state))
    yield "get", "edit", ["motivation"], {}, acts(state, ok=writers)
    yield "post", "edit", ["motivation"], {"read": 0}, acts(state, ok=writers)
    yield "get", "steps", [], {}, acts(state, ok=writers)
    yield "get", "partners", [], {}, people(ok=sees(state))
    yield "get", "confirm", ["submitted"], {}, acts(state, ok=submits)
    yield "get", "confirm", ["withdrawn"], {}, acts(state, ok=withdraws)
    yield "get", "receipt", [], {}, people()
    offered, reserved = state == State.SELECTED, state == State.RESERVE
    confirms = "coordinator" if offered else NOBODY
    declines = "coordinator" if offered or reserved else NOBODY
    yield "get", "confirm", ["confirmed"], {}, acts(state, ok=confirms)
    yield "get", "confirm", ["declined"], {}, acts(state, ok=declines)
    for to, movers in {
        State.SUBMITTED: submits or sees(state),
        State.WITHDRAWN: withdraws if state in BEFORE_DECISION else sees(state),
        State.IN_REVIEW: STAFF if submitted else sees(state),
        State.RETURNED: sees(state),
        State.SELECTED: sees(state),
        State.RESERVE: sees(state),
        State.NOT_SELECTED: sees(state),
        State.CONFIRMED: confirms if offered else sees(state),
        State.DECLINED: declines if offered or reserved else sees(state),
    }.items():
        yield "post", "move", [to], {}, acts(state, ok=movers)


@pytest.mark.parametrize("state", State.values)
def test_an_application_in_each_state(client, person, town, world, state):
    row = application(state, town)

    for method, route, args, data, expected in application_rows(state):
        url = reverse(f"applications:{route}", args=[row.pk, *args])
        met = {name: visit(client, person, name, method, url, data) for name in CAST}

        assert (route, args, met) == (route, args, expected)
        row.refresh_from_db()
        assert row.state == state  # `visit` undoes what was done


@pytest.mark.parametrize("state", State.values)
def test_an_application_in_the_admin_in_each_state(client, person, town, world, state):
    """The reviewer was given it, and both have declared that they have no conflict with it."""
    row = application(state, town)
    ReviewFactory(application=row, reviewer=person("reviewer"), to_do=True)
    for name in STAFF.split():
        DeclarationFactory(application=row, person=person(name))
    change = reverse("admin:applications_application_change", args=[row.pk])
    review = reverse("admin:applications_application_review", args=[row.pk])
    said = {"read": 0, "comment": "Good.", "hand_in": "1"}

    seen = {name: visit(client, person, name, "get", change, {}) for name in CAST}
    scored = {name: visit(client, person, name, "post", review, said) for name in CAST}

    if state == State.DRAFT:  # the municipality's own
        assert seen == people("login", away=STAFF, forbidden="superuser")
        assert scored == people("login", hidden=f"{STAFF} superuser")
    else:  # at another moment it is answered in words, and nothing is stored
        assert seen == people("login", ok=STAFF, forbidden="superuser")
        assert scored == people("login", ok="reviewer", forbidden="lead", hidden="superuser")
    assert not row.reviews.exclude(handed_in_at=None).exists()


CALLS = {
    "draft": {"state": Call.State.DRAFT},
    "coming": {"opens_at": timedelta(days=1), "closes_at": timedelta(days=9)},
    "open": {},
    "closed": {"closes_at": timedelta(days=-1)},
    "decided": {"closes_at": timedelta(days=-9), "state": Call.State.DECIDED},
}


@pytest.mark.parametrize("phase", CALLS)
def test_a_call_in_each_phase(client, person, town, world, phase):
    now = timezone.now()
    given = {k: now + v if isinstance(v, timedelta) else v for k, v in CALLS[phase].items()}
    call = CallFactory(**given)
    draft = phase == "draft"

    read = {n: visit(client, person, n, "get", reverse("applications:call", args=[call.slug]), {})
            for n in CAST}  # fmt: skip
    begin = reverse("applications:start", args=[call.slug])
    begun = {n: visit(client, person, n, "post", begin, {"municipality": town.pk}) for n in CAST}

    assert call.phase == phase
    assert read == people("hidden" if draft else "ok", ok=STAFF if draft else " ".join(CAST),
                          **({"hidden": "anonymous"} if draft else {}))  # fmt: skip
    assert begun == people(ok=NOBODY if draft else "coordinator")


ANSWER = {"COM-01-read": 0}


@pytest.mark.parametrize("state", Assessment.State.values)
def test_an_assessment_in_each_state(client, person, participation, world, state):
    row = AssessmentFactory(participation=participation)
    if state == Assessment.State.SUBMITTED:
        row, _changed = submit(row, by=person("coordinator"))
    is_open = state == Assessment.State.OPEN
    readers = f"{OWN} {EXPERT} {STAFF}"

    def met(method, route, *args, **data):
        url = reverse(f"indexanalysis:{route}", args=[row.pk, *args])
        return {name: visit(client, person, name, method, url, data) for name in CAST}

    def may(ok):
        return people(forbidden=readers, ok=ok)

    assert met("get", "detail") == met("get", "section", "education") == people(ok=readers)
    assert met("post", "answer", "COM-01", **ANSWER) == may(WRITERS if is_open else NOBODY)
    assert met("get", "confirm") == may("coordinator" if is_open else NOBODY)
    # What is done already is said to whoever sees the row; nothing changes.
    assert met("post", "submit") == may("coordinator" if is_open else readers)
    for route in ("report", "files"):
        assert met("get", route) == people(ok=NOBODY if is_open else readers)
    assert met("get", "download", "fi") == people()  # there is no file yet
    remake = people() if is_open else people(forbidden=readers, ok="coordinator lead")
    assert met("post", "remake", "fi") == remake


@pytest.mark.parametrize("state", Document.State.values)
def test_a_document_leaves_only_when_it_is_ready(client, person, handed_in, world, state):
    document = handed_in.reports.get(language="fi").document
    if state == Document.State.READY:
        store(document)
    else:
        Document.objects.filter(pk=document.pk).update(state=state)
    url = reverse("indexanalysis:download", args=[handed_in.pk, "fi"])

    met = {name: visit(client, person, name, "get", url, {}) for name in CAST}

    readers = f"{OWN} {EXPERT} {STAFF}"
    assert met == people(ok=readers if state == Document.State.READY else NOBODY)


@pytest.mark.parametrize("state", Selection.State.values)
def test_a_selection_is_confirmed_by_another_lead_while_it_waits(
    client, person, world, proposal, state
):
    Selection.objects.filter(pk=proposal.pk).update(state=state)
    url = reverse("admin:applications_call_confirm", args=[proposal.call.pk])

    met = {n: visit(client, person, n, "post", url, {"selection": proposal.pk}) for n in CAST}

    by_reviewer = {"proposed": "forbidden", "confirmed": "ok", "rejected": "hidden"}[state]
    by_lead = "hidden" if state == Selection.State.REJECTED else "ok"
    staff = {"superuser": "forbidden", "reviewer": by_reviewer, "lead": by_lead}
    assert met == people("login") | staff
