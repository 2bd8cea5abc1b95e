import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Party, Role, Sector
from accounts.towns import working_in
from municipalities.models import Municipality


def new_token():
    """A secret of 256 random bits for a link, and its hash, which alone is stored."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token):
    # The token is random, so one round without a salt gives nothing away.
    return hashlib.sha256(token.encode()).hexdigest()


def expiry():
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A municipality's people see whom it has invited, and so do the staff; experts do not."""
        return self.filter(municipality__in=working_in(user))

    def open(self):
        """Neither accepted nor withdrawn; also those that have expired, to be sent again."""
        return self.filter(state=Invitation.State.OPEN)


class Invitation(models.Model):
    """A part in a municipality, offered to one address. Its state: `workflow.invitations`."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        REVOKED = "revoked", pgettext_lazy("invitation", "withdrawn")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="invitations", verbose_name=_("municipality")
    )
    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language of the invitation"), max_length=2, choices=settings.LANGUAGES, default="fi"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    sector = models.CharField(_("sector"), max_length=30, choices=Sector, blank=True)
    party = models.CharField(_("kind of partner"), max_length=30, choices=Party, blank=True)
    organisation = models.CharField(_("partner's name"), max_length=120, blank=True)
    since = models.DateField(_("from"), null=True, blank=True)  # None: from the day of acceptance
    until = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.OPEN, editable=False
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="invitations",
        verbose_name=_("invited by"),
        editable=False,
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"), default=expiry, editable=False)
    membership = models.OneToOneField(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "municipality",
                condition=Q(state="open"),
                name="one_open_invitation_per_address_and_municipality",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=models.F("since")),
                name="invitation_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(party="") | ~Q(role="coordinator"),
                name="an_invited_partner_coordinates_nothing",
            ),
        ]

    def __str__(self):
        return f"{self.municipality}: {self.email}"

    def get_full_name(self):
        return self.name or self.email

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def has_expired(self):
        return self.is_open and self.expires_at <= timezone.now()

    @property
    def period(self):
        """From when until when, if it is accepted now."""
        today = timezone.localdate()
        return max(self.since or today, today), self.until
