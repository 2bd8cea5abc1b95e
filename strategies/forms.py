from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from drafting.forms import DraftForm, WrittenText
from indexanalysis.models import Recommendation
from indexanalysis.words import TAGS
from municipalities.models import Municipality
from strategies.models import Chapter, DecisionStep, Measure, Objective, Statute, Strategy
from strategies.workflow.towns import can_be_invited

CHOOSE = "", _("Choose one")
DAY_HINT = _("Day, month and year, for example 21.11.2026.")


class Day(forms.DateField):
    """A date, typed as one writes it."""

    widget = forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"})

    def __init__(self, **kwargs):
        super().__init__(**{"help_text": DAY_HINT} | kwargs)


class Number(forms.DecimalField):
    """A number with up to two decimals, shown as one writes it: 41 and not 41.00."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=14, decimal_places=2, localize=True, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value):
        if not isinstance(value, Decimal):
            return value
        return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


class Ticks(forms.MultipleChoiceField):
    """Some of a list of codes, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class PeriodForm(forms.Form):
    """The name of a strategy, and the days that it is valid for."""

    title = forms.CharField(label=pgettext_lazy("strategy", "Name of the strategy"), max_length=200)
    starts_on = Day(label=pgettext_lazy("strategy", "First day"))
    ends_on = Day(label=pgettext_lazy("strategy", "Last day"))

    def clean_ends_on(self):
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data["ends_on"]
        if starts_on and ends_on <= starts_on:
            raise ValidationError(_("The last day must be after the first day."))
        return ends_on


class FoundForm(PeriodForm):
    language = forms.ChoiceField(
        label=_("Language that the strategy is written in"),
        choices=Strategy._meta.get_field("language").choices,
        help_text=_("It stays as you choose it now. The file is framed in all three languages."),
    )
    field_order = ["title", "language"]


class ChangeForm(PeriodForm):
    def __init__(self, *args, strategy, **kwargs):
        initial = {name: getattr(strategy, name) for name in ("title", "starts_on", "ends_on")}
        super().__init__(*args, initial=initial, **kwargs)
        self.strategy = strategy

    def clean(self):
        days = self.cleaned_data
        if "starts_on" in days and "ends_on" in days:
            for name, outside in self.outside(days).items():
                if outside:
                    text = _("These measures would lie outside: %(measures)s.")
                    titles = ", ".join(f"“{title}”" for title in outside)
                    self.add_error(name, ValidationError(text, params={"measures": titles}))
        return days

    def outside(self, days):
        """By field the titles of the measures that begin before it, or end after it."""
        measures = Measure.objects.of(self.strategy)
        early = measures.filter(starts_on__lt=days["starts_on"])
        late = measures.filter(ends_on__gt=days["ends_on"])
        return {
            "starts_on": list(early.values_list("title", flat=True)),
            "ends_on": list(late.values_list("title", flat=True)),
        }


