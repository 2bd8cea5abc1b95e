"""Which queue a task goes to, and what becomes of a worker that no longer hears its queue."""

import os
import subprocess
import sys
import time

import pytest
from celery import current_app
from django.conf import settings
from kombu import Connection

from integration_portal.celery import app
from integration_portal.watching import Ear


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("notifications.tasks.send", "mail"),
        ("notifications.tasks.write_digest", "mail"),
        ("notifications.tasks.sweep", "mail"),
        ("indexanalysis.tasks.produce_report", "pdf"),
        ("applications.tasks.produce_receipt", "pdf"),
        ("workinggroups.tasks.produce_notes", "pdf"),
        ("strategies.tasks.produce_strategy", "pdf"),
        ("visits.tasks.produce_report", "pdf"),
        ("documents.tasks.sweep", "celery"),
    ],
)
def test_mails_and_pdfs_have_queues_of_their_own(task, queue):
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_a_worker_that_names_no_queue_takes_all():
    assert sorted(app.amqp.queues.consume_from) == sorted(settings.QUEUES)


def test_every_queue_gets_its_canary():
    entries = [e for e in settings.CELERY_BEAT_SCHEDULE.values() if "canary" in e["task"]]

    assert [entry["options"]["queue"] for entry in entries] == settings.QUEUES
    assert [entry["args"] for entry in entries] == [[name] for name in settings.QUEUES]


def test_beat_names_only_tasks_that_exist():
    app.loader.import_default_modules()

    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert named <= set(current_app.tasks)


def test_no_task_may_take_as_long_as_it_takes_to_start_it_twice():
    app.loader.import_default_modules()
    again = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    limits = [task.time_limit or settings.CELERY_TASK_TIME_LIMIT for task in app.tasks.values()]

    assert max(limits) * 5 < again


# Deafness


def rounds(*seen):
    """What an ear says after each round of (taken, is_idle, waiting)."""
    ear = Ear()
    return [ear.is_deaf(taken=t, is_idle=i, waiting=w) for t, i, w in seen]


def test_three_silent_rounds_beside_waiting_messages_are_deafness():
    assert rounds((0, True, 1), (0, True, 2), (0, True, 3)) == [False, False, True]


@pytest.mark.parametrize(
    "third",
    [
        (1, True, 3),  # it took something
        (0, False, 3),  # it is at work, perhaps on a long PDF
        (0, True, 0),  # nothing waits, or the broker does not answer
    ],
)
def test_one_sign_of_life_begins_the_count_anew(third):
    silent = (third[0], True, 1)

    heard = rounds((0, True, 1), (0, True, 2), third, silent, silent, silent)

    assert heard == [False, False, False, False, False, True]


@pytest.fixture
def worker(tmp_path):
    """Start a worker of a queue of its own on the tests' broker; quick rounds."""
    own = {"REDIS_URL": settings.CELERY_BROKER_URL, "DATA_DIR": str(tmp_path)}
    environment = os.environ | own | {"PULSE_SECONDS": "0.5"}
    command = [
        sys.executable, "-W", "ignore", "-m", "celery", "-A", "integration_portal", "worker",
        "-P", "solo", "-Q", "deaf-test", "-n", "deaf-test@here", "-l", "INFO",
    ]  # fmt: skip
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen(
        command, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log
    )
    process.log = tmp_path / "log"
    yield process
    process.kill()
    process.wait()
    log.close()


def until(met, seconds=90):
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.drill  # waits for three silent rounds
def test_a_worker_that_hears_nothing_ends_itself(worker):
    until(lambda: b"ready" in worker.log.read_bytes())
    answers = app.control.cancel_consumer(
        "deaf-test", destination=["deaf-test@here"], reply=True, timeout=20
    )
    assert [list(answer) for answer in answers] == [["deaf-test@here"]]
    time.sleep(2)  # four rounds without a message: no reason to end
    assert worker.poll() is None

    with Connection(settings.CELERY_BROKER_URL) as broker:
        broker.SimpleQueue("deaf-test").put("canary")
        try:
            worker.wait(60)
        finally:
            broker.SimpleQueue("deaf-test").clear()

    assert b"deaf: " in worker.log.read_bytes()
