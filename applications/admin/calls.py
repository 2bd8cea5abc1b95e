from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin import LeadsWrite
from applications.admin.selections import SelectionBoard
from applications.models import Call, Project
from applications.workflow import calls, letters


@admin.register(Project)
class ProjectAdmin(LeadsWrite):
    list_display = ["__str__", "starts_on", "ends_on"]


@admin.register(Call)
class CallAdmin(SelectionBoard, LeadsWrite):
    list_display = ["name", "phase_name", "opens_at", "closes_at", "seats"]
    actions = ["publish"]
    change_form_template = "admin/applications/call/change.html"

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
        """What applicants could rely on when the call opened stays."""
        is_fixed = obj and obj.phase not in {Call.Phase.DRAFT, Call.Phase.COMING}
        return ["pass_mark"] if is_fixed else []

    def has_change_permission(self, request, obj=None):
        """Once decided, a call is history."""
        open_to_change = obj is None or obj.state != Call.State.DECIDED
        return open_to_change and super().has_change_permission(request, obj)
