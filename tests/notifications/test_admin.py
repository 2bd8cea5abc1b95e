import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from notifications.models import Kind, Mail
from notifications.outbox import enqueue

pytestmark = pytest.mark.django_db
LIST = "admin:notifications_mail_changelist"


@pytest.fixture
def stuck(db):
    mail = enqueue("stuck@town.example", "fi", "Hei", "CANARY-text")
    Mail.objects.filter(pk=mail.pk).update(
        waits_since=timezone.now() - timedelta(hours=2),
        next_at=timezone.now() + timedelta(hours=1),
        attempts=6,
        failure="away",
        last_error="ConnectionRefusedError: [Errno 111]",
    )
    return mail


def test_the_filter_shows_what_is_stuck_and_nothing_else(client, lead, stuck):
    enqueue("quick@town.example", "fi", "Hei", "Teksti")
    client.force_login(lead)

    text = client.get(reverse(LIST), {"stuck": "yes"}).text

    assert "stuck@town.example" in text
    assert "quick@town.example" not in text


def test_staff_read_why_a_mail_did_not_go_but_not_its_text(client, lead, stuck):
    client.force_login(lead)

    text = client.get(reverse("admin:notifications_mail_change", args=[stuck.pk])).text

    assert "the mail server does not answer" in text
    assert "ConnectionRefusedError" in text
    assert "CANARY" not in text


def test_try_again_now_sends_it_and_says_who_did(client, lead, stuck, nudged):
    client.force_login(lead)
    chosen = {"action": "try_again", "_selected_action": [stuck.pk]}

    page = client.post(reverse(LIST), chosen, follow=True)

    assert "1 mail is tried again now." in page.text
    assert ("notifications.tasks.send", stuck.pk) in nudged
    assert LogEntry.objects.get().user == lead


@pytest.mark.parametrize(("name", "number"), [("lead", 1), ("superuser", 1), ("reviewer", 0)])
def test_the_front_page_tells_those_who_can_help(client, person, stuck, name, number):
    client.force_login(person(name))

    page = client.get(reverse("admin:index"))

    assert page.context["stuck_mails"] == number
    assert bool(re.search("One mail has waited", page.text)) is bool(number)


def test_old_mails_get_their_states():
    """The step from the first version: what was sent is sent, what waits still waits."""
    for key, sent_at, secret in [("a", timezone.now(), True), ("b", None, False)]:
        fields = {"to": "a@town.example", "language": "fi", "subject": "Hei", "text": "Teksti"}
        Mail.objects.create(key=key, sent_at=sent_at, secret=secret, **fields)
    migration = import_module("notifications.migrations.0003_states_of_old_mails")

    migration.tell_states(apps, None)

    assert list(Mail.objects.order_by("key").values_list("state", "kind")) == [
        ("sent", Kind.SECURITY),
        ("waiting", Kind.DECISION),
    ]


def test_what_an_old_process_sent_meanwhile_is_not_sent_again():
    """It knows no states, only the time of sending."""
    mail = enqueue("a@town.example", "fi", "Hei", "Teksti")
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())

    assert not Mail.objects.due().exists()
