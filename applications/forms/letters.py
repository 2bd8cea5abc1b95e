from django import forms
from django.utils.translation import gettext as _

from applications.models import LetterText
from applications.placeholders import ALLOWED, unknown
from drafting.forms import WrittenText

WORDED = [f"{part}_{language}" for language in ("en", "fi", "sv") for part in ("subject", "body")]


class LetterTextForm(forms.ModelForm):
    class Meta:
        model = LetterText
        fields = WORDED
        field_classes = {name: WrittenText for name in WORDED if name.startswith("body")}
        widgets = {
            name: forms.Textarea(attrs={"rows": 14, "cols": 90})
            if name.startswith("body")
            else forms.TextInput(attrs={"size": 90})
            for name in WORDED
        }

    def clean(self):
        for name in WORDED:
            found = unknown(self.cleaned_data.get(name, ""), self.instance.outcome)
            if found:
                self.add_error(name, self.refusal(found))
        return self.cleaned_data

    def refusal(self, found):
        known = ", ".join(f"{{{name}}}" for name in ALLOWED[self.instance.outcome])
        text = _("%(found)s is not a placeholder of this letter. You can use %(known)s.")
        return text % {"found": ", ".join(found), "known": known}
