"""What the portal brings along: loaded from `strategies/data` by a migration, edited by nobody."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipalities.languages import in_language


class Heading(models.Model):
    """A chapter that a new strategy begins with."""

    class Holds(models.TextChoices):
        TEXT = "text", _("text")
        OBJECTIVES = "objectives", _("objectives and measures")
        RECOMMENDATIONS = "recommendations", _("recommendations and what answers them")

    code = models.CharField(max_length=40, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    title_en = models.CharField(max_length=200, editable=False)
    title_fi = models.CharField(max_length=200, editable=False)
    title_sv = models.CharField(max_length=200, editable=False)
    hint_en = models.TextField(editable=False)
    hint_fi = models.TextField(editable=False)
    hint_sv = models.TextField(editable=False)
    holds = models.CharField(max_length=20, choices=Holds, default=Holds.TEXT, editable=False)

    class Meta:
        verbose_name = _("chapter of the skeleton")
        verbose_name_plural = _("chapters of the skeleton")
        ordering = ["number"]

    def __str__(self):
        return in_language(self, "title")

    @property
    def hint(self):
        return in_language(self, "hint")


class Certainty(models.TextChoices):
    """How sure we are of what a list says; printed with it."""

    SEEN = "seen", _("seen in the source")
    KNOWN = "general knowledge", _("generally known, not confirmed in a source we could read")
    INFERRED = "our inference", _("our own inference, not a fact")


class StatuteQuerySet(models.QuerySet):
    def with_points(self):
        return self.prefetch_related("points")


class Statute(models.Model):
    """A list of points that one section of an act asks for."""

    code = models.CharField(max_length=10, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    title_en = models.CharField(max_length=200, editable=False)
    title_fi = models.CharField(max_length=200, editable=False)
    title_sv = models.CharField(max_length=200, editable=False)
    law_en = models.CharField(max_length=200, editable=False)
    law_fi = models.CharField(max_length=200, editable=False)
    law_sv = models.CharField(max_length=200, editable=False)
    section = models.CharField(max_length=20, editable=False)
    valid_from = models.DateField(null=True, editable=False)
    valid_until = models.DateField(null=True, editable=False)  # the last day
    source_en = models.TextField(editable=False)
    source_fi = models.TextField(editable=False)
    source_sv = models.TextField(editable=False)
    note_en = models.TextField(blank=True, editable=False)
    note_fi = models.TextField(blank=True, editable=False)
    note_sv = models.TextField(blank=True, editable=False)
    certainty = models.CharField(max_length=20, choices=Certainty, editable=False)

    objects = StatuteQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("statutory", "list")
        verbose_name_plural = pgettext_lazy("statutory", "lists")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=models.F("valid_from")),
                name="statute_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def title(self):
        return in_language(self, "title")

    @property
    def law(self):
        return in_language(self, "law")

    @property
    def source(self):
        return in_language(self, "source")

    @property
    def note(self):
        return in_language(self, "note")

    @property
    def heading(self):
        """The list's letter, name and place in the law, in a line."""
        return _("%(code)s. %(title)s: %(law)s, section %(section)s") % {
            "code": self.code,
            "title": self.title,
            "law": self.law,
            "section": self.section,
        }

    def is_in_force(self, on):
        """Whether it is valid on the day `on`; the last day counts."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on <= self.valid_until)


class StatutoryPoint(models.Model):
    """One point of a list, in our own words."""

    statute = models.ForeignKey(Statute, models.PROTECT, related_name="points", editable=False)
    code = models.CharField(max_length=10, unique=True, editable=False)  # "B3"
    number = models.PositiveSmallIntegerField(editable=False)
    text_en = models.CharField(max_length=300, editable=False)
    text_fi = models.CharField(max_length=300, editable=False)
    text_sv = models.CharField(max_length=300, editable=False)
    note_en = models.TextField(blank=True, editable=False)
    note_fi = models.TextField(blank=True, editable=False)
    note_sv = models.TextField(blank=True, editable=False)
    source_en = models.TextField(editable=False)
    source_fi = models.TextField(editable=False)
    source_sv = models.TextField(editable=False)
    certainty = models.CharField(max_length=20, choices=Certainty, editable=False)

    class Meta:
        verbose_name = _("statutory point")
        verbose_name_plural = _("statutory points")
        ordering = ["statute__number", "number"]

    def __str__(self):
        return f"{self.code} {self.text}"

    @property
    def text(self):
        return in_language(self, "text")

    @property
    def note(self):
        return in_language(self, "note")

    @property
    def source(self):
        return in_language(self, "source")
