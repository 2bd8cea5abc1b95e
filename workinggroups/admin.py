from django.contrib import admin

from accounts.admin import LeadsWrite, groups_of
from workinggroups.models import LegalBasis, PartyKind


class LegalBasisInline(admin.StackedInline):
    model = LegalBasis
    extra = 0

    def has_view_permission(self, request, obj=None):
        return bool(groups_of(request))

    def has_change_permission(self, request, obj=None):
        return "lead" in groups_of(request)

    has_add_permission = has_delete_permission = has_change_permission


@admin.register(PartyKind)
class PartyKindAdmin(LeadsWrite):
    """The kinds of party; a law that changes is a new basis from that day, not a new kind."""

    list_display = ["code", "name", "since", "until"]
    inlines = [LegalBasisInline]
