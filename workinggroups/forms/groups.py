from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.forms.people import date_field, one_line
from applications.words import AREAS
from drafting.forms import WrittenText
from workinggroups.models import GroupMember, PartyKind, WorkingGroup


class Values(forms.ModelForm):
    """A form whose values a workflow function stores: the row itself is left as it was found."""

    @property
    def values(self):
        """What was entered, by the names of the model's fields; nothing else is ever stored."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class WorkingGroupForm(Values):
    founded_on = date_field(gettext_lazy("Founded"), required=True)

    class Meta:
        model = WorkingGroup
        fields = ["name", "purpose", "founded_on"]
        field_classes = {"purpose": WrittenText}
        widgets = {"purpose": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "name": gettext_lazy("Empty: the page calls it by the municipality's name."),
            "purpose": gettext_lazy("What it was set up for, by whom, and until when."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["founded_on"] = timezone.localdate()

    def clean_name(self):
        return one_line(self.cleaned_data["name"])


class DelegationForm(WorkingGroupForm):
    """A delegation has a name of its own, and is appointed for a term."""

    term_since = date_field(gettext_lazy("Term of office begins"), required=True)
    term_until = date_field(gettext_lazy("Term of office ends"), required=True)

    class Meta(WorkingGroupForm.Meta):
        fields = ["name", "appointing_body", "term_since", "term_until", "purpose", "founded_on"]
        help_texts = {
            "appointing_body": gettext_lazy("For example the municipal board."),
            "purpose": gettext_lazy("What it follows, and on what it gives its opinion."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "appointing_body"):
            self.fields[name].required = True

    def clean_appointing_body(self):
        return one_line(self.cleaned_data["appointing_body"])

    def clean(self):
        values = super().clean()
        since, until = values.get("term_since"), values.get("term_until")
        if since and until and until <= since:
            self.add_error("term_until", _("The term ends before it begins."))
        elif since and until and self.instance.pk:
            self.check_members(since, until)
        return values

    def check_members(self, since, until):
        """A shorter term is refused as long as members belong to the group outside it."""
        members = self.instance.members.order_by("pk")
        for name, outside in (
            ("term_since", members.filter(since__lt=since)),
            ("term_until", members.filter(Q(since__gt=until) | Q(until__gt=until))),
        ):
            if names := ", ".join(outside.values_list("name", flat=True)):
                self.add_error(name, _("Outside the term would be the time of: %s.") % names)


class KindField(forms.ModelChoiceField):
    """The kinds of party; one that is no more says until when it was."""

    def label_from_instance(self, kind):
        if kind.until is None:
            return str(kind)
        words = {"name": kind.name, "day": date_format(kind.until)}
        return _("%(name)s (until %(day)s)") % words


class MemberForm(Values):
    """One member of a group; `access` asks to invite them to the portal as well."""

    since = date_field(gettext_lazy("From"), required=True)
    until = date_field(gettext_lazy("Until"))
    party_kind = KindField(
        PartyKind.objects.all(),
        label=gettext_lazy("Kind of party"),
        required=False,
        empty_label=gettext_lazy("works for the municipality"),
    )
    policy_areas = forms.MultipleChoiceField(
        label=gettext_lazy("Policy areas"),
        choices=list(AREAS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick none: those that follow from the sector."),
    )
    access = forms.BooleanField(
        label=gettext_lazy("Invite the person to the portal"),
        required=False,
        help_text=gettext_lazy(
            "An invitation goes to the address. Who accepts it reads and writes with you as a"
            " member of the municipality's work."
        ),
    )

    class Meta:
        model = GroupMember
        fields = [
            "name", "organisation", "party_kind", "sector", "role", "policy_areas", "since",
            "until", "email", "language",
        ]  # fmt: skip
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "organisation": gettext_lazy("The unit, authority, organisation or company."),
            "email": gettext_lazy("To this address the meetings are called."),
            "language": gettext_lazy("Who has an account gets mails in the account's language."),
        }

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.group = group
        self.fields["sector"].choices = [
            ("", gettext_lazy("no particular sector")),
            *self.fields["sector"].choices[1:],
        ]
        self.fields["until"].help_text = _("The last day. Empty: for the time being.")
        if self.instance.pk is None:
            self.initial = {"language": get_language(), "since": timezone.localdate()}

    def clean_name(self):
        return one_line(self.cleaned_data["name"])

    def clean_organisation(self):
        return one_line(self.cleaned_data["organisation"])

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        values = super().clean()
        if values.get("access") and not values.get("email"):
            self.add_error("email", _("An invitation needs the person's address."))
        self.check_period(values.get("since"), values.get("until"))
        self.check_kind(values.get("party_kind"), values.get("since"), values.get("until"))
        return values

    def check_period(self, since, until):
        begins, ends = self.group.term_since, self.group.term_until
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        if since and begins and not begins <= since <= ends:
            self.add_error("since", _("This day lies outside the group's term of office."))
        if until and ends and until > ends:
            self.add_error("until", _("This day lies outside the group's term of office."))

    def check_kind(self, kind, since, until):
        """A kind of party belongs to its time: no TE Office after 2024."""
        if kind and since and not PartyKind.objects.on(since).filter(pk=kind.pk).exists():
            self.add_error("party_kind", _("There is no such party on the member's first day."))
        elif kind and kind.until and until and until > kind.until:
            words = {"party": kind.name, "day": date_format(kind.until)}
            text = _("“%(party)s” existed until %(day)s. Choose that day or an earlier one.")
            self.add_error("until", text % words)
