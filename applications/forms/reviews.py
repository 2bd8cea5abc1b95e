from django import forms
from django.utils.translation import gettext_lazy as _

from applications.workflow.reviews import Judgement, stored
from drafting.forms import WrittenText

ABSTAINS = "none"


class ReviewForm(forms.Form):
    """Points and reasons for each criterion, and as a whole, on top of the version of the page.

    A draft may have gaps. handing_in: then every criterion needs points or "cannot judge", and the
    review its reasons.
    """

    read = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    comment = WrittenText(
        label=_("Reasons as a whole"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What speaks for the application, and what against it."),
    )

    def __init__(self, *args, review, call, handing_in=False, **kwargs):
        given = stored(review)
        initial = {"read": review.version, "comment": review.comment}
        super().__init__(*args, initial=initial, **kwargs)
        self.criteria = list(call.criteria.all())
        self.handing_in = handing_in
        for criterion in self.criteria:
            self.add(criterion, given.get(criterion.pk, Judgement()), call.highest_mark)

    def add(self, criterion, given, highest):
        numbers = [(str(number), str(number)) for number in range(highest + 1)]
        self.fields[points_of(criterion)] = forms.ChoiceField(
            label=criterion.name,
            choices=[*numbers, (ABSTAINS, _("Cannot judge"))],
            required=False,
            initial=initial_of(given),
            widget=forms.RadioSelect,
        )
        self.fields[reasons_of(criterion)] = WrittenText(
            label=_("Reasons"),
            max_length=1000,
            required=False,
            initial=given.comment,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    @property
    def lines(self):
        """Each criterion with its two fields."""
        return [(one, self[points_of(one)], self[reasons_of(one)]) for one in self.criteria]

    def clean(self):
        if self.handing_in:
            for criterion in self.criteria:
                if not self.cleaned_data.get(points_of(criterion)):
                    text = _("Give points, or say that you cannot judge.")
                    self.add_missing(points_of(criterion), text)
            if not self.cleaned_data.get("comment"):
                self.add_missing("comment", _("Write your reasons as a whole."))
        return self.cleaned_data

    def add_missing(self, name, text):
        if not self.has_error(name):
            self.add_error(name, text)

    @property
    def values(self):
        """What `workflow.reviews` takes."""
        return {
            "judgements": {one.pk: self.judgement(one) for one in self.criteria},
            "comment": self.cleaned_data["comment"],
            "read": self.cleaned_data["read"],
        }

    def judgement(self, criterion):
        chosen = self.cleaned_data[points_of(criterion)]
        points = int(chosen) if chosen.isdecimal() else None
        return Judgement(points, chosen == ABSTAINS, self.cleaned_data[reasons_of(criterion)])


def points_of(criterion):
    return f"points_{criterion.pk}"


def reasons_of(criterion):
    return f"reasons_{criterion.pk}"


def initial_of(given):
    return ABSTAINS if given.cannot_judge else "" if given.points is None else str(given.points)
