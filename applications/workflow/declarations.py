from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record, target_of
from accounts.workflow import Refused
from applications import permissions
from applications.models import Application, Declaration, Review


@transaction.atomic
def declare(application, *, by, has_conflict, reason=""):
    """Store what `by` says of a conflict of interest. Returns (declaration, changed).

    A conflict takes the application and its review from them. Who said that there is none can
    still find one; the other way round it takes a lead (`lift`). Raises PermissionDenied to
    whoever has the conflict already.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not permissions.can_declare(by, application):
        raise PermissionDenied
    standing = application.declarations.standing().filter(person=by).first()
    if standing and not has_conflict:
        return standing, False
    declaration = standing or Declaration(application=application, person=by)
    declaration.has_conflict, declaration.reason = has_conflict, reason
    declaration.declared_at = timezone.now()
    declaration.save()
    record(action_of(declaration), application, by=by)  # the reason is for the leads alone
    if has_conflict:
        by.recusals.get_or_create(target=target_of(application))
        take_review_from(application, by)
    return declaration, True


def action_of(declaration):
    return f"review.{'conflict_declared' if declaration.has_conflict else 'declared'}"


def take_review_from(application, person):
    """What a person with a conflict wrote counts no more, and others may not read it either."""
    mine = Review.objects.live().filter(application=application, reviewer=person)
    mine.update(ended_at=timezone.now(), handed_in_at=None, score=None)


@transaction.atomic
def declare_all(call, shown, conflicts, *, by):
    """Declare at once on those of a call's applications that the page showed; returns on how many.

    shown: their keys. conflicts: the reason by the application's key; with the others shown there
    is no conflict. What was declared before stays.
    """
    rows = undeclared(call, by).filter(pk__in=shown)
    rows = rows.select_for_update(of=("self",)).order_by("pk")
    applications = list(rows)
    for application in applications:
        if application.pk in conflicts:
            declare(application, by=by, has_conflict=True, reason=conflicts[application.pk])
    clear = [application for application in applications if application.pk not in conflicts]
    Declaration.objects.bulk_create(
        (Declaration(application=one, person=by, has_conflict=False) for one in clear),
        ignore_conflicts=True,  # declared by another window since they were found
    )
    if clear:
        numbers = ", ".join(str(application.pk) for application in clear)
        record("review.declared", call, by=by, note=numbers)
    return len(applications)


def undeclared(call, user):
    """The applications to `call` that `user` knows of as staff and has not declared on."""
    declared = user.declarations.standing().values("application")
    return call.applications.for_staff(user).exclude(pk__in=declared)


@transaction.atomic
def lift(declaration, *, by, reason):
    """Undo another person's mistaken declaration of a conflict. Returns (declaration, changed).

    They declare anew before they read; their review, if they had one, can be given out again.
    """
    rows = Declaration.objects.select_for_update(of=("self",)).select_related("application")
    declaration = rows.get(pk=declaration.pk)
    if not permissions.can_lift(by, declaration):
        raise PermissionDenied
    if declaration.lifted_at:
        return declaration, False
    if not declaration.has_conflict:
        raise Refused(_("Only a declared conflict can be lifted."))
    declaration.lifted_at, declaration.lifted_by = timezone.now(), by
    declaration.lifted_because = reason
    declaration.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    declaration.person.recusals.filter(target=target_of(declaration.application)).delete()
    record("review.conflict_lifted", declaration.application, by=by, note=str(declaration.person))
    return declaration, True
