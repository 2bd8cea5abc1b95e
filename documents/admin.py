from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from documents import workflow
from documents.models import Document


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    """The queue, for leads and upkeep: its state, never the file."""

    list_display = ["pk", "task", "key", "state", "attempt", "created_at", "finished_at", "reason"]
    list_filter = ["state", "task"]
    fields = [
        "task",
        "key",
        "state",
        "attempt",
        "progress",
        "heartbeat_at",
        "reason",
        "created_at",
        "finished_at",
        "expires_at",
    ]
    actions = ["ask_again"]

    def has_view_permission(self, request, obj=None):
        user = request.user
        return user.is_superuser or "lead" in getattr(user, "staff_groups", ())

    has_module_permission = has_view_permission

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Make again what failed or was deleted"))
    def ask_again(self, request, queryset):
        for document in queryset:
            workflow.ask_again(document)
