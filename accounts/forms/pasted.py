"""Many people at once: the pasted lines, each checked by the rules for one invitation."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import pasting
from accounts.forms.people import InvitationForm
from accounts.roles import Role, Sector

MOST = 100  # lines; the day's number of invitations is lower
FAULTS = {
    "quotes": gettext_lazy("A quotation mark is not closed."),
    "columns": gettext_lazy("There are more columns than address, name, sector and role."),
}
STATUS = {
    "member": gettext_lazy("has a part already, is left as it is"),
    "open": gettext_lazy("is invited already, is left as it is"),
}


@dataclass(frozen=True)
class Row:
    """One pasted line as the preview shows it."""

    number: int
    cells: dict
    terms: dict  # what would be stored; empty where there are faults
    faults: list
    status: str = ""  # why nothing will be sent, though nothing is wrong


def words(choices):
    """Every word for a choice, its code and its names in all languages, to its code."""
    found = {code: code for code in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(choice.label).casefold(): choice.value for choice in choices}
    return found


class PastedForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("One person on each line"),
        max_length=20_000,
        strip=False,  # the numbers of the lines count from the very first one
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Address; name; sector; role. Only the address is needed. The columns may be parted by"
            " semicolons, commas or tabs, as a spreadsheet pastes them."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the invitations"), choices=settings.LANGUAGES
    )

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        self.rows = []
        self.fields["language"].initial = translation.get_language()

    def clean(self):
        values = super().clean()
        lines = pasting.read(values.get("text", ""))
        if "text" in values and not lines:
            self.add_error("text", _("There is no address in it."))
        elif len(lines) > MOST:
            self.add_error("text", _("At most %s people go at once. Send the rest later.") % MOST)
        else:
            self.rows = self.checked(lines, values.get("language", ""))
            self.count_faults()
        return values

    def count_faults(self):
        wrong = [str(row.number) for row in self.rows if row.faults]
        if wrong:
            text = ngettext(
                "Line %(lines)s needs a look. Nothing has been sent.",
                "Lines %(lines)s need a look. Nothing has been sent.",
                len(wrong),
            )
            self.add_error("text", text % {"lines": ", ".join(wrong)})

    def checked(self, lines, language):
        roles, sectors = words(Role), words(Sector)
        addresses = [line.cells.get("email", "").lower() for line in lines]
        there = self.known(addresses)
        rows, first = [], {}
        for line, address in zip(lines, addresses, strict=True):
            row = check(line, roles, sectors, language)
            if address in first:
                row.faults.append(_("The same address is on line %s.") % first[address])
            first.setdefault(address, line.number)
            rows.append(with_status(row, there.get(address)))
        return rows

    @property
    def people(self):
        """The invitations to write: whoever is in or invited already is passed over."""
        return [row.terms for row in self.rows if not row.faults and not row.status]


def check(line, roles, sectors, language):
    """A pasted line by the rules of the form for one invitation."""
    faults = [FAULTS[line.fault]] if line.fault else []
    role = pasting.code_of(line.cells.get("role", ""), roles)
    sector = pasting.code_of(line.cells.get("sector", ""), sectors)
    if role is None:
        faults.append(_("“%s” is no role.") % line.cells["role"])
    if sector is None:
        faults.append(_("“%s” is no sector.") % line.cells["sector"])
    data = {
        "email": line.cells.get("email", ""),
        "name": line.cells.get("name", ""),
        "sector": sector or "",
        "role": role or Role.MEMBER,
        "language": language or settings.LANGUAGE_CODE,
    }
    form = InvitationForm(data, known=lambda addresses: {})
    form.fields["email"].error_messages["required"] = _("The address is missing.")
    faults += [error for errors in form.errors.values() for error in errors]
    terms = {} if faults else form.terms
    return Row(line.number, dict(line.cells), terms, faults)


def with_status(row, there):
    status = STATUS[there] if there and not row.faults else ""
    return Row(row.number, row.cells, row.terms, row.faults, status)
