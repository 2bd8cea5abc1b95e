from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.workflow import Refused
from applications import permissions
from applications.models import Announcement
from applications.workflow import receivers
from notifications.models import Kind
from notifications.outbox import post

State = Announcement.State
RULES = {(State.DRAFT, State.SENT): permissions.can_announce}


def people(announcement):
    """Who gets it if it is sent now."""
    return receivers.of_audience(announcement.call, announcement.audience)


@transaction.atomic
def send(announcement, *, by):
    """Mail it to everybody of its audience, each in their language. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where there is nobody to get it.
    """
    told = list(people(announcement))
    stamps = {"sent_at": timezone.now(), "sent_by": by, "receivers": len(told)}
    announcement, changed = workflow.move(announcement, State.SENT, RULES, by=by, **stamps)
    if changed:
        if not told:
            raise Refused(_("Nobody would get this message now, so it was not sent."))
        for person in told:
            tell(person, announcement)
    return announcement, changed


def tell(person, announcement):
    """Kind: a decision, which nobody can switch off."""
    key = f"announcement-{announcement.pk}-{person.pk}"
    context = {"announcement": announcement}
    post(person, "emails/announcement.txt", key=key, context=context, kind=Kind.DECISION)
