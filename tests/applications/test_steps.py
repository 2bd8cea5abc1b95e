"""The steps of an application: what is done, what is missing, and the page that says it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from applications.models import OPTIONAL, REQUIRED, STEPS, TEXTS, WRITTEN, Application
from applications.steps import TITLES, all_missing, around, progress, steps
from tests.factories import ApplicationFactory, AttachmentFactory, RequirementFactory

EMPTY = {"works_in_english": False, "stays_to_the_end": False, "decided_on": None}


def empty(**fields):
    values = dict.fromkeys(WRITTEN, "") | EMPTY | fields
    return ApplicationFactory(**values)


def test_every_written_field_stands_on_one_page():
    assert sorted(WRITTEN) == sorted({name for names in STEPS.values() for name in names})
    assert set(STEPS) < set(TITLES)
    assert set(OPTIONAL) | set(REQUIRED) == set(WRITTEN)
    assert set(TEXTS) < set(WRITTEN)


@pytest.mark.django_db
def test_a_complete_draft_lacks_nothing(draft):
    rows = steps(draft)

    assert [step.code for step in rows] == list(TITLES)
    assert all_missing(rows) == []
    assert progress(rows) == (9, 9)  # the registry is optional, and no attachment is asked for


@pytest.mark.django_db
def test_each_gap_is_named_with_the_way_to_its_field(db):
    application = empty(motivation="Because.")

    rows = steps(application)

    found = {one.label: one.url for one in all_missing(rows)}
    path = reverse("applications:edit", args=[application.pk, "people"])
    assert found["Contact person"] == f"{path}#id_contact_name"
    assert "Motivation and expectations" not in found
    assert len(found) == len(REQUIRED) - 1
    assert progress(rows) == (2, 9)  # the municipality is picked, the motivation is written


@given(filled=some.sets(some.sampled_from(REQUIRED)))
def test_what_is_missing_and_what_is_there_are_the_required_fields(filled):
    values = dict.fromkeys(WRITTEN, "") | dict.fromkeys(filled, "x")
    left = [name for name in REQUIRED if not values[name]]

    by_step = [name for names in STEPS.values() for name in names if name in left]

    assert by_step == left  # in the order of the pages


@pytest.mark.django_db
def test_a_required_attachment_is_missing_until_it_is_there(letter_needed):
    [one] = all_missing(steps(letter_needed))
    assert (one.label, one.url) == (
        "motivation letter",
        reverse("applications:attachments", args=[letter_needed.pk]) + "#add",
    )

    AttachmentFactory(application=letter_needed, what="letter")

    assert all_missing(steps(letter_needed)) == []
    assert progress(steps(letter_needed)) == (10, 10)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "lacks"), [(None, 1), (-1, 1), (1, 0)])
def test_what_may_follow_is_not_missing_before_its_day(draft, days, lacks):
    until = days and timezone.now() + timedelta(days=days)
    RequirementFactory(call=draft.call, what="decision", follows_until=until)

    rows = steps(draft)
    assert len(all_missing(rows)) == lacks
    assert rows[-1].follows == (not lacks)
    assert progress(rows)[1] == (10 if lacks else 9)


@pytest.mark.django_db
def test_what_a_call_does_not_require_is_never_missing(draft):
    RequirementFactory(call=draft.call, is_required=False)

    assert all_missing(steps(draft)) == []


def test_the_ways_go_through_all_steps_in_order():
    application, codes = Application(pk=1), list(TITLES)

    ways = [around(application, code) for code in codes]

    assert [way["number"] for way in ways] == list(range(1, len(codes) + 1))
    assert ways[0]["before"] is ways[-1]["after"] is None
    assert [way["after"][0] for way in ways[:-1]] == [TITLES[code] for code in codes[1:]]


def test_the_page_says_how_much_is_done_and_what_is_missing(client, coordinator, town):
    application = empty(municipality=town, motivation="Because.")
    client.force_login(coordinator)

    page = client.get(reverse("applications:steps", args=[application.pk]))

    assert "2 of 9 steps done" in page.text
    assert "11 points are still missing" in page.text
    assert "#id_stays_to_the_end" in page.text


def test_the_steps_cost_the_same_for_one_and_for_three(count, coordinator, draft):
    RequirementFactory(call=draft.call, what="letter")
    one = count(coordinator, "applications:steps", draft.pk)
    for what in ("plan", "decision"):
        RequirementFactory(call=draft.call, what=what)

    assert count(coordinator, "applications:steps", draft.pk) == one <= 15
