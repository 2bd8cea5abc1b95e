from django import forms

from accounts.workflow import Refused
from applications.workflow import criteria


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
