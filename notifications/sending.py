"""Sending mails: claimed, handed to the mail server, marked as sent - or put off, in words.

What is promised. A mail whose row is committed is handed over at least once, unless the receiver's
server refuses it or it could not be sent for `MAIL_GIVE_UP_DAYS`; a killed worker, a broker or a
mail server that is away only delays it. It is handed over exactly once, with one exception that
SMTP leaves open: a worker (or the database) that dies between the server's "250 accepted" and our
commit cannot have told anybody. The row is marked before the mail is handed over, so nothing but
the commit lies in that gap. After it, or where the connection broke before the server answered,
the mail goes once more with the same `Message-ID` and `Date`, by which a receiver's server may
drop the repeat.

How. A claim counts the attempt and commits, so that a mail that kills its worker is counted too.
Then one transaction marks the row for that attempt, hands the mail over and commits: while a
worker lives the row is locked, and a dead one's lock goes with its connection. No heartbeat is
needed; an attempt that was overtaken finds its number gone and sends nothing.
"""

import logging
import smtplib
import time
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone, translation

from notifications.models import OFFERED, Mail, Rhythm
from notifications.outbox import nudge, preferences_url
from notifications.plain import one_line
from notifications.timing import pause

logger = logging.getLogger(__name__)
State, Failure = Mail.State, Mail.Failure
HOUR = timedelta(hours=1)
JUST_NUDGED = timedelta(seconds=5)
DRAIN_SECONDS = 5
FINAL = {Failure.REFUSED, Failure.UNSENDABLE}
MOST = {Failure.AWAY: 5, Failure.LATER: 60}  # times `MAIL_RETRY_SECONDS`: the longest pause


def send(pk):
    """Send one mail if it is its turn. Twice at once, or again when sent: nothing happens."""
    mail = claim(pk)
    if mail is None:
        return
    connection = get_connection()
    try:
        sent = attempt(mail, connection)
    finally:
        hang_up(connection)
    if sent:
        start_next(mail)


@transaction.atomic
def claim(pk):
    """Count an attempt and return the mail; None if it is not due, or another worker has it.

    Its next try is set beforehand, which is when it is found again if this worker dies.
    """
    due = Mail.objects.due().filter(pk=pk)
    mail = due.select_for_update(of=("self",), skip_locked=True).first()
    if mail is None:
        return None
    row = Mail.objects.filter(pk=pk)
    if is_hopeless(mail):
        row.update(**ended(mail, State.FAILED))
        return None
    if free_at := when_free(mail):
        logger.warning("mail %s waits: too many of its kind to one receiver", pk)
        row.update(next_at=free_at, failure=Failure.BRAKED)
        return None
    mail.attempts += 1
    row.update(attempts=mail.attempts, next_at=Now() + wait(mail.attempts, Failure.AWAY))
    return mail


def is_hopeless(mail):
    """Tried for days; also what ended its worker each time, and so never came to tell why."""
    oldest = timezone.now() - timedelta(days=settings.MAIL_GIVE_UP_DAYS)
    return mail.attempts > 0 and mail.waits_since < oldest


def when_free(mail):
    """When the receiver may get another mail of this kind; None: now.

    The general brake: at most `MAIL_HOURLY_LIMIT` in any hour, whoever causes them.
    """
    recent = Mail.objects.filter(to=mail.to, kind=mail.kind, sent_at__gt=Now() - HOUR)
    last = settings.MAIL_HOURLY_LIMIT - 1
    times = recent.order_by("-sent_at").values_list("sent_at", flat=True)[last : last + 1]
    return next((sent_at + HOUR for sent_at in times), None)


def wait(attempts, failure):
    base = settings.MAIL_RETRY_SECONDS
    return pause(attempts, base, base * MOST[failure])


def attempt(mail, connection):
    """Hand a claimed mail to the server; True if it went. Whatever happens is told by the row."""
    try:
        connection.open()
    except Exception as error:
        put_off(mail, Failure.AWAY, words(error))
        return False
    try:
        return hand_over(mail, connection)
    except Exception as error:
        put_off(mail, *diagnose(error))
        return False


@transaction.atomic
def hand_over(mail, connection):
    """Mark the row, then hand over; an error undoes the mark, and only the commit comes after."""
    changes = {"state": State.SENT, "sent_at": Now(), "failure": "", "last_error": ""}
    if not held(mail).update(**changes, text="" if mail.secret else mail.text):
        return False
    message(mail, connection).send()
    return True


def held(mail):
    """The row, if this attempt still holds it: every write of a worker goes through here."""
    return Mail.objects.waiting().filter(pk=mail.pk, attempts=mail.attempts)


