from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Participation
from drafting.forms import WrittenText


class EndForm(forms.Form):
    """Why a municipality's part ends; whoever leaves is told why."""

    reason = WrittenText(
        label=_("Reasons"),
        max_length=1000,
        required=False,
        help_text=_("The municipality's coordinators get these words by mail."),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
    )

    def __init__(self, *args, to, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = to == Participation.State.WITHDRAWN
