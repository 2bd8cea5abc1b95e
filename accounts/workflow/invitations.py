"""Letting people in by mail: an invitation is written, sent again, withdrawn and accepted.

The municipality's row is locked as for every act on its people. The link's secret is in the mail
only; the row holds its hash.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.audit import record
from accounts.changes import note_of
from accounts.invitation import expiry, new_token
from accounts.models import AuditEntry, Invitation, Membership, User
from accounts.workflow import Refused, move
from accounts.workflow.memberships import check_manager, holding, tell
from notifications.models import Kind
from notifications.outbox import post

State = Invitation.State
TERMS = ("role", "sector", "party", "organisation")
SENDING = ("invitation.sent", "invitation.sent_again")
MOMENT = timedelta(minutes=1)  # within it, "send again" is a second click

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.OPEN, State.ACCEPTED): permissions.can_accept,
    (State.OPEN, State.REVOKED): permissions.can_revoke,
}


class Closed(Refused):
    """The invitation cannot be accepted any more, or not by a person who is in already."""


def known(town, addresses):
    """Which of the lower-case `addresses` are in already ("member") or are invited ("open")."""
    members = town.memberships.live().filter(user__email__in=addresses)
    found = dict.fromkeys(town.invitations.open().values_list("email", flat=True), "open")
    found |= dict.fromkeys(members.values_list("user__email", flat=True), "member")
    return {address: found[address] for address in addresses if address in found}


@transaction.atomic
def invite(town, people, *, by):
    """Write an invitation with its mail for each of `people`, or for none.

    people: fields of `Invitation` by name. Returns how many were written; whoever is in already
    or has an open invitation, also one of a moment ago, is left as they are.
    Raises PermissionDenied without the right, Refused above the day's number.
    """
    with holding(town.pk) as town:
        for person in people:
            check_manager(by, town, person["role"])
        there = known(town, [person["email"] for person in people])
        new = [person for person in people if person["email"] not in there]
        check_number(town, len(new), by)
        for person in new:
            token, digest = new_token()
            fields = person | {"municipality": town, "invited_by": by, "token_hash": digest}
            invitation = Invitation.objects.create(**fields)
            terms = {name: person.get(name) for name in TERMS}
            entry = record("invitation.sent", invitation, by=by, note=note_of({}, terms))
            send(invitation, token, entry)
    return len(new)


def check_number(town, number, by):
    """Refuse what goes above the number of invitations within 24 hours; counted under the lock."""
    lead = "lead" in by.staff_groups
    most = settings.INVITATIONS_A_DAY_BY_STAFF if lead else settings.INVITATIONS_A_DAY
    since = timezone.now() - timedelta(days=1)
    sent = AuditEntry.objects.filter(municipality=town, action__in=SENDING, at__gt=since).count()
    if number and sent + number > most:
        raise Refused(
            _(
                "At most %(most)s invitations leave from a municipality within 24 hours, and"
                " %(sent)s have left. Nothing was sent; try again tomorrow."
            )
            % {"most": most, "sent": sent}
        )


@dataclass(frozen=True)
class Addressee:
    """Somebody without an account, as a mail needs them."""

    email: str
    name: str
    language: str


def addressee(invitation):
    """Whom the mail goes to: a known person, in their own language, or just the address."""
    known_one = User.objects.filter(email=invitation.email).first()
    name = invitation.get_full_name()
    return known_one or Addressee(invitation.email, name, invitation.language)


def send(invitation, token, entry):
    """Mail the link, whose secret nothing else holds."""
    context = {"invitation": invitation, "municipality": invitation.municipality, "token": token}
    key = f"invitation-{entry.pk}"
    receiver = addressee(invitation)
    template = "emails/invitation.txt"
    post(receiver, template, key=key, context=context, kind=Kind.INVITATION, secret=True)


@transaction.atomic
def send_again(invitation, *, by):
    """Mail a new link; the old one is dead. Returns (row, changed)."""
    with holding(invitation.municipality_id) as town:
        check_manager(by, town, invitation.role)
        invitation = locked(invitation)
        if not invitation.is_open:
            raise Refused(
                _("Nothing was changed: it is now “%s”.") % invitation.get_state_display()
            )
        if invitation.sent_at > timezone.now() - MOMENT:
            return invitation, None
        check_number(town, 1, by)
        token, invitation.token_hash = new_token()
        invitation.sent_at, invitation.expires_at = timezone.now(), expiry()
        invitation.save(update_fields=["token_hash", "sent_at", "expires_at"])
        entry = record("invitation.sent_again", invitation, by=by)
        send(invitation, token, entry)
    return invitation, entry


def locked(invitation):
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("municipality")
    return rows.get(pk=invitation.pk)


@transaction.atomic
def revoke(invitation, *, by):
    """Withdraw an open invitation: its link is dead, and the address is told. (row, changed)."""
    with holding(invitation.municipality_id):
        invitation, changed = move(invitation, State.REVOKED, MOVES, by=by)
        if changed:
            context = {"municipality": invitation.municipality}
            key = f"invitation-{changed.pk}"
            template = "emails/invitation_revoked.txt"
            receiver = addressee(invitation)
            post(receiver, template, key=key, context=context, kind=Kind.INVITATION)
    return invitation, changed


@transaction.atomic
def accept(invitation, digest, *, by):
    """Make the invited person a member on the row's terms, once. Returns the membership.

    digest: the hash of the link's secret, which the session brought along.
    Raises PermissionDenied for whoever has not proved to own the address, Closed with the reason
    where the invitation is used, withdrawn, expired, replaced, or the person is in already.
    """
    with holding(invitation.municipality_id) as town:
        invitation = locked(invitation)
        check_open(invitation, digest, by)
        invitation, _changed = move(invitation, State.ACCEPTED, MOVES, by=by)
        if town.memberships.live().filter(user=by).exists():
            raise Closed(_("You have a part in %s already.") % town.name)
        since, until = invitation.period
        if until and until < since:
            raise Closed(_("The time that the invitation was for is over."))
        terms = {name: getattr(invitation, name) for name in TERMS}
        terms |= {"since": since, "until": until}
        membership = Membership.objects.create(user=by, municipality=town, **terms)
        invitation.membership = membership
        invitation.save(update_fields=["membership"])
        entry = record("membership.created", membership, by=by, note=note_of({}, terms))
        tell("membership_created", membership, entry)
        tell("invitation_accepted", membership, entry, to=invitation.invited_by)
    return membership


def check_open(invitation, digest, user):
    """Raise Closed, with a sentence for `user`, unless the link can be used now."""
    if invitation.state == State.ACCEPTED and was_accepted_by(user, invitation):
        raise Closed(_("You have accepted this invitation already."))
    if invitation.state == State.ACCEPTED:
        raise Closed(_("This invitation has been used. Each works once."))
    if invitation.state == State.REVOKED:
        raise Closed(_("This invitation was withdrawn by those who sent it."))
    if not constant_time_compare(invitation.token_hash, digest):
        raise Closed(_("This invitation was sent again. Open the link in the newest message."))
    if invitation.has_expired:
        raise Closed(_("This invitation has expired. Ask for a new one."))


def was_accepted_by(user, invitation):
    return invitation.membership is not None and invitation.membership.user_id == user.pk
