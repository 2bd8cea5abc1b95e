from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin import LeadsWrite, groups_of
from accounts.audit import record
from applications.admin.assignments import Assignments
from applications.admin.selections import SelectionBoard
from applications.forms.criteria import CallForm, CriteriaFormSet
from applications.models import Call, Criterion, Project
from applications.workflow import calls


class CriterionInline(admin.StackedInline):
    """By what applications are judged; a lead changes it until the call opens."""

    model = Criterion
    formset = CriteriaFormSet
    fields = [
        ("name_en", "name_fi", "name_sv"),
        ("hint_en", "hint_fi", "hint_sv"),
        ("weight", "position"),
    ]
    extra = 0

    def has_view_permission(self, request, obj=None):
        return bool(groups_of(request))

    def has_change_permission(self, request, obj=None):
        return "lead" in groups_of(request) and (obj is None or not obj.has_opened)

    has_add_permission = has_delete_permission = has_change_permission


@admin.register(Project)
class ProjectAdmin(LeadsWrite):
    list_display = ["__str__", "starts_on", "ends_on"]


@admin.register(Call)
class CallAdmin(Assignments, SelectionBoard, LeadsWrite):
    form = CallForm
    inlines = [CriterionInline]
    list_display = ["name", "phase_name", "opens_at", "closes_at", "seats"]
    actions = ["publish"]
    change_form_template = "admin/applications/call/change.html"

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_readonly_fields(self, request, obj=None):
        return ["highest_mark"] if obj and obj.has_opened else []

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if change and formset.has_changed():
            part = formset.model._meta.model_name
            record("call.changed", form.instance, by=request.user, note=part)

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
