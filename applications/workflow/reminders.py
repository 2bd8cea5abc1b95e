"""Mails to reviewers about what is not handed in: before the day, after it, at a lead's wish."""

from collections import Counter
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications import permissions
from applications.models import Application, Call, Review
from notifications.models import Kind, Mail
from notifications.outbox import post

DAYS_BEFORE = 3


@transaction.atomic
def remind_of_dates():
    """Remind each reviewer once before a due date comes, and once when it has passed."""
    today = timezone.localdate()
    soon = today + timedelta(days=DAYS_BEFORE)
    waiting = Review.objects.to_do().filter(due_on__isnull=False)
    remind(waiting.filter(due_on__gte=today, due_on__lte=soon), "soon")
    remind(waiting.filter(due_on__lt=today), "late")


@transaction.atomic
def remind_all(call, *, by):
    """Remind everybody who has something to do for `call`; returns how many mails are new.

    The second time on a day nobody gets another one. Raises PermissionDenied without the right.
    """
    if not permissions.can_assign(by, call):
        raise PermissionDenied
    waiting = Review.objects.to_do().filter(application__call=call)
    new = remind(waiting, f"asked-{timezone.localdate():%Y%m%d}")
    if new:
        record("review.reminded", call, by=by, note=str(new))
    return new


def remind(waiting, occasion):
    """One mail for each reviewer, call and due date of `waiting`; returns how many are new."""
    people = User.objects.in_bulk(set(waiting.values_list("reviewer", flat=True)))
    counts = Counter()
    for person in people.values():
        counts.update(seen_by(person, waiting))
    calls = Call.objects.in_bulk({call for _person, call, _due in counts})
    keys = {key_of(occasion, *group): group for group in sorted(counts, key=str)}
    known = set(Mail.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, (person, call, due_on) in keys.items():
        if key not in known:
            number = counts[person, call, due_on]
            context = {"call": calls[call], "count": number, "due_on": due_on}
            context["late"] = due_on is not None and due_on < timezone.localdate()
            template = "emails/review_due.txt"
            post(people[person], template, key=key, context=context, kind=Kind.STAFF)
    return len(keys.keys() - known)


def seen_by(person, waiting):
    """(person, call, due date) of each that `person` sees: one with a conflict cannot be done."""
    mine = waiting.filter(reviewer=person, application__in=Application.objects.for_staff(person))
    return mine.values_list("reviewer", "application__call", "due_on")


def key_of(occasion, person, call, due_on):
    return f"review-{occasion}-{call}-{person}-{due_on}"
