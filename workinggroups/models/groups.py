from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Sector
from applications.models import Participation
from applications.words import AREAS
from workinggroups.areas import areas_of
from workinggroups.models.parties import GroupKind, PartyKind


class WorkingGroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own municipality's people, its assigned experts, and staff. Views start here."""
        return self.filter(participation__in=Participation.objects.visible_to(user))

    def with_town(self):
        return self.select_related("participation__municipality", "participation__project")

    def with_counts(self):
        """Add `member_count` and `open_tasks` of now, and `next_meeting_at` or None, for lists."""
        today = timezone.localdate()
        current = Q(members__since__lte=today) & (
            Q(members__until=None) | Q(members__until__gte=today)
        )
        coming = WorkingGroup.objects.filter(pk=OuterRef("pk"), meetings__ends_at__gte=Now())
        first = coming.order_by("meetings__starts_at").values("meetings__starts_at")[:1]
        return self.annotate(
            member_count=Count("members", filter=current, distinct=True),
            open_tasks=Count("tasks", filter=Q(tasks__done_at=None), distinct=True),
            next_meeting_at=Subquery(first),
        )


class WorkingGroup(models.Model):
    """A municipality's cross-sector working group, or a delegation, appointed for a term."""

    Kind = GroupKind

    participation = models.ForeignKey(
        Participation,
        models.PROTECT,
        related_name="groups",
        verbose_name=gettext_lazy("participation"),
    )
    kind = models.CharField(
        gettext_lazy("kind"), max_length=20, choices=Kind, default=Kind.WORKING_GROUP
    )
    name = models.CharField(gettext_lazy("name of the group"), max_length=120, blank=True)
    purpose = models.TextField(gettext_lazy("what the group is for"), max_length=2000, blank=True)
    founded_on = models.DateField(gettext_lazy("founded"), default=timezone.localdate)
    appointing_body = models.CharField(gettext_lazy("appointing body"), max_length=160, blank=True)
    term_since = models.DateField(gettext_lazy("term of office begins"), null=True, blank=True)
    term_until = models.DateField(gettext_lazy("term of office ends"), null=True, blank=True)

    objects = WorkingGroupQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("working group")
        verbose_name_plural = gettext_lazy("working groups")
        ordering = ["participation__municipality__sort_fi", "-kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(kind="working_group"),
                name="one_working_group_per_participation",
            ),
            models.UniqueConstraint(
                "participation",
                Lower("name"),
                condition=Q(kind="delegation"),
                name="one_delegation_per_name",
            ),
            models.CheckConstraint(
                condition=Q(term_until=None) | Q(term_until__gt=F("term_since")),
                name="term_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind="delegation")
                | ~Q(name="")
                & ~Q(appointing_body="")
                & Q(term_since__isnull=False, term_until__isnull=False),
                name="a_delegation_is_appointed_for_a_term",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workinggroups:detail", args=[self.pk])

    @property
    def title(self):
        return self.name or _("Cross-sector working group of %s") % self.municipality.name

    @property
    def municipality(self):
        return self.participation.municipality

    @property
    def municipality_id(self):
        return self.participation.municipality_id

    @property
    def is_delegation(self):
        return self.kind == self.Kind.DELEGATION

    @property
    def term_is_over(self):
        return self.term_until is not None and self.term_until < timezone.localdate()


class GroupMemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=WorkingGroup.objects.visible_to(user))

    def current(self, day=None):
        """Who belongs to the group on `day`, today without one."""
        day = day or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def with_people(self):
        return self.select_related("user", "party_kind")


class GroupMember(models.Model):
    """Somebody in a group from `since` to `until`, with or without an account.

    What a member may do in the portal comes from the membership of the municipality, not from here.
    user: the account, once there is one: see `workflow.members.link_accounts`.
    """

    class Role(models.TextChoices):
        CHAIR = "chair", gettext_lazy("chairperson")
        VICE_CHAIR = "vice_chair", gettext_lazy("vice-chairperson")
        SECRETARY = "secretary", gettext_lazy("secretary")
        MEMBER = "member", gettext_lazy("member")
        SUBSTITUTE = "substitute", gettext_lazy("substitute member")

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="group_memberships",
        verbose_name=gettext_lazy("account"),
    )
    name = models.CharField(gettext_lazy("name"), max_length=120)
    organisation = models.CharField(
        gettext_lazy("organisation or unit"), max_length=120, blank=True
    )
    party_kind = models.ForeignKey(
        PartyKind,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=gettext_lazy("kind of party"),
    )
    sector = models.CharField(gettext_lazy("sector"), max_length=30, choices=Sector, blank=True)
    role = models.CharField(
        gettext_lazy("role in the group"), max_length=20, choices=Role, default=Role.MEMBER
    )
    # Only where it differs from what the sector says: see `areas`.
    policy_areas = ArrayField(
        models.CharField(max_length=30, choices=AREAS),
        default=list,
        blank=True,
        verbose_name=gettext_lazy("policy areas"),
    )
    since = models.DateField(gettext_lazy("from"), default=timezone.localdate)
    until = models.DateField(gettext_lazy("until"), null=True, blank=True)
    email = models.EmailField(gettext_lazy("email address"), blank=True)
    language = models.CharField(
        gettext_lazy("language of the mails"),
        max_length=2,
        choices=settings.LANGUAGES,
        default="fi",
    )

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("member of a group")
        verbose_name_plural = gettext_lazy("members of groups")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "group",
                Lower("email"),
                condition=Q(until=None) & ~Q(email=""),
                name="one_open_place_per_address_and_group",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="group_member_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def municipality(self):
        return self.group.municipality

    @property
    def municipality_id(self):
        return self.group.municipality_id

    @property
    def areas(self):
        """The codes of the policy areas that the member covers."""
        return areas_of(self.sector, self.policy_areas)

    @property
    def area_names(self):
        return [AREAS[code] for code in self.areas]

    @property
    def is_current(self):
        return not self.comes_later and not self.has_left

    @property
    def comes_later(self):
        return self.since > timezone.localdate()

    @property
    def has_left(self):
        return self.until is not None and self.until < timezone.localdate()
