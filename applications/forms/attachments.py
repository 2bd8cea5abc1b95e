from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Attachment
from documents.forms import CheckedFileField


class AttachmentForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What it is"), choices=[("", _("Choose one")), *Attachment.What.choices]
    )
    file = CheckedFileField(
        label=_("File"),
        help_text=_("PDF, Word (.docx), Excel (.xlsx), OpenDocument text (.odt), PNG or JPEG."),
    )
