from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.applications import WRITTEN, Application

ATTACHMENTS = "attachments"  # beside the names of the written fields


class CompletionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None, ended_at=None)


class Completion(models.Model):
    """An application's return to its municipality: what is to be completed there, why, by when."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="completions")
    fields = models.JSONField(_("what is to be completed"))  # names of fields, or "attachments"
    reason = models.TextField(_("reasons"), max_length=2000)
    due_at = models.DateTimeField(_("to be completed by"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"))  # of the application, when it was asked
    answered_at = models.DateTimeField(_("submitted again"), null=True)
    ended_at = models.DateTimeField(_("taken back to review"), null=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at=None, ended_at=None),
                name="one_open_completion_per_application",
            )
        ]

    def __str__(self):
        return f"{self.application}: {self.reason[:40]}"

    @property
    def is_over(self):
        return self.due_at <= timezone.now()

    @property
    def due_with_the_day(self):
        """A deadline at the end of a day is shown as that day."""
        local = timezone.localtime(self.due_at)
        return (local.hour, local.minute) == (23, 59)

    @property
    def labels(self):
        """What is to be completed, in words, in the form's order."""
        return [label for name, label in choices() if name in self.fields]


def choices():
    """(name, label) of all that can be returned for completion."""
    fields = map(Application._meta.get_field, WRITTEN)
    return [(field.name, field.verbose_name) for field in fields] + [
        (ATTACHMENTS, _("attachments"))
    ]
