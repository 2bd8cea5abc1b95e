from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from notifications import sending
from notifications.models import Mail


class StuckFilter(admin.SimpleListFilter):
    title = gettext_lazy("is it stuck?")
    parameter_name = "stuck"

    def lookups(self, request, model_admin):
        return [("yes", _("waits for too long"))]

    def queryset(self, request, queryset):
        return queryset.stuck() if self.value() else queryset


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """What was sent to whom and when, for leads and upkeep; the texts stay with their readers."""

    list_display = ["created_at", "to", "subject", "state", "failure", "attempts"]
    list_filter = [StuckFilter, "state", "failure", "kind", "language"]
    list_per_page = 50
    search_fields = ["to", "subject"]
    fields = [
        "created_at", "to", "language", "kind", "subject", "state", "sent_at", "digest", "attempts",
        "waits_since", "next_at", "failure", "last_error",
    ]  # fmt: skip
    actions = ["try_again"]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    @admin.action(description=gettext_lazy("Try again now"))
    def try_again(self, request, queryset):
        chosen = list(queryset)
        tried = sending.try_again(queryset)
        for mail in chosen:
            self.log_change(request, mail, "try again now")
        text = ngettext("%s mail is tried again now.", "%s mails are tried again now.", tried)
        self.message_user(request, text % tried, messages.SUCCESS if tried else messages.WARNING)

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
