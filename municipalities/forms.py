from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import LanguageStatus, Region
from municipalities.sorting import sort_key


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name or code"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "class": "form-control"}),
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, widget=forms.Select({"class": "form-select"})
    )
    language = forms.ChoiceField(
        label=_("Language status"),
        choices=[("", _("All")), *LanguageStatus.choices],
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        regions = sorted(Region.objects.all(), key=lambda region: sort_key(region.name))
        self.fields["region"].choices = [
            ("", _("All")),
            *((region.code, region.name) for region in regions),
        ]
