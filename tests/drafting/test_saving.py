import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from drafting.models import Revision
from drafting.saving import save

SIX = "One.\nTwo.\nThree.\nFour.\nFive.\nSix."


@pytest.fixture
def text(draft, coordinator):
    """A draft whose motivation has six paragraphs, as version 1."""
    return save(draft, {"motivation": SIX}, read=0, by=coordinator).row


def test_a_save_on_the_newest_version_goes_in_and_names_its_writer(draft, coordinator):
    saved = save(draft, {"motivation": "New"}, read=0, by=coordinator)

    assert saved.went_in
    row = saved.row
    assert (row.motivation, row.version, row.changed_by) == ("New", 1, coordinator)
    assert (saved.version, saved.at, saved.joined) == (1, row.changed_at, ())


def test_a_stale_save_of_the_same_place_is_refused_and_changes_nothing(draft, coordinator, member):
    save(draft, {"motivation": "First"}, read=0, by=coordinator)

    saved = save(draft, {"motivation": "Second", "staff_time": "None"}, read=0, by=member)

    assert not saved.went_in
    assert saved.differing == ("motivation",)
    assert saved.values == {"motivation": "Second", "staff_time": "None"}
    row = saved.row
    assert (row.motivation, row.version, row.changed_by) == ("First", 1, coordinator)
    assert row.staff_time == "Two days a month."


def test_other_fields_and_other_paragraphs_go_together(text, coordinator, member):
    theirs = {"motivation": SIX.replace("Two", "2"), "staff_time": "A day."}
    save(text, theirs, read=1, by=coordinator)
    mine = {"motivation": SIX.replace("Three", "3"), "staff_time": "Two days a month."}

    saved = save(text, mine, read=1, by=member)

    assert saved.went_in
    assert saved.row.motivation == SIX.replace("Two", "2").replace("Three", "3")
    assert saved.row.staff_time == "A day."
    assert saved.joined == ("motivation", "staff_time")


def test_a_joined_text_that_would_be_too_long_is_left_to_the_people(text, coordinator, member):
    save(text, {"motivation": "x" * 2500 + SIX}, read=1, by=coordinator)

    saved = save(text, {"motivation": SIX + "x" * 2500}, read=1, by=member)

    assert saved.differing == ("motivation",)


def test_the_same_values_again_are_no_conflict_and_no_new_version(draft, coordinator, member):
    save(draft, {"motivation": "New"}, read=0, by=coordinator)

    saved = save(draft, {"motivation": "New"}, read=0, by=member)

    assert (saved.went_in, saved.version, saved.row.changed_by) == (True, 1, coordinator)


def test_a_save_repeated_by_its_key_gives_the_first_result_also_when_others_saved_since(
    draft, coordinator, member
):
    first = save(draft, {"motivation": "Hers"}, read=0, by=coordinator, key="k")
    save(draft, {"motivation": "His"}, read=1, by=member)

    again = save(draft, {"motivation": "Hers"}, read=0, by=coordinator, key="k")

    assert (again.went_in, again.version, again.at) == (True, first.version, first.at)
    assert again.row.motivation == "His"
    assert again.values == {"motivation": "Hers"}
    assert [r.version for r in draft.revisions.all()] == [2, 1, 0]


def test_a_repeated_join_gives_the_joined_text_again(text, coordinator, member):
    save(text, {"motivation": SIX.replace("Two", "2")}, read=1, by=coordinator)
    mine = {"motivation": SIX.replace("Six", "6")}
    first = save(text, mine, read=1, by=member, key="k")
    save(text, {"motivation": "Gone."}, read=3, by=coordinator)

    again = save(text, mine, read=1, by=member, key="k")

    assert again.values == first.values == {
        "motivation": SIX.replace("Two", "2").replace("Six", "6")
    }  # fmt: skip


def test_a_key_used_again_for_something_else_or_by_somebody_else_is_no_repeat(
    draft, coordinator, member
):
    save(draft, {"motivation": "Hers"}, read=0, by=coordinator, key="k")

    more = save(draft, {"motivation": "Hers, and more"}, read=1, by=coordinator, key="k")
    other = save(draft, {"staff_time": "His"}, read=2, by=member, key="k")

    assert (more.version, other.version) == (2, 3)


def test_a_version_from_the_future_is_refused(draft, coordinator):
    saved = save(draft, {"motivation": "New"}, read=7, by=coordinator)

    assert not saved.went_in
    assert saved.row.motivation == "CANARY-motivation"


def test_what_was_changed_before_revisions_were_kept_is_never_guessed(draft, coordinator, member):
    type(draft).objects.filter(pk=draft.pk).update(version=5, motivation=SIX)
    save(draft, {"motivation": SIX.replace("Two", "2")}, read=5, by=coordinator)

    known = save(draft, {"motivation": SIX.replace("Six", "6")}, read=5, by=member)
    unknown = save(draft, {"motivation": SIX.replace("One", "1")}, read=4, by=member)

    assert (known.went_in, unknown.went_in) == (True, False)
    assert [r.version for r in draft.revisions.all()] == [7, 6, 5]


def test_a_page_that_has_not_shown_a_join_yet_goes_on_from_what_it_sent(text, coordinator, member):
    save(text, {"motivation": SIX.replace("Two", "2")}, read=1, by=coordinator)
    sent = {"motivation": SIX.replace("Six", "6")}
    joined = save(text, sent, read=1, by=member)

    on = {"motivation": SIX.replace("Six", "66")}
    saved = save(text, on, read=joined.version, by=member, base=sent)

    assert saved.row.motivation == SIX.replace("Two", "2").replace("Six", "66")


def test_every_version_of_every_field_can_be_read_again(draft, coordinator):
    before = draft.decided_on
    save(draft, {"motivation": "1", "decided_on": None}, read=0, by=coordinator)
    save(draft, {"motivation": "2"}, read=1, by=coordinator)

    values = [draft.values_at(version, ["motivation", "decided_on"]) for version in range(3)]

    assert values == [
        {"motivation": "CANARY-motivation", "decided_on": before},
        {"motivation": "1", "decided_on": None},
        {"motivation": "2", "decided_on": None},
    ]


@pytest.mark.parametrize("same", [{"version": 1, "key": "other"}, {"version": 9, "key": "k" * 64}])
def test_the_database_holds_one_revision_per_version_and_per_key(draft, coordinator, same):
    fields = {"row": draft, "values": {}, "by": coordinator}
    Revision.objects.create(version=1, key="k" * 64, **fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(**fields | same)


def test_a_save_asks_the_database_four_times_and_a_join_twice_more(draft, coordinator, member):
    def cost(values, **how):
        with CaptureQueriesContext(connection) as caught:
            save(draft, values, **how)
        return len([q for q in caught if "SAVEPOINT" not in q["sql"]])

    save(draft, {"motivation": SIX}, read=0, by=coordinator, key="a")

    plain = cost({"motivation": SIX.replace("Two", "2")}, read=1, by=coordinator, key="b")
    joined = cost({"motivation": SIX.replace("Six", "6")}, read=1, by=member, key="c")

    assert (plain, joined) == (4, 6)
