from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipalities.models import Municipality
from strategies.models.strategies import Strategy


class DecisionStepQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(strategy__in=Strategy.objects.visible_to(user))

    def newest(self):
        """The last decision of each municipality on the text as it is now."""
        decided = self.exclude(outcome="").filter(on_earlier_text=False)
        decided = decided.order_by("municipality_id", "-number")
        return decided.distinct("municipality_id")


class DecisionStep(models.Model):
    """One body of one municipality that treats the strategy, and what came of it."""

    class Body(models.TextChoices):
        COMMITTEE = "committee", pgettext_lazy("body", "committee")
        SECTION = "board_section", pgettext_lazy("body", "section of the municipal board")
        BOARD = "municipal_board", pgettext_lazy("body", "municipal board")
        COUNCIL = "municipal_council", pgettext_lazy("body", "municipal council")

    class Outcome(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("decision", "approved")
        AMENDED = "amended", pgettext_lazy("decision", "approved with amendments")
        RETURNED = "returned", pgettext_lazy("decision", "returned for preparation")
        TABLED = "tabled", pgettext_lazy("decision", "tabled")

    FINAL_BODIES = (Body.BOARD, Body.COUNCIL)  # those whose approval adopts a strategy
    APPROVALS = (Outcome.APPROVED, Outcome.AMENDED)

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="steps")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="strategy_steps", verbose_name=_("municipality")
    )
    number = models.PositiveSmallIntegerField(_("order"), editable=False)
    body = models.CharField(_("kind of body"), max_length=20, choices=Body)
    name = models.CharField(_("name of the body"), max_length=160)
    decided_on = models.DateField(_("date of the meeting"), null=True, blank=True)
    section_number = models.CharField(_("section number (§)"), max_length=60, blank=True)
    outcome = models.CharField(
        pgettext_lazy("decision", "outcome"), max_length=20, choices=Outcome, blank=True
    )
    note = models.TextField(pgettext_lazy("decision", "note"), max_length=2000, blank=True)
    # The strategy has been drafted again since: see `workflow.move`.
    on_earlier_text = models.BooleanField(
        _("decided on an earlier text"), default=False, db_default=False, editable=False
    )

    objects = DecisionStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision step")
        verbose_name_plural = _("decision steps")
        ordering = ["municipality__sort_fi", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "municipality", "number"], name="one_step_per_number"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(decided_on=None) & ~Q(section_number=""),
                name="an_outcome_has_a_date_and_a_section",
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.get_outcome_display()}" if self.outcome else self.name

    @property
    def is_amended(self):
        return self.outcome == self.Outcome.AMENDED

    @property
    def adopts(self):
        """Whether this body has approved the text of now, and is one that adopts a strategy."""
        approves = self.outcome in self.APPROVALS and not self.on_earlier_text
        return approves and self.body in self.FINAL_BODIES
