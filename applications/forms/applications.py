from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.people import FIRST_DAY, LAST_DAY
from applications.models import OPTIONAL, STEPS, TEXTS, WRITTEN, Application
from drafting.forms import DraftForm, LimitedText
from municipalities.models import Municipality

HINTS = {
    "contact_name": _("Whom the project staff ask when something is unclear."),
    "coordinator_name": _("Who leads the work in the municipality and has time set aside for it."),
    "deciding_body": _("For example the municipal board or the municipal manager."),
    "decided_on": _("Day, month and year, for example 21.11.2026."),
    "section_number": _("As it stands in the minutes, for example § 252."),
    "motivation": _("Why you want to take part, and what should be different afterwards."),
    "present_work": _("What you do now, with whom, and what has worked."),
    "working_group": _("One line for each sector or partner: who is going to take part."),
    "staff_time": _("For coordination and for collecting data, for example in days a month."),
    "works_in_english": _("Part of the material is in Finnish and Swedish, too."),
    "language_needs": _("Interpreting, material or meetings in Finnish or Swedish, and for whom."),
    "stays_to_the_end": _("A municipality that is selected takes part from the first day on."),
    "registry_email": _("A confirmation of the submitted application goes there, too."),
    "case_number": _("The confirmation and the receipt show it."),
}
LIMIT = _("At most %s characters.")


class ApplicationForm(DraftForm):
    """What a municipality writes. A draft may have gaps; `workflow.missing` names them."""

    class Meta:
        model = Application
        fields = WRITTEN
        field_classes = dict.fromkeys(TEXTS, LimitedText)
        help_texts = HINTS
        widgets = {
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "decided_on": forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
            "motivation": forms.Textarea(attrs={"rows": 12}),
            "present_work": forms.Textarea(attrs={"rows": 12}),
            "working_group": forms.Textarea(attrs={"rows": 10}),
            "staff_time": forms.Textarea(attrs={"rows": 6}),
            "language_needs": forms.Textarea(attrs={"rows": 6}),
            "registry_email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.state == Application.State.RETURNED:
            self.keep(self.instance.open_completion)
        for name, field in self.fields.items():
            field.is_optional = name in OPTIONAL
            if name in TEXTS:
                field.help_text = f"{field.help_text} {LIMIT % field.max_length}"

    def keep(self, completion):
        """Leave only what the application was returned for."""
        for name in set(self._meta.fields) - set(completion.fields):
            del self.fields[name]

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("This is not a date. Write the year with four digits."))
        return day


# The form of each page: it writes that page's fields, and leaves the others alone.
STEP_FORMS = {
    code: forms.modelform_factory(Application, ApplicationForm, fields=names)
    for code, names in STEPS.items()
}


class StartForm(forms.Form):
    """For which municipality a person applies who coordinates more than one."""

    municipality = forms.ModelChoiceField(Municipality.objects.none(), label=_("Municipality"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        towns = user.memberships.current().coordinating().values("municipality")
        self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=towns)
