from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AssignmentForm(forms.Form):
    """How a call's applications are spread, and which boxes of the table are ticked.

    pair: the boxes of the table, "<application's key>-<reviewer's key>" each; shown: those that
    stood when the page was opened, in one field, for a form has 3,000 at most.
    """

    people = forms.ModelMultipleChoiceField(
        None, label=_("Spread over"), required=False, widget=forms.CheckboxSelectMultiple
    )
    each = forms.IntegerField(
        label=_("Reviewers for each application"), min_value=1, max_value=10, initial=2
    )
    due_on = forms.DateField(
        label=_("Due"),
        widget=forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("The last day for all reviews that are not handed in."),
    )

    def __init__(self, *args, applications, reviewers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = reviewers
        self.applications, self.reviewers = applications, reviewers

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("The day is over already."))
        return day

    def clean(self):
        values = super().clean()
        if "preview" in self.data and not values.get("people"):
            self.add_error("people", _("Choose at least one reviewer."))
        return values

    @property
    def ticked(self):
        """The pairs of keys that were ticked, of the applications and people of the page."""
        return self.pairs(self.data.getlist("pair"))

    @property
    def shown(self):
        """The pairs that stood when the page was opened."""
        return self.pairs(self.data.get("shown", "").split())

    def pairs(self, values):
        known = {
            f"{row.pk}-{person.pk}": (row.pk, person.pk)
            for row in self.applications
            for person in self.reviewers
        }
        return {known[value] for value in values if value in known}
