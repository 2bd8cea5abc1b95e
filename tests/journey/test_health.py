import json
import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from documents.models import Document
from journey import health
from journey.health import Verdict
from notifications import pulse
from notifications.models import Mail, Pulse
from notifications.outbox import enqueue

GOOD, LOOK, BAD = Verdict


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A folder of the test's own, with a backup and a trial restore of just now."""
    settings.DATA_DIR = tmp_path
    health.mark("backup")
    health.mark("restore")


@pytest.fixture(autouse=True)
def workers(db, settings):
    """Each queue has just carried its canary."""
    for queue in settings.QUEUES:
        pulse.stamp(queue)


@pytest.fixture
def reading(db):
    return lambda key: next(one for _label, one in health.readings() if one.key == key)


@pytest.fixture
def portal_health(db, monkeypatch):
    """`manage.py health`: its end and its words. The machine's own disk is left out."""
    kept = [check for check in health.CHECKS if check.key not in {"disk", "database.connections"}]
    monkeypatch.setattr(health, "CHECKS", kept)

    def run(*arguments):
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("health", *arguments, stdout=out)
        return ended.value.code, out.getvalue()

    return run


def minutes_ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def test_a_fresh_portal_is_in_order(portal_health):
    code, text = portal_health()

    assert [line for line in text.splitlines() if not line.startswith("good ")] == []
    assert code == 0


@pytest.mark.parametrize(("minutes", "verdict"), [(0, GOOD), (6, LOOK), (31, BAD)])
def test_a_mail_that_waits_is_noticed(reading, minutes, verdict):
    enqueue("maija@town.example", "fi", "Hei", "Teksti")
    Mail.objects.update(waits_since=minutes_ago(minutes))

    found = reading("mails.waiting")

    assert found.verdict == verdict
    assert found.number == pytest.approx(60 * minutes, abs=5)
    assert found.text.startswith("1 waits, for")


@pytest.mark.parametrize(("minutes", "verdict"), [(1, GOOD), (3, LOOK), (11, BAD)])
def test_a_pdf_that_waits_is_noticed(reading, minutes, verdict):
    for key in ("new", "old"):
        Document.objects.create(task="make", key=key)
    Document.objects.filter(key="old").update(created_at=minutes_ago(minutes))

    found = reading("documents.waiting")

    assert found.verdict == verdict
    assert found.text.startswith("2 wait, the oldest for")


def test_a_pdf_that_failed_is_to_be_looked_at(reading):
    Document.objects.create(task="make", key="1", state="failed")

    assert reading("documents.failed").verdict == LOOK


def test_a_mail_that_does_not_get_away_is_to_be_looked_at(reading):
    enqueue("maija@town.example", "fi", "Hei", "Teksti")
    Mail.objects.update(waits_since=minutes_ago(61))

    assert (reading("mails.stuck").verdict, reading("mails.stuck").number) == (LOOK, 1)


def test_a_worker_that_takes_nothing_up_is_bad(reading):
    Pulse.objects.filter(name="pdf").update(at=minutes_ago(5))

    assert (reading("workers.late").verdict, reading("workers.late").number) == (BAD, 1)
    assert "pdf: 5\xa0minutes ago" in reading("workers.late").text


def test_a_queue_that_never_carried_anything_is_bad(reading):
    Pulse.objects.filter(name="mail").delete()

    assert "mail: never" in reading("workers.late").text


@pytest.mark.parametrize("key", ["backup", "restore"])
def test_what_was_never_done_is_bad(reading, key):
    health.mark_file(key).unlink()

    assert (reading(key).verdict, reading(key).text) == (BAD, "Never.")


@pytest.mark.parametrize(("hours", "verdict"), [(25, GOOD), (27, LOOK), (51, BAD)])
def test_an_old_backup_is_noticed(reading, hours, verdict):
    then = minutes_ago(60 * hours).timestamp()
    os.utime(health.mark_file("backup"), (then, then))

    assert reading("backup").verdict == verdict


def test_a_broker_that_is_away_is_bad_and_costs_no_other_reading(reading, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert (reading("broker").verdict, reading("broker").number) == (BAD, None)
    assert reading("backup").verdict == GOOD


def test_a_query_that_fails_costs_no_other_reading(reading, monkeypatch):
    def broken():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(health, "CHECKS", [health.Check("odd", "Odd", broken, ""), *health.CHECKS])

    assert (reading("odd").verdict, reading("database.migrations").verdict) == (BAD, GOOD)


@pytest.mark.parametrize(("percent", "verdict"), [(84, GOOD), (85, LOOK), (95, BAD)])
def test_a_full_disk_is_noticed(reading, monkeypatch, percent, verdict):
    usage = health.shutil._ntuple_diskusage(100 << 30, percent << 30, 100 - percent << 30)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)

    assert reading("disk").verdict == verdict


def test_the_command_ends_with_what_a_watcher_expects(portal_health):
    Document.objects.create(task="make", key="1", state="failed")
    assert portal_health()[0] == 1

    health.mark_file("backup").unlink()
    code, text = portal_health("--json")

    found = json.loads(text)
    assert (code, found["verdict"]) == (2, "bad")
    assert {one["key"]: one["verdict"] for one in found["readings"]}["backup"] == "bad"


def test_the_command_marks_what_went_well(reading):
    health.mark_file("backup").unlink()

    call_command("health", mark="backup")

    assert reading("backup").verdict == GOOD


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_a_lead_sees_the_page(client, lead, language):
    Document.objects.create(task="make", key="1", state="failed")
    client.force_login(lead)
    with translation.override(language):
        url = reverse("admin:health")

    page = client.get(url)

    assert page.status_code == 200
    assert page.text.count('<span class="verdict') == len(health.CHECKS)


def test_only_who_may_see_it_is_led_there(client, lead, reviewer):
    link = f'href="{reverse("admin:health")}"'
    index = reverse("admin:index")

    client.force_login(lead)
    assert link in client.get(index).text
    client.force_login(reviewer)
    assert link not in client.get(index).text
