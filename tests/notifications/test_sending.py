"""What the mail server does, and what becomes of the mail."""

from datetime import timedelta

import pytest
from django.core import mail as sent
from django.core.mail import get_connection
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import sending
from notifications.models import Kind, Mail
from notifications.outbox import enqueue
from notifications.sending import claim, drain, hand_over, send, try_again
from tests.notifications.sink import Manners

pytestmark = pytest.mark.django_db
State, Failure = Mail.State, Mail.Failure
SEND = "notifications.tasks.send"
ADDRESS = "a@town.example"


def new(to=ADDRESS, subject="Hei", **fields):
    return enqueue(to, "fi", subject, "Teksti", **fields)


def fresh(mail):
    return Mail.objects.get(pk=mail.pk)


def later(mail, **changes):
    """Let the mail's pause be over."""
    Mail.objects.filter(pk=mail.pk).update(next_at=ago(seconds=1), **changes)


def ago(**time):
    return timezone.now() - timedelta(**time)


def seconds_until_next(mail):
    return (fresh(mail).next_at - timezone.now()).total_seconds()


def test_a_taken_mail_is_sent_and_never_again(sink):
    mail = new()

    for _ in range(3):
        send(mail.pk)

    assert len(sink.got) == 1
    assert fresh(mail).state == State.SENT
    assert fresh(mail).attempts == 1


def test_the_headers_tell_a_machine_a_language_and_where_to_answer(sink, settings):
    settings.MAIL_REPLY_TO = "team@portal.example"
    settings.SITE_URL = "https://portal.example"

    send(new(kind=Kind.COMMENT).pk)

    message = sink.messages()[0]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fi"
    assert message["Reply-To"] == "team@portal.example"
    assert message["List-Unsubscribe"] == "<https://portal.example/fi/mails/preferences/>"
    assert message["Message-ID"].endswith("@portal.example>")


def test_a_mail_that_cannot_be_switched_off_names_no_way_to_do_so(sink):
    send(new(kind=Kind.SECURITY).pk)

    assert "List-Unsubscribe" not in sink.messages()[0]
    assert "Reply-To" not in sink.messages()[0]


