"""Ending sessions: of one's own elsewhere, of everywhere, and of another person by the staff.

A session is checked against its person's `session_era` with every request; one more era, and all
the sessions of before have ended at once, whatever rows or caches still hold them.
"""

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F

from accounts.audit import record
from accounts.models import User


@transaction.atomic
def end_all(user, *, by, note=""):
    """End every session of `user`, also the present one."""
    User.objects.filter(pk=user.pk).update(session_era=F("session_era") + 1)
    user.refresh_from_db(fields=["session_era"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    record("user.sessions_ended", user, by=by, note=note)


@transaction.atomic
def end_others(request, note=""):
    """End the sessions of whoever asks, but not this one, which goes on under a new key."""
    end_all(request.user, by=request.user, note=note)
    update_session_auth_hash(request, request.user)
    UserSession.objects.create_from_request(request)
