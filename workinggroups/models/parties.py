from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Party
from municipalities.languages import in_language


class GroupKind(models.TextChoices):
    WORKING_GROUP = "working_group", _("working group")
    DELEGATION = "delegation", _("local advisory board (delegation)")


class OnADay(models.QuerySet):
    def on(self, day):
        """Those whose time, both days included, holds `day`."""
        begun, going_on = Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day)
        return self.filter(begun, going_on)


class PartyKind(models.Model):
    """A kind of party that takes part beside the municipality's own sectors, in its time."""

    code = models.SlugField(_("code"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fi = models.CharField(_("name in Finnish"), max_length=120)
    name_sv = models.CharField(_("name in Swedish"), max_length=120)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    party = models.CharField(
        _("kind of partner"),
        max_length=30,
        choices=Party,
        help_text=_("What a person of this kind is when they are invited to the portal."),
    )
    place = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    objects = OnADay.as_manager()

    class Meta:
        verbose_name = _("kind of party")
        verbose_name_plural = _("kinds of party")
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="party_kind_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return in_language(self, "name")


class LegalBasis(models.Model):
    """Where law or official guidance names a kind of party for a kind of group, in its time."""

    class Certainty(models.TextChoices):
        SEEN = "seen", pgettext_lazy("certainty", "checked against the source")
        GENERAL = "general", pgettext_lazy("certainty", "general knowledge, not checked")
        INFERRED = "inferred", pgettext_lazy("certainty", "our own inference")

    kind = models.ForeignKey(
        PartyKind, models.CASCADE, related_name="bases", verbose_name=_("kind of party")
    )
    group = models.CharField(_("kind of group"), max_length=20, choices=GroupKind)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    source_en = models.CharField(_("source in English"), max_length=200)
    source_fi = models.CharField(_("source in Finnish"), max_length=200)
    source_sv = models.CharField(_("source in Swedish"), max_length=200)
    certainty = models.CharField(_("certainty"), max_length=20, choices=Certainty)

    objects = OnADay.as_manager()

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ["kind__place", "group", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "group", "since"], name="one_basis_per_kind_group_and_day"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="legal_basis_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.source}"

    @property
    def source(self):
        return in_language(self, "source")
