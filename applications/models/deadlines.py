from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from applications.models.calls import Call
from municipalities.languages import in_language


class DeadlineMove(models.Model):
    """A moved deadline, told on the call's page for good. Written by `workflow.calls`."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="deadline_moves")
    moved_from = models.DateTimeField(_("old deadline"))
    moved_to = models.DateTimeField(_("new deadline"))
    reason_en = models.TextField(_("reason in English"), max_length=1000)
    reason_fi = models.TextField(_("reason in Finnish"), max_length=1000)
    reason_sv = models.TextField(_("reason in Swedish"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deadline_moves")
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("moved deadline")
        verbose_name_plural = _("moved deadlines")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.call}: {self.moved_from} – {self.moved_to}"

    @property
    def reason(self):
        return in_language(self, "reason")
