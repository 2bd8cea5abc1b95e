from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from drafting.models import Versioned
from indexanalysis.models.assessments import Assessment
from municipalities.languages import active_language


class RecommendationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the assessments that `user` sees; what is not issued yet, its experts alone."""
        if user.is_anonymous:
            return self.none()
        assigned = user.assignments.current().values("municipality")
        own = Q(assessment__participation__municipality__in=assigned)
        issued = ~Q(state=Recommendation.State.DRAFT)
        return self.filter(own | issued, assessment__in=Assessment.objects.visible_to(user))

    def issued(self):
        return self.exclude(state=Recommendation.State.DRAFT)

    def accepted(self):
        """Those that a strategy answers: accepted, under way or done."""
        return self.filter(state__in=Recommendation.ACCEPTED)

    def with_town(self):
        return self.select_related(
            "assessment__participation__municipality", "assessment__round__project"
        )


class Recommendation(Versioned):
    """What an expert recommends after an assessment. Its state: `workflow`.

    Written in `language`, the working language of its expert, with translations beside it. Rests
    on `questions`, the codes of some of the edition's questions, all of `section`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ISSUED = "issued", pgettext_lazy("recommendation", "issued")
        ACCEPTED = "accepted", pgettext_lazy("recommendation", "accepted")
        NOT_TAKEN_UP = "not_taken_up", pgettext_lazy("recommendation", "not taken up")
        IN_PROGRESS = "in_progress", pgettext_lazy("recommendation", "in progress")
        DONE = "done", pgettext_lazy("recommendation", "done")

    class Priority(models.IntegerChoices):
        HIGH = 1, pgettext_lazy("priority", "high")
        MEDIUM = 2, pgettext_lazy("priority", "medium")
        LOW = 3, pgettext_lazy("priority", "low")

    ACCEPTED = (State.ACCEPTED, State.IN_PROGRESS, State.DONE)
    drafted = (
        "title_en", "title_fi", "title_sv", "text_en", "text_fi", "text_sv",
        "reason_en", "reason_fi", "reason_sv",
    )  # fmt: skip

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="recommendations", verbose_name=_("assessment")
    )
    # Counted from 1 as they are issued, so that a number once read out stays.
    number = models.PositiveSmallIntegerField(_("number"), null=True, editable=False)
    section = models.CharField(_("section"), max_length=60)
    questions = ArrayField(
        models.CharField(max_length=20), default=list, verbose_name=_("questions it rests on")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.MEDIUM
    )
    language = models.CharField(
        _("working language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title_fi = models.CharField(_("title in Finnish"), max_length=200, blank=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=200, blank=True)
    text_en = models.TextField(_("recommendation in English"), max_length=4000, blank=True)
    text_fi = models.TextField(_("recommendation in Finnish"), max_length=4000, blank=True)
    text_sv = models.TextField(_("recommendation in Swedish"), max_length=4000, blank=True)
    reason_en = models.TextField(_("reason in English"), max_length=2000, blank=True)
    reason_fi = models.TextField(_("reason in Finnish"), max_length=2000, blank=True)
    reason_sv = models.TextField(_("reason in Swedish"), max_length=2000, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recommendations", editable=False
    )
    issued_at = models.DateTimeField(_("issued"), null=True, editable=False)
    response = models.TextField(_("the municipality's answer"), max_length=2000, blank=True)
    responded_at = models.DateTimeField(_("answered"), null=True, editable=False)
    responded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["number", "pk"]  # what has no number yet comes last
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="one_recommendation_per_number"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number=None) | ~Q(state="draft") & ~Q(number=None),
                name="an_issued_recommendation_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_taken_up") | ~Q(response=""),
                name="not_taken_up_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.heading}" if self.number else self.heading

    def get_absolute_url(self):
        return reverse("indexanalysis:recommendation", args=[self.pk])

    @property
    def municipality(self):
        return self.assessment.municipality

    @property
    def municipality_id(self):
        return self.assessment.municipality_id

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def awaits_answer(self):
        return self.state == self.State.ISSUED

    @property
    def is_taken_up(self):
        return self.state in self.ACCEPTED

    @property
    def edition_section(self):
        return self.assessment.edition.section(self.section)

    @property
    def shown_language(self):
        """The page's language where the recommendation has it, else the one it was written in."""
        return active_language() if self.is_in(active_language()) else self.language

    def is_in(self, language):
        return bool(getattr(self, f"title_{language}") and getattr(self, f"text_{language}"))

    @property
    def title(self):
        return getattr(self, f"title_{self.shown_language}")

    @property
    def heading(self):
        """The title, or words for a draft that has none yet."""
        return self.title or gettext("Recommendation without a title yet")

    @property
    def heading_language(self):
        return self.shown_language if self.title else active_language()

    @property
    def text(self):
        return getattr(self, f"text_{self.shown_language}")

    @property
    def reason(self):
        return getattr(self, f"reason_{self.shown_language}")
