"""A draft that is not submitted yet: its coordinators are told 7 and 2 days before the deadline."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from applications.models import Application, Call
from applications.tasks import remind_of_drafts
from notifications.models import Mail

DAY = timedelta(days=1)


@pytest.fixture
def old_draft(draft, coordinator):
    Application.objects.update(started_at=timezone.now() - 20 * DAY)
    return draft


def closes_in(days):
    Call.objects.update(closes_at=timezone.now() + timedelta(days=days))


@pytest.mark.parametrize(("days", "mails"), [(8, 0), (6.9, 1), (3, 1), (1.9, 1), (0.1, 1), (-1, 0)])
def test_it_is_due_at_its_days_and_not_before_or_after(old_draft, days, mails):
    closes_in(days)

    remind_of_drafts()

    assert Mail.objects.count() == mails


def test_each_is_sent_once_however_often_the_task_runs(old_draft):
    closes_in(6.5)
    remind_of_drafts()
    remind_of_drafts()
    assert Mail.objects.count() == 1
    # The same deadline, later: the clock has gone on.
    closes_at = Call.objects.get().closes_at

    Call.objects.update(closes_at=closes_at)
    remind_of_drafts()

    assert Mail.objects.count() == 1


def test_two_days_before_a_second_one_comes(old_draft, monkeypatch):
    closes_in(6.5)
    remind_of_drafts()
    later = timezone.now() + 5 * DAY
    monkeypatch.setattr(timezone, "now", lambda: later)

    remind_of_drafts()

    assert Mail.objects.count() == 2


def test_after_a_week_without_beat_only_the_nearer_one_comes(old_draft):
    closes_in(1)

    remind_of_drafts()

    assert Mail.objects.count() == 1


def test_a_moved_deadline_reminds_again(old_draft):
    closes_in(1)
    remind_of_drafts()
    closes_in(5)

    remind_of_drafts()

    assert Mail.objects.count() == 2


def test_who_has_just_begun_is_not_reminded_of_the_same(draft, coordinator):
    closes_in(5)

    remind_of_drafts()

    assert not Mail.objects.exists()
    Application.objects.update(started_at=timezone.now() - 3 * DAY)
    remind_of_drafts()
    assert Mail.objects.count() == 1


def test_what_was_submitted_or_withdrawn_is_left_in_peace(old_draft):
    closes_in(1)
    for state in set(Application.State) - {Application.State.DRAFT}:
        Application.objects.update(state=state, answer_by=timezone.localdate())
        remind_of_drafts()

    assert not Mail.objects.exists()


def test_the_mail_names_what_is_missing_in_the_readers_language(old_draft, coordinator):
    Application.objects.update(motivation="")
    coordinator.language = "fi"
    coordinator.save()
    closes_in(1)

    with translation.override("en"):
        remind_of_drafts()

    mail = Mail.objects.get()
    assert mail.language == "fi"
    assert f"/fi/applications/{old_draft.pk}/steps/" in mail.text
    with translation.override("fi"):
        label = Application._meta.get_field("motivation").verbose_name
        assert str(label).lower() in mail.text.lower()


def test_a_partners_coordinators_are_reminded_too(joint, coordinator, person):
    Application.objects.update(started_at=timezone.now() - 20 * DAY)
    Mail.objects.all().delete()
    closes_in(1)

    remind_of_drafts()

    told = {mail.to for mail in Mail.objects.all()}
    assert told == {coordinator.email, person("other_coordinator").email}