def test_a_server_that_is_away_is_asked_again_after_growing_pauses(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    mail = new()

    pauses = []
    for _ in range(5):
        send(mail.pk)
        pauses.append(round(seconds_until_next(mail)))
        later(mail)

    assert pauses == [60, 120, 240, 300, 300]
    assert (fresh(mail).attempts, fresh(mail).failure) == (5, Failure.AWAY)
    assert "refused" in fresh(mail).last_error.lower()


def test_a_hanging_server_is_left_after_the_time_limit(sink):
    sink.manners = Manners(greets=False)
    mail = new()

    send(mail.pk)

    assert fresh(mail).failure == Failure.AWAY
    assert fresh(mail).state == State.WAITING


def test_while_the_server_is_away_one_mail_knocks_and_then_all_leave(sink, nudged):
    sink.manners = Manners(greets=False)
    first, second, third = new(), new("b@town.example"), new("c@town.example")

    for mail in (first, second, third):
        send(mail.pk)

    assert sink.connections == 1
    sink.manners = Manners()
    later(first)
    drain()
    assert [m["To"] for m in sink.messages()] == [ADDRESS]
    assert (fresh(second).attempts, fresh(third).attempts) == (0, 0)
    Mail.objects.filter(attempts=0).update(next_at=ago(seconds=10))
    drain()
    assert [m["To"] for m in sink.messages()][1:] == ["b@town.example", "c@town.example"]


def test_after_the_server_is_back_the_first_mail_starts_the_others(sink, nudged):
    sink.manners = Manners(greets=False)
    mail = new()
    send(mail.pk)
    sink.manners = Manners()
    later(mail)
    nudged.clear()

    send(mail.pk)

    assert nudged == [("notifications.tasks.drain", mail.pk)]


@pytest.mark.parametrize("words", ["550 5.1.1 no such user", "552 mailbox full", "554 no"])
def test_a_refused_address_is_marked_with_the_servers_words_and_left(sink, words):
    sink.manners = Manners(rcpt=words)
    mail = new(secret=True)

    send(mail.pk)
    later(mail)
    send(mail.pk)

    row = fresh(mail)
    assert (row.state, row.failure) == (State.REFUSED, Failure.REFUSED)
    assert row.last_error == words
    assert (row.attempts, row.text) == (1, "")


def test_a_refused_text_is_marked_too(sink):
    sink.manners = Manners(data="554 looks like spam")
    mail = new()

    send(mail.pk)

    assert fresh(mail).state == State.REFUSED
    assert fresh(mail).text == "Teksti\n"


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_server_that_asks_for_patience_gets_it(sink, where):
    sink.manners = Manners(**{where: "451 greylisted"})
    mail = new()

    send(mail.pk)
    sink.manners = Manners()
    later(mail)
    send(mail.pk)

    assert fresh(mail).state == State.SENT
    assert fresh(mail).failure == fresh(mail).last_error == ""
    assert len(sink.got) == 1


def test_a_failing_mail_does_not_keep_other_receivers_waiting(sink):
    sink.manners = Manners(refused={ADDRESS: "450 later"})
    failing, other = new(), new("b@town.example")

    send(failing.pk)
    send(other.pk)

    assert [message["To"] for message in sink.messages()] == ["b@town.example"]


def test_a_connection_broken_after_the_text_repeats_the_mail_under_the_same_id(sink):
    sink.manners = Manners(breaks_after_data=True)
    mail = new()
    send(mail.pk)
    assert fresh(mail).state == State.WAITING

    sink.manners = Manners()
    later(mail)
    send(mail.pk)

    first, second = sink.messages()
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_a_server_that_stumbles_over_the_good_bye_gets_no_second_mail(sink):
    sink.manners = Manners(is_deaf_to_quit=True)
    mail = new()

    send(mail.pk)
    later(mail)
    send(mail.pk)

    assert len(sink.got) == 1
    assert fresh(mail).state == State.SENT


def test_two_mails_have_two_message_ids(sink):
    for mail in [new(), new()]:
        send(mail.pk)

    assert len({message["Message-ID"] for message in sink.messages()}) == 2


def test_an_address_of_which_no_mail_can_be_made_is_not_tried_for_ever(sink):
    mail = new("å" * 70 + "@x.example")
    Mail.objects.filter(pk=mail.pk).update(to="a\nb@town.example")

    send(mail.pk)

    assert (fresh(mail).state, fresh(mail).failure) == (State.REFUSED, Failure.UNSENDABLE)


def test_the_password_of_the_mail_server_is_not_kept(sink, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "CANARY-password"
    mail = new()

    send(mail.pk)

    assert fresh(mail).failure == Failure.AWAY
    assert "CANARY" not in fresh(mail).last_error


# Order


def test_mails_to_one_receiver_leave_in_the_order_written(sink, nudged):
    first, second, third = (new(subject=name) for name in ("one", "two", "three"))
    nudged.clear()

    for mail in (third, second, first, second, third):
        send(mail.pk)

    assert [message["Subject"] for message in sink.messages()] == ["one", "two", "three"]
    assert nudged == [(SEND, second.pk), (SEND, third.pk)]


def test_a_later_mail_waits_for_an_earlier_one_that_is_put_off(sink):
    sink.manners = Manners(rcpt="450 later")
    first, second = new(subject="one"), new(subject="two")
    send(first.pk)
    sink.manners = Manners()

    send(second.pk)
    later(first)
    send(first.pk)
    send(second.pk)

    assert [message["Subject"] for message in sink.messages()] == ["one", "two"]


@pytest.mark.parametrize("state", [State.REFUSED, State.FAILED, State.SENT, State.UNWANTED])
def test_a_mail_that_is_done_with_blocks_nobody(sink, state):
    first, second = new(), new(subject="two")
    Mail.objects.filter(pk=first.pk).update(state=state)

    send(second.pk)

    assert len(sink.got) == 1


def test_a_stuck_mail_blocks_nobody(sink):
    first, second = new(), new(subject="two")
    Mail.objects.filter(pk=first.pk).update(waits_since=ago(hours=2), next_at=ago(hours=-1))

    send(second.pk)

    assert fresh(second).state == State.SENT
    assert list(Mail.objects.stuck()) == [first]


def test_a_security_mail_overtakes_what_waits(sink):
    first = new(kind=Kind.COMMENT)
    code = new(kind=Kind.SECURITY, subject="code")

    send(code.pk)
    send(first.pk)

    assert [message["Subject"] for message in sink.messages()] == ["code", "Hei"]


# The brake


def test_more_than_the_limit_of_a_kind_to_one_receiver_waits(sink, settings, caplog):
    settings.MAIL_HOURLY_LIMIT = 3
    mails = [new(kind=Kind.COMMENT, subject=str(n)) for n in range(5)]
    Mail.objects.filter(pk=mails[0].pk).update(state=State.SENT, sent_at=ago(minutes=50))

    for mail in mails[1:]:
        send(mail.pk)

    assert len(sink.got) == 2
    assert fresh(mails[3]).failure == Failure.BRAKED
    assert 590 < seconds_until_next(mails[3]) <= 600  # when the first is an hour ago
    assert f"mail {mails[3].pk} waits" in caplog.text


def test_the_brake_holds_neither_another_kind_nor_another_receiver(sink, settings):
    settings.MAIL_HOURLY_LIMIT = 1
    comments = [new(kind=Kind.COMMENT) for _ in range(2)]
    others = [new("b@town.example", kind=Kind.COMMENT), new(kind=Kind.DECISION)]

    for mail in [*comments, *others]:
        send(mail.pk)

    assert [fresh(m).state for m in [*comments, *others]] == ["sent", "waiting", "sent", "sent"]


# Ends, and the staff's hand


def test_a_mail_is_given_up_after_days(settings):
    mail = new(secret=True)
    changes = {"attempts": 9, "failure": Failure.LATER, "waits_since": ago(days=6)}
    Mail.objects.filter(pk=mail.pk).update(**changes)

    send(mail.pk)

    assert (fresh(mail).state, fresh(mail).text, len(sent.outbox)) == (State.FAILED, "", 0)


def test_a_mail_that_never_had_a_try_gets_one_however_old():
    mail = new()
    Mail.objects.filter(pk=mail.pk).update(waits_since=ago(days=6))

    send(mail.pk)

    assert fresh(mail).state == State.SENT


@pytest.mark.parametrize("state", [State.WAITING, State.REFUSED, State.FAILED])
def test_staff_try_again_what_did_not_go(nudged, state):
    mail = new()
    Mail.objects.filter(pk=mail.pk).update(state=state, attempts=4, next_at=ago(hours=-3))
    nudged.clear()

    tried = try_again(Mail.objects.all())
    send(mail.pk)

    assert tried == 1
    assert nudged[0] == (SEND, mail.pk)
    assert fresh(mail).state == State.SENT


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.SENT, "sent_at": timezone.now()},
        {"state": State.UNWANTED},
        {"state": State.REFUSED, "text": ""},
        {"attempts": 0},
    ],
)
def test_what_went_or_was_erased_or_waits_its_turn_is_not_tried_again(changes):
    Mail.objects.filter(pk=new().pk).update(**changes)

    assert try_again(Mail.objects.all()) == 0


