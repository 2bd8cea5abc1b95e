"""How often something may be tried: counters in the database that parallel tries cannot outrun.

allauth counts in the cache, by reading and writing back; what a cache drops, or what two requests
read at once, is not counted. Here each try is one statement, which locks its row until the
transaction ends: of a hundred guesses at once, each sees the number that the one before left.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import formats, timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import Tally


@dataclass(frozen=True)
class Limit:
    tries: int
    minutes: int


# What is counted, for whom. `LIMITS` in the environment may set others: "password=10/5".
LIMITS = {
    "password": Limit(5, 5),  # wrong passwords for one mail address
    "second_step": Limit(5, 5),  # wrong codes of one person's second step
    "mail_code": Limit(5, 60),  # wrong guesses at one code that was sent by mail
    "guesses": Limit(50, 10),  # all of these from one network, which a whole town hall may share
    "mail_requests": Limit(6, 15),  # sign-in codes and reset links asked for one mail address
    "mails": Limit(12, 60),  # mails that anybody can have sent to one mail address
    "requests": Limit(60, 60),  # mails asked for, and links opened, from one network
    "sign_ups": Limit(60, 60),  # new accounts from one network
    "passkeys": Limit(120, 10),  # tries of a passkey from one network
    "changes": Limit(10, 10),  # tries to change the own password
    "used_code": Limit(1, 3),  # a one-time code of one person: it works once
}

COUNT = """
INSERT INTO accounts_tally AS t (key, tries, ends_at)
VALUES (%s, 1, clock_timestamp() + %s * interval '1 minute')
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN t.ends_at <= clock_timestamp() THEN 1 ELSE t.tries + 1 END,
  ends_at = CASE WHEN t.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE t.ends_at END
RETURNING tries, ends_at
"""


def limit(what: str) -> Limit:
    given = settings.LIMITS.get(what)
    return Limit(*map(int, given.split("/"))) if given else LIMITS[what]


def key(what: str, whom: object) -> str:
    """Return what the row is found by; hashed, so that the table names nobody."""
    return salted_hmac(
        f"accounts.limits {what}", str(whom).casefold(), algorithm="sha256"
    ).hexdigest()


def take(what: str, whom: object) -> datetime | None:
    """Count a try. Return None if it may be made, or until when not."""
    allowed = limit(what)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key(what, whom), allowed.minutes])
        tries, ends_at = cursor.fetchone()
    return ends_at if tries > allowed.tries else None


def exhausted(what: str, whom: object) -> datetime | None:
    """Say until when nothing more may be tried, without counting; None if something may."""
    full = Tally.objects.filter(
        key=key(what, whom), tries__gte=limit(what).tries, ends_at__gt=Now()
    )
    return full.values_list("ends_at", flat=True).first()


def give_back(what: str, whom: object) -> None:
    """Take a try back that turned out to be right: only wrong ones count."""
    Tally.objects.filter(key=key(what, whom), tries__gt=0).update(tries=F("tries") - 1)


def forget(what: str, whom: object) -> None:
    Tally.objects.filter(key=key(what, whom)).delete()


def refuse(until: datetime | None) -> None:
    """Raise what a form shows, if there is something to wait for."""
    if until:
        raise ValidationError(wait(until), code="too_many_tries")


def wait(until: datetime) -> str:
    """Say in words until when to wait."""
    local = timezone.localtime(until)
    style = "TIME_FORMAT" if local.date() == timezone.localdate() else "DATETIME_FORMAT"
    return _("Too many tries. Wait until %(time)s and try again.") % {
        "time": formats.date_format(local, style)
    }


def sweep() -> None:
    """Remove the counts that have ended."""
    Tally.objects.filter(ends_at__lt=Now()).delete()
