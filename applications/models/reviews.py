from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from applications.models.criteria import Criterion
from applications.models.declarations import Declaration

# An application's states in which its reviews are still to be done, or to be done again.
UNDER_WAY = (
    Application.State.SUBMITTED,
    Application.State.IN_REVIEW,
    Application.State.RETURNED,
)


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; others' once one's own is handed in; leads all.

        Only of applications that `user` may read as staff: none with a conflict of interest, and
        none before it is declared that there is no conflict.
        """
        if user.is_anonymous or not user.staff_groups:
            return self.none()
        readable = Application.objects.for_staff(user).cleared_by(user)
        found = self.live().filter(application__in=readable)
        if "lead" in user.staff_groups:
            return found
        mine = Review.objects.handed_in().filter(reviewer=user)
        return found.filter(
            Q(reviewer=user)
            | Q(handed_in_at__isnull=False, application__in=mine.values("application"))
        )

    def live(self):
        """Those whose assignment stands."""
        return self.filter(ended_at=None)

    def handed_in(self):
        return self.live().filter(handed_in_at__isnull=False)

    def to_do(self):
        """Not handed in, of an application that is still under way."""
        return self.live().filter(handed_in_at=None, application__state__in=UNDER_WAY)

    def queue_of(self, user):
        """The reviews that `user` was given, the most urgent first, each with `has_declared`."""
        declared = Declaration.objects.clear().filter(
            person=user, application=OuterRef("application")
        )
        mine = self.live().filter(
            reviewer=user, application__in=Application.objects.for_staff(user)
        )
        mine = mine.select_related("application__municipality", "application__call")
        order = [F("due_on").asc(nulls_last=True), "application__municipality__sort_fi", "pk"]
        return mine.annotate(has_declared=Exists(declared)).order_by(*order)


class Review(models.Model):
    """One reviewer's judgement of one application, given out by a lead.

    score: percent, 0-100, of the marks as they were handed in (`marks.score`); None for a draft and
    for a review that judges nothing. By then the criteria are fixed, so it is never out of date.
    version: counts the saves, so that one tab does not undo another unseen.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    # Defaults lie in the database too, for what still runs while a new version comes.
    assigned_at = models.DateTimeField(
        _("assigned"), default=timezone.now, db_default=Now(), editable=False
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    ended_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    comment = models.TextField(_("reasons as a whole"), max_length=4000, blank=True)
    score = models.FloatField(_("score"), null=True, editable=False)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, db_default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"], name="one_review_per_reviewer"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100), name="score_up_to_100"
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=False) | Q(score=None),
                name="only_a_review_that_is_in_has_a_score",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(handed_in_at=None),
                name="a_review_taken_back_does_not_count",
            ),
        ]

    def __str__(self):
        return f"{self.application}: {self.reviewer}"

    @property
    def is_late(self):
        late = self.due_on is not None and self.due_on < timezone.localdate()
        return late and self.handed_in_at is None


class Mark(models.Model):
    """What a review gives for one criterion: points, or that it cannot be judged, and why."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="marks")
    points = models.PositiveSmallIntegerField(_("points"), null=True)
    cannot_judge = models.BooleanField(_("cannot judge"), default=False)
    comment = models.TextField(_("reasons"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion"], name="one_mark_per_review_and_criterion"
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(cannot_judge=False),
                name="points_or_cannot_judge",
            ),
        ]

    def __str__(self):
        return f"{self.review}: {self.criterion}"
