from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality


class StartForm(forms.Form):
    """For which municipality a person applies who coordinates more than one."""

    municipality = forms.ModelChoiceField(Municipality.objects.none(), label=_("Municipality"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        towns = user.memberships.current().coordinating().values("municipality")
        self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=towns)
