from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import StaffReads
from visits.models import Visit


@admin.register(Visit)
class VisitAdmin(StaffReads):
    """Staff look visits up; leads plan them on the portal's pages. Notes have no page here."""

    # Without the summary, which is the experts' own until the report is final.
    fields = ["participation", "state", "kind", "place", "link", "starts_on", "ends_on", "experts",
              "aim"]  # fmt: skip
    list_display = ["town", "starts_on", "ends_on", "kind", "state"]
    list_filter = ["state", "participation__project"]
    list_select_related = ["participation__municipality", "participation__project"]

    @admin.display(description=_("municipality"), ordering="participation__municipality__sort_fi")
    def town(self, visit):
        return visit.municipality
