"""How the portal is: what waits, what answers, what was last proved, each with a verdict.

The staff's page and `manage.py health` show the same readings. A reading that cannot be taken is
itself a bad one: the others are still shown.
"""

import platform
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerAway

from documents.models import Document
from notifications import pulse
from notifications.models import Mail


class Verdict(StrEnum):
    GOOD = "good"
    LOOK = "look"
    BAD = "bad"

    @property
    def label(self):
        return WORDS[self]


WORDS = {
    Verdict.GOOD: gettext_lazy("in order"),
    Verdict.LOOK: gettext_lazy("look at this"),
    Verdict.BAD: gettext_lazy("act now"),
}


@dataclass(frozen=True)
class Reading:
    key: str  # "mails.waiting", for a machine that watches
    verdict: Verdict
    number: float | None  # in the unit that `key` is documented with; None: there is none yet
    text: str  # the same for a person
    todo: str = ""  # what to do if it is not in order


@dataclass(frozen=True)
class Check:
    """One thing to look at; `read` returns its verdict, its number and its words."""

    key: str
    label: str
    read: Callable
    todo: str

    def take(self):
        try:
            with transaction.atomic():  # a query that fails spoils no other reading
                verdict, number, text = self.read()
        except (DatabaseError, BrokerAway, OSError) as error:
            verdict, number = Verdict.BAD, None
            text = _("It could not be read (%s).") % type(error).__name__
        todo = "" if verdict == Verdict.GOOD else str(self.todo)
        return self.label, Reading(self.key, verdict, number, text, todo)


def readings():
    """Take every reading: (what it is, the reading), in the order of the page."""
    return [check.take() for check in CHECKS]


def worst(found):
    """The verdict over all: as bad as the worst."""
    order = list(Verdict)
    return max((reading.verdict for _label, reading in found), key=order.index)


def above(number, look, bad):
    """The verdict of what is worse the higher it is."""
    if number >= bad:
        return Verdict.BAD
    return Verdict.LOOK if number >= look else Verdict.GOOD


def waiting(queue, since, look, bad):
    """How long the oldest row of a queue waits, in seconds; since: the field that says it."""
    found = queue.aggregate(count=Count("pk"), oldest=Min(since))
    if not found["count"]:
        return Verdict.GOOD, 0, _("Nothing waits.")
    seconds = (timezone.now() - found["oldest"]).total_seconds()
    text = ngettext(
        "%(count)s waits, for %(time)s.", "%(count)s wait, the oldest for %(time)s.", found["count"]
    )
    text %= {"count": found["count"], "time": timesince(found["oldest"])}
    return above(seconds, look, bad), round(seconds), text


def documents_waiting():
    pending = Document.objects.filter(state__in=["queued", "rendering"])
    return waiting(pending, "created_at", 120, 600)


def mails_waiting():
    return waiting(Mail.objects.waiting(), "waits_since", 300, 1800)


def documents_failed():
    count = Document.objects.filter(state=Document.State.FAILED).count()
    return above(count, 1, 20), count, _("Failed: %s.") % count


def mails_stuck():
    count = Mail.objects.stuck().count()
    return above(count, 1, 20), count, _("Stuck: %s.") % count


def pulses():
    """How many queues carry nothing: a small task is sent through each of them all the time."""
    found = pulse.beats()
    late = [beat.queue for beat in found if beat.is_late]
    text = ", ".join(f"{beat.queue}: {ago(beat.at)}" for beat in found)
    return above(len(late), 1, 1), len(late), text


def ago(moment):
    return _("%s ago") % timesince(moment) if moment else _("never")


def since(moment, look, bad):
    """How long ago something last happened, in seconds; never is bad."""
    if moment is None:
        return Verdict.BAD, None, _("Never.")
    gone = timezone.now() - moment
    text = _("%(moment)s, %(time)s ago.") % {
        "moment": date_format(timezone.localtime(moment), "DATETIME_FORMAT"),
        "time": timesince(moment),
    }
    return above(gone, look, bad), round(gone.total_seconds()), text


def backup():
    return since(marked("backup"), timedelta(hours=26), timedelta(hours=50))


