from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from drafting.forms import DraftForm, WrittenText
from municipalities.languages import active_language
from visits.forms import sections_of
from visits.models import Note


class NoteStartForm(forms.Form):
    """What a note is about: an item of the programme, or a section, or the visit as a whole."""

    item = forms.ModelChoiceField(
        None, label=_("Programme item"), required=False, empty_label=_("No particular item")
    )
    section = forms.ChoiceField(label=_("Section of the questionnaire"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the note"), choices=settings.LANGUAGES, required=False
    )

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = visit.items.all()
        self.fields["section"].choices = sections_of(visit, _("No particular section"))
        self.fields["language"].initial = active_language()

    def clean_language(self):
        return self.cleaned_data["language"] or active_language()


class NoteForm(DraftForm):
    class Meta:
        model = Note
        fields = ["text"]
        field_classes = {"text": WrittenText}
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["lang"] = self.instance.language
