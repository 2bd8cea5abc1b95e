from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.forms.people import date_field, one_line, time_field
from drafting.forms import DraftForm, WrittenText
from workinggroups.forms.groups import Values
from workinggroups.models import Decision, Meeting, Task


class MeetingForm(forms.Form):
    """When and where a group meets. A meeting begins and ends on one day."""

    day = date_field(gettext_lazy("Day"), required=True)
    starts = time_field(gettext_lazy("Begins"))
    ends = time_field(gettext_lazy("Ends"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    link = forms.URLField(
        label=gettext_lazy("Link to the online meeting"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the notes"))

    def __init__(self, *args, meeting=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = Meeting._meta.get_field("language").choices
        self.initial["language"] = get_language()
        if meeting:
            begins, ends = map(timezone.localtime, (meeting.starts_at, meeting.ends_at))
            self.initial |= {"day": begins.date(), "starts": begins.time(), "ends": ends.time()}
            self.initial |= {n: getattr(meeting, n) for n in ("place", "link", "language")}

    def clean_place(self):
        return one_line(self.cleaned_data["place"])

    def clean(self):
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and (ends <= starts or not self.takes_time()):
            self.add_error("ends", _("The meeting ends before it begins. Check both times."))
        if not {"place", "link"} & self.errors.keys() and not (values["place"] or values["link"]):
            self.add_error("place", _("Say where the meeting is: a place, a link, or both."))
        return values

    @property
    def values(self):
        """Of a valid form, by the names of the model's fields."""
        kept = {name: self.cleaned_data[name] for name in ("place", "link", "language")}
        return {"starts_at": self.time("starts"), "ends_at": self.time("ends")} | kept

    def time(self, name):
        values = self.cleaned_data
        return timezone.make_aware(datetime.combine(values["day"], values[name]))

    def takes_time(self):
        """Not where the clock goes on an hour between, as it does in one night of spring."""
        if "day" not in self.cleaned_data:
            return True
        return self.time("starts").timestamp() < self.time("ends").timestamp()


class AttendanceForm(Values):
    """Who led the meeting and who was there, of those who belonged to the group that day."""

    class Meta:
        model = Meeting
        fields = ["chair", "secretary", "attendees", "also_present"]
        field_classes = {"also_present": WrittenText}
        widgets = {
            "attendees": forms.CheckboxSelectMultiple,
            "also_present": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "also_present": gettext_lazy("Guests and those who presented, one on each line.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        day = timezone.localdate(self.instance.starts_at)
        members = self.instance.group.members.current(day).order_by("pk")
        for name in ("chair", "secretary", "attendees"):
            self.fields[name].queryset = members
        for name in ("chair", "secretary"):
            self.fields[name].empty_label = _("nobody yet")


class MeetingTextsForm(DraftForm):
    """Agenda and notes, which several people write at the same time."""

    class Meta:
        model = Meeting
        fields = Meeting.drafted
        field_classes = dict.fromkeys(Meeting.drafted, WrittenText)
        widgets = {
            "agenda": forms.Textarea(attrs={"rows": 8}),
            "notes": forms.Textarea(attrs={"rows": 16}),
        }
        help_texts = {
            "agenda": gettext_lazy("One item on each line."),
            "notes": gettext_lazy(
                "What was discussed. Decisions and tasks have places of their own."
            ),
        }


class DecisionForm(Values):
    """before: the words that the page showed, so that a colleague's are not overwritten unseen."""

    before = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    class Meta:
        model = Decision
        fields = ["text"]
        field_classes = {"text": WrittenText}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["before"].initial = self.instance.text


class TaskForm(Values):
    due_on = date_field(gettext_lazy("By when"), required=True)

    class Meta:
        model = Task
        fields = ["title", "owner", "due_on"]

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        owner.queryset = group.members.current() | group.members.filter(pk=self.instance.owner_id)
        owner.empty_label = _("Choose one")

    def clean_title(self):
        return one_line(self.cleaned_data["title"])

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate() and due_on != self.instance.due_on:
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return due_on
