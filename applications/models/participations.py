from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models.applications import Application
from applications.models.calls import Call
from applications.models.projects import Project
from municipalities.models import Municipality


class ParticipationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The public knows who takes part; this is for what belongs to the participation."""
        if user.is_anonymous:
            return self.none()
        towns = user.memberships.current().values("municipality")
        assigned = user.assignments.current().values("municipality")
        seen = Q(municipality__in=towns) | Q(municipality__in=assigned)
        return self if user.staff_groups else self.filter(seen)

    def active(self):
        return self.filter(state=Participation.State.ACTIVE)


class Participation(models.Model):
    """A municipality's taking part in a project, selected by a call or joined later."""

    class State(models.TextChoices):
        ACTIVE = "active", _("taking part")
        COMPLETED = "completed", _("completed")
        WITHDRAWN = "withdrawn", pgettext_lazy("municipality", "withdrawn")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="participations", verbose_name=_("project")
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        related_name="participations",
        verbose_name=_("municipality"),
    )
    call = models.ForeignKey(
        Call,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("call for applications"),
    )
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, editable=False, related_name="participation"
    )
    joined_late = models.BooleanField(_("joined outside a call"), default=False)
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.ACTIVE, editable=False
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["municipality__sort_fi"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "municipality"], name="one_participation_per_project"
            )
        ]

    def __str__(self):
        return f"{self.municipality}: {self.project}"
