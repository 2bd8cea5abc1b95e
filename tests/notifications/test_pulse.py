from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections
from django.utils import timezone

from notifications import pulse
from notifications.models import Pulse
from notifications.tasks import canary

pytestmark = pytest.mark.django_db


def ago(**time):
    return timezone.now() - timedelta(**time)


def test_a_queue_whose_canary_came_is_on_time():
    canary("pdf")

    assert not pulse.is_late("pdf")
    assert pulse.is_late("mail")  # none ever came


def test_a_queue_is_late_after_three_rounds(settings):
    settings.PULSE_SECONDS = 20
    for seconds, late in [(58, False), (62, True)]:
        canary("pdf")
        Pulse.objects.update(at=ago(seconds=seconds))

        assert pulse.is_late("pdf") is late


def test_a_second_canary_renews_the_first():
    canary("pdf")
    Pulse.objects.update(at=ago(hours=1))

    canary("pdf")

    assert Pulse.objects.count() == 1
    assert not pulse.is_late("pdf")


def test_the_health_page_hears_of_every_queue():
    canary("mail")

    beats = {beat.queue: beat for beat in pulse.beats()}

    assert list(beats) == ["mail", "pdf", "celery"]
    assert (beats["mail"].is_late, beats["pdf"].is_late) == (False, True)
    assert beats["mail"].at
    assert beats["pdf"].at is None


def test_it_is_ones_turn_again_after_the_time():
    assert pulse.is_turn("sweep", 15)
    assert not pulse.is_turn("sweep", 15)

    Pulse.objects.update(at=ago(seconds=16))

    assert pulse.is_turn("sweep", 15)


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_it_is_the_turn_of_one():
    turns = []

    def ask():
        turns.append(pulse.is_turn("sweep", 15))
        connections.close_all()

    threads = [Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(turns) == [False] * 9 + [True]
