from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.calls import Call
from municipalities.languages import in_language


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The staff's: whom it concerns gets it by mail."""
        is_staff = user.is_authenticated and user.staff_groups
        return self if is_staff else self.none()


class Announcement(models.Model):
    """One message in three languages to everybody whom a call concerns, sent once."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")

    class Audience(models.TextChoices):
        DRAFTS = "drafts", _("all who have a draft")
        APPLICANTS = "applicants", _("all who have applied")
        TAKING_PART = "taking_part", _("all who take part in the project")

    call = models.ForeignKey(
        Call, models.PROTECT, related_name="announcements", verbose_name=_("call for applications")
    )
    audience = models.CharField(_("to whom"), max_length=20, choices=Audience)
    subject_en = models.CharField(_("subject in English"), max_length=90)
    subject_fi = models.CharField(_("subject in Finnish"), max_length=90)
    subject_sv = models.CharField(_("subject in Swedish"), max_length=90)
    body_en = models.TextField(_("message in English"), max_length=4000)
    body_fi = models.TextField(_("message in Finnish"), max_length=4000)
    body_sv = models.TextField(_("message in Swedish"), max_length=4000)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="announcements",
        verbose_name=_("sent by"),
    )
    receivers = models.PositiveIntegerField(_("receivers"), null=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to municipalities")
        verbose_name_plural = _("messages to municipalities")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(sent_at__isnull=False, sent_by__isnull=False, receivers__isnull=False),
                name="a_sent_announcement_says_when_and_to_how_many",
            )
        ]

    def __str__(self):
        return self.subject

    @property
    def subject(self):
        return in_language(self, "subject")

    @property
    def body(self):
        return in_language(self, "body")
