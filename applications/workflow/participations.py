from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from applications import permissions
from applications.models import Participation


def take_in(application, by):
    participation = Participation.objects.create(
        project=application.call.project,
        municipality=application.municipality,
        call=application.call,
        application=application,
        joined_on=timezone.localdate(),
    )
    record("participation.started", participation, by=by)


@transaction.atomic
def add_late_joiner(participation, *, by):
    """Store a participation outside any call, with its audit entry."""
    if not permissions.can_add_late_joiner(by):
        raise PermissionDenied
    participation.joined_late = True
    participation.save()
    record("participation.started", participation, by=by, note="joined late")
    return participation
