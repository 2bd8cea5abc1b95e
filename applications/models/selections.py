from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from applications.models.calls import Call


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