def restore_drill():
    return since(marked("restore"), timedelta(days=40), timedelta(days=100))


def mark_file(name):
    return Path(settings.DATA_DIR) / "marks" / name


def mark(name):
    """Write down, as a file's time, that `name` ("backup", "restore") has just gone well."""
    file = mark_file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def marked(name):
    file = mark_file(name)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None


def disk():
    """What is left where the portal keeps its files, in bytes."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    full = 100 - 100 * usage.free / usage.total
    text = _("%(free)s of %(total)s are free.") % {
        "free": filesizeformat(usage.free),
        "total": filesizeformat(usage.total),
    }
    return above(full, 85, 95), usage.free, text


def database():
    """The size of the database in bytes."""
    size = asked("SELECT pg_database_size(current_database())")
    return Verdict.GOOD, size, filesizeformat(size)


def connections():
    """How many of the database's connections are taken, in percent."""
    taken = asked("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    most = int(asked("SHOW max_connections"))
    percent = 100 * taken / most
    text = _("%(taken)s of %(most)s are taken.") % {"taken": taken, "most": most}
    return above(percent, 70, 90), round(percent), text


def asked(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def migrations():
    """How many changes of the database's structure the running code still waits for."""
    executor = MigrationExecutor(connection)
    count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    text = _("Not carried out: %s.") % count if count else _("All are carried out.")
    return above(count, 1, 1), count, text


def broker():
    """How long the broker takes to answer, in milliseconds."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as connection:
        client = connection.default_channel.client
        began = time.monotonic()
        client.ping()
    took = round(1000 * (time.monotonic() - began))
    return above(took, 500, 2000), took, _("It answers in %s ms.") % took


def versions():
    names = ["django", "celery", "weasyprint"]
    parts = [f"Python {platform.python_version()}"]
    parts += [f"{name} {version(name)}" for name in names]
    parts.append(f"PostgreSQL {asked('SHOW server_version')}")
    return Verdict.GOOD, None, ", ".join(parts)


CHECKS = [
    Check(
        "documents.waiting",
        gettext_lazy("PDFs to be made"),
        documents_waiting,
        gettext_lazy("See whether the worker for PDFs runs. What waits is made once it does."),
    ),
    Check(
        "documents.failed",
        gettext_lazy("PDFs that could not be made"),
        documents_failed,
        gettext_lazy("The reasons stand in the list of documents, where they can be made again."),
    ),
    Check(
        "mails.waiting",
        gettext_lazy("Mails to be sent"),
        mails_waiting,
        gettext_lazy("See whether the worker for mails runs, and whether the mail server answers."),
    ),
    Check(
        "mails.stuck",
        gettext_lazy("Mails that do not get away"),
        mails_stuck,
        gettext_lazy("What the mail server says stands in the list of mails."),
    ),
    Check(
        "workers.late",
        gettext_lazy("Last sign of the workers, by queue"),
        pulses,
        gettext_lazy("A worker is away or takes nothing up: start it again."),
    ),
    Check(
        "broker",
        gettext_lazy("Broker"),
        broker,
        gettext_lazy("Nothing is lost: mails and PDFs wait in the database until it is back."),
    ),
    Check(
        "backup",
        gettext_lazy("Last backup"),
        backup,
        gettext_lazy("See why the nightly backup does not run, and make one by hand."),
    ),
    Check(
        "restore",
        gettext_lazy("Last backup that was restored to try it"),
        restore_drill,
        gettext_lazy("Restore a backup on an empty machine, as the operating manual says."),
    ),
    Check(
        "disk",
        gettext_lazy("Disk"),
        disk,
        gettext_lazy("Make room or add disk before uploads and PDFs are refused."),
    ),
    Check("database.size", gettext_lazy("Database"), database, ""),
    Check(
        "database.connections",
        gettext_lazy("Connections to the database"),
        connections,
        gettext_lazy("Run fewer web workers, or let the database take more connections."),
    ),
    Check(
        "database.migrations",
        gettext_lazy("Changes of the database's structure"),
        migrations,
        gettext_lazy("Run the migrations of this version."),
    ),
    Check("versions", gettext_lazy("Versions"), versions, ""),
]
