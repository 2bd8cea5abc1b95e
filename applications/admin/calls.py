from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin import LeadsWrite, groups_of
from applications.admin.selections import SelectionBoard
from applications.models import Call, Project, Requirement
from applications.workflow import calls


@admin.register(Project)
class ProjectAdmin(LeadsWrite):
    list_display = ["__str__", "starts_on", "ends_on"]


class RequirementInline(admin.TabularInline):
    model = Requirement
    extra = 0

    def has_view_permission(self, request, obj=None):
        return bool(groups_of(request))

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return "lead" in groups_of(request) and not (obj and obj.state == Call.State.DECIDED)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


@admin.register(Call)
class CallAdmin(SelectionBoard, LeadsWrite):
    inlines = [RequirementInline]
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

    def has_change_permission(self, request, obj=None):
        """Once decided, a call is history."""
        open_to_change = obj is None or obj.state != Call.State.DECIDED
        return open_to_change and super().has_change_permission(request, obj)
