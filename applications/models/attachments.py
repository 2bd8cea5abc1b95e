from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from documents.models import Upload


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The attachments that belong to the applications whose attachments `user` may read."""
        return self.filter(application__in=Application.objects.with_attachments_for(user))

    def kept(self):
        return self.filter(removed_at=None)

    def there_at(self, moment):
        """Those that were attached, and not removed, at `moment`."""
        return self.filter(upload__at__lte=moment).exclude(removed_at__lte=moment)

    def removed(self):
        """In the bin, from which they can be put back."""
        return self.exclude(removed_at=None)

    def to_purge(self):
        """In the bin for longer than they are kept there, by the database's clock."""
        return self.filter(removed_at__lt=Now() - timedelta(days=settings.BIN_DAYS))


class Attachment(models.Model):
    """A file handed in with an application; removed, it lies in a bin for a while."""

    class What(models.TextChoices):
        LETTER = "letter", _("motivation letter")
        DECISION = "decision", _("extract of the decision to apply")
        PLAN = "plan", _("plan of the work")
        OTHER = "other", _("other attachment")

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="attachments")
    what = models.CharField(_("what it is"), max_length=20, choices=What)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "upload"], name="one_attachment_per_file"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(removed_by__isnull=False),
                name="removed_attachment_names_who",
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()}: {self.upload}"
