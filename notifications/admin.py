from django.contrib import admin

from notifications.models import Mail


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """What was sent to whom and when, for leads and upkeep; the texts stay with their readers."""

    list_display = ["created_at", "to", "subject", "language", "sent_at"]
    list_filter = ["language"]
    search_fields = ["to", "subject"]
    fields = ["created_at", "to", "language", "subject", "sent_at"]

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
