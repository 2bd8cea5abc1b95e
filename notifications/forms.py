from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import OFFERED, Kind
from notifications.outbox import rhythms_of

HINTS = {
    Kind.DECISION: _("Decisions can have dates to keep, so they cannot be switched off."),
    Kind.APPLICATION: _("It was submitted or withdrawn."),
    Kind.GROUP: _("A meeting was called, notes were approved, a task is yours."),
    Kind.QUESTIONNAIRE: _("The answers were submitted, the report is ready."),
    Kind.VISIT: _("An expert recommends, a visit is planned, its report is ready."),
    Kind.STRATEGY: _("The strategy was decided on or adopted."),
    Kind.COMMENT: _("Somebody commented on what you wrote, or named you."),
    Kind.STAFF: _("New requests and applications, proposals that wait for a second lead."),
}


class PreferencesForm(forms.Form):
    """How often, kind by kind; only staff are asked about the staff's work."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = rhythms_of(user)
        for kind, rhythms in OFFERED.items():
            if kind != Kind.STAFF or user.is_staff:
                self.fields[kind.value] = forms.ChoiceField(
                    label=kind.label,
                    help_text=HINTS[kind],
                    choices=[(rhythm.value, rhythm.label) for rhythm in rhythms],
                    initial=chosen[kind],
                )
