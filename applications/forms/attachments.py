from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Attachment
from documents.forms import CheckedFileField


class AttachmentForm(forms.Form):
    """A file and what it is; only: the kinds that may be added now, or None for all."""

    what = forms.ChoiceField(label=_("What it is"))
    file = CheckedFileField(
        label=_("File"),
        help_text=_("PDF, Word (.docx), Excel (.xlsx), OpenDocument text (.odt), PNG or JPEG."),
    )

    def __init__(self, *args, only=None, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [(k, label) for k, label in Attachment.What.choices if only is None or k in only]
        self.fields["what"].choices = [("", _("Choose one")), *kinds]
