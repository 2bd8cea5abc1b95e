from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import LeadsWrite, StaffReads
from indexanalysis import edition
from indexanalysis.models import Assessment, Round


class RoundForm(forms.ModelForm):
    edition_code = forms.ChoiceField(
        label=_("Edition"), choices=lambda: [(c, c) for c in edition.codes()]
    )

    class Meta:
        model = Round
        fields = ["project", "edition_code", "opens_on", "due_on"]


@admin.register(Round)
class RoundAdmin(LeadsWrite):
    form = RoundForm
    list_display = ["project", "edition_code", "opens_on", "due_on"]

    def has_change_permission(self, request, obj=None):
        """A round that somebody answers keeps its edition; its dates may still move."""
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        started = obj is not None and obj.assessments.exists()
        return ["project", "edition_code"] if started else []

    def save_model(self, request, obj, form, change):
        obj.edition_checksum = obj.edition.checksum
        super().save_model(request, obj, form, change)


@admin.register(Assessment)
class AssessmentAdmin(StaffReads):
    list_display = ["town", "round", "state", "started_at", "submitted_at"]
    list_filter = ["state", "round__project"]
    list_select_related = ["participation__municipality", "round__project"]

    @admin.display(description=_("municipality"), ordering="participation__municipality__sort_fi")
    def town(self, assessment):
        return assessment.municipality
