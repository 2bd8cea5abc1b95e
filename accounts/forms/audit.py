from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import ACTIONS
from accounts.forms.people import date_field


class AuditFilterForm(forms.Form):
    """Whose acts, which, and when; everything may stay open."""

    by = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    action = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    after = date_field(gettext_lazy("From"), hint="")
    before = date_field(gettext_lazy("Until"), hint="")

    def __init__(self, *args, people, actions, **kwargs):
        """people: (key, name) of whoever has done something; actions: the codes that occur."""
        super().__init__(*args, **kwargs)
        everybody = ("", _("everybody"))
        self.fields["by"].choices = [everybody, *((str(key), name) for key, name in people)]
        named = sorted((str(ACTIONS.get(code, code)), code) for code in actions)
        everything = ("", _("everything"))
        self.fields["action"].choices = [everything, *((code, name) for name, code in named)]
        for field in self.fields.values():
            css = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = css

    def narrow(self, entries):
        """The entries that are asked for; what could not be read is not asked for."""
        wanted = self.cleaned_data
        if wanted.get("by"):
            entries = entries.filter(by=wanted["by"])
        if wanted.get("action"):
            entries = entries.filter(action=wanted["action"])
        if wanted.get("after"):
            entries = entries.filter(at__date__gte=wanted["after"])
        if wanted.get("before"):
            entries = entries.filter(at__date__lte=wanted["before"])
        return entries
