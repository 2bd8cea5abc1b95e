from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import SelectionLine
from applications.workflow.selections import Choice
from drafting.forms import WrittenText
from municipalities.languages import LANGUAGES


class LineForm(forms.Form):
    """What a lead makes of one application; the board prints its fields by hand."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=SelectionLine.Outcome)
    position = forms.IntegerField(
        label=_("Place on the reserve"), required=False, min_value=1, max_value=999
    )
    reason = WrittenText(label=_("Reasons"), required=False, max_length=2000)

    @property
    def choice(self):
        given = self.cleaned_data
        is_reserve = given["outcome"] == SelectionLine.Outcome.RESERVE
        return Choice(
            given["outcome"], given["position"] if is_reserve else None, given["reason"].strip()
        )


class ProposalForm(forms.Form):
    """What holds for the whole proposal."""

    answer_by = forms.DateField(
        label=_("Last day to confirm a place"),
        help_text=_("Day, month and year. Whoever gets a place later has as many days to answer."),
        widget=forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    reason_en = WrittenText(
        label=_("Reasons in English"),
        max_length=4000,
        help_text=_(
            "They stand in the letter of each municipality that has no reasons of its own above, "
            "in its language: write nothing about the others."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason_fi = WrittenText(
        label=_("Reasons in Finnish"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    reason_sv = WrittenText(
        label=_("Reasons in Swedish"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def terms(self):
        """As `selections.propose` takes them."""
        reasons = {language: self.cleaned_data[f"reason_{language}"] for language in LANGUAGES}
        return {"reasons": reasons, "answer_by": self.cleaned_data["answer_by"]}
