import contextlib

import pytest
from celery import current_app
from django.core import mail as sent
from django.core.mail import EmailMessage
from django.db import transaction

from notifications import outbox
from notifications.models import Mail
from notifications.outbox import enqueue, nudge, post
from notifications.tasks import send, sweep
from tests.factories import ApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db
TEMPLATE = "emails/application_submitted.txt"


def test_a_mail_is_written_in_the_receivers_language(client):
    application = ApplicationFactory(submitted=True, municipality__name_sv="Vasa")
    reader = UserFactory(language="sv")

    mail = post(reader, TEMPLATE, key="one", context={"application": application})

    assert "Vasa" in mail.subject
    assert "/sv/applications/" in mail.text
    assert mail.language == "sv"


def test_whoever_may_not_sign_in_any_more_gets_no_mail():
    application = ApplicationFactory(submitted=True, municipality__name_sv="Vasa")
    gone = UserFactory(is_active=False)

    mail = post(gone, TEMPLATE, key="one", context={"application": application})

    assert (mail.state, mail.text) == (Mail.State.UNWANTED, "")


def test_the_same_key_twice_is_one_mail():
    for _ in range(2):
        enqueue("a@town.example", "fi", "Hei", "Teksti", key="same")

    assert Mail.objects.count() == 1


def test_a_line_break_in_the_subject_adds_no_header():
    mail = enqueue("a@town.example", "fi", "Hei\r\nBcc: b@town.example", "Teksti")

    send(mail.pk)

    assert sent.outbox[0].subject == "Hei Bcc: b@town.example"
    assert sent.outbox[0].recipients() == ["a@town.example"]


def test_a_mail_is_sent_once_however_often_the_task_runs():
    mail = enqueue("a@town.example", "fi", "Hei", "Teksti")

    for _ in range(3):
        send(mail.pk)

    assert len(sent.outbox) == 1
    assert Mail.objects.get().sent_at


def test_a_text_with_a_secret_is_erased_once_it_is_sent():
    mail = enqueue("a@town.example", "fi", "Hei", "https://portal/key", secret=True)

    send(mail.pk)

    assert "https://portal/key" in sent.outbox[0].body
    assert Mail.objects.get().text == ""


def test_a_mail_that_cannot_be_sent_stays_and_is_swept_later(monkeypatch):
    mail = enqueue("a@town.example", "fi", "Hei", "Teksti")
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", broken)
        send(mail.pk)
    assert Mail.objects.get().sent_at is None
    Mail.objects.update(next_at="2026-01-01T00:00:00Z")

    sweep()

    assert Mail.objects.get().sent_at
    assert len(sent.outbox) == 1


def broken(message):
    raise ConnectionRefusedError


def test_a_broker_that_just_failed_is_not_waited_for_again(monkeypatch, settings):
    asked = []

    def frozen(name, args, **options):
        asked.append(args)
        raise TimeoutError

    monkeypatch.setattr(current_app, "send_task", frozen)
    monkeypatch.setattr(transaction, "on_commit", run_robustly)

    for key in (1, 2):
        nudge("a.task", key)
    outbox.LINE.silent_until -= settings.SWEEP_SECONDS
    nudge("a.task", 3)

    assert asked == [[1], [3]]


def run_robustly(act, **options):
    with contextlib.suppress(TimeoutError):
        act()
