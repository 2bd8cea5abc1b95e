from django import forms

from accounts.workflow import Refused
from applications.workflow import criteria


class CallForm(forms.ModelForm):
    """A call; its scale is locked with it until it is stored, as its criteria are."""

    def clean(self):
        values = super().clean()
        if self.instance.pk and "highest_mark" in self.changed_data:
            keep_unopened(self.instance)
        return values


class CriteriaFormSet(forms.BaseInlineFormSet):
    """A call's criteria, locked with it until they are stored."""

    def clean(self):
        super().clean()
        if self.instance.pk and self.has_changed():
            keep_unopened(self.instance)


def keep_unopened(call):
    try:
        criteria.keep_unopened(call)
    except Refused as why:
        raise forms.ValidationError(str(why)) from None