def test_an_overtaken_attempt_sends_nothing(sink):
    mail = new()
    slow = claim(mail.pk)
    later(mail)
    quick = claim(mail.pk)

    assert hand_over(slow, get_connection()) is False
    assert hand_over(quick, get_connection()) is True
    assert len(sink.got) == 1


def test_texts_are_erased_after_the_time_set_and_the_rows_stay(settings):
    old, young, waiting = new(subject="old"), new(subject="young"), new(subject="waiting")
    Mail.objects.exclude(pk=waiting.pk).update(state=State.SENT, sent_at=timezone.now())
    Mail.objects.exclude(pk=young.pk).update(created_at=ago(days=91))

    erased = sending.erase_texts()

    assert erased == 1
    assert [fresh(m).text for m in (old, young, waiting)] == ["", "Teksti\n", "Teksti\n"]
    assert fresh(old).subject == "old"


def test_what_is_set_aside_goes_only_if_staff_say_so(sink):
    waiting, secret, done = new(), new("b@town.example", secret=True), new("c@town.example")
    Mail.objects.filter(pk=done.pk).update(state=State.SENT, sent_at=timezone.now())

    number = sending.set_aside()
    drain()

    assert (number, sink.got) == (2, [])
    assert fresh(secret).text == ""
    assert try_again(Mail.objects.all()) == 1
    send(waiting.pk)
    assert len(sink.got) == 1


def test_a_drain_sends_what_is_due_oldest_first_and_leaves_what_was_just_nudged(sink):
    lost, put_off, just_written, waiting = (new(f"{n}@town.example") for n in range(4))
    Mail.objects.filter(pk=lost.pk).update(next_at=ago(seconds=6))
    later(put_off, attempts=1)
    Mail.objects.filter(pk=waiting.pk).update(attempts=1, next_at=ago(minutes=-1))

    drain()

    assert [message["To"] for message in sink.messages()] == [lost.to, put_off.to]
    assert fresh(just_written).state == fresh(waiting).state == State.WAITING


def test_a_long_drain_lets_new_mails_in_between(sink, nudged, monkeypatch):
    mails = [new(f"{n}@town.example") for n in range(3)]
    Mail.objects.update(next_at=ago(seconds=6))
    monkeypatch.setattr(sending, "DRAIN_SECONDS", -1)
    nudged.clear()

    drain()

    assert nudged == [("notifications.tasks.drain", mails[0].pk)]
    assert sink.got == []


def test_sending_asks_the_database_as_often_beside_a_hundred_as_alone():
    def queries():
        mail = new()
        with CaptureQueriesContext(connection) as caught:
            send(mail.pk)
        return len(caught)

    alone = queries()
    for n in range(100):
        new(f"{n}@town.example")

    assert queries() == alone <= 12
