"""Writing mails: a row in the transaction of what it tells of. `sending` takes it from there."""

import secrets
import time
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from notifications.models import OFFERED, Kind, Mail, Rhythm
from notifications.plain import one_line, plain
from notifications.timing import next_digest


@dataclass
class Line:
    """The way to the broker, as this process has found it."""

    silent_until: float = 0.0  # by `time.monotonic`


LINE = Line()


def nudge(task, key):
    """Start `task(key)` after the commit. If the broker is down, the sweeper starts it later.

    A broker that has just failed is left alone for half the sweeper's interval: who hands in a
    questionnaire waits once for one that is frozen, not once for each report and mail.

    By name, so that a web process never imports a task. `robust`: an error is logged, not shown;
    it wants a real function, for Django's log line asks a partial for its name and fails.
    """

    def send():
        if time.monotonic() < LINE.silent_until:
            return
        try:
            current_app.send_task(task, [key], retry=False)
        except Exception:
            LINE.silent_until = time.monotonic() + settings.SWEEP_SECONDS / 2
            raise

    transaction.on_commit(send, robust=True)


def post(user, template, *, key, context, kind=Kind.DECISION, secret=False):
    """Write a mail to `user`, in their language and rhythm; the same key twice is one mail.

    user: or whoever has `email`, `name` and `language`, such as somebody without an account.
    template: its first line is the subject, the rest the text. Values from people are shown as
    they are, never read as a template; names go through `|one_line`. kind: without one it is a
    decision, which nobody can switch off. secret: the text is erased once it is sent.
    """
    rhythm = rhythm_of(user, kind)
    context = {"user": user, "site_url": settings.SITE_URL} | context
    with translation.override(user.language):
        context["preferences_url"] = preferences_url() if kind in OFFERED else ""
        subject, text = render(template, context)
        gist = render(template, context | {"in_digest": True})[1] if is_held(rhythm) else ""
    person = user if isinstance(user, get_user_model()) else None
    fields = {"kind": kind, "user": person, "secret": secret, "gist": plain(gist).strip()}
    return write(user.email, user.language, subject, text, key=key, **fields | standing(rhythm))


def enqueue(to, language, subject, text, *, key=None, secret=False, kind=Kind.SECURITY):
    """Write a ready-worded mail that leaves at once; without a key it is one of its own."""
    key = key or secrets.token_hex(16)
    return write(to, language, subject, text, key=key, secret=secret, kind=kind)


def write(to, language, subject, words, *, key, **fields):
    fields = {
        "to": to,
        "language": language,
        "subject": one_line(subject)[:200],  # no header can be slipped in
        "text": plain(words).strip() + "\n",
    } | fields
    mail, created = Mail.objects.get_or_create(key=key, defaults=fields)
    if created and mail.state == Mail.State.WAITING:
        nudge("notifications.tasks.send", mail.pk)
    return mail


def render(template, context):
    subject, text = render_to_string(template, context).strip().split("\n", 1)
    return subject, text


def preferences_url():
    """Where the reader of a mail chooses how often such mails come."""
    return settings.SITE_URL + reverse("notifications:preferences")


def rhythm_of(user, kind):
    """How often `user` gets mails of `kind`: as chosen, if the kind still offers it.

    Whoever may not sign in any more gets none: their parts may still stand in a municipality.
    """
    if not getattr(user, "is_active", True):
        return Rhythm.OFF
    return rhythms_of(user)[kind] if kind in OFFERED else Rhythm.NOW


def rhythms_of(user):
    """How often `user` gets the mails of each kind that offers a choice."""
    chosen = dict(user.mail_preferences.values_list("kind", "rhythm"))
    return {
        kind: chosen[kind] if chosen.get(kind) in offered else offered[0]
        for kind, offered in OFFERED.items()
    }


def is_held(rhythm):
    return rhythm in {Rhythm.DAILY, Rhythm.WEEKLY}


def standing(rhythm):
    """How a mail begins, or goes on, for who wants its kind in `rhythm`: fields of the row."""
    if rhythm == Rhythm.OFF:
        return {"state": Mail.State.UNWANTED, "text": "", "gist": ""}
    if is_held(rhythm):
        zone = timezone.get_default_timezone()
        when = next_digest(timezone.now(), zone, weekly=rhythm == Rhythm.WEEKLY)
        return {"state": Mail.State.HELD, "next_at": when}
    return {"state": Mail.State.WAITING}
