from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from drafting.models import Versioned
from indexanalysis.models import Recommendation
from municipalities.languages import active_language
from visits.models.visits import Visit


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the visits that `user` sees; what is not shared yet, the experts alone."""
        if user.is_anonymous:
            return self.none()
        assigned = user.assignments.current().values("municipality")
        own = Q(visit__participation__municipality__in=assigned)
        shared = Q(state=Finding.State.SHARED)
        return self.filter(own | shared, visit__in=Visit.objects.visible_to(user))

    def shared(self):
        return self.filter(state=Finding.State.SHARED)

    def with_town(self):
        return self.select_related("visit__participation__municipality")


class Finding(Versioned):
    """What the experts found during a visit. The municipality sees it once it is shared."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SHARED = "shared", pgettext_lazy("finding", "shared")

    class Kind(models.TextChoices):
        STRENGTH = "strength", _("strength")
        GAP = "gap", pgettext_lazy("finding", "gap")
        GOOD_PRACTICE = "good_practice", _("good practice")

    drafted = ("title", "text")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    kind = models.CharField(_("kind of finding"), max_length=20, choices=Kind)
    section = models.CharField(_("section of the questionnaire"), max_length=60)
    questions = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("questions")
    )
    language = models.CharField(
        _("language of the finding"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("finding"), max_length=4000, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="findings", editable=False
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["kind", "section", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(title="") & ~Q(text=""),
                name="a_shared_finding_has_words",
            )
        ]

    def __str__(self):
        return self.heading

    def get_absolute_url(self):
        return reverse("visits:finding", args=[self.pk])

    @property
    def heading(self):
        """The title, or words for a draft that has none yet."""
        return self.title or gettext("Finding without a title yet")

    @property
    def heading_language(self):
        return self.language if self.title else active_language()

    @property
    def municipality(self):
        return self.visit.municipality

    @property
    def municipality_id(self):
        return self.visit.municipality_id

    @property
    def is_shared(self):
        return self.state == self.State.SHARED


class ObservationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The follow-up of the recommendations that `user` sees."""
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user))


class Observation(models.Model):
    """How a recommendation stands on a day, as its experts or the municipality see it.

    It is never changed: a later one says what is different.
    """

    class Side(models.TextChoices):
        EXPERT = "expert", _("expert")
        MUNICIPALITY = "municipality", _("municipality")

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="observations")
    side = models.CharField(_("whose view"), max_length=20, choices=Side, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="observations", editable=False
    )
    day = models.DateField(_("date"), default=timezone.localdate)
    text = models.TextField(_("observation"), max_length=2000)
    next_on = models.DateField(_("looked at again"), null=True, blank=True)
    key = models.CharField(max_length=64, unique=True, editable=False)  # sent twice, it is one

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gt=F("day")),
                name="an_observation_is_followed_later",
                violation_error_message=_("Choose a day after that of the observation."),
            )
        ]

    def __str__(self):
        return f"{self.day} {self.by}"

    @property
    def municipality_id(self):
        return self.recommendation.municipality_id