def message(mail, connection):
    """The mail as it is sent; made again, it has the same Message-ID and Date."""
    headers = {
        "Message-ID": f"<{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{host()}>",
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    if Rhythm.OFF in OFFERED.get(mail.kind, ()):
        with translation.override(mail.language):
            headers["List-Unsubscribe"] = f"<{preferences_url()}>"
    reply_to = [settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None
    return EmailMessage(
        mail.subject,
        mail.text,
        to=[mail.to],
        headers=headers,
        reply_to=reply_to,
        connection=connection,
    )


def host():
    return urlsplit(settings.SITE_URL).hostname


def diagnose(error):
    """Why a connected server did not take a mail, and its words: (failure, words).

    A 5xx answer about the receiver or the content is the last word; one about us, the sender, is
    ours to mend, so that the mail is kept and tried again.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPDataError):
        code, said = error.smtp_code, error.smtp_error
    elif isinstance(error, (ValueError, smtplib.SMTPNotSupportedError)):
        return Failure.UNSENDABLE, words(error)
    else:
        return Failure.LATER, words(error)
    said = said.decode(errors="replace") if isinstance(said, bytes) else said
    return (Failure.REFUSED if code >= 500 else Failure.LATER), f"{code} {said}"


def words(error):
    """An error in one line; our password never stands in one, and a mail's text does not either."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def put_off(mail, failure, said):
    """Note why the mail did not go, and when it is tried again, if ever."""
    logger.warning("mail %s was not sent at try %s: %s", mail.pk, mail.attempts, failure)
    changes = {"failure": failure, "last_error": one_line(said)[:300]}
    if failure in FINAL:
        changes |= ended(mail, State.REFUSED)
    else:
        changes |= {"next_at": Now() + wait(mail.attempts, failure)}
    held(mail).update(**changes)


def ended(mail, state):
    return {"state": state} | ({"text": ""} if mail.secret else {})


def hang_up(connection):
    """Close; after "250 accepted" a server that stumbles over our QUIT changes nothing."""
    try:
        connection.close()
    except Exception:
        logger.info("the mail server did not answer the good-bye")


def start_next(mail):
    """Start what waited for this mail: the receiver's next one, or all if the server was away."""
    if mail.failure == Failure.AWAY:
        nudge("notifications.tasks.drain", mail.pk)
        return
    following = Mail.objects.due().filter(to=mail.to, pk__gt=mail.pk).order_by("pk")
    for pk in following.values_list("pk", flat=True)[:1]:
        nudge("notifications.tasks.send", pk)


def drain(first=0):
    """Send, oldest first, what is due: its nudge got lost, or its next try has come.

    Here, not by a nudge each: sweeps would nudge the same mails again and again. After some
    seconds the rest, from mail `first` on, goes to the end of the queue, behind what is new.
    """
    end = time.monotonic() + DRAIN_SECONDS
    while pk := next_due(first):
        if time.monotonic() > end:
            nudge("notifications.tasks.drain", pk)
            return
        send(pk)
        first = pk + 1


def next_due(first):
    again = Q(attempts__gt=0) | ~Q(failure="") | Q(next_at__lt=Now() - JUST_NUDGED)
    due = Mail.objects.due().filter(again, pk__gte=first).order_by("pk")
    return due.values_list("pk", flat=True).first()


@transaction.atomic
def try_again(mails):
    """Send at once what did not go, given up or not; return how many. An erased text cannot.

    The count of attempts goes on, since it tells the workers' attempts apart.
    """
    lost = Q(state__in=[State.REFUSED, State.FAILED]) | Q(state=State.WAITING, attempts__gt=0)
    lost |= Q(state=State.WAITING, failure=Failure.BRAKED)
    rows = mails.filter(lost, sent_at=None).exclude(text="").select_for_update(skip_locked=True)
    keys = [mail.pk for mail in rows.order_by("pk")]
    Mail.objects.filter(pk__in=keys).update(
        state=State.WAITING, failure="", next_at=Now(), waits_since=Now()
    )
    for key in keys:
        nudge("notifications.tasks.send", key)
    return len(keys)


def set_aside():
    """Send nothing that waits or is held, unless staff choose to; return how many there were.

    For a restored backup, whose waiting mails may have gone out after it was made.
    """
    unsent = Mail.objects.filter(state__in=[State.WAITING, State.HELD], sent_at=None)
    unsent.filter(secret=True).update(text="")
    return unsent.update(state=State.FAILED, failure=Failure.SET_ASIDE)


def erase_texts():
    """Erase the texts of what is done with and `MAIL_TEXT_DAYS` old; the rows still tell of it."""
    done = Mail.objects.exclude(state__in=[State.WAITING, State.HELD]).exclude(text="", gist="")
    old = done.filter(created_at__lt=Now() - timedelta(days=settings.MAIL_TEXT_DAYS))
    return old.update(text="", gist="")
