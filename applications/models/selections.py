from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from applications.models.calls import Call
from municipalities.languages import in_language


class Selection(models.Model):
    """One lead's proposal what becomes of a call's applications; another lead confirms it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("sent back")

    call = models.ForeignKey(Call, models.PROTECT, related_name="selections")
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.PROPOSED, editable=False
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposed_selections"
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    # They stand in letters, each in the applicant's language.
    reason_en = models.TextField(_("reasons in English"), max_length=4000)
    reason_fi = models.TextField(_("reasons in Finnish"), max_length=4000)
    reason_sv = models.TextField(_("reasons in Swedish"), max_length=4000)
    answer_by = models.DateField(_("last day to confirm a place"))

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

    @property
    def reason(self):
        return in_language(self, "reason")


class SelectionLine(models.Model):
    """What a selection makes of one application; best first, as they were ranked then."""

    class Outcome(models.TextChoices):
        SELECTED = "selected", _("selected")
        RESERVE = "reserve", _("on reserve")
        NOT_SELECTED = "not_selected", _("not selected")

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="lines")
    application = models.ForeignKey(Application, models.PROTECT, related_name="lines")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    position = models.PositiveSmallIntegerField(_("place on the reserve"), null=True)
    reason = models.TextField(_("reasons"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("line of a selection")
        verbose_name_plural = _("lines of a selection")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "application"], name="one_line_per_application"
            ),
            models.UniqueConstraint(
                fields=["selection", "position"], name="one_line_per_reserve_place"
            ),
            models.CheckConstraint(
                condition=Q(outcome="reserve", position__gt=0)
                | Q(position=None) & ~Q(outcome="reserve"),
                name="reserve_and_only_reserve_has_a_place",
            ),
        ]

    def __str__(self):
        return f"{self.application}: {self.get_outcome_display()}"
