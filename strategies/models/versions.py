from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from strategies.models.strategies import Strategy


class StrategyVersion(models.Model):
    """A strategy as it was adopted: never changed. The file and the public page show this.

    content: see `content.content_of`. checksum: `frozen.checksum` of it.
    """

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    content = models.JSONField(editable=False)
    checksum = models.CharField(_("checksum"), max_length=64, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version of a strategy")
        verbose_name_plural = _("versions of a strategy")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="one_version_per_number")
        ]

    def __str__(self):
        return f"{self.strategy} ({self.number})"

    @property
    def municipality_id(self):
        return self.strategy.municipality_id


class StrategyFile(models.Model):
    """A version as a file whose frame is in one language; the file is its document."""

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="files")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    document = models.OneToOneField(Document, models.PROTECT, related_name="strategy_file")

    class Meta:
        verbose_name = _("file of a strategy")
        verbose_name_plural = _("files of a strategy")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_file_per_language")
        ]

    def __str__(self):
        return f"{self.version}, {self.language}"
