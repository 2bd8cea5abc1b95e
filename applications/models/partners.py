from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipalities.models import Municipality


class PartnerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own municipality's: those that ask, and those that were asked.

        Who was asked is the coordinators', until they have confirmed; then it is everybody's.
        The staff read of partners in the application, once it is submitted.
        """
        if user.is_anonymous:
            return self.none()
        hats = user.memberships.current()
        towns = hats.values("municipality")
        joint = Partner.objects.confirmed().filter(municipality__in=towns).values("application")
        own = Q(application__municipality__in=towns) | Q(application__in=joint)
        return self.filter(own | Q(municipality__in=hats.coordinating().values("municipality")))

    def asked(self):
        return self.filter(state=Partner.State.ASKED)

    def confirmed(self):
        return self.filter(state=Partner.State.CONFIRMED)

    def waiting_for(self, user):
        """Those that `user` may answer, as long as the application can be joined."""
        towns = user.memberships.current().coordinating().values("municipality")
        return self.asked().filter(municipality__in=towns, application__state="draft")

    def with_towns(self):
        return self.select_related("municipality", "application__municipality", "application__call")


class Partner(models.Model):
    """A municipality that another one has asked to apply with it. Its state: `workflow.partners`.

    The people of one that has confirmed have the applicant's rights in this application;
    submitting and withdrawing stay with the applicant's coordinator.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("partner municipality", "asked")
        CONFIRMED = "confirmed", pgettext_lazy("partner municipality", "confirmed")
        DECLINED = "declined", pgettext_lazy("partner municipality", "declined")
        REMOVED = "removed", pgettext_lazy("partner municipality", "removed")

    application = models.ForeignKey(
        "applications.Application", models.PROTECT, related_name="partners"
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        related_name="joint_applications",
        verbose_name=_("municipality"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.ASKED, editable=False
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner municipality")
        verbose_name_plural = _("partner municipalities")
        ordering = ["municipality__sort_fi"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "municipality"], name="one_partner_row_per_municipality"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"]) | Q(answered_by__isnull=False),
                name="a_partners_answer_names_who",
            ),
        ]

    def __str__(self):
        return f"{self.municipality}: {self.application}"

    def get_absolute_url(self):
        return reverse("applications:partner", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.ASKED
