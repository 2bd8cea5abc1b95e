"""Summaries, and what a change of mind does to what is held."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections
from django.utils import timezone

from notifications.digests import choose, gather, write_digest
from notifications.models import OFFERED, Kind, Mail, Preference, Rhythm
from notifications.outbox import enqueue, post
from notifications.sending import drain
from notifications.tasks import send, sweep
from tests.factories import ApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db
TEMPLATE = "emails/application_submitted.txt"
State = Mail.State


@pytest.fixture
def reader(db):
    return UserFactory(name="Noora", language="fi")


def wants(user, rhythm, kind=Kind.APPLICATION):
    Preference.objects.update_or_create(user=user, kind=kind, defaults={"rhythm": rhythm})


def tell(user, key, town="Vaasa", kind=Kind.APPLICATION):
    application = ApplicationFactory(submitted=True, municipality__name_fi=town)
    return post(user, TEMPLATE, key=key, context={"application": application}, kind=kind)


def seven_has_come():
    Mail.objects.held().update(next_at=timezone.now() - timedelta(seconds=1))


def states():
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("rhythm", [Rhythm.DAILY, Rhythm.WEEKLY])
def test_what_is_wanted_later_is_held_until_seven(reader, rhythm, nudged):
    wants(reader, rhythm)

    mail = tell(reader, "one")

    local = timezone.localtime(mail.next_at)
    assert mail.state == State.HELD
    assert (local.hour, local.minute) == (7, 0)
    assert rhythm == Rhythm.DAILY or local.weekday() == 0
    assert not [key for name, key in nudged if name == "notifications.tasks.send"]


def test_a_held_mail_is_not_sent(reader, mailoutbox):
    wants(reader, Rhythm.DAILY)

    send(tell(reader, "one").pk)
    drain()

    assert mailoutbox == []


def test_one_summary_holds_all_that_was_due(reader, mailoutbox):
    wants(reader, Rhythm.DAILY)
    tell(reader, "one", town="Vaasa")
    tell(reader, "two", town="Oulu")
    seven_has_come()

    digest = write_digest(reader.pk)
    send(digest.pk)

    text = mailoutbox[0].body
    assert states() == [State.GATHERED, State.GATHERED, State.SENT]
    assert text.index("Vaasa") < text.index("Oulu")
    assert text.count("Noora") == text.count("/fi/mails/preferences/") == 1
    assert list(digest.gathered.values_list("key", flat=True).order_by("pk")) == ["one", "two"]


def test_a_summary_speaks_the_language_of_now(reader):
    wants(reader, Rhythm.DAILY)
    tell(reader, "one")
    reader.language = "sv"
    reader.save()
    seven_has_come()

    digest = write_digest(reader.pk)

    assert digest.language == "sv"
    assert "/sv/mails/preferences/" in digest.text


def test_before_seven_there_is_no_summary(reader):
    wants(reader, Rhythm.DAILY)
    tell(reader, "one")

    assert write_digest(reader.pk) is None
    assert states() == [State.HELD]


def test_a_sweep_has_a_summary_written_for_each_person_with_something_due(reader, nudged):
    other, nobody = UserFactory(), UserFactory()
    for user in (reader, other):
        wants(user, Rhythm.DAILY)
        tell(user, f"one-{user.pk}")
        tell(user, f"two-{user.pk}")
    tell(nobody, "at once")
    seven_has_come()
    nudged.clear()

    gather()

    write = "notifications.tasks.write_digest"
    assert sorted(nudged) == [(write, reader.pk), (write, other.pk)]


def test_a_mail_committed_after_the_summary_gets_one_of_its_own(reader):
    wants(reader, Rhythm.DAILY)
    tell(reader, "one")
    seven_has_come()
    first = write_digest(reader.pk)
    tell(reader, "late")
    seven_has_come()

    second = write_digest(reader.pk)

    assert first.pk != second.pk
    assert Mail.objects.get(key="late").digest == second


@pytest.mark.django_db(transaction=True)
def test_two_beats_write_one_summary(reader):
    wants(reader, Rhythm.DAILY)
    for n in range(5):
        tell(reader, str(n))
    seven_has_come()

    in_parallel(8, lambda: write_digest(reader.pk))

    assert Mail.objects.filter(kind=Kind.DIGEST).count() == 1
    assert Mail.objects.filter(state=State.GATHERED).count() == 5


def in_parallel(number, act):
    def run():
        try:
            act()
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_the_same_event_twice_is_held_once(reader):
    wants(reader, Rhythm.DAILY)

    for _ in range(2):
        tell(reader, "same")

    assert Mail.objects.count() == 1


# A change of mind


def test_at_once_releases_what_is_held(reader, nudged):
    wants(reader, Rhythm.WEEKLY)
    mail = tell(reader, "one")
    Mail.objects.update(created_at=timezone.now() - timedelta(days=3))

    choose(reader, {Kind.APPLICATION: Rhythm.NOW})
    send(mail.pk)

    assert ("notifications.tasks.send", mail.pk) in nudged
    assert states() == [State.SENT]


def test_a_released_mail_is_not_taken_for_stuck(reader):
    wants(reader, Rhythm.WEEKLY)
    tell(reader, "one")
    Mail.objects.update(waits_since=timezone.now() - timedelta(days=3))

    choose(reader, {Kind.APPLICATION: Rhythm.NOW})

    assert not Mail.objects.stuck().exists()


def test_off_drops_what_is_held(reader):
    wants(reader, Rhythm.DAILY)
    mail = tell(reader, "one")

    choose(reader, {Kind.APPLICATION: Rhythm.OFF})

    mail.refresh_from_db()
    assert (mail.state, mail.text, mail.gist) == (State.UNWANTED, "", "")


def test_from_weekly_to_daily_what_is_held_comes_tomorrow(reader):
    wants(reader, Rhythm.WEEKLY)
    mail = tell(reader, "one")
    Mail.objects.update(next_at=timezone.now() + timedelta(days=6))

    choose(reader, {Kind.APPLICATION: Rhythm.DAILY})

    mail.refresh_from_db()
    assert mail.state == State.HELD
    assert mail.next_at < timezone.now() + timedelta(days=1, hours=1)


def test_saving_the_same_choice_does_not_put_off_a_summary_that_is_due(reader):
    wants(reader, Rhythm.DAILY)
    tell(reader, "one")
    seven_has_come()

    choose(reader, {Kind.APPLICATION: Rhythm.DAILY})

    assert write_digest(reader.pk)


def test_one_kinds_choice_leaves_another_kinds_mails(reader):
    wants(reader, Rhythm.DAILY)
    wants(reader, Rhythm.DAILY, Kind.COMMENT)
    tell(reader, "one")
    tell(reader, "two", kind=Kind.COMMENT)

    choose(reader, {Kind.COMMENT: Rhythm.NOW})

    assert states() == [State.HELD, State.WAITING]


def test_an_unwanted_mail_is_a_row_without_text_and_is_never_sent(reader, mailoutbox):
    wants(reader, Rhythm.OFF)

    mail = tell(reader, "one")
    send(mail.pk)

    assert (mail.state, mail.text) == (State.UNWANTED, "")
    assert mailoutbox == []


@pytest.mark.parametrize("kind", [kind for kind in Kind if Rhythm.OFF not in OFFERED.get(kind, [])])
def test_what_cannot_be_switched_off_comes_even_if_a_row_says_off(reader, kind):
    wants(reader, Rhythm.OFF, kind)

    assert tell(reader, "one", kind=kind).state == State.WAITING


def test_a_caller_that_names_no_kind_is_never_silenced(reader):
    for kind in Kind:
        wants(reader, Rhythm.OFF, kind)
    application = ApplicationFactory(submitted=True)

    mail = post(reader, TEMPLATE, key="one", context={"application": application})

    assert mail.state == State.WAITING


def test_an_address_without_an_account_gets_its_mail_at_once():
    assert enqueue("new@town.example", "fi", "Hei", "Teksti").state == State.WAITING


def test_of_a_heap_of_sweeps_one_works(reader, nudged):
    wants(reader, Rhythm.DAILY)
    tell(reader, "one")
    seven_has_come()
    nudged.clear()

    for _ in range(20):
        sweep()

    assert nudged == [("notifications.tasks.write_digest", reader.pk)]
