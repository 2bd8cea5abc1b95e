"""Who has which part in a municipality: given, changed, lent, handed over and ended.

Every act locks the municipality's row first, so that two acts on its people never overlap, and
reads the actor's own part after that: who was removed a moment ago removes nobody.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import coverage, permissions
from accounts.audit import record
from accounts.changes import note_of
from accounts.models import AuditEntry, Invitation, Membership
from accounts.roles import Role
from accounts.workflow import Refused
from municipalities.models import Municipality
from notifications.outbox import post

FIELDS = ("role", "sector", "party", "organisation", "since", "until")


@contextmanager
def holding(town):
    """Lock the people of a municipality (its key). One that had a coordinator has one afterwards.

    Belongs inside a transaction. Raises Refused at the end, which undoes what was done meanwhile.
    """
    # Without the key's lock: what merely points at the municipality goes on being stored.
    rows = Municipality.objects.select_for_update(of=("self",), no_key=True)
    town = rows.get(pk=town)
    coordinators = town.memberships.current().coordinating()
    had_one = coordinators.exists()
    yield town
    if had_one and not coordinators.all().exists():
        raise Refused(
            _("%s would be left without a coordinator. Give the coordination to somebody first.")
            % town.name
        )


def fresh(membership):
    """The row as it is now, after the lock."""
    rows = Membership.objects.select_related("user", "municipality")
    return rows.get(pk=membership.pk)


def check_manager(user, town, role=None):
    if not permissions.can_manage(user, town):
        raise PermissionDenied
    if role is not None and not permissions.can_give(user, town, role):
        raise PermissionDenied


def check_beside(membership):
    """Refuse a second part at the same time, unless one of the two is a deputy's."""
    others = membership.municipality.memberships.live().filter(user=membership.user_id)
    for other in others.exclude(pk=membership.pk):
        if overlap(membership, other) and membership.is_deputy == other.is_deputy:
            raise Refused(
                _("%s has a part in the municipality already in that time.") % membership.user
            )


def overlap(one, other):
    def begins_in_time(first, second):
        return second.until is None or first.since <= second.until

    return begins_in_time(one, other) and begins_in_time(other, one)


@transaction.atomic
def add(town, user, values, *, by):
    """Give `user` a part in the municipality without an invitation: leads do, in the admin."""
    with holding(town.pk) as town:
        check_manager(by, town, values["role"])
        membership = Membership(user=user, municipality=town, **values)
        check_beside(membership)
        membership.save()
        entry = record("membership.created", membership, by=by, note=note_of({}, values))
        tell("membership_created", membership, entry)
    return membership


@transaction.atomic
def change(membership, values, *, by):
    """Store other `values` (of FIELDS) for a part. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where it has ended, would lie beside
    another one, or would leave the municipality without a coordinator today.
    """
    with holding(membership.municipality_id) as town:
        membership = fresh(membership)
        check_manager(by, town, values.get("role", membership.role))
        if membership.has_ended:
            raise Refused(_("This membership has ended. Invite the person again."))
        before = {name: getattr(membership, name) for name in FIELDS}
        changed = {name: value for name, value in values.items() if before[name] != value}
        if not changed:
            return membership, None
        for name, value in changed.items():
            setattr(membership, name, value)
        check_beside(membership)
        membership.save(update_fields=[*changed])
        entry = record("membership.changed", membership, by=by, note=note_of(before, changed))
        tell("membership_changed", membership, entry)
    return membership, entry


@transaction.atomic
def appoint_deputy(membership, since, until, *, by):
    """Let the person coordinate as well from `since` to `until`. Returns (the time's row, changed).

    Raises PermissionDenied without the right; Refused for a partner's person, for somebody whose
    own membership does not reach so far, and for whoever coordinates then anyway.
    """
    with holding(membership.municipality_id) as town:
        base = fresh(membership)
        check_manager(by, town, Role.COORDINATOR)
        terms = {"role": Role.COORDINATOR, "since": since, "until": until}
        same = town.memberships.live().filter(user=base.user, **terms).first()
        if same:
            return same, None
        if base.role == Role.COORDINATOR:
            raise Refused(_("%s is a coordinator already.") % base.user)
        if base.has_ended or base.party or base.since > since or not reaches(base, until):
            raise Refused(
                _("A deputy is a member for all of that time, and does not come from a partner.")
            )
        deputy = Membership(user=base.user, municipality=town, sector=base.sector, **terms)
        check_beside(deputy)
        deputy.save()
        entry = record("membership.deputised", deputy, by=by, note=note_of({}, terms))
        tell("membership_deputised", deputy, entry)
    return deputy, entry


def reaches(membership, day):
    return membership.until is None or membership.until >= day


