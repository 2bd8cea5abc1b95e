from django import forms
from django.utils.translation import gettext_lazy as _

from documents.checking.names import KINDS
from documents.checking.unfit import Unfit
from documents.reasons import why_refused
from documents.receiving import examine


class CheckedFileField(forms.FileField):
    """A file that has been looked at: its value is a `receiving.Received` for `storing.store`."""

    widget = forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)})
    default_error_messages = {
        "required": _("Choose a file first."),
        "missing": _("Choose a file first."),
        "empty": _("The file is empty. Choose another one."),
    }

    def clean(self, data, initial=None):
        received = super().clean(data, initial)
        try:
            examine(received)
        except Unfit as why:
            raise forms.ValidationError(why_refused(str(why)), code=str(why)) from None
        return received
