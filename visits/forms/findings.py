from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.people import date_field
from drafting.forms import DraftForm, Repeatable, WrittenText
from municipalities.languages import active_language
from visits.forms import sections_of
from visits.models import Finding


class FindingStartForm(forms.ModelForm):
    """What a finding begins from; its questions are chosen once the section is known."""

    section = forms.ChoiceField(label=_("Section of the questionnaire"))

    class Meta:
        model = Finding
        fields = ["kind", "section", "language"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = sections_of(self.instance.visit, _("Choose one"))
        self.fields["kind"].choices = Finding.Kind.choices


class FindingBasisForm(FindingStartForm):
    """Kind, section and questions of a draft."""

    questions = forms.MultipleChoiceField(
        label=_("Questions it is about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of the section as it was saved. Save another section first to see its own."),
    )

    class Meta(FindingStartForm.Meta):
        fields = ["kind", "section", "language", "questions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.section_before = self.instance.section
        language = active_language()
        self.fields["questions"].choices = [
            (q.code, f"{q.code} {q.text.in_language(language)}")
            for q in self.instance.visit.edition.section(self.section_before).questions
        ]

    @property
    def changes_section(self):
        return self.cleaned_data["section"] != self.section_before

    def clean(self):
        values = super().clean()
        if values.get("section") and self.changes_section:
            values["questions"] = []  # they are another section's
        return values


class FindingForm(DraftForm):
    class Meta:
        model = Finding
        fields = Finding.drafted
        field_classes = {"text": WrittenText}
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in Finding.drafted:
            self.fields[name].widget.attrs["lang"] = self.instance.language


class ObservationForm(Repeatable):
    """How a recommendation stands on a day, and when it is looked at again."""

    day = date_field(_("Date of the observation"), required=True)
    text = WrittenText(
        label=_("What you see"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    next_on = date_field(_("When it is looked at again"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate()

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Choose today or earlier."))
        return day

    def clean(self):
        values = super().clean()
        day, next_on = values.get("day"), values.get("next_on")
        if day and next_on and next_on <= day:
            self.add_error("next_on", _("Choose a day after that of the observation."))
        return values
