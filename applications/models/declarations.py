from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; leads see those about the applications that they have no conflict with."""
        if user.is_anonymous or not user.staff_groups:
            return self.none()
        seen = Q(person=user)
        if "lead" in user.staff_groups:
            seen |= Q(application__in=Application.objects.for_staff(user))
        return self.filter(seen)

    def standing(self):
        return self.filter(lifted_at=None)

    def conflicts(self):
        return self.standing().filter(has_conflict=True)

    def clear(self):
        return self.standing().filter(has_conflict=False)


class Declaration(models.Model):
    """What somebody on the staff said, before reading an application, of a conflict of interest.

    A conflict takes the application from them (`Application.objects.for_staff`). Written by
    `workflow.declarations`; a lead can lift another person's mistaken one.
    """

    application = models.ForeignKey(
        Application,
        models.PROTECT,
        related_name="declarations",
        verbose_name=_("application"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="declarations",
        verbose_name=_("person"),
    )
    has_conflict = models.BooleanField(_("conflict of interest"))
    reason = models.TextField(_("what the conflict is"), max_length=1000, blank=True)
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_because = models.TextField(_("why it was lifted"), max_length=1000, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration of interest")
        verbose_name_plural = _("declarations of interest")
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person"],
                condition=Q(lifted_at=None),
                name="one_standing_declaration_per_person",
            ),
            models.CheckConstraint(
                condition=Q(has_conflict=False) | ~Q(reason=""), name="a_conflict_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_by__isnull=False, has_conflict=True),
                name="a_lifted_conflict_names_who",
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.application}"
