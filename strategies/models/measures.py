from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from drafting.models import Versioned
from indexanalysis.models import Recommendation
from strategies.models.data import StatutoryPoint
from strategies.models.strategies import Strategy


def codes(label):
    """A column for some of a list of codes; the form says which they may be."""
    code = models.CharField(max_length=40)
    return ArrayField(code, default=list, blank=True, verbose_name=label)


class Part(Versioned):
    """An objective or a measure: written together, tagged, and removed without being deleted."""

    TAGS = ("dimensions", "principles", "policy_areas")

    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    dimensions = codes(_("dimensions of good relations"))
    principles = codes(_("intercultural principles"))
    policy_areas = codes(_("policy areas"))
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def municipality(self):
        return self.strategy.municipality

    @property
    def municipality_id(self):
        return self.strategy.municipality_id

    @property
    def tags(self):
        return {kind: getattr(self, kind) for kind in self.TAGS}


class ObjectiveQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(strategy__in=Strategy.objects.visible_to(user))

    def kept(self):
        return self.filter(removed_at=None)

    def removed(self):
        return self.filter(removed_at__isnull=False)

    def with_measures(self):
        """Add to each its `kept_measures`, in order, and its `removed_measures`."""
        kept, removed = Measure.objects.kept(), Measure.objects.removed()
        return self.prefetch_related(
            Prefetch("measures", kept, to_attr="kept_measures"),
            Prefetch("measures", removed, to_attr="removed_measures"),
        )


class Objective(Part):
    """What the strategy wants to reach; its measures say how."""

    drafted = ("title", "text", *Part.TAGS)

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="objectives")
    title = models.CharField(_("objective"), max_length=200)
    text = models.TextField(_("what is to be reached"), max_length=4000, blank=True)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="one_objective_per_number")
        ]

    def get_absolute_url(self):
        return f"{self.strategy.get_absolute_url()}#objective-{self.pk}"


class MeasureQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(objective__in=Objective.objects.visible_to(user))

    def of(self, strategy):
        """Those that stand in the strategy now, in the order of its objectives."""
        kept = Objective.objects.kept().filter(strategy=strategy)
        return self.kept().filter(objective__in=kept).order_by("objective__number", "number")

    def kept(self):
        return self.filter(removed_at=None)

    def removed(self):
        return self.filter(removed_at__isnull=False)

    def with_answered(self):
        """Add what each answers, with whose recommendation it is, in one more question."""
        links = Answered.objects.select_related(
            "recommendation__assessment__participation__municipality"
        )
        return self.prefetch_related(Prefetch("answered", links))

    def without_owner(self):
        return self.filter(responsible="")


class Measure(Part):
    """What is done, by whom, when, with what, and by which metric it is followed."""

    METRIC = ("metric", "unit", "baseline", "baseline_on", "target", "target_on")
    drafted = (
        "title", "text", "responsible", "partners", "starts_on", "ends_on", "resources",
        *METRIC, "points", *Part.TAGS,
    )  # fmt: skip

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="measures")
    title = models.CharField(_("measure"), max_length=200)
    text = models.TextField(_("what is done"), max_length=4000, blank=True)
    responsible = models.CharField(_("responsible party"), max_length=200, blank=True)
    partners = models.CharField(_("partners"), max_length=400, blank=True)
    starts_on = models.DateField(pgettext_lazy("measure", "begins"), null=True, blank=True)
    ends_on = models.DateField(pgettext_lazy("measure", "ends"), null=True, blank=True)
    resources = models.TextField(_("resources"), max_length=1000, blank=True)
    metric = models.CharField(_("metric"), max_length=200, blank=True)
    unit = models.CharField(pgettext_lazy("metric", "unit"), max_length=40, blank=True)
    baseline = models.DecimalField(
        _("baseline"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    baseline_on = models.DateField(_("date of the baseline"), null=True, blank=True)
    target = models.DecimalField(
        _("target value"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    target_on = models.DateField(_("date of the target"), null=True, blank=True)
    points = codes(_("statutory points"))
    recommendations = models.ManyToManyField(
        Recommendation,
        through="Answered",
        related_name="measures",
        verbose_name=_("recommendations"),
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["objective", "number"], name="one_measure_per_number"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="measure_ends_after_it_begins",
            ),
        ]

    def get_absolute_url(self):
        return reverse("strategies:measure", args=[self.pk])

    @property
    def strategy(self):
        return self.objective.strategy

    @property
    def covered(self):
        """The statutory points that it covers."""
        return StatutoryPoint.objects.filter(code__in=self.points).select_related("statute")


class Answered(models.Model):
    """A recommendation that a measure answers; with a reason where it was not taken up."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="answered")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="answered")
    reason = models.TextField(_("why it is answered all the same"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("answered recommendation")
        verbose_name_plural = _("answered recommendations")
        ordering = ["recommendation__number", "recommendation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "recommendation"], name="a_measure_answers_once"
            )
        ]

    def __str__(self):
        return f"{self.measure}: {self.recommendation}"
