from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AssignmentForm(forms.Form):
    """How a call's applications are spread, and which boxes of the table are ticked.

    pairs: boxes named "<application's key>-<reviewer's key>", of the table's rows and columns.
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
        towns = {row.pk for row in self.applications}
        people = {person.pk for person in self.reviewers}
        pairs = (one.partition("-") for one in self.data.getlist("pair"))
        found = {(int(a), int(b)) for a, _dash, b in pairs if a.isdecimal() and b.isdecimal()}
        return {(town, one) for town, one in found if town in towns and one in people}
