from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from documents.reasons import FLAGS
from municipalities.models import Municipality


class DocumentQuerySet(models.QuerySet):
    def waiting(self):
        """Queued, or its worker has gone silent, by the database's clock."""
        silent = Q(heartbeat_at__lt=Now() - timedelta(seconds=settings.SILENT_SECONDS))
        queued = Q(state=Document.State.QUEUED)
        return self.filter(queued | Q(state=Document.State.RENDERING) & silent)


class Document(models.Model):
    """A file to be made by a task, and the file itself once it is made. See `workflow`."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RENDERING = "rendering", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        DENIED = "denied", _("not made")
        EXPIRED = "expired", _("deleted after its time")

    task = models.CharField(_("task"), max_length=100)
    key = models.CharField(_("key"), max_length=200)  # one content, one row
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
    created_at = models.DateTimeField(_("asked"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

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


class UploadQuerySet(models.QuerySet):
    def unused(self):
        """Those that no row of any app refers to."""
        links = (f"{link.name}__isnull" for link in Upload._meta.related_objects)
        return self.filter(**dict.fromkeys(links, True))


class Upload(models.Model):
    """A file that a person sent: checked, private, never changed. What it is for: the row
    that refers to it, whose `visible_to` says who may read it.
    """

    municipality = models.ForeignKey(  # none: the project staff's own
        Municipality,
        models.PROTECT,
        null=True,
        related_name="uploads",
        verbose_name=_("municipality"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    name = models.CharField(_("file name"), max_length=120)  # see `checking.names.clean_name`
    kind = models.CharField(_("kind of file"), max_length=10)  # one of `checking.MODULES`
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    flags = models.JSONField(_("told to the staff"), default=list)  # of `checking.unfit.FLAGS`
    file = models.FileField(_("file"), unique=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="upload_has_content")]

    def __str__(self):
        return self.name

    @property
    def warnings(self):
        """In words what is told of it before somebody opens it."""
        return [FLAGS[flag] for flag in self.flags]
