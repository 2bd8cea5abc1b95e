from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from drafting.models import Versioned
from visits.models.visits import ProgrammeItem, Visit


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An expert's notes are the assigned experts', and a lead's; shared ones the town's too.

        A right follows from today's assignment, also to one's own notes. A lead who has a part in
        the municipality is one of its people here: those never read what is confidential.
        """
        if user.is_anonymous:
            return self.none()
        towns = user.memberships.current().values("municipality")
        assigned = user.assignments.current().values("municipality")
        in_town = Q(visit__participation__municipality__in=towns)
        seen = Q(visit__participation__municipality__in=assigned)
        seen |= Q(state=Note.State.SHARED) & (Q() if user.staff_groups else in_town)
        if "lead" in user.staff_groups:
            seen |= ~in_town
        return self.filter(seen)

    def with_town(self):
        return self.select_related("visit__participation__municipality", "item", "by")


class Note(Versioned):
    """What an expert wrote down during a visit, on a programme item or a section.

    Confidential unless its writer shares it. It stands in no admin page, report or export.
    """

    class State(models.TextChoices):
        CONFIDENTIAL = "confidential", pgettext_lazy("note", "confidential")
        SHARED = "shared", pgettext_lazy("note", "shared")

    drafted = ("text",)
    audited_as = "note."

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="notes")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes", verbose_name=_("who")
    )
    item = models.ForeignKey(
        ProgrammeItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("programme item"),
    )
    section = models.CharField(_("section of the questionnaire"), max_length=60, blank=True)
    language = models.CharField(
        _("language of the note"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    text = models.TextField(pgettext_lazy("visit", "note"), max_length=8000, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.CONFIDENTIAL, editable=False
    )
    started_at = models.DateTimeField(_("begun"), auto_now_add=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("visit", "note")
        verbose_name_plural = pgettext_lazy("visit", "notes")
        ordering = ["-started_at", "-pk"]

    def __str__(self):
        return f"{self.by}: {self.visit}"

    def get_absolute_url(self):
        return reverse("visits:note", args=[self.pk])

    @property
    def municipality(self):
        return self.visit.municipality

    @property
    def municipality_id(self):
        return self.visit.municipality_id

    @property
    def is_shared(self):
        return self.state == self.State.SHARED
