from django.db import models
from django.db.models import Avg, Count, F, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models.calls import Call
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
        selected = Q(state=Application.State.SELECTED, municipality__in=assigned)
        return self.filter(selected | Q(pk__in=self.readable_by(user).values("pk")))

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
    """The applications of the municipalities that `user` has a part in."""
    return Q(municipality__in=user.memberships.current().values("municipality"))


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

    @property
    def open_completion(self):
        """What the municipality was asked to complete and has not submitted again, or None."""
        if self.state != self.State.RETURNED:
            return None
        return self.completions.open().select_related("asked_by").first()


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
