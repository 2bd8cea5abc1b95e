"""What a lead types about a call: its texts and dates, its parts, a moved deadline."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.people import date_field, time_field
from applications.forms.criteria import keep_unopened
from applications.models import SECTIONS, Call, CallDate, CallDocument, Contact, ProjectBody
from applications.words import AREAS, SPOKEN
from applications.workflow.calls import NEEDED
from documents.forms import CheckedFileField
from municipalities.languages import LANGUAGES

MIDNIGHT = time()
ALL_OR_NONE = gettext_lazy("Write this text in all three languages, or in none.")
STAYS = gettext_lazy("A published call cannot do without this text.")


def ticks(label, choices, *, required=True):
    """Boxes to tick instead of a list of codes with commas."""
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices.items()),
        required=required,
        widget=forms.CheckboxSelectMultiple,
    )


class CallForm(forms.ModelForm):
    policy_areas = ticks(gettext_lazy("Policy areas"), AREAS, required=False)

    class Meta:
        model = Call
        fields = [
            "project", "slug", "policy_areas", "seats", "highest_mark", "pass_mark",
            "opens_at", "closes_at",
            *(f"{name}_{language}" for name in ("title", "text", *SECTIONS)
              for language in LANGUAGES),
        ]  # fmt: skip
        help_texts = {
            "slug": gettext_lazy(
                "The end of the page's address: small letters, numbers and hyphens, such as 2027."
            ),
            "opens_at": gettext_lazy(
                "In Helsinki time. Without it the call opens as soon as it is published."
            ),
            "closes_at": gettext_lazy("In Helsinki time. 23:59 is shown as the end of the day."),
        }

    def clean(self):
        values = super().clean()
        for name in SECTIONS:
            self.ask_for_all_languages(name)
        opens, closes = values.get("opens_at"), values.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The call closes before it opens. Check both times."))
        elif closes and closes <= timezone.now() and "closes_at" in self.changed_data:
            self.add_error("closes_at", _("This time has passed. Choose a later one."))
        if self.instance.pk and "highest_mark" in self.changed_data:
            keep_unopened(self.instance)
        return values

    def ask_for_all_languages(self, name):
        fields = [f"{name}_{language}" for language in LANGUAGES]
        empty = [field for field in fields if not self.cleaned_data.get(field)]
        text = ALL_OR_NONE if len(empty) < len(fields) else self.why_kept(name, fields)
        for field in set(empty) - set(self.errors):
            if text:
                self.add_error(field, text)

    def why_kept(self, name, fields):
        """Why a section cannot be emptied altogether; None where it can."""
        is_public = self.instance.state != Call.State.DRAFT and name in NEEDED
        return STAYS if is_public and any(self.initial.get(field) for field in fields) else None


class CallDateForm(forms.ModelForm):
    """A day, with hours or without; without hours it is the whole day."""

    starts_on = date_field(gettext_lazy("First day"), required=True)
    starts = time_field(gettext_lazy("Begins"), required=False)
    ends_on = date_field(
        gettext_lazy("Last day"), hint=gettext_lazy("Only where it is not the first day.")
    )
    ends = time_field(gettext_lazy("Ends"), required=False)

    MOMENTS = ("starts_on", "starts", "ends_on", "ends")

    class Meta:
        model = CallDate
        fields = ["name_en", "name_fi", "name_sv"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts"].help_text = _("For example 14.30. Left empty: the whole day.")
        self.fields["ends"].help_text = ""
        if self.instance.pk:
            self.initial |= {name: getattr(self.instance, name) for name in self.MOMENTS}

    def clean(self):
        values = super().clean()
        if not set(self.MOMENTS) & set(self.errors):
            self.set_moments(*(values[name] for name in self.MOMENTS))
        return values

    def set_moments(self, first, starts, last, ends):
        if ends and not starts:
            self.add_error("starts", _("Say also when it begins, or leave both hours empty."))
            return
        row, has_end = self.instance, bool(last or ends)
        row.is_whole_day = starts is None
        row.starts_at = moment(first, starts)
        row.ends_at = moment(last or first, ends or starts) if has_end else None
        if has_end and row.ends_at < row.starts_at:
            name = "ends_on" if last else "ends"
            self.add_error(name, _("It ends before it begins. Check both times."))


def moment(day, clock):
    return timezone.make_aware(datetime.combine(day, clock or MIDNIGHT))


class ContactForm(forms.ModelForm):
    languages = ticks(gettext_lazy("Languages spoken"), SPOKEN)

    class Meta:
        model = Contact
        fields = [
            "name", "organisation", "email", "phone", "area_en", "area_fi", "area_sv", "languages",
            "position",
        ]  # fmt: skip


class CallDocumentForm(forms.ModelForm):
    file = CheckedFileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "PDF, Word (.docx), Excel (.xlsx), OpenDocument text (.odt), PNG or JPEG."
        ),
    )

    class Meta:
        model = CallDocument
        fields = ["title_en", "title_fi", "title_sv", "language", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["file"].required = False
            text = _("Now: %s. Choose another file to put it in its place.")
            self.fields["file"].help_text = text % self.instance.upload


class ProjectBodyForm(forms.ModelForm):
    website = forms.URLField(
        label=gettext_lazy("Website"), max_length=200, required=False, assume_scheme="https"
    )

    class Meta:
        model = ProjectBody
        fields = ["role", "name_en", "name_fi", "name_sv", "website", "position"]


class DeadlineForm(forms.Form):
    """read: the deadline that the page showed, so that two leads do not cross unseen."""

    day = date_field(gettext_lazy("New last day"), required=True)
    clock = time_field(gettext_lazy("Closes at"))
    reason_en = forms.CharField(
        label=gettext_lazy("Reason in English"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Why the deadline moves. It stands on the call's page, and in the mail to everybody "
            "who writes a draft."
        ),
    )
    reason_fi = forms.CharField(
        label=gettext_lazy("Reason in Finnish"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason_sv = forms.CharField(
        label=gettext_lazy("Reason in Swedish"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    read = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        closes = timezone.localtime(call.closes_at)
        self.initial |= {
            "day": closes.date(),
            "clock": closes.time(),
            "read": call.closes_at.isoformat(),
        }

    def clean(self):
        values = super().clean()
        if {"day", "clock"} <= values.keys() and self.closes_at <= timezone.now():
            self.add_error("day", _("This time has passed. Choose a later one."))
        return values

    @property
    def closes_at(self):
        return moment(self.cleaned_data["day"], self.cleaned_data["clock"])

    @property
    def reasons(self):
        return {language: self.cleaned_data[f"reason_{language}"] for language in LANGUAGES}
