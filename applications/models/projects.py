from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipalities.languages import in_language


class Project(models.Model):
    """What a call selects for: its name, period and funders."""

    code = models.SlugField(_("code"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_fi = models.CharField(_("name in Finnish"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200)
    funding_en = models.TextField(_("funders in English"))
    funding_fi = models.TextField(_("funders in Finnish"))
    funding_sv = models.TextField(_("funders in Swedish"))
    starts_on = models.DateField(_("taking part begins"))
    ends_on = models.DateField(_("taking part ends"))
    is_demo = models.BooleanField(_("invented, for the demo"), default=False)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="project_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return in_language(self, "name")

    @property
    def funding(self):
        return in_language(self, "funding")

    def bodies_by_role(self):
        """What each body does, as (words, bodies), in the order of `ProjectBody.Role`."""
        bodies = list(self.bodies.all())
        found = [(r.label, [b for b in bodies if b.role == r]) for r in ProjectBody.Role]
        return [(words, having) for words, having in found if having]


class ProjectBody(models.Model):
    """An authority or organisation behind a project, named on its calls' pages."""

    class Role(models.TextChoices):
        IMPLEMENTING = "implementing", _("carried out by")
        COFUNDING = "cofunding", _("co-funded by")
        PARTNER = "partner", _("in cooperation with")

    project = models.ForeignKey(Project, models.CASCADE, related_name="bodies")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_fi = models.CharField(_("name in Finnish"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200)
    website = models.URLField(_("website"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("body behind the project")
        verbose_name_plural = _("bodies behind the project")
        ordering = ["position", "pk"]

    def __str__(self):
        return in_language(self, "name")
