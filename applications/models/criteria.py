from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.calls import Call
from municipalities.languages import in_language


class Criterion(models.Model):
    """By what a call's applications are judged; fixed once the call opens (`workflow.criteria`)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fi = models.CharField(_("name in Finnish"), max_length=120)
    name_sv = models.CharField(_("name in Swedish"), max_length=120)
    hint_en = models.TextField(_("hint in English"), max_length=500, blank=True)
    hint_fi = models.TextField(_("hint in Finnish"), max_length=500, blank=True)
    hint_sv = models.TextField(_("hint in Swedish"), max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100),
                name="criterion_has_a_weight",
                violation_error_message=_("A weight is a whole number from 1 to 100."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return in_language(self, "name")

    @property
    def hint(self):
        return in_language(self, "hint")
