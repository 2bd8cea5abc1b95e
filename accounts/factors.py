"""The second factor: who has one, and who may take a lost one away."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import permissions, sessions
from accounts.audit import record
from accounts.models import User
from notifications.models import Kind
from notifications.outbox import post

# In the session, the key of the person whom a municipality's sign-in service asked for two factors.
BY_PROVIDER = "second_factor_by_provider"


def given_by_provider(request, user):
    """Whether the sign-in service of this session's sign-in has asked for both factors itself."""
    return user is not None and request.session.get(BY_PROVIDER) == user.pk


@transaction.atomic
def reset(person, *, by, reason):
    """Remove all factors of someone who lost them, end their sessions and tell them.

    Returns whether there was anything to remove; a second click finds nothing and tells nobody.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not permissions.can_reset_factor(by, person):
        raise PermissionDenied
    removed, _models = Authenticator.objects.filter(user=person).delete()
    if not removed:
        return False
    entry = record("factor.reset", person, by=by, note=reason)
    sessions.end_all(person, by=by)
    context = {"by": by, "reason": reason}
    key, template = f"factor-reset-{entry.pk}", "emails/factor_reset.txt"
    post(person, template, key=key, context=context, kind=Kind.SECURITY)
    return True
