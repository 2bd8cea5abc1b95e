from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "integration_portal.staff.StaffAdmin"

    def ready(self):
        """Without Django's page for groups: which there are, and what they may, is in our code."""
        super().ready()
        admin.site.unregister(apps.get_model("auth", "Group"))
