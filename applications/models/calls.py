from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Avg, Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from drafting.models import Versioned
from municipalities.languages import in_language
from municipalities.models import Municipality


class Project(models.Model):
    """What a call selects for: its name, period and funders."""

    code = models.SlugField(_("code"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_fi = models.CharField(_("name in Finnish"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200)
    funding_en = models.TextField(_("funders in English"))
    funding_fi = models.TextField(_("funders in Finnish"))
    funding_sv = models.TextField(_("funders in Swedish"))
    starts_on = models.DateField(_("taking part begins"))
    ends_on = models.DateField(_("taking part ends"))
    is_demo = models.BooleanField(_("invented, for the demo"), default=False)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="project_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return in_language(self, "name")

    @property
    def funding(self):
        return in_language(self, "funding")


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


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The applications `user` may open, by any hat. Views start here: the rest is a 404."""
        if user.is_anonymous:
            return self.none()
        towns = user.memberships.current().values("municipality")
        seen = Q(municipality__in=towns)
        if user.staff_groups:
            seen |= Q(submitted_at__isnull=False)  # what was never handed in is the town's own
        return self.filter(seen)

    def with_attachments_for(self, user):
        """Those whose attachments `user` may read: an assigned expert too, once it is selected."""
        if user.is_anonymous:
            return self.none()
        assigned = user.assignments.current().values("municipality")
        selected = Q(state=Application.State.SELECTED, municipality__in=assigned)
        return self.filter(selected | Q(pk__in=self.visible_to(user).values("pk")))

    def with_mean_score(self):
        """Add `mean_score` (0-100, or None) and `review_count` of the handed-in reviews."""
        handed_in = Q(reviews__handed_in_at__isnull=False)
        return self.annotate(
            mean_score=Avg("reviews__score", filter=handed_in),
            review_count=Count("reviews", filter=handed_in),
        )


class Application(Versioned):
    """A municipality's answer to a call. Its state: `workflow.move`; its texts: `drafting`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        IN_REVIEW = "in_review", _("under review")
        SELECTED = "selected", _("selected")
        NOT_SELECTED = "not_selected", _("not selected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    call = models.ForeignKey(
        Call, models.PROTECT, related_name="applications", verbose_name=_("call for applications")
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        related_name="applications",
        verbose_name=_("municipality"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    receipt = models.ForeignKey(
        Document, models.PROTECT, null=True, editable=False, related_name="applications"
    )
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact person's email address"), blank=True)
    coordinator_name = models.CharField(_("coordinator"), max_length=120, blank=True)
    coordinator_post = models.CharField(_("coordinator's post"), max_length=120, blank=True)
    deciding_body = models.CharField(_("body that decided to apply"), max_length=160, blank=True)
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    motivation = models.TextField(_("motivation and expectations"), max_length=4000, blank=True)
    present_work = models.TextField(
        _("present work on integration and good relations"), max_length=4000, blank=True
    )
    working_group = models.TextField(
        _("planned working group, by sector"), max_length=2000, blank=True
    )
    staff_time = models.TextField(_("staff time set aside"), max_length=1000, blank=True)
    works_in_english = models.BooleanField(
        _("we can work in English in the joint meetings"), default=False
    )
    stays_to_the_end = models.BooleanField(_("we take part for the whole period"), default=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["municipality__sort_fi", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "municipality"],
                condition=~Q(state="withdrawn"),  # after a withdrawal a new one may be made
                name="one_application_per_municipality_and_call",
            )
        ]

    def __str__(self):
        return f"{self.municipality}: {self.call}"

    def get_absolute_url(self):
        return reverse("applications:detail", args=[self.pk])

    @property
    def drafted(self):
        return WRITTEN


# What a draft may leave open and a submitted application may not.
REQUIRED = (
    "contact_name",
    "contact_email",
    "coordinator_name",
    "coordinator_post",
    "deciding_body",
    "decided_on",
    "motivation",
    "present_work",
    "working_group",
    "staff_time",
    "works_in_english",
    "stays_to_the_end",
)
WRITTEN = REQUIRED  # the fields of the form, in the order of its pages
TEXTS = ("motivation", "present_work", "working_group", "staff_time")  # the long ones of them
TEXTS = ("motivation", "present_work", "working_group", "staff_time")  # the long ones of them


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; others' once one's own is handed in; leads all."""
        if user.is_anonymous or not user.staff_groups:
            return self.none()
        if "lead" in user.staff_groups:
            return self
        mine = Review.objects.filter(reviewer=user, handed_in_at__isnull=False)
        return self.filter(
            Q(reviewer=user)
            | Q(handed_in_at__isnull=False, application__in=mine.values("application"))
        )


class Review(models.Model):
    """One reviewer's judgement of one application, 0 to 100 points."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    score = models.PositiveSmallIntegerField(
        _("score, 0 to 100"), validators=[MaxValueValidator(100)]
    )
    comment = models.TextField(_("reasons"), max_length=4000)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"], name="one_review_per_reviewer"
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="score_up_to_100"),
        ]

    def __str__(self):
        return f"{self.application}: {self.reviewer}"


class Selection(models.Model):
    """One lead's proposal which applications a call selects; another lead confirms it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("sent back")

    call = models.ForeignKey(Call, models.PROTECT, related_name="selections")
    applications = models.ManyToManyField(Application, related_name="selections")
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.PROPOSED, editable=False
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposed_selections"
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    reason = models.TextField(_("reasons"), max_length=4000)

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        constraints = [
            models.UniqueConstraint(
                fields=["call"],
                condition=~Q(state="rejected"),
                name="one_selection_per_call_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.call}: {self.get_state_display()}"
