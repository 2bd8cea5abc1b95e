from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.towns import open_to
from applications.models import Participation
from drafting.models import Versioned
from indexanalysis.models import Recommendation
from municipalities.models import Municipality
from strategies.models.data import Heading

ALAND = "21"  # the code of the region, whose municipalities have an integration act of their own


class StrategyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the municipalities where `user` works or is assigned; the staff see all."""
        return self.of(open_to(user))

    def of(self, towns):
        """Those that any of `towns` has a part in."""
        parts = StrategyTown.objects.filter(municipality__in=towns)
        return self.filter(pk__in=parts.values("strategy"))

    def published(self):
        """What everybody may read: the frozen version, as long as its municipalities show it."""
        return self.filter(state__in=Strategy.ADOPTED_ONCE, published_at__isnull=False)

    def with_town(self):
        return self.select_related("participation__municipality", "participation__project")


class Strategy(models.Model):
    """A local integration strategy of one or several municipalities. Its state: `workflow`.

    The municipality of its participation leads it and is one of its `municipalities`; the people
    of all of them have the same rights. Written in one language, `language`.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", pgettext_lazy("strategy", "being drafted")
        DECISION = "decision", pgettext_lazy("strategy", "before the deciding bodies")
        ADOPTED = "adopted", pgettext_lazy("strategy", "adopted")
        SUPERSEDED = "superseded", pgettext_lazy("strategy", "superseded")

    UNFINISHED = (State.DRAFTING, State.DECISION)
    ADOPTED_ONCE = (State.ADOPTED, State.SUPERSEDED)

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="strategies", verbose_name=_("participation")
    )
    municipalities = models.ManyToManyField(
        Municipality,
        through="StrategyTown",
        related_name="strategies",
        verbose_name=_("municipalities"),
    )
    title = models.CharField(pgettext_lazy("strategy", "name"), max_length=200)
    language = models.CharField(
        pgettext_lazy("strategy", "language"), max_length=2, choices=settings.LANGUAGES
    )
    starts_on = models.DateField(pgettext_lazy("strategy", "first day"))
    ends_on = models.DateField(pgettext_lazy("strategy", "last day"))
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFTING, editable=False
    )
    founded_at = models.DateTimeField(_("founded"), default=timezone.now, editable=False)
    adopted_at = models.DateTimeField(_("adopted"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["participation__municipality__sort_fi", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="strategy_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(state__in=["drafting", "decision"]),
                name="one_unfinished_strategy_per_participation",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(state__in=["adopted", "superseded"]),
                name="only_an_adopted_strategy_is_published",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("strategies:detail", args=[self.pk])

    @property
    def municipality(self):
        """The municipality that leads it."""
        return self.participation.municipality

    @property
    def municipality_id(self):
        return self.participation.municipality_id

    @property
    def is_unfinished(self):
        return self.state in self.UNFINISHED

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def town(self):
        """The municipality as whose person somebody looks at it; see `towns_seen_by`."""
        seen = getattr(self, "towns_seen", ())
        return seen[0].municipality if seen else None

    @property
    def has_statutes(self):
        """Whether the lists of the law apply: not where all its municipalities are on Åland."""
        return not all(part.is_on_aland for part in self.towns.select_related("municipality"))

    @property
    def recommendations(self):
        """What was recommended to its municipalities: all that is issued, answered or not."""
        own = self.towns.values("municipality")
        rows = Recommendation.objects.issued()
        rows = rows.filter(assessment__participation__municipality__in=own)
        return rows.select_related("assessment__participation__municipality", "assessment__round")


class StrategyTown(models.Model):
    """A municipality's part in a strategy."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="towns")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="strategy_parts")
    is_lead = models.BooleanField(_("leads the strategy"), default=False)

    class Meta:
        verbose_name = _("municipality of a strategy")
        verbose_name_plural = _("municipalities of a strategy")
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "municipality"], name="one_part_per_municipality"
            ),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(is_lead=True), name="one_municipality_leads"
            ),
        ]

    def __str__(self):
        return f"{self.municipality}: {self.strategy}"

    @property
    def is_on_aland(self):
        return self.municipality.region_id == ALAND


def towns_seen_by(user, way=""):
    """Have the rows fetched with `strategy.towns_seen`, its municipalities that `user` may open.

    way: from the row to its strategy, such as "strategy__".
    """
    parts = StrategyTown.objects.filter(municipality__in=open_to(user))
    return Prefetch(f"{way}towns", parts.select_related("municipality"), to_attr="towns_seen")


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that invite a municipality which `user` coordinates."""
        if user.is_anonymous:
            return self.none()
        towns = user.memberships.current().coordinating().values("municipality")
        return self.filter(municipality__in=towns)

    def open(self):
        return self.filter(state=StrategyInvitation.State.OPEN)


class StrategyInvitation(models.Model):
    """A municipality asks another into its strategy. Its state: `workflow.answer`."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("invitation to a strategy", "waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("invitation to a strategy", "accepted")
        DECLINED = "declined", pgettext_lazy("invitation to a strategy", "declined")

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="invitations")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="strategy_invitations"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.OPEN, editable=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a strategy")
        verbose_name_plural = _("invitations to a strategy")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "municipality"],
                condition=Q(state="open"),
                name="one_open_invitation_per_municipality",
            )
        ]

    def __str__(self):
        return f"{self.municipality}: {self.strategy}"

    def get_absolute_url(self):
        return reverse("strategies:invitation", args=[self.pk])


class ChapterQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(strategy__in=Strategy.objects.visible_to(user))


class Chapter(Versioned):
    """A chapter's text, written by several people. What nobody has written in is not printed."""

    drafted = ("title", "text")

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="chapters")
    heading = models.ForeignKey(
        Heading, models.PROTECT, null=True, editable=False, related_name="chapters"
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    title = models.CharField(pgettext_lazy("chapter", "heading"), max_length=200)
    text = models.TextField(_("text of the chapter"), max_length=30_000, blank=True)

    objects = ChapterQuerySet.as_manager()

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="one_chapter_per_number")
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.strategy.get_absolute_url()}#chapter-{self.pk}"

    @property
    def municipality(self):
        return self.strategy.municipality

    @property
    def municipality_id(self):
        return self.strategy.municipality_id

    @property
    def holds(self):
        return self.heading.holds if self.heading else Heading.Holds.TEXT

    @property
    def hint(self):
        return self.heading.hint if self.heading else ""
