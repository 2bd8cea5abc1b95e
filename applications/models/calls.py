from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.areas import POLICY_AREAS
from applications.models.projects import Project
from applications.words import AREAS
from municipalities.languages import in_language

section = partial(models.TextField, max_length=4000, blank=True)  # in all languages or in none


def all_areas():
    return list(POLICY_AREAS)


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published calls are for everybody; drafts for staff."""
        if not user.is_anonymous and user.staff_groups:
            return self
        return self.exclude(state=Call.State.DRAFT)

    def open(self):
        now = timezone.now()
        begun = Q(opens_at=None) | Q(opens_at__lte=now)
        return self.filter(begun, state=Call.State.PUBLISHED, closes_at__gt=now)


class Call(models.Model):
    """An open call for municipalities. Whether it is open follows from the dates."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        DECIDED = "decided", _("decided")

    class Phase(models.TextChoices):
        DRAFT = "draft", _("draft")
        COMING = "coming", _("not open yet")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        DECIDED = "decided", _("decided")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="calls", verbose_name=_("project")
    )
    slug = models.SlugField(_("address"), unique=True)
    title_en = models.CharField(_("title in English"), max_length=200)
    title_fi = models.CharField(_("title in Finnish"), max_length=200)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    text_en = models.TextField(_("text in English"))
    text_fi = models.TextField(_("text in Finnish"))
    text_sv = models.TextField(_("text in Swedish"))
    gives_en = section(_("what the project gives"))
    gives_fi = section(_("what the project gives"))
    gives_sv = section(_("what the project gives"))
    expects_en = section(_("what the project expects"))
    expects_fi = section(_("what the project expects"))
    expects_sv = section(_("what the project expects"))
    eligible_en = section(_("who may apply"))
    eligible_fi = section(_("who may apply"))
    eligible_sv = section(_("who may apply"))
    languages_en = section(_("languages of the work"))
    languages_fi = section(_("languages of the work"))
    languages_sv = section(_("languages of the work"))
    policy_areas = ArrayField(
        models.CharField(max_length=30, choices=AREAS),
        default=all_areas,
        blank=True,
        verbose_name=_("policy areas"),
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"))
    seats = models.PositiveSmallIntegerField(_("seats"), default=7)
    highest_mark = models.PositiveSmallIntegerField(
        _("highest mark"),
        default=5,
        db_default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("Each criterion is given points from 0 to this."),
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, 0 to 100 percent"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("An application whose mean score stays below it is not selected."),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="copies"
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for applications")
        verbose_name_plural = _("calls for applications")
        ordering = ["-closes_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
            ),
            models.CheckConstraint(condition=Q(seats__gt=0), name="call_has_seats"),
            models.CheckConstraint(
                condition=Q(highest_mark__gte=1, highest_mark__lte=10), name="call_has_a_scale"
            ),
            models.CheckConstraint(condition=Q(pass_mark__lte=100), name="pass_mark_up_to_100"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("applications:call", args=[self.slug])

    @property
    def title(self):
        return in_language(self, "title")

    @property
    def text(self):
        return in_language(self, "text")

    @property
    def sections(self):
        """What is written of gives, expects, who may apply and languages, as (heading, text)."""
        written = [(heading, in_language(self, name)) for name, heading in SECTIONS.items()]
        return [(heading, text) for heading, text in written if text]

    @property
    def area_names(self):
        return [AREAS[code] for code in self.policy_areas]

    @property
    def phase(self):
        if self.state != self.State.PUBLISHED:
            return self.Phase(self.state)
        now = timezone.now()
        if self.opens_at and now < self.opens_at:
            return self.Phase.COMING
        return self.Phase.OPEN if now < self.closes_at else self.Phase.CLOSED

    @property
    def is_open(self):
        return self.phase == self.Phase.OPEN

    @property
    def is_over(self):
        return self.phase in {self.Phase.CLOSED, self.Phase.DECIDED}

    @property
    def is_fixed(self):
        """Once it has opened, seats and criteria stay, and the deadline moves by its own page."""
        return self.is_open or self.is_over

    @property
    def days_left(self):
        """Whole days from today until the day it closes, both as they are in Helsinki."""
        return (timezone.localtime(self.closes_at).date() - timezone.localdate()).days

    @property
    def closes_with_the_day(self):
        """A deadline at the end of a day is shown as that day."""
        local = timezone.localtime(self.closes_at)
        return (local.hour, local.minute) == (23, 59)


# The sections of a call's page beside `text`, in its order.
SECTIONS = {
    "gives": _("What the project gives"),
    "expects": _("What the project expects of you"),
    "eligible": _("Who may apply"),
    "languages": _("Languages of the work"),
}
