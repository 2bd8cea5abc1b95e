"""What a draft's coordinators are told before the call closes."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from applications.models import Application, Call
from applications.steps import all_missing, steps
from notifications.models import Kind
from notifications.outbox import post

DAYS = (2, 7)  # before the call closes; the nearest first


def remind():
    """Tell each draft's coordinators once for each of `DAYS`; returns how many drafts were due.

    It does not matter when this runs, or how often: a mail's key names the day and the instant at
    which the call closes, so a moved deadline is told anew.
    """
    now = timezone.now()
    return sum(remind_of(call, now) for call in Call.objects.open())


def remind_of(call, now):
    due = (call.closes_at - timedelta(days=days) for days in DAYS)
    for days, since in zip(DAYS, due, strict=True):
        if since <= now:
            # Who has only just begun knows of the deadline.
            drafts = call.applications.filter(state=Application.State.DRAFT, started_at__lt=since)
            rows = list(drafts.select_related("municipality", "call"))
            for application in rows:
                tell(application, days)
            return len(rows)
    return 0


@transaction.atomic
def tell(application, days):
    missing = [one.label for one in all_missing(steps(application))]
    context = {"application": application, "missing": missing}
    for membership in application.memberships.coordinating().select_related("user"):
        closes = f"{application.call.closes_at:%Y%m%d%H%M}"
        key = f"unsent-{application.pk}-{days}-{closes}-{membership.user_id}"
        template = "emails/application_unsent.txt"
        post(membership.user, template, key=key, context=context, kind=Kind.APPLICATION)