class NoteForm(forms.Form):
    """A word to go with a move; it stands in the audit log and in the mail."""

    MOST = 1000

    note = WrittenText(
        label=_("Why it goes back to drafting"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TitleForm(forms.Form):
    """What a new chapter, objective or measure is called; the rest is written on its own page."""

    title = WrittenText(max_length=200, widget=forms.TextInput)

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].label = label


class ChapterForm(DraftForm):
    class Meta:
        model = Chapter
        fields = Chapter.drafted
        field_classes = {"text": WrittenText}
        widgets = {"text": forms.Textarea(attrs={"rows": 18})}


class PartForm(DraftForm):
    """What an objective and a measure have in common: the tags."""

    dimensions = Ticks(
        label=_("Dimensions of good relations"), choices=list(TAGS["dimensions"].items())
    )
    principles = Ticks(
        label=_("Intercultural principles"), choices=list(TAGS["principles"].items())
    )
    policy_areas = Ticks(label=_("Policy areas"), choices=list(TAGS["policy_areas"].items()))


class ObjectiveForm(PartForm):
    class Meta:
        model = Objective
        fields = Objective.drafted
        field_classes = {"text": WrittenText}
        help_texts = {"text": _("What is different, and for whom, when the period ends.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}


class MeasureForm(PartForm):
    """A draft may have gaps; `coverage.gaps` names them."""

    starts_on = Day(label=pgettext_lazy("measure", "Begins"), required=False)
    ends_on = Day(label=pgettext_lazy("measure", "Ends"), required=False)
    baseline = Number(label=_("Baseline"), required=False)
    baseline_on = Day(label=_("Date of the baseline"), required=False)
    target = Number(label=_("Target value"), required=False)
    target_on = Day(label=_("Date of the target"), required=False)
    points = Ticks(label=_("Statutory points"))

    class Meta:
        model = Measure
        fields = Measure.drafted
        field_classes = {"text": WrittenText, "resources": WrittenText}
        help_texts = {
            "responsible": _("Who answers for it: a unit or an office, not a person's name."),
            "partners": _("With whom: units, authorities, organisations."),
            "resources": _("Money, working time, premises."),
            "metric": _("What is counted or asked, so that one sees whether it works."),
            "unit": _("For example %, people or events a year."),
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "resources": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A form that only reads what a page sent before belongs to no measure.
        self.strategy = self.instance.strategy if self.instance.objective_id else None
        self.fields["points"].choices = self.lists()

    def lists(self):
        """The points by list; none for municipalities whose integration act is another."""
        if self.strategy and not self.strategy.has_statutes:
            return []
        rows = Statute.objects.with_points()
        return [(row.heading, [(p.code, str(p)) for p in row.points.all()]) for row in rows]

    def clean(self):
        given = super().clean()
        for name in ("starts_on", "ends_on"):
            if given.get(name) and not self.is_inside(given[name]):
                self.add_error(name, self.period())
        if out_of_order(given, "starts_on", "ends_on"):
            self.add_error("ends_on", _("The measure cannot end before it begins."))
        if out_of_order(given, "baseline_on", "target_on"):
            self.add_error("target_on", _("The target cannot be dated before the baseline."))
        values = [given.get(name) for name in Measure.METRIC[1:]]
        if any(value not in (None, "") for value in values) and not given.get("metric"):
            self.add_error("metric", _("Name the metric that these values belong to."))
        return given

    def is_inside(self, day):
        return not self.strategy or self.strategy.starts_on <= day <= self.strategy.ends_on

    def period(self):
        text = _("The strategy runs from %(first)s to %(last)s. Choose a day within it.")
        days = {"first": self.strategy.starts_on, "last": self.strategy.ends_on}
        return ValidationError(text, params={k: date_format(day) for k, day in days.items()})


def out_of_order(given, first, last):
    return bool(given.get(first) and given.get(last) and given[last] < given[first])


class RecommendationField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return f"{row} – {row.get_state_display()}"


class LinkForm(forms.Form):
    """Which recommendation a measure answers; for one that was not taken up, why all the same."""

    recommendation = RecommendationField(
        Recommendation.objects.none(), label=_("Recommendation"), empty_label=_("Choose one")
    )
    reason = WrittenText(
        label=_("Link it all the same, because"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, measure, **kwargs):
        super().__init__(*args, **kwargs)
        known = measure.answered.values("recommendation")
        rows = measure.strategy.recommendations.exclude(pk__in=known)
        self.fields["recommendation"].queryset = rows
        self.asks_for_reason = False

    def clean(self):
        given = self.cleaned_data
        row = given.get("recommendation")
        if row and row.state == Recommendation.State.ISSUED:
            text = _("Your municipality has not answered this recommendation. Accept it first.")
            self.add_error("recommendation", text)
        if row and row.state == Recommendation.State.NOT_TAKEN_UP:
            self.asks_for_reason = True
            if not given.get("reason"):
                self.add_error("recommendation", not_taken_up(row))
        return given


def not_taken_up(row):
    text = _(
        "Your municipality did not take this recommendation up, with the reason “%(reason)s”."
        " Do you want to link it all the same? Say why below, or choose another one."
    )
    return ValidationError(text, params={"reason": row.response})


class MakeForm(forms.Form):
    """What a recommendation becomes: an objective of its own, or a measure of an objective."""

    OWN = "own"

    becomes = forms.ChoiceField(label=_("What it becomes"), widget=forms.RadioSelect, initial=OWN)

    def __init__(self, *args, strategy, **kwargs):
        super().__init__(*args, **kwargs)
        self.objectives = {str(row.pk): row for row in strategy.objectives.kept()}
        under = [(key, measure_of(row)) for key, row in self.objectives.items()]
        self.fields["becomes"].choices = [(self.OWN, _("An objective of its own")), *under]

    @property
    def objective(self):
        """The objective that is to have the measure, or None."""
        return self.objectives.get(self.cleaned_data["becomes"])


def measure_of(objective):
    return _("A measure of the objective “%(objective)s”") % {"objective": objective}


class StepForm(forms.ModelForm):
    """A body that is going to decide, of a municipality that the person coordinates."""

    decided_on = Day(label=_("Date of the meeting"), required=False)

    class Meta:
        model = DecisionStep
        fields = ["municipality", "body", "name", "decided_on"]
        help_texts = {"name": _("As it stands in the minutes, for example Education Committee.")}

    def __init__(self, *args, strategy, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = user.memberships.current().coordinating().values("municipality")
        towns = strategy.towns.filter(municipality__in=own).values("municipality")
        rows = Municipality.objects.filter(pk__in=towns)
        self.fields["municipality"].queryset = rows
        self.fields["municipality"].empty_label = None
        self.fields["body"].choices = [CHOOSE, *DecisionStep.Body.choices]


class OutcomeForm(forms.ModelForm):
    """What a body has decided."""

    decided_on = Day(label=_("Date of the meeting"))
    note = WrittenText(
        label=pgettext_lazy("decision", "Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example what was amended, or why it was returned."),
    )

    class Meta:
        model = DecisionStep
        fields = ["decided_on", "section_number", "outcome", "note"]
        help_texts = {"section_number": _("For example § 252.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("section_number", "outcome"):
            self.fields[name].required = True
        self.fields["outcome"].choices = [CHOOSE, *DecisionStep.Outcome.choices]

    def clean_decided_on(self):
        if self.cleaned_data["decided_on"] > timezone.localdate():
            raise ValidationError(_("This day is still to come. Record the outcome afterwards."))
        return self.cleaned_data["decided_on"]

    def clean_section_number(self):
        number = self.cleaned_data["section_number"].strip()
        return f"§ {number}"[:60] if number[:1].isdigit() else number


class InviteForm(forms.Form):
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Municipality"), empty_label=_("Choose one")
    )

    def __init__(self, *args, strategy, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = can_be_invited(strategy)
