from datetime import date

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership
from accounts.roles import MEANING, Role

DATES = gettext_lazy("Day, month and year, for example 21.11.2026.")
TERMS = ["role", "sector", "party", "organisation", "since", "until"]
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
NO_PARTNER = gettext_lazy("works for the municipality")
NO_SECTOR = gettext_lazy("no particular sector")


def one_line(text):
    """A name without line breaks and control characters, which have no place in a mail."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def date_field(label, *, required=False, hint=DATES):
    widget = forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
    # A time of the year 1 in Helsinki is one before year 1 elsewhere, which nobody can read again.
    within = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    return forms.DateField(
        label=label, required=required, widget=widget, help_text=hint, validators=within
    )


CLOCK = ["%H.%M", "%H:%M", "%H"]


def time_field(label, *, required=True):
    widget = forms.TimeInput(format="%H.%M", attrs={"autocomplete": "off", "inputmode": "decimal"})
    hint = gettext_lazy("Hours and minutes in Helsinki time, for example 14.30.")
    return forms.TimeField(
        label=label, required=required, widget=widget, input_formats=CLOCK, help_text=hint
    )


class TermsForm(forms.ModelForm):
    """What a person's part is: role, sector, partner and dates; the same rules however given."""

    since = date_field(gettext_lazy("From"))
    until = date_field(gettext_lazy("Until"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].help_text = " ".join(
            f"{role.label.capitalize()}: {MEANING[role]}" for role in Role
        )
        self.fields["sector"].choices = [("", NO_SECTOR), *self.fields["sector"].choices[1:]]
        self.fields["party"].choices = [("", NO_PARTNER), *self.fields["party"].choices[1:]]
        self.fields["organisation"].help_text = _(
            "The name of the authority, organisation or company."
        )

    def clean_organisation(self):
        return one_line(self.cleaned_data["organisation"])

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return until

    def clean(self):
        values = super().clean()
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        if values.get("party") and values.get("role") == Role.COORDINATOR:
            self.add_error("role", _("A partner's person can be a member or a reader."))
        if values.get("organisation") and not values.get("party"):
            self.add_error("party", _("Choose what kind of partner this is."))
        return values

    @property
    def terms(self):
        """What was entered, by the names of the model's fields; nothing else is ever stored."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class InvitationForm(TermsForm):
    """One person to be let in. `known`: says of addresses which are in or invited already."""

    class Meta:
        model = Invitation
        fields = ["email", "name", *TERMS, "language"]
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["role"].initial = Role.MEMBER
        self.fields["language"].initial = get_language()
        self.fields["language"].choices = settings.LANGUAGES
        self.fields["language"].help_text = _(
            "Who has an account here gets the message in the language of the account."
        )
        self.fields["since"].help_text = _("Empty: from the day on which the person accepts.")
        self.fields["until"].help_text = _(
            "Empty: for the time being. A coordinator with a last day is a deputy."
        )

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        match self.known([email]).get(email):
            case "member":
                raise forms.ValidationError(_("This person has a part here already."))
            case "open":
                raise forms.ValidationError(
                    _("This address is invited already. You can send the invitation again.")
                )
        return email

    def clean_name(self):
        return one_line(self.cleaned_data["name"])


class MembershipForm(TermsForm):
    """The terms of somebody who is in."""

    since = date_field(gettext_lazy("From"), required=True)

    class Meta:
        model = Membership
        fields = TERMS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = _("The last day. Empty: for the time being.")


class DeputyForm(forms.Form):
    since = date_field(gettext_lazy("From"), required=True)
    until = date_field(gettext_lazy("Until"), required=True)

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return since

    def clean(self):
        values = super().clean()
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        return values


class HandOverForm(forms.Form):
    """What becomes of whoever gives the coordination away."""

    stays = forms.ChoiceField(
        label=gettext_lazy("What you are afterwards"),
        choices=[
            ("member", gettext_lazy("I stay as a member")),
            ("gone", gettext_lazy("I leave the municipality's work")),
        ],
        initial="member",
        widget=forms.RadioSelect,
    )