@transaction.atomic
def end(membership, *, by):
    """End a part at once. Returns (row, changed).

    With a person's own membership also their time as deputy ends, and what invites them again.
    Raises PermissionDenied without the right, Refused for the only coordinator.
    """
    with holding(membership.municipality_id) as town:
        membership = fresh(membership)
        check_manager(by, town)
        if membership.has_ended:
            return membership, None
        entry = close(membership, by=by)
        tell("membership_ended", membership, entry)
        if not membership.is_deputy:
            for other in town.memberships.live().filter(user=membership.user):
                close(other, by=by)
            for invitation in invited(town, membership.user):
                invitation.state = Invitation.State.REVOKED
                invitation.save(update_fields=["state"])
                record("invitation.revoked", invitation, by=by)
    return membership, entry


def invited(town, user):
    return town.invitations.open().filter(email__iexact=user.email)


def close(membership, *, by):
    today = timezone.localdate()
    membership.until = max(membership.since, min(membership.until or today, today))
    membership.ended_at = timezone.now()
    membership.save(update_fields=["until", "ended_at"])
    return record("membership.ended", membership, by=by)


@transaction.atomic
def hand_over(membership, *, by, stays):
    """Make the member coordinator in the place of `by`, in one act. Returns (row, changed).

    stays: whether `by` goes on as a member; else `by` leaves. Both are mailed.
    Raises PermissionDenied for whoever does not coordinate here or cannot give it to this person.
    """
    with holding(membership.municipality_id) as town:
        heir = own_row(fresh(membership))
        coordinates = permissions.coordinates(by, town)
        if not coordinates and did(by, "membership.handed_over", heir.pk):
            return heir, None
        if not permissions.can_hand_over(by, heir):
            raise PermissionDenied
        before = {"role": heir.role, "until": heir.until}
        heir.role, heir.until = Role.COORDINATOR, None
        give_up(town, by, stays=stays)
        end_times_as_deputy(town, heir)
        heir.since = min(heir.since, timezone.localdate())
        heir.save(update_fields=["role", "since", "until"])
        note = note_of(before, {"role": heir.role, "until": heir.until})
        entry = record("membership.handed_over", heir, by=by, note=note)
        context = {"giver": by, "stays": stays}
        tell("coordination_received", heir, entry, **context)
        tell("coordination_given", heir, entry, to=by, **context)
    return heir, entry


def own_row(membership):
    """The membership that a time as deputy lies beside; any other row is its own."""
    rows = membership.municipality.memberships.live().filter(user=membership.user)
    beside = rows.exclude(pk=membership.pk).select_related("user", "municipality").first()
    return beside if membership.is_deputy and beside else membership


def did(user, action, pk):
    """Has `user` done this to the membership already? A second click is told so."""
    target = f"{Membership._meta.label_lower} {pk}"
    return AuditEntry.objects.filter(by=user, action=action, target=target).exists()


def give_up(town, user, *, stays):
    """End the coordination of `user`; a coordinator who stays is a member from now on."""
    for own in town.memberships.live().filter(user=user):
        if not stays or own.is_deputy:
            close(own, by=user)
        elif own.role == Role.COORDINATOR:
            own.role = Role.MEMBER
            own.save(update_fields=["role"])
            note = note_of({"role": Role.COORDINATOR}, {"role": Role.MEMBER})
            record("membership.changed", own, by=user, note=note)


def end_times_as_deputy(town, heir):
    """Who coordinates from now on needs no time as deputy beside it."""
    for other in town.memberships.live().filter(user=heir.user).exclude(pk=heir.pk):
        close(other, by=None)


def tell(template, membership, entry, *, to=None, **context):
    """Mail the person about their part, in their language, in the transaction of the act."""
    receiver = to or membership.user
    context |= {"membership": membership, "municipality": membership.municipality, "by": entry.by}
    post(
        receiver,
        f"emails/{template}.txt",
        key=f"{template}-{entry.pk}-{receiver.pk}",
        context=context,
    )


def gaps():
    """Municipalities with people, whose coordination ends soon: {municipality's key: first day}."""
    rows = Membership.objects.live().values_list("municipality", "role", "since", "until")
    periods = {}
    for town, role, since, until in rows:
        periods.setdefault(town, []).extend([(since, until)] if role == Role.COORDINATOR else [])
    days = {town: gap_of(periods[town]) for town in periods}
    return {town: day for town, day in days.items() if day}


def gap_of(periods):
    """The first day without a coordinator that is near enough to be told, or None."""
    return coverage.first_gap(periods, timezone.localdate(), settings.COORDINATOR_WARNING_DAYS)


@transaction.atomic
def warn(town, day):
    """Tell the coordinators of today from which day on nobody coordinates; once for each day."""
    coordinators = town.memberships.current().coordinating().select_related("user")
    last_day = day - timedelta(days=1)
    for membership in coordinators:
        key = f"coordination_ends-{town.pk}-{day}-{membership.user_id}"
        context = {"municipality": town, "last_day": last_day}
        post(membership.user, "emails/coordination_ends.txt", key=key, context=context)
