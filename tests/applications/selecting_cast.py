"""Calls that are being decided, or just were, and what follows for the municipalities."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application, Call
from applications.workflow import letters, places, selections
from applications.workflow.selections import Choice
from municipalities.languages import LANGUAGES
from tests.conftest import store
from tests.factories import ApplicationFactory, CallFactory, ReviewFactory

BY_THE_SCORES = {"en": "By the scores.", "fi": "Pisteiden mukaan.", "sv": "Enligt poängen."}


def in_two_weeks():
    return timezone.localdate() + timedelta(days=14)


def in_all(text):
    """The reasons of a proposal: the same text in the three languages."""
    return dict.fromkeys(LANGUAGES, text)


def choices(*applications, selected=0, reserve=0, reason=""):
    """The first `selected` are selected, the next `reserve` on reserve, the others neither."""
    found = {}
    for number, application in enumerate(applications):
        place = number - selected + 1
        if number < selected:
            found[application.pk] = Choice("selected", None, reason)
        elif place <= reserve:
            found[application.pk] = Choice("reserve", place, reason)
        else:
            found[application.pk] = Choice("not_selected", None, reason)
    return found


def competing(best):
    """Four applications for two seats, the best first."""
    more = ApplicationFactory.create_batch(3, call=best.call, in_review=True)
    for application, score in zip([best, *more], (90, 80, 70, 60), strict=True):
        ReviewFactory(application=application, score=score)
    return [best, *more]


def proposed(applications, by, **fields):
    """The first two, and the others as reserve."""
    fields = {"reasons": in_all("By the scores."), "answer_by": in_two_weeks()} | fields
    given = choices(*applications, selected=2, reserve=2, reason="CANARY-line-reason")
    return selections.propose(applications[0].call, given, by=by, **fields)


@pytest.fixture
def ranked(closed_call, in_review):
    """The own town's application and three others, best first."""
    return competing(in_review)


@pytest.fixture
def put_forward(ranked, lead):
    """Have `lead`, or another, propose the first two of `ranked`, and the others as reserve."""
    return lambda by=lead, **fields: proposed(ranked, by, **fields)


@pytest.fixture
def shortlist(town):
    """The applications to another call, best first, before it was decided; the first is ours."""
    call = CallFactory(closed=True)
    return competing(ApplicationFactory(call=call, municipality=town, in_review=True))


@pytest.fixture
def decided(shortlist, lead, second_lead):
    """The call, once another lead has confirmed: two selected, two on reserve."""
    selection, _changed = selections.confirm(proposed(shortlist, lead), by=second_lead)
    return Call.objects.get(pk=selection.call_id)


@pytest.fixture
def offered(decided, town):
    """The own town's application: selected, and asked to confirm its place."""
    return Application.objects.get(call=decided, municipality=town)


@pytest.fixture
def reserved(town, other_town, lead, second_lead):
    """The own town's application to another call, on reserve behind the one of another town."""
    call = CallFactory(closed=True, seats=1)
    first, own = (
        ApplicationFactory(call=call, in_review=True, municipality=one)
        for one in (other_town, town)
    )
    ReviewFactory(application=first, score=90)
    ReviewFactory(application=own, score=80)
    given = choices(first, own, selected=1, reserve=1)
    proposal = selections.propose(
        call, given, by=lead, reasons=BY_THE_SCORES, answer_by=in_two_weeks()
    )
    selections.confirm(proposal, by=second_lead)
    own.refresh_from_db()
    return own


@pytest.fixture
def taken_place(offered, coordinator):
    """The own town's application, its place confirmed."""
    return places.answer(offered, "confirmed", by=coordinator)[0]


@pytest.fixture
def letter(offered):
    return offered.letters.get()


@pytest.fixture
def stored_letter(letter):
    store(letter.document)
    return letter


@pytest.fixture
def letter_text(closed_call):
    letters.lay_out(closed_call)
    return closed_call.letter_texts.get(outcome="selected")


@pytest.fixture
def with_free_place(decided):
    """A decided call with one free place, and somebody on reserve."""
    decided.seats = 3
    decided.save()
    return decided
