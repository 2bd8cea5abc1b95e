from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin import LeadsWrite
from applications.admin.assignments import Assignments
from applications.admin.call_pages import CallPages
from applications.admin.call_parts import (
    ContactInline,
    CriterionInline,
    DateInline,
    DocumentInline,
    KeepsParts,
    QuestionInline,
    RequirementInline,
)
from applications.admin.selections import SelectionBoard
from applications.forms.calls import CallForm
from applications.models import SECTIONS, Call
from applications.workflow import calls, letters

FIXED = [
    "project",
    "slug",
    "seats",
    "highest_mark",
    "pass_mark",
    "opens_at",
    "closes_at",
]  # once it has opened
BASICS = [*FIXED, "policy_areas"]


def texts(heading, language):
    names = [f"{name}_{language}" for name in ("title", "text", *SECTIONS)]
    return heading, {"fields": names, "classes": ["collapse"]}


@admin.register(Call)
class CallAdmin(CallPages, Assignments, SelectionBoard, KeepsParts, LeadsWrite):
    """A call with all that its page says; what opens or closes it has pages of its own."""

    form = CallForm
    list_display = ["name", "phase_name", "opens_at", "closes_at", "seats"]
    actions = ["publish"]
    change_form_template = "admin/applications/call/change.html"
    view_on_site = False  # the template has the link
    inlines = [
        DateInline,
        RequirementInline,
        CriterionInline,
        ContactInline,
        QuestionInline,
        DocumentInline,
    ]
    fieldsets = [
        (None, {"fields": BASICS}),
        texts(gettext_lazy("Texts in English"), "en"),
        texts(gettext_lazy("Texts in Finnish"), "fi"),
        texts(gettext_lazy("Texts in Swedish"), "sv"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    @admin.display(description=gettext_lazy("title"))
    def name(self, call):
        return call.title

    @admin.display(description=gettext_lazy("phase"))
    def phase_name(self, call):
        return call.phase.label

    @admin.action(description=gettext_lazy("Publish"))
    def publish(self, request, queryset):
        self.move_all(request, queryset, lambda call: calls.publish(call, by=request.user))

    def save_model(self, request, obj, form, change):
        """A call comes with the texts of its letters."""
        super().save_model(request, obj, form, change)
        letters.lay_out(obj)

    def get_readonly_fields(self, request, obj=None):
        return FIXED if obj and obj.is_fixed else []

    def has_change_permission(self, request, obj=None):
        """Once decided, a call is history."""
        open_to_change = obj is None or obj.state != Call.State.DECIDED
        return open_to_change and super().has_change_permission(request, obj)
