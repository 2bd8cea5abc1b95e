from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.attachments import Attachment
from applications.models.calls import Call


class RequirementQuerySet(models.QuerySet):
    def lacking_in(self, application):
        """Those that `application` needs and has no file for."""
        there = application.attachments.kept().values("what")
        return self.filter(is_required=True).exclude(what__in=there)

    def following(self):
        """Those whose file may still come after the application was submitted."""
        return self.filter(follows_until__gt=timezone.now())

    def due(self):
        """Those whose file has to be there when the application is submitted."""
        return self.filter(Q(follows_until=None) | Q(follows_until__lte=timezone.now()))


class Requirement(models.Model):
    """A kind of attachment that a call asks for, and until when it may follow, if it may."""

    call = models.ForeignKey(
        Call, models.CASCADE, related_name="requirements", verbose_name=_("call for applications")
    )
    what = models.CharField(_("what it is"), max_length=20, choices=Attachment.What)
    is_required = models.BooleanField(_("required"), default=True)
    follows_until = models.DateTimeField(
        _("may follow until"),
        null=True,
        blank=True,
        help_text=_("Empty: it has to be there when the application is submitted."),
    )

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment that is asked for")
        verbose_name_plural = _("attachments that are asked for")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "what"], name="one_requirement_per_kind")
        ]

    def __str__(self):
        return self.get_what_display()

    @property
    def may_follow(self):
        return self.follows_until is not None and self.follows_until > timezone.now()
