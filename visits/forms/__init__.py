from django import forms
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.people import date_field, one_line
from accounts.models import User
from drafting.forms import DraftForm, WrittenText
from municipalities.languages import active_language
from visits.models import PersonMet, ProgrammeItem, Visit


def sections_of(visit, blank):
    """The choices of a field for a section of the questionnaire. blank: the words for none."""
    language = active_language()
    sections = visit.edition.sections
    return [("", blank), *((s.code, s.title.in_language(language)) for s in sections)]


class VisitForm(forms.ModelForm):
    """When, where and by whom a municipality is visited; who plans it chooses the experts."""

    link = forms.URLField(
        label=_("Link to the online meeting"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Needed for an online visit. It starts with https://."),
    )
    starts_on = date_field(_("First day"), required=True)
    ends_on = date_field(_("Last day"), required=True)
    aim = WrittenText(
        label=_("What the visit is for"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Visit
        fields = ["kind", "place", "link", "starts_on", "ends_on", "experts", "aim"]
        widgets = {"experts": forms.CheckboxSelectMultiple, "kind": forms.RadioSelect}
        help_texts = {
            "place": _("Needed for a visit on site."),
            "experts": _("Those who are assigned to the municipality."),
        }

    def __init__(self, *args, names_experts, **kwargs):
        super().__init__(*args, **kwargs)
        self.town = self.instance.participation.municipality
        self.fields["kind"].choices = Visit.Kind.choices
        if names_experts:
            assigned = self.town.assignments.values("user")
            self.fields["experts"].queryset = User.objects.filter(is_active=True, pk__in=assigned)
        else:
            del self.fields["experts"]

    def clean_place(self):
        place = one_line(self.cleaned_data["place"])
        if not place and self.cleaned_data.get("kind") == Visit.Kind.SITE:
            raise forms.ValidationError(_("Say where the visit is."))
        return place

    def clean_link(self):
        link = self.cleaned_data["link"]
        if not link and self.cleaned_data.get("kind") == Visit.Kind.ONLINE:
            raise forms.ValidationError(_("Give the link to the online meeting."))
        return link

    def clean(self):
        values = super().clean()
        starts, ends = values.get("starts_on"), values.get("ends_on")
        for name, day in (("starts_on", starts), ("ends_on", ends)):
            if day and not self.is_in_project(day):
                self.add_error(name, self.outside_project())
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day comes before the first one."))
        elif starts and ends:
            self.check_experts(starts, ends)
            self.check_programme(starts, ends)
        return values

    def check_experts(self, starts, ends):
        if away := self.not_assigned(starts, ends):
            text = gettext("Not assigned to the municipality on all days of the visit: %s.")
            field = "experts" if "experts" in self.fields else "starts_on"
            self.add_error(field, text % ", ".join(map(str, away)))

    def check_programme(self, starts, ends):
        """The programme moves with the first day; fewer days than it has are refused."""
        if not self.instance.pk:
            return
        self.moved_by = starts - self.initial["starts_on"]
        late = self.instance.items.filter(day__gt=ends - self.moved_by)
        if titles := ", ".join(f"“{title}”" for title in late.values_list("title", flat=True)):
            text = gettext("This part of the programme would come after the last day: %s.")
            self.add_error("ends_on", text % titles)

    def move_programme(self):
        """Have the stored visit's programme follow its first day."""
        if self.moved_by:
            self.instance.items.update(day=F("day") + self.moved_by)

    def is_in_project(self, day):
        project = self.instance.participation.project
        return project.starts_on <= day <= project.ends_on

    def outside_project(self):
        project = self.instance.participation.project
        return _("Choose a day of the project, which lasts from %(first)s to %(last)s.") % {
            "first": formats.date_format(project.starts_on),
            "last": formats.date_format(project.ends_on),
        }

    def not_assigned(self, starts, ends):
        """The visit's experts whose assignment does not cover the days."""
        if "experts" in self.fields:
            chosen = self.cleaned_data.get("experts", [])
        else:
            chosen = self.instance.experts.all()
        covering = self.town.assignments.filter(since__lte=starts)
        covering = covering.filter(Q(until=None) | Q(until__gte=ends)).values_list(
            "user", flat=True
        )
        return [person for person in chosen if person.pk not in set(covering)]


class ItemForm(forms.ModelForm):
    """One item of the programme, on a day of the visit."""

    day = date_field(_("Day"), required=True)
    section = forms.ChoiceField(label=_("Section of the questionnaire"), required=False)

    class Meta:
        model = ProgrammeItem
        fields = ["day", "starts", "ends", "title", "place", "section"]
        widgets = dict.fromkeys(
            ["starts", "ends"], forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visit = self.instance.visit
        self.fields["section"].choices = sections_of(visit, _("No particular section"))
        self.fields["day"].initial = visit.starts_on
        for name in ("starts", "ends"):
            self.fields[name].input_formats = ["%H:%M", "%H.%M"]

    def clean_day(self):
        day, visit = self.cleaned_data["day"], self.instance.visit
        if not visit.starts_on <= day <= visit.ends_on:
            text = gettext("Choose a day of the visit: %s.") % visit.days
            raise forms.ValidationError(text)
        return day

    def clean(self):
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("It ends before it begins."))
        alike = {name: values.get(name) for name in ("day", "starts", "title")}
        others = self.instance.visit.items.exclude(pk=self.instance.pk)
        if others.filter(**alike).exists():
            self.add_error("title", _("This is in the programme already, at the same time."))
        return values


class PersonForm(forms.ModelForm):
    class Meta:
        model = PersonMet
        fields = ["name", "post", "organisation"]
        widgets = dict.fromkeys(fields, forms.TextInput(attrs={"autocomplete": "off"}))

    def clean(self):
        values = {name: one_line(value) for name, value in super().clean().items()}
        alike = {name: values.get(name) for name in ("name", "organisation")}
        if self.instance.visit.people_met.filter(**alike).exists():
            self.add_error("name", _("This person is in the list already."))
        return values


class SummaryForm(DraftForm):
    """The summary of the report, written together."""

    class Meta:
        model = Visit
        fields = Visit.drafted
        field_classes = {"summary": WrittenText}
        widgets = {"summary": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].widget.attrs["lang"] = self.instance.language
