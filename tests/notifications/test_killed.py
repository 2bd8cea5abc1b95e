"""A worker process is killed while it hands over a mail. Real processes, real locks."""

import os
import subprocess
import sys
from threading import Thread

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from notifications.models import Mail
from notifications.outbox import enqueue
from notifications.sending import send
from tests.notifications.sink import Manners

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = (
    "import sys, django; django.setup();"
    "from notifications.sending import send; send(int(sys.argv[1]))"
)


@pytest.fixture
def worker(sink):
    """Start a process that sends one mail to the sink."""
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    environment = os.environ | {
        "DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "MAIL_RETRY_SECONDS": "0",  # its next try is due at once, so that its lock alone protects
        "DJANGO_SETTINGS_MODULE": "integration_portal.settings",
    }
    started = []

    def start(mail):
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(mail.pk)]
        process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def row():
    return Mail.objects.get()


def test_while_one_worker_hands_over_no_other_does_even_when_the_next_try_is_due(sink, worker):
    sink.manners = Manners(slow_seconds=4)
    mail = enqueue("a@town.example", "fi", "Hei", "Teksti")
    process = worker(mail)
    assert sink.reading.wait(90)

    assert Mail.objects.due().filter(pk=mail.pk).exists()
    send(mail.pk)
    assert sink.connections == 1

    assert process.wait(90) == 0
    assert (row().state, row().attempts, len(sink.got)) == ("sent", 1, 1)


def test_a_worker_killed_before_the_server_answers_costs_one_try_and_no_mail(sink, worker):
    sink.manners = Manners(slow_seconds=2)
    mail = enqueue("a@town.example", "fi", "Hei", "Teksti")
    process = worker(mail)
    assert sink.reading.wait(90)

    process.kill()
    process.wait()
    assert (row().state, row().attempts) == ("waiting", 1)
    sink.manners = Manners()
    send(mail.pk)

    assert (row().state, row().attempts) == ("sent", 2)


def test_a_worker_killed_while_the_server_hesitates_before_the_text_sends_once(sink, worker):
    sink.manners = Manners(greets=False)
    mail = enqueue("a@town.example", "fi", "Hei", "Teksti")
    process = worker(mail)
    until(lambda: sink.connections)

    process.kill()
    process.wait()
    sink.manners = Manners()
    send(mail.pk)

    assert len(sink.got) == 1


def test_eight_workers_at_once_send_one_mail(sink, settings):
    settings.MAIL_RETRY_SECONDS = 0
    mail = enqueue("a@town.example", "fi", "Hei", "Teksti")

    def work():
        send(mail.pk)
        connections.close_all()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (row().state, len(sink.got)) == ("sent", 1)


def until(met, seconds=90):
    end = timezone.now().timestamp() + seconds
    while not met():
        assert timezone.now().timestamp() < end
