from django.contrib import admin

from accounts.admin import LeadsWrite
from applications.admin.call_parts import KeepsParts, Part
from applications.forms.calls import ProjectBodyForm
from applications.models import Project, ProjectBody


class BodyInline(Part):
    model = ProjectBody
    form = ProjectBodyForm
    most = 20


@admin.register(Project)
class ProjectAdmin(KeepsParts, LeadsWrite):
    list_display = ["__str__", "starts_on", "ends_on"]
    inlines = [BodyInline]
    fields = [
        "code", ("name_en", "name_fi", "name_sv"), "funding_en", "funding_fi", "funding_sv",
        ("starts_on", "ends_on"), "is_demo",
    ]  # fmt: skip
