from functools import cached_property

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.domains import MailDomain as MailDomain  # a model of this app, too
from accounts.invitation import Invitation as Invitation  # and this
from accounts.recusals import Recusal as Recusal  # and this
from accounts.roles import RANK, Party, Role, Sector
from accounts.towns import open_to
from municipalities.models import Municipality

SESSION_SALT = "accounts.User.session_era"
STAFF_GROUPS = frozenset({"reviewer", "lead"})
OBSERVERS = "observer"  # the group of ministries and others who follow what is published


class UserManager(BaseUserManager):
    """What Django and allauth need to make users; everything else is a plain query."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do comes from memberships, assignments and staff groups."""

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language of mails and documents"),
        max_length=2,
        choices=settings.LANGUAGES,
        default="fi",
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("project staff"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # Part of what every session is checked against: one more, and all of them have ended.
    session_era = models.PositiveIntegerField(default=0, editable=False)

    FACTORS = ("totp", "webauthn")  # allauth's kinds that are a second step
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email_address"),
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return str(self)

    def _get_session_auth_hash(self, secret=None):
        hashed = super()._get_session_auth_hash(secret=secret)
        if not self.session_era:
            return hashed
        both = f"{hashed} {self.session_era}"
        return salted_hmac(SESSION_SALT, both, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def staff_groups(self):
        """The staff hats this person wears: "reviewer", "lead", both or none."""
        if not (self.is_staff and self.is_active):
            return frozenset()
        return STAFF_GROUPS & set(self.group_names)

    @property
    def is_observer(self):
        return OBSERVERS in self.group_names

    # Of the person who is signed in, the next two come along: `backends.known_people`.

    @cached_property
    def group_names(self):
        return list(self.groups.values_list("name", flat=True))

    @cached_property
    def has_factor(self):
        """Whether there is an authenticator app or a passkey; recovery codes alone are none."""
        return self.authenticator_set.filter(type__in=self.FACTORS).exists()

    @property
    def needs_second_factor(self):
        """Who sees what is not published signs in with a code as well."""
        return (
            self.is_staff
            or self.memberships.current().coordinating().exists()
            or self.assignments.current().exists()
        )


class PeriodQuerySet(models.QuerySet):
    def people(self):
        """Whose they are, by name; whoever may not sign in any more is left out."""
        people = User.objects.filter(is_active=True, pk__in=self.values("user"))
        return people.order_by("name", "email")

    def current(self):
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


class MembershipQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        """Who has which part in the municipalities whose people `user` may see."""
        return self.filter(municipality__in=open_to(user))

    def current(self):
        return super().current().filter(ended_at=None)

    def live(self):
        """Current ones, and those that begin later."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), ended_at=None)

    def editing(self):
        return self.exclude(role=Role.READER)

    def coordinating(self):
        return self.filter(role=Role.COORDINATOR)

    def highest(self):
        """One per person and municipality: a deputy's time counts, not the membership below it."""
        ranks = [When(role=role, then=rank) for role, rank in RANK.items()]
        ranked = self.order_by("user_id", "municipality_id", Case(*ranks).desc(), "pk")
        return ranked.distinct("user_id", "municipality_id")


class Membership(models.Model):
    """A person's hat in one municipality, from `since` to `until` (both days included).

    Beside a membership that goes on, its person may have a time as deputy: a coordinator's with
    a last day. Written by `workflow.memberships`, which sees that somebody always coordinates.
    """

    Role = Role

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="memberships", verbose_name=_("municipality")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    # The defaults lie in the database as well, for what still runs while a new version comes.
    sector = models.CharField(
        _("sector"), max_length=30, choices=Sector, blank=True, default="", db_default=""
    )
    party = models.CharField(
        _("kind of partner"), max_length=30, choices=Party, blank=True, default="", db_default=""
    )
    organisation = models.CharField(
        _("partner's name"), max_length=120, blank=True, default="", db_default=""
    )
    # Ended before its last day: dates alone would let the person in until midnight.
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "municipality"],
                condition=Q(until=None),
                name="one_open_membership_per_person_and_municipality",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="membership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(party="") | ~Q(role="coordinator"),
                name="a_partner_coordinates_nothing",
                violation_error_message=_("A partner's person can be a member or a reader."),
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}: {self.municipality}"

    @property
    def is_deputy(self):
        """A coordinator for a time, for example over somebody's holidays."""
        return self.role == Role.COORDINATOR and self.until is not None

    @property
    def has_ended(self):
        past = self.until is not None and self.until < timezone.localdate()
        return past or self.ended_at is not None


