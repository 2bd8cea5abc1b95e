from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from applications.models.completions import choices
from drafting.forms import WrittenText

TWO_WEEKS = timedelta(weeks=2)


class CompletionForm(forms.Form):
    """What a municipality is to complete, why, and by which day."""

    fields_asked = forms.MultipleChoiceField(
        label=_("What is to be completed"), widget=forms.CheckboxSelectMultiple
    )
    reason = WrittenText(
        label=_("Reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The municipality reads this in the mail and above its form."),
    )
    due_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("The municipality can complete it until the end of this day, Helsinki time."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fields_asked"].choices = [(name, capfirst(text)) for name, text in choices()]
        self.fields["due_on"].initial = timezone.localdate() + TWO_WEEKS

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("The last day comes after today."))
        return day

    @property
    def values(self):
        """What `workflow.completions` takes."""
        last_minute = datetime.combine(self.cleaned_data["due_on"], time(23, 59))
        return {
            "fields": self.cleaned_data["fields_asked"],
            "reason": self.cleaned_data["reason"],
            "due_at": timezone.make_aware(last_minute),
        }
