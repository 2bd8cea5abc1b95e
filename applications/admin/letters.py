from datetime import timedelta

from django.contrib import admin
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import LeadsWrite
from applications.forms.letters import WORDED, LetterTextForm
from applications.models import LetterText
from applications.placeholders import ALLOWED, filled

MEANING = {
    "municipality": gettext_lazy("the municipality's name, in its basic form"),
    "call": gettext_lazy("the call's title"),
    "project": gettext_lazy("the project's name"),
    "reasons": gettext_lazy("the reasons for this municipality, as the selection board holds them"),
    "answer_by": gettext_lazy("the last day to confirm the place"),
    "place": gettext_lazy("the place on the reserve list"),
}
EXAMPLE_TOWN = {"en": "Koivuranta", "fi": "Koivuranta", "sv": "Björkstrand"}


@admin.register(LetterText)
class LetterTextAdmin(LeadsWrite):
    """A call's four letters in three languages; they come with the call and are only reworded."""

    form = LetterTextForm
    fields = WORDED
    list_display = ["call_name", "outcome"]
    list_filter = ["call", "outcome"]
    list_select_related = ["call__project"]
    change_form_template = "admin/applications/lettertext/change.html"

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    @admin.display(description=gettext_lazy("call for applications"))
    def call_name(self, text):
        return text.call.title

    def has_add_permission(self, request):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        text = self.get_object(request, object_id)
        context = {"placeholders": placeholders(text), "previews": previews(text)} if text else {}
        return super().change_view(request, object_id, form_url, context)


def placeholders(text):
    """What can stand in the text: (the placeholder, what it becomes)."""
    return [(f"{{{name}}}", MEANING[name]) for name in ALLOWED[text.outcome]]


def previews(text):
    """The stored letter as an invented municipality would get it: (language, subject, body)."""
    return [preview(text, language) for language in ("en", "fi", "sv")]


def preview(text, language):
    with translation.override(language):
        day = date_format(timezone.localdate() + timedelta(days=14))
        values = {
            "municipality": EXAMPLE_TOWN[language],
            "call": text.call.title,
            "project": text.call.project.name,
            "reasons": _("Here stand the reasons for this municipality."),
            "answer_by": day,
            "place": "1",
        }
        return language, filled(text.subject, values), filled(text.body, values)
