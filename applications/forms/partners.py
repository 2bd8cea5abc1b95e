from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality


class PickForm(forms.Form):
    """Looks for a municipality of the register, by a name in any language or by its code."""

    q = forms.CharField(
        label=_("Look for a municipality"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "class": "form-control", "autocomplete": "off"}),
        help_text=_("A part of the Finnish, Swedish or English name, for example “vas”."),
    )


class AskForm(forms.Form):
    """The municipality that was picked, by its code."""

    municipality = forms.ModelChoiceField(Municipality.objects.all(), to_field_name="code")
