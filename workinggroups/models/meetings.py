from django.conf import settings
from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from documents.models import Document
from drafting.models import Versioned
from workinggroups.models.groups import GroupMember, WorkingGroup

WRITTEN = ("agenda", "notes")  # the texts that several people write


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=WorkingGroup.objects.visible_to(user))

    def with_town(self):
        return self.select_related(
            "group__participation__municipality", "group__participation__project"
        )

    def coming(self):
        return self.filter(ends_at__gte=timezone.now()).order_by("starts_at")


class Meeting(Versioned):
    """A meeting of a group, with its agenda and notes. The state of the notes: `workflow.notes`."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("notes", "being written")
        REMARKS = "remarks", pgettext_lazy("notes", "open for remarks")
        APPROVED = "approved", pgettext_lazy("notes", "approved")

    drafted = WRITTEN

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField(gettext_lazy("begins"))
    ends_at = models.DateTimeField(gettext_lazy("ends"))
    place = models.CharField(gettext_lazy("place"), max_length=200, blank=True)
    link = models.URLField(gettext_lazy("link to the online meeting"), max_length=500, blank=True)
    language = models.CharField(
        gettext_lazy("language of the notes"), max_length=2, choices=settings.LANGUAGES
    )
    agenda = models.TextField(gettext_lazy("agenda"), max_length=4000, blank=True)
    notes = models.TextField(pgettext_lazy("meeting", "notes"), max_length=20_000, blank=True)
    chair = models.ForeignKey(
        GroupMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings_chaired",
        verbose_name=gettext_lazy("chairperson"),
    )
    secretary = models.ForeignKey(
        GroupMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings_noted",
        verbose_name=gettext_lazy("secretary"),
    )
    attendees = models.ManyToManyField(
        GroupMember,
        blank=True,
        related_name="meetings_attended",
        verbose_name=gettext_lazy("members who were present"),
    )
    also_present = models.TextField(
        gettext_lazy("others who were present"), max_length=1000, blank=True
    )
    state = models.CharField(
        gettext_lazy("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    # Counted from 1 in each group as the notes are approved.
    number = models.PositiveSmallIntegerField(gettext_lazy("number"), null=True, editable=False)
    approved_at = models.DateTimeField(gettext_lazy("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    called_at = models.DateTimeField(gettext_lazy("called"), null=True, editable=False)
    # Raised with each change that the members were told of: calendars take the highest.
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("meeting")
        verbose_name_plural = gettext_lazy("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "starts_at"], name="one_meeting_at_a_time"),
            models.UniqueConstraint(fields=["group", "number"], name="one_meeting_per_number"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(link=""), name="meeting_has_a_place_or_a_link"
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(state="approved", approved_at__isnull=False),
                name="only_approved_notes_have_a_number",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workinggroups:meeting", args=[self.pk])

    @property
    def title(self):
        date = date_format(timezone.localtime(self.starts_at))
        if self.number:
            return _("Meeting %(number)s, %(date)s") % {"number": self.number, "date": date}
        return _("Meeting of %s") % date

    @property
    def municipality(self):
        return self.group.municipality

    @property
    def municipality_id(self):
        return self.group.municipality_id

    @property
    def is_approved(self):
        return self.state == self.State.APPROVED

    @property
    def has_begun(self):
        return self.starts_at <= timezone.now()

    @property
    def is_over(self):
        return self.ends_at < timezone.now()


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def numbered(self):
        """Add `number`, from 1 in each meeting; approved notes lock the rows and so the numbers."""
        rank = Window(RowNumber(), partition_by="meeting", order_by="pk")
        return self.annotate(number=rank)


class Decision(models.Model):
    """One thing that a meeting decided."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    text = models.TextField(gettext_lazy("decision"), max_length=2000)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("decision")
        verbose_name_plural = gettext_lazy("decisions")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]

    @property
    def municipality_id(self):
        return self.meeting.municipality_id


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=WorkingGroup.objects.visible_to(user))

    def open(self):
        return self.filter(done_at=None)

    def done(self):
        return self.exclude(done_at=None)

    def with_owner(self):
        return self.select_related("owner", "meeting", "done_by")


class Task(models.Model):
    """Something that a member has promised to do by a day. meeting: where it was agreed."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="tasks")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="tasks")
    title = models.CharField(gettext_lazy("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        GroupMember, models.PROTECT, related_name="tasks", verbose_name=gettext_lazy("who does it")
    )
    due_on = models.DateField(gettext_lazy("by when"))
    done_at = models.DateTimeField(gettext_lazy("done"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("task")
        verbose_name_plural = gettext_lazy("tasks")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_is_done_by_somebody",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def municipality_id(self):
        return self.group.municipality_id

    @property
    def is_done(self):
        return self.done_at is not None

    @property
    def is_locked(self):
        """Approved notes hold what their meeting agreed; it can still be marked as done."""
        return self.meeting is not None and self.meeting.is_approved

    @property
    def is_late(self):
        return not self.is_done and self.due_on < timezone.localdate()


class NotesFile(models.Model):
    """The approved notes of a meeting in one language's frame; the file is its document."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="files")
    language = models.CharField(gettext_lazy("language"), max_length=2, choices=settings.LANGUAGES)
    document = models.OneToOneField(Document, models.PROTECT, related_name="notes_file")

    class Meta:
        verbose_name = gettext_lazy("file of notes")
        verbose_name_plural = gettext_lazy("files of notes")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "language"], name="one_file_of_notes_per_language"
            )
        ]

    def __str__(self):
        return f"{self.meeting} ({self.language})"
