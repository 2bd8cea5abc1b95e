"""Does what must come again and again still come? Canaries through the queues, and the sweeps.

Beat puts a canary into every queue each `PULSE_SECONDS`; whichever worker takes it stamps the
queue's row. It lies here because this is the lowest app that has rows and tasks. The rows are for
people and for pages; that a deaf worker ends itself needs no database
(`integration_portal.watching`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now

from notifications.models import Pulse

ROUNDS = 3  # canaries that may fail to come
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Beat:
    queue: str
    at: datetime | None  # when a worker took the last canary; None: never
    is_late: bool


def stamp(name):
    Pulse.objects.bulk_create(
        [Pulse(name=name, at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def is_late(queue):
    """Whether the queue's work is delayed: no canary came through for three rounds, or ever."""
    return not fresh().filter(name=queue).exists()


def fresh():
    rounds = timedelta(seconds=ROUNDS * settings.PULSE_SECONDS)
    return Pulse.objects.filter(at__gte=Now() - rounds)


def beats():
    """Every queue with its last canary, for the page of the portal's health."""
    times = dict(Pulse.objects.values_list("name", "at"))
    on_time = set(fresh().values_list("name", flat=True))
    return [Beat(name, times.get(name), name not in on_time) for name in settings.QUEUES]


def is_turn(name, seconds):
    """True for one caller within `seconds`: of two beats, or of a heap of sweeps, one works."""
    Pulse.objects.get_or_create(name=name, defaults={"at": LONG_AGO})
    since = Pulse.objects.filter(name=name, at__lt=Now() - timedelta(seconds=seconds))
    return bool(since.update(at=Now()))