class Assignment(models.Model):
    """An expert's hat for one municipality, from `since` to `until` (both days included)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("person"),
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="assignments", verbose_name=_("municipality")
    )
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert's assignment")
        verbose_name_plural = _("experts' assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="assignment_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.municipality}"


class AccessRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own requests; staff see all."""
        if user.is_anonymous:
            return self.none()
        return self if user.staff_groups else self.filter(user=user)


class AccessRequest(models.Model):
    """A municipality's first person asks to be let in. Its state: `workflow.decide`."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for an answer")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="access_requests",
        verbose_name=_("person"),
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="access_requests", verbose_name=_("municipality")
    )
    post = models.CharField(_("your post in the municipality"), max_length=120)
    reason = models.TextField(_("what you are going to do in the portal"), max_length=1000)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.PENDING, editable=False
    )
    created_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "municipality"],
                condition=Q(state="pending"),
                name="one_waiting_request_per_person_and_municipality",
            )
        ]

    def __str__(self):
        return f"{self.municipality}: {self.user}"


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and upkeep read all, without what they have a conflict of interest with.

        A coordinator reads the own municipality's.
        """
        if user.is_anonymous:
            return self.none()
        own, reviews = user.memberships.current(), Q(action__startswith="review.")
        if user.staff_groups or user.is_superuser:
            # A part in a municipality is a conflict with its reviews that needs no declaration.
            bound = reviews & Q(municipality__in=own.values("municipality"))
            return self.exclude(bound).exclude(target__in=user.recusals.values("target"))
        towns = own.coordinating().values("municipality")
        # Who reviewed the municipality and when is the staff's own business; that there are
        # confidential notes of a visit, the experts'.
        hidden = reviews | Q(action__startswith="note.")
        return self.filter(municipality__in=towns).exclude(hidden)


class AuditEntry(models.Model):
    """Who did what, when, on what, from where. Written by `audit.record`.

    The database refuses to change or to remove an entry (migration 0003); `accounts.sealing` binds
    them into a chain each night.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        REFUSED = "refused", _("refused")

    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="audit_entries",
        verbose_name=_("who"),
    )
    action = models.CharField(_("what"), max_length=80)
    target = models.CharField(_("on what"), max_length=80)  # "applications.application 17"
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        related_name="audit_entries",
        verbose_name=_("municipality"),
    )
    note = models.TextField(_("note"), blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.DONE, editable=False
    )
    address = models.GenericIPAddressField(_("from where"), null=True, editable=False)
    request_id = models.CharField(_("request"), max_length=64, blank=True, editable=False)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["target"], name="audit_by_target")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target}"


class AuditSeal(models.Model):
    """One link of the chain over the audit: a stretch of entries, bound to the link before it."""

    last = models.BigIntegerField(_("last entry"), unique=True)  # its key; the first follows
    entries = models.PositiveIntegerField(_("entries"))
    until = models.DateTimeField(_("newest entry"))
    digest = models.CharField(_("digest of the entries"), max_length=64)
    link = models.CharField(_("link"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed"), auto_now_add=True)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["last"]

    def __str__(self):
        return f"{self.last}: {self.link[:12]}"


class Tally(models.Model):
    """How often something was tried, until the count ends. Kept by `accounts.limits` alone."""

    key = models.CharField(_("key"), max_length=64, primary_key=True)  # of what and whom, hashed
    tries = models.PositiveIntegerField(_("tries"))
    ends_at = models.DateTimeField(_("counted until"), db_index=True)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self):
        return f"{self.key[:12]}: {self.tries}"
