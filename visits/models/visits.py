from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.models import Participation
from documents.models import Document
from drafting.models import Versioned
from indexanalysis import edition


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The municipality's people, its assigned experts, and staff. Views start here."""
        return self.filter(participation__in=Participation.objects.visible_to(user))

    def with_town(self):
        return self.select_related("participation__municipality", "participation__project")


class Visit(Versioned):
    """Experts visit a municipality, on site or online. Its state: `workflow`.

    What is written together is the summary of its report, in `language`.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit", "planned")
        CONFIRMED = "confirmed", pgettext_lazy("visit", "confirmed")
        HELD = "held", pgettext_lazy("visit", "held")
        REPORT = "report", pgettext_lazy("visit", "report being written")
        FINAL = "final", pgettext_lazy("visit", "report final")

    class Kind(models.TextChoices):
        SITE = "site", _("on site")
        ONLINE = "online", _("online")

    drafted = ("language", "summary")

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="visits", verbose_name=_("participation")
    )
    kind = models.CharField(_("how"), max_length=10, choices=Kind, default=Kind.SITE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link to the online meeting"), blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    experts = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="visits", verbose_name=_("experts")
    )
    aim = models.TextField(_("what the visit is for"), max_length=1000, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.PLANNED, editable=False
    )
    language = models.CharField(
        _("language of the summary"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    summary = models.TextField(_("summary"), max_length=8000, blank=True)
    final_at = models.DateTimeField(_("report final"), null=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert visit")
        verbose_name_plural = _("expert visits")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="visit_ends_after_it_begins",
                violation_error_message=_("The last day comes before the first one."),
            ),
            models.CheckConstraint(
                condition=Q(kind="site") & ~Q(place="") | Q(kind="online") & ~Q(link=""),
                name="visit_has_a_place_or_a_link",
                violation_error_message=_("Give the place, or the link to the online meeting."),
            ),
        ]

    def __str__(self):
        return gettext("Expert visit %(days)s: %(municipality)s") % {
            "days": self.days,
            "municipality": self.municipality,
        }

    def get_absolute_url(self):
        return reverse("visits:detail", args=[self.pk])

    @property
    def municipality(self):
        return self.participation.municipality

    @property
    def municipality_id(self):
        return self.participation.municipality_id

    @property
    def project(self):
        return self.participation.project

    @property
    def days(self):
        """The dates in words: one day, or the first and the last."""
        days = dict.fromkeys([self.starts_on, self.ends_on])
        return " – ".join(date_format(day) for day in days)

    @property
    def is_final(self):
        return self.state == self.State.FINAL

    @property
    def has_report(self):
        """Whether its report is being written, or is there."""
        return self.state in {self.State.REPORT, self.State.FINAL}

    @cached_property
    def edition(self):
        """Of the questionnaire that the municipality opened last; before that, the shipped one."""
        newest = self.participation.assessments.select_related("round").order_by("-pk").first()
        return newest.edition if newest else edition.load(settings.SHIPPED_EDITION)

    def section_title(self, code, language):
        return self.edition.section(code).title.in_language(language) if code else ""


class InVisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to the visits that `user` sees."""
        return self.filter(visit__in=Visit.objects.visible_to(user))


class ProgrammeItem(models.Model):
    """A part of a visit's programme: what, when, where."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="items")
    day = models.DateField(_("day"))
    starts = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    title = models.CharField(_("what"), max_length=200)
    place = models.CharField(_("where"), max_length=200, blank=True)
    section = models.CharField(_("section of the questionnaire"), max_length=60, blank=True)

    objects = InVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")
        ordering = ["day", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="programme_item_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
        ]

    def __str__(self):
        return self.title


class PersonMet(models.Model):
    """Somebody whom the experts met during a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="people_met")
    name = models.CharField(_("name"), max_length=120)
    post = models.CharField(_("post"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)

    objects = InVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("person met")
        verbose_name_plural = _("people met")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "name", "organisation"],
                name="a_person_is_met_once_in_a_visit",
                violation_error_message=_("This person is in the list already."),
            )
        ]

    def __str__(self):
        return ", ".join(filter(None, [self.name, self.post, self.organisation]))


class VisitReport(models.Model):
    """The final report of a visit in one language; the file is its document."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reports")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    document = models.OneToOneField(Document, models.PROTECT, related_name="visit_report")

    class Meta:
        verbose_name = _("visit report")
        verbose_name_plural = _("visit reports")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "language"], name="one_visit_report_per_language"
            )
        ]

    def __str__(self):
        return f"{self.visit} ({self.language})"
