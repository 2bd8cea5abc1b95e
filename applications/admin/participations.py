from django.contrib import admin

from accounts.admin import LeadsWrite
from applications.models import Participation
from applications.workflow import participations


@admin.register(Participation)
class ParticipationAdmin(LeadsWrite):
    """A late joiner is added here; selected municipalities come by the confirmed selection."""

    list_display = ["municipality", "project", "joined_on", "joined_late", "state"]
    list_filter = ["project", "state"]
    list_select_related = ["municipality", "project"]
    fields = ["project", "municipality", "joined_on"]

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        participations.add_late_joiner(obj, by=request.user)
