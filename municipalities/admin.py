from django.contrib import admin

from municipalities.models import Municipality


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    """Staff read the register; it is written by `load_municipalities` alone."""

    list_display = [
        "name",
        "code",
        "region",
        "language_status",
        "urbanity",
        "population",
        "is_demo",
    ]
    list_filter = ["is_demo", "language_status", "sami_homeland", "urbanity", "region"]
    list_select_related = ["region"]
    search_fields = ["code"]  # shows the search field; what it finds: `matching`

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
