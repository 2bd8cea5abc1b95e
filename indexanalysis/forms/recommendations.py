from django import forms
from django.utils.translation import gettext_lazy as _

from drafting.forms import DraftForm, WrittenText
from indexanalysis.models import Recommendation
from municipalities.languages import LANGUAGES, active_language

LONG = tuple(name for name in Recommendation.drafted if not name.startswith("title"))
ROWS = {"text": 8, "reason": 5}


class RecommendationForm(DraftForm):
    """Title, text and reason in three languages; `workflow` says what is needed to issue it."""

    class Meta:
        model = Recommendation
        fields = Recommendation.drafted
        field_classes = dict.fromkeys(LONG, WrittenText)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in Recommendation.drafted:
            what, _underscore, language = name.partition("_")
            widget = self.fields[name].widget
            widget.attrs["lang"] = language
            if what in ROWS:
                widget.attrs["rows"] = ROWS[what]

    @property
    def languages(self):
        """The working language first, then the translations of it."""
        own = self.instance.language
        return [own, *(code for code in LANGUAGES if code != own)]

    @property
    def titles(self):
        return [self[f"title_{code}"] for code in self.languages]

    @property
    def texts(self):
        return [self[f"text_{code}"] for code in self.languages]

    @property
    def reasons(self):
        return [self[f"reason_{code}"] for code in self.languages]


class BasisForm(forms.ModelForm):
    """What a draft rests on. section: of the edition, whose questions can be chosen."""

    questions = forms.MultipleChoiceField(
        label=_("Questions it rests on"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Recommendation
        fields = ["questions", "priority", "language"]
        help_texts = {
            "language": _("The one you write in first. The translations stand beside it."),
        }

    def __init__(self, *args, section, **kwargs):
        super().__init__(*args, **kwargs)
        language = active_language()
        self.fields["questions"].choices = [
            (q.code, f"{q.code} {q.text.in_language(language)}") for q in section.questions
        ]


class ResponseForm(forms.Form):
    """The municipality's answer to an issued recommendation."""

    answer = forms.ChoiceField(
        label=_("Do you take the recommendation up?"),
        choices=[
            (Recommendation.State.ACCEPTED, _("Yes, we take it up")),
            (Recommendation.State.NOT_TAKEN_UP, _("No, we do not take it up")),
        ],
        widget=forms.RadioSelect,
    )
    response = WrittenText(
        label=_("Your reason"),
        max_length=2000,
        required=False,
        help_text=_("Needed if you do not take it up. It is printed in the index report."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self):
        values = super().clean()
        declined = values.get("answer") == Recommendation.State.NOT_TAKEN_UP
        if declined and not values.get("response", "").strip():
            self.add_error("response", _("Say why you do not take the recommendation up."))
        return values
