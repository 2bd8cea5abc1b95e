"""Summaries: what a person wants once a day or once a week is held as rows, then sent as one."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation

from notifications.models import Kind, Mail, Preference, Rhythm
from notifications.outbox import nudge, preferences_url, render, rhythms_of, standing, write

TEMPLATE = "emails/digest.txt"


def gather():
    """Have a summary written for everybody whose held mails are due."""
    due = Mail.objects.held().filter(next_at__lte=Now())
    for person in due.order_by("user").values_list("user", flat=True).distinct():
        nudge("notifications.tasks.write_digest", person)


@transaction.atomic
def write_digest(user_id):
    """Put a person's due mails into one; twice at once or again, and it is still one.

    The lock makes the second see that nothing is held any more. The key is that of the first mail
    inside, so one that was committed late gets a summary of its own rather than none.
    """
    due = Mail.objects.held().filter(user=user_id, next_at__lte=Now())
    mails = list(due.select_for_update(of=("self",)).select_related("user").order_by("pk"))
    if not mails:
        return None
    user = mails[0].user
    with translation.override(user.language):
        context = {"user": user, "mails": mails, "site_url": settings.SITE_URL}
        subject, text = render(TEMPLATE, context | {"preferences_url": preferences_url()})
    key = f"digest-{mails[0].pk}"
    fields = {"kind": Kind.DIGEST, "user": user}
    digest = write(user.email, user.language, subject, text, key=key, **fields)
    gathered = Mail.objects.filter(pk__in=[mail.pk for mail in mails])
    gathered.update(state=Mail.State.GATHERED, digest=digest)
    return digest


@transaction.atomic
def choose(user, rhythms):
    """Store how often `user` wants each kind of mail; what is held follows the new choice.

    rhythms: kind to rhythm. At once: it leaves now. Off: it is dropped. Else it waits for the
    next summary of the new rhythm.
    """
    before = rhythms_of(user)
    for kind, rhythm in rhythms.items():
        if rhythm != before[kind]:
            values = {"rhythm": rhythm}
            Preference.objects.update_or_create(user=user, kind=kind, defaults=values)
            release(user, kind, rhythm)


def release(user, kind, rhythm):
    held = user.mails.held().filter(kind=kind).select_for_update().order_by("pk")
    keys = list(held.values_list("pk", flat=True))
    fields = standing(rhythm)
    if rhythm == Rhythm.NOW:
        fields |= {"next_at": Now(), "waits_since": Now()}
    Mail.objects.filter(pk__in=keys).update(**fields)
    if rhythm == Rhythm.NOW:
        for key in keys:
            nudge("notifications.tasks.send", key)
