from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENT_SECONDS = 6 * settings.HEARTBEAT_SECONDS  # so long without a sign a worker counts as lost


class DocumentQuerySet(models.QuerySet):
    def waiting(self):
        """Queued, or its worker has gone silent, by the database's clock."""
        silent = Q(heartbeat_at__lt=Now() - timedelta(seconds=SILENT_SECONDS))
        queued = Q(state=Document.State.QUEUED)
        return self.filter(queued | Q(state=Document.State.RENDERING) & silent)


class Document(models.Model):
    """A file to be made by a task, and the file itself once it is made. See `workflow`."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RENDERING = "rendering", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    task = models.CharField(_("task"), max_length=100)
    key = models.CharField(_("key"), max_length=200)  # one request, one row
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.QUEUED, editable=False
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    heartbeat_at = models.DateTimeField(_("last sign of the worker"), null=True)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    reason = models.TextField(_("why it failed"), blank=True)
    file = models.FileField(_("file"), upload_to="documents/%Y/%m", blank=True)
    name = models.CharField(_("file name"), max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents", null=True
    )
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "key"], name="one_document_per_request")
        ]

    def __str__(self):
        return self.name or f"{self.task} {self.key}"

    @property
    def is_ready(self):
        return self.state == self.State.READY

    @property
    def is_pending(self):
        return self.state in {self.State.QUEUED, self.State.RENDERING}
