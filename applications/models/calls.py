from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.projects import Project
from municipalities.languages import in_language


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
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"))
    seats = models.PositiveSmallIntegerField(_("seats"), default=7)
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
            models.CheckConstraint(condition=Q(pass_mark__lte=100), name="pass_mark_up_to_100"),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self):
        return in_language(self, "title")

    @property
    def text(self):
        return in_language(self, "text")

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
    def closes_with_the_day(self):
        """A deadline at the end of a day is shown as that day."""
        local = timezone.localtime(self.closes_at)
        return (local.hour, local.minute) == (23, 59)
