from django.db import models
from django.db.models import Avg, Count, F, Max, Min, Q
from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from applications.models.calls import Call
from applications.models.partners import Partner
from documents.models import Document
from drafting.models import Versioned
from municipalities.models import Municipality


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The applications that `user` knows of, by any hat. Views start here: the rest is a 404.

        Of one that staff have not declared on yet they see whose it is and where it stands; what
        is in it starts from `readable_by`.
        """
        return self.none() if user.is_anonymous else self.filter(own(user) | for_staff(user))

    def for_staff(self, user):
        """Those that `user` knows of as staff: not their own town's, and none in conflict."""
        return self.none() if user.is_anonymous else self.filter(for_staff(user))

    def cleared_by(self, user):
        """Those of which `user` has declared that there is no conflict of interest."""
        return self.filter(cleared(user))

    def readable_by(self, user):
        """Those whose content `user` may read: by the town's hat, or as staff who have declared."""
        if user.is_anonymous:
            return self.none()
        return self.filter(own(user) | for_staff(user) & cleared(user))

    def with_attachments_for(self, user):
        """Those whose attachments `user` may read: an assigned expert too, once it is selected."""
        if user.is_anonymous:
            return self.none()
        assigned = user.assignments.current().values("municipality")
        selected = Q(state__in=HOLDING, municipality__in=assigned)
        return self.filter(selected | Q(pk__in=self.readable_by(user).values("pk")))

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
        """Add what the handed-in reviews come to, as `marks` would compute it.

        mean_score: 0-100, or None; spread: the highest score less the lowest, or None for fewer
        than two; review_count: of all of them; abstentions: of those that judge nothing.
        """
        handed_in = Q(reviews__handed_in_at__isnull=False)
        judged = handed_in & Q(reviews__score__isnull=False)
        several = self.annotate(
            mean_score=Avg("reviews__score", filter=handed_in),
            review_count=Count("reviews", filter=handed_in),
            judged_count=Count("reviews", filter=judged),
        )
        widest = Max("reviews__score", filter=judged) - Min("reviews__score", filter=judged)
        return several.annotate(
            abstentions=F("review_count") - F("judged_count"),
            spread=models.Case(models.When(judged_count__gt=1, then=widest)),
        )


# A user's hats as conditions. Subqueries, not joins: a join would double rows.
def own(user):
    """The applications of the municipalities that `user` has a part in, alone or as a partner."""
    towns = user.memberships.current().values("municipality")
    joint = Partner.objects.confirmed().filter(municipality__in=towns)
    return Q(municipality__in=towns) | Q(pk__in=joint.values("application"))


def for_staff(user):
    if not user.staff_groups:
        return Q(pk__in=[])
    conflicts = user.declarations.conflicts().values("application")
    handed_in = Q(submitted_at__isnull=False)  # what was never handed in is the town's own
    return handed_in & ~own(user) & ~Q(pk__in=conflicts)


def cleared(user):
    return Q(pk__in=user.declarations.clear().values("application"))


class Application(Versioned):
    """A municipality's answer to a call. Its state: `workflow.move`; its texts: `drafting`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        IN_REVIEW = "in_review", _("under review")
        RETURNED = "returned", _("returned for completion")
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
    # Defaults of the newer fields lie in the database as well, for what still runs while they come.
    started_at = models.DateTimeField(
        _("begun"), default=timezone.now, db_default=Now(), editable=False
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    # SHA-256 of what was submitted (`content.content_of`), printed on the receipt.
    checksum = models.CharField(
        _("checksum"), max_length=64, blank=True, default="", db_default="", editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, editable=False)
    emptied_at = models.DateTimeField(_("emptied"), null=True, editable=False)
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
    section_number = models.CharField(
        _("section number (§)"), max_length=60, blank=True, default="", db_default=""
    )
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
    language_needs = models.TextField(
        _("language needs"), max_length=1000, blank=True, default="", db_default=""
    )
    stays_to_the_end = models.BooleanField(_("we take part for the whole period"), default=False)
    registry_email = models.EmailField(
        _("registry's email address"), blank=True, default="", db_default=""
    )
    case_number = models.CharField(
        _("case number"), max_length=80, blank=True, default="", db_default=""
    )

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
    def towns(self):
        """The municipalities that apply: the applicant, and its partners that have confirmed."""
        joint = self.partners.confirmed().values("municipality")
        return Municipality.objects.filter(Q(pk=self.municipality_id) | Q(pk__in=joint))

    @property
    def memberships(self):
        """Today's memberships in these municipalities: who works on the application."""
        return Membership.objects.filter(municipality__in=self.towns).current()

    @property
    def has_lapsed(self):
        """Whether the place went on because no answer came."""
        return self.state == self.State.DECLINED and self.answered_at is None

    @property
    def open_completion(self):
        """What the municipality was asked to complete and has not submitted again, or None."""
        if self.state != self.State.RETURNED:
            return None
        return self.completions.open().select_related("asked_by").first()


# Selected, and confirmed or not yet: each takes a seat.
HOLDING = (Application.State.SELECTED, Application.State.CONFIRMED)

# What stands on one page of the form, in the order of the pages.
STEPS = {
    "people": ("contact_name", "contact_email", "coordinator_name", "coordinator_post"),
    "decision": ("deciding_body", "decided_on", "section_number"),
    "motivation": ("motivation",),
    "present-work": ("present_work",),
    "working-group": ("working_group",),
    "staff-time": ("staff_time",),
    "languages": ("works_in_english", "language_needs"),
    "commitment": ("stays_to_the_end",),
    "registry": ("registry_email", "case_number"),
}
WRITTEN = tuple(name for names in STEPS.values() for name in names)  # the fields of the form
OPTIONAL = ("section_number", "language_needs", "registry_email", "case_number")
# What a draft may leave open and a submitted application may not.
REQUIRED = tuple(name for name in WRITTEN if name not in OPTIONAL)
TEXTS = (  # the long ones of them
    "motivation", "present_work", "working_group", "staff_time", "language_needs",
)  # fmt: skip
