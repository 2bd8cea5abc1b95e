from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import TEXTS, WRITTEN, Application
from drafting.forms import DraftForm, WrittenText

HINTS = {
    "contact_name": _("Whom the project staff ask when something is unclear."),
    "coordinator_name": _("Who leads the work in the municipality and has time set aside for it."),
    "deciding_body": _("For example the municipal board or the municipal manager."),
    "decided_on": _("Day, month and year, for example 21.11.2026."),
    "motivation": _("Why you want to take part, and what should be different afterwards."),
    "present_work": _("What you do now, with whom, and what has worked."),
    "working_group": _("One line for each sector or partner: who is going to take part."),
    "staff_time": _("For coordination and for collecting data, for example in days a month."),
}


class ApplicationForm(DraftForm):
    """What a municipality writes. A draft may have gaps; `workflow.missing` names them."""

    decided_on = forms.DateField(
        label=_("Date of the decision"),
        required=False,
        widget=forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    class Meta:
        model = Application
        fields = WRITTEN
        field_classes = dict.fromkeys(TEXTS, WrittenText)
        help_texts = HINTS
        widgets = {
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "motivation": forms.Textarea(attrs={"rows": 8}),
            "present_work": forms.Textarea(attrs={"rows": 8}),
            "working_group": forms.Textarea(attrs={"rows": 6}),
            "staff_time": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].help_text = HINTS["decided_on"]
