from django.db import models
from django.db.models import Avg, Count, F, Q
from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models.calls import Call
from documents.models import Document
from drafting.models import Versioned
from municipalities.models import Municipality


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
        selected = Q(state__in=HOLDING, municipality__in=assigned)
        return self.filter(selected | Q(pk__in=self.visible_to(user).values("pk")))

    def holding_seats(self):
        """Those that take one of their call's seats, until a municipality has left the project."""
        return self.filter(state__in=HOLDING).exclude(participation__state="withdrawn")

    def on_reserve(self):
        """In the order in which places go to them; adds `position`, as the selection gave it."""
        confirmed = self.filter(
            lines__selection__state="confirmed", state=Application.State.RESERVE
        )
        return confirmed.annotate(position=F("lines__position")).order_by("position")

    def past_answer_day(self):
        """The last day to answer is over in Helsinki, by the database's clock."""
        return self.filter(answer_by__lt=TruncDate(Now()))

    def overdue(self):
        """Selected, and no answer came in time."""
        return self.filter(state=Application.State.SELECTED).past_answer_day()

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
        RESERVE = "reserve", _("on reserve")
        NOT_SELECTED = "not_selected", _("not selected")
        CONFIRMED = "confirmed", pgettext_lazy("place", "confirmed")
        DECLINED = "declined", pgettext_lazy("place", "declined")
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
    # Of whom was offered a place: the last day to answer, and when the answer came.
    answer_by = models.DateField(_("answer by"), null=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
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
            ),
            models.CheckConstraint(
                condition=~Q(state="selected") | Q(answer_by__isnull=False),
                name="who_is_selected_has_a_day_to_answer",
            ),
        ]

    def __str__(self):
        return f"{self.municipality}: {self.call}"

    def get_absolute_url(self):
        return reverse("applications:detail", args=[self.pk])

    @property
    def drafted(self):
        return WRITTEN

    @property
    def has_lapsed(self):
        """Whether the place went on because no answer came."""
        return self.state == self.State.DECLINED and self.answered_at is None


# Selected, and confirmed or not yet: each takes a seat.
HOLDING = (Application.State.SELECTED, Application.State.CONFIRMED)

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
