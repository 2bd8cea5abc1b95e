from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application


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
