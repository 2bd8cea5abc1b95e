from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from applications.models.calls import Call
from documents.models import Document
from municipalities.languages import in_language


class LetterTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The staff's own until they are sent."""
        seen = not user.is_anonymous and user.staff_groups
        return self if seen else self.none()


class LetterText(models.Model):
    """What a call's letter of one outcome says, with `placeholders` for what differs."""

    class Outcome(models.TextChoices):
        SELECTED = "selected", _("selected")
        RESERVE = "reserve", _("on reserve")
        NOT_SELECTED = "not_selected", _("not selected")
        PROMOTED = "promoted", _("promoted from the reserve")

    call = models.ForeignKey(
        Call, models.CASCADE, related_name="letter_texts", verbose_name=_("call for applications")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    subject_en = models.CharField(_("heading in English"), max_length=150)
    body_en = models.TextField(_("text in English"), max_length=6000)
    subject_fi = models.CharField(_("heading in Finnish"), max_length=150)
    body_fi = models.TextField(_("text in Finnish"), max_length=6000)
    subject_sv = models.CharField(_("heading in Swedish"), max_length=150)
    body_sv = models.TextField(_("text in Swedish"), max_length=6000)

    objects = LetterTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a letter")
        verbose_name_plural = _("texts of letters")
        ordering = ["call", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "outcome"], name="one_text_per_outcome")
        ]

    def __str__(self):
        return f"{self.call}: {self.get_outcome_display()}"

    @property
    def subject(self):
        return in_language(self, "subject")

    @property
    def body(self):
        return in_language(self, "body")


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Read by whoever reads the application: the municipality's people and the staff."""
        return self.filter(application__in=Application.objects.visible_to(user))


class Letter(models.Model):
    """What one applicant was told, as it was sent; its file is made of this row alone."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="letters")
    outcome = models.CharField(_("outcome"), max_length=20, choices=LetterText.Outcome)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("heading"), max_length=300)
    body = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, editable=False, related_name="letters"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "outcome"], name="one_letter_per_outcome"
            )
        ]

    def __str__(self):
        return self.subject

    @property
    def municipality_id(self):
        return self.application.municipality_id
