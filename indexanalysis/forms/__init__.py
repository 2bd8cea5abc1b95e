from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from drafting.forms import WrittenText
from indexanalysis.scoring import SIDES
from indexanalysis.words import SIDES as SIDE_NAMES

LEFT_OUT = {
    "not_applicable": _("Not applicable: this does not concern our municipality"),
    "another_body": _("Another body provides it"),
    "no_data": _("No data may be kept on this"),
}


@dataclass(frozen=True)
class Choice:
    """An option as the page draws it: 1 of 40 on it, so without a template of Django's each."""

    code: str
    text: str
    html_id: str
    is_chosen: bool
    is_none: bool  # "none of these": excludes the others


@dataclass(frozen=True)
class Part:
    """One language side of a question, or the whole of it: its field, and the way round it."""

    side: str
    name: str
    field: forms.BoundField
    left_out: forms.BoundField
    choices: list[Choice]
    kind: str  # of the inputs: checkbox, radio, number or text


EMPTY = (None, "", [])
INPUTS = {"ticks": "checkbox", "number": "number", "text": "text"}  # the others: radio


class AnswerForm(forms.Form):
    """One question as it is asked: its options once, or once per language side."""

    read = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    example = WrittenText(label=_("Example and evidence"), max_length=4000, required=False)
    reason = WrittenText(label=_("Why it is left out"), max_length=1000, required=False)

    def __init__(self, data=None, *, question, answer, bilingual):
        self.question, self.answer = question, answer
        self.sides = SIDES if bilingual and question.language_sides else ("",)
        super().__init__(data, prefix=question.code, auto_id="%s", initial=self.stored())
        for side in self.sides:
            self.fields[f"value{side}"] = value_field(question)
            self.fields[f"value{side}"].label = SIDE_NAMES[side] or question.code
            self.fields[f"left_out{side}"] = forms.ChoiceField(
                label=_("If it cannot be answered"),
                choices=[("", _("It can be answered")), *LEFT_OUT.items()],
                required=False,
            )

    def stored(self):
        """What the form starts from: the stored answer taken apart by side."""
        initial = {name: getattr(self.answer, name) for name in ("example", "reason")}
        initial["read"] = self.answer.version
        value = self.answer.value
        for side in self.sides:
            own = value.get(side) if side and isinstance(value, dict) else value
            is_left_out = isinstance(own, str) and own in LEFT_OUT
            initial[f"left_out{side}" if is_left_out else f"value{side}"] = own
        return initial

    def clean(self):
        for side in self.sides:
            given = self.cleaned_data.get(f"value{side}")
            if self.is_contradictory(given):
                text = _("“None of these” cannot be ticked together with something else.")
                self.add_error(f"value{side}", text)
            if given not in EMPTY and self.cleaned_data.get(f"left_out{side}"):
                text = _("Choose an answer, or say why there is none; not both.")
                self.add_error(f"value{side}", text)

    def is_contradictory(self, ticked):
        return isinstance(ticked, list) and bool(self.nones() & set(ticked)) and len(ticked) > 1

    def nones(self):
        return {option.code for option in self.question.options if option.none}

    @property
    def values(self):
        """The fields of `Answer` as the person left them."""
        sides = {side: self.side(side) for side in self.sides}
        value = sides.get("", sides)  # one side without a name: the question is asked once
        texts = {name: self.cleaned_data[name] for name in ("example", "reason")}
        return {"value": value} | texts

    def side(self, side):
        value = self.cleaned_data.get(f"left_out{side}") or self.cleaned_data[f"value{side}"]
        if isinstance(value, list):  # in the edition's order: the same ticks are the same answer
            value = [code for code in self.question.option_codes if code in value]
        return None if value in EMPTY else value

    def parts(self):
        """For the template: the sides, one or two."""
        return [self.part(side) for side in self.sides]

    def part(self, side):
        field = self[f"value{side}"]
        codes = field.value()
        codes = codes if isinstance(codes, list) else ["" if codes is None else codes]
        nones = self.nones()
        choices = [
            Choice(code, text, f"{field.html_name}_{number}", code in codes, code in nones)
            for number, (code, text) in enumerate(getattr(field.field, "choices", []))
        ]
        kind = INPUTS.get(self.question.kind, "radio")
        return Part(side, SIDE_NAMES[side], field, self[f"left_out{side}"], choices, kind)

    @property
    def asks_for_decision(self):
        return any(option.needs_decision for option in self.question.options)

    @property
    def is_left_out(self):
        """Whether the way round the question is used, or filled in wrongly: then it is open."""
        used = [self[f"left_out{side}"].value() for side in self.sides]
        return any(used) or bool(self["reason"].value())


def value_field(question):
    """The field of one question's options, in the page's language."""
    choices = [(o.code, o.text.in_language(get_language())) for o in question.options]
    if question.kind == "ticks":
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, required=False, widget=widget)
    if question.kind == "number":
        return forms.FloatField(min_value=0, max_value=10**12, required=False)
    if question.kind == "text":
        return forms.CharField(max_length=2000, required=False)
    choices.append(("", _("No answer yet")))
    return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)
