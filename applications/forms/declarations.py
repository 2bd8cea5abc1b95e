from django import forms
from django.utils.translation import gettext_lazy as _

from drafting.forms import WrittenText


class DeclarationForm(forms.Form):
    """Whether there is a conflict of interest; a conflict is put in words."""

    conflict = forms.ChoiceField(
        label=_("Do you have a conflict of interest?"),
        choices=[
            ("no", _("No, I have no conflict of interest with this municipality.")),
            ("yes", _("Yes, I have a conflict of interest.")),
        ],
        widget=forms.RadioSelect,
    )
    reason = WrittenText(
        label=_("What the conflict is"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only if there is one. The leads of the project read it."),
    )

    def clean(self):
        values = super().clean()
        if values.get("conflict") == "yes" and not values.get("reason"):
            self.add_error("reason", _("Say in a few words what the conflict is."))
        return values


class DeclareAllForm(forms.Form):
    """One box and one line for each application: ticked where there is a conflict."""

    def __init__(self, *args, applications, **kwargs):
        super().__init__(*args, **kwargs)
        self.applications = list(applications)
        for row in self.applications:
            town = row.municipality.name
            self.fields[f"conflict_{row.pk}"] = forms.BooleanField(label=town, required=False)
            self.fields[f"reason_{row.pk}"] = forms.CharField(
                label=_("What the conflict is"), max_length=1000, required=False
            )

    @property
    def lines(self):
        return [
            (row, self[f"conflict_{row.pk}"], self[f"reason_{row.pk}"]) for row in self.applications
        ]

    def clean(self):
        for row in self.applications:
            ticked = self.cleaned_data.get(f"conflict_{row.pk}")
            reason = self.cleaned_data.get(f"reason_{row.pk}")
            if ticked and not reason:
                self.add_error(f"reason_{row.pk}", _("Say in a few words what the conflict is."))
            if reason and not ticked:
                text = _("Tick the box if this is a conflict, or empty the line.")
                self.add_error(f"reason_{row.pk}", text)
        return self.cleaned_data

    @property
    def conflicts(self):
        return {
            row.pk: self.cleaned_data[f"reason_{row.pk}"]
            for row in self.applications
            if self.cleaned_data[f"conflict_{row.pk}"]
        }


class LiftForm(forms.Form):
    reason = WrittenText(
        label=_("Why the declaration was a mistake"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
