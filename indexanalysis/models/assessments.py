from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Participation, Project
from documents.models import Document
from drafting.models import Versioned
from indexanalysis import edition


class RoundQuerySet(models.QuerySet):
    def open(self):
        return self.filter(opens_on__lte=timezone.localdate())


class Round(models.Model):
    """One edition of the questionnaire, opened for those who take part in a project."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="rounds", verbose_name=_("project")
    )
    edition_code = models.CharField(_("edition"), max_length=20)
    edition_checksum = models.CharField(_("edition's checksum"), max_length=64, editable=False)
    opens_on = models.DateField(_("opens"))
    due_on = models.DateField(_("answers due"))

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("opens_on")), name="round_is_due_after_it_opens"
            )
        ]

    def __str__(self):
        return f"{self.project} {self.opens_on:%Y}"

    @property
    def edition(self):
        return edition.load(self.edition_code)


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own municipality's people, its assigned experts, and staff. Views start here."""
        if user.is_anonymous:
            return self.none()
        if user.staff_groups:
            return self
        towns = user.memberships.current().values("municipality")
        assigned = user.assignments.current().values("municipality")
        return self.filter(
            Q(participation__municipality__in=towns) | Q(participation__municipality__in=assigned)
        )

    def with_town(self):
        return self.select_related("participation__municipality", "round__project")


class Assessment(models.Model):
    """A municipality's filled-in questionnaire of one round. Its state: `workflow`."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SUBMITTED = "submitted", _("submitted")

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="assessments")
    round = models.ForeignKey(Round, models.PROTECT, related_name="assessments")
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.OPEN, editable=False
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["participation__municipality__sort_fi", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "round"], name="one_assessment_per_round"
            )
        ]

    def __str__(self):
        return f"{self.municipality}: {self.round}"

    def get_absolute_url(self):
        return reverse("indexanalysis:detail", args=[self.pk])

    @property
    def municipality(self):
        return self.participation.municipality

    @property
    def municipality_id(self):
        return self.participation.municipality_id

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def edition(self):
        return self.round.edition


class Answer(Versioned):
    """The answer to one question; written by several people, saved by `drafting.saving`.

    value: as `scoring.Answer` takes it: an option's code, a list of ticked codes, a number, a
    text, one of `scoring.LEFT_OUT`, or these by language side {"fi": ..., "sv": ...}.
    """

    drafted = ("value", "example", "reason")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    question = models.CharField(_("question"), max_length=20)
    value = models.JSONField(_("answer"), null=True)
    example = models.TextField(_("example and evidence"), max_length=4000, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], name="one_answer_per_question"
            )
        ]

    def __str__(self):
        return f"{self.question}: {self.value}"

    @property
    def municipality(self):
        return self.assessment.municipality


class IndexReport(models.Model):
    """The report of a submitted assessment in one language; the file is its document."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reports")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    document = models.OneToOneField(Document, models.PROTECT, related_name="index_report")

    class Meta:
        verbose_name = _("index report")
        verbose_name_plural = _("index reports")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "language"], name="one_report_per_language"
            )
        ]

    def __str__(self):
        return f"{self.assessment} ({self.language})"
