from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application


class SelectionForm(forms.Form):
    """Which applications a lead puts forward, and why."""

    applications = forms.ModelMultipleChoiceField(
        Application.objects.none(),
        label=_("Selected"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reasons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["applications"].queryset = call.applications.filter(
            state=Application.State.IN_REVIEW
        )
