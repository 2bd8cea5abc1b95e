from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from accounts.admin import StaffReads, groups_of
from applications import workflow
from applications.admin.exports import Exports
from applications.admin.reading import reading
from applications.admin.reviews import ReviewDesk
from applications.models import Application

State = Application.State


@admin.register(Application)
class ApplicationAdmin(ReviewDesk, Exports, StaffReads):
    """Staff read what a municipality handed in, review and move it; they never edit it."""

    list_display = ["municipality", "call", "state", "submitted_at"]
    list_filter = ["state", "call"]
    list_select_related = ["municipality__region", "call"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "municipality__name_en"]
    ordering = ["municipality__sort_fi"]
    actions = ["start_review"]
    change_form_template = "admin/applications/application/review.html"
    change_list_template = "admin/applications/application/list.html"

    def get_queryset(self, request):
        """What the person knows of as staff: a conflict of interest takes an application out."""
        rows = super().get_queryset(request).for_staff(request.user)
        return rows.with_mean_score() if "lead" in groups_of(request) else rows

    def get_list_display(self, request):
        """The scores of all are the leads'; a reviewer meets others' behind the own review."""
        scores = ["mean", "spread", "reviews_in", "abstained"]
        return [*self.list_display, *(scores if "lead" in groups_of(request) else [])]

    @admin.display(description=gettext_lazy("mean score"), ordering="mean_score")
    def mean(self, application):
        return percent(application.mean_score)

    @admin.display(description=gettext_lazy("spread"), ordering="spread")
    def spread(self, application):
        return percent(application.spread)

    @admin.display(description=gettext_lazy("reviews"), ordering="review_count")
    def reviews_in(self, application):
        return application.review_count

    @admin.display(description=gettext_lazy("abstentions"), ordering="abstentions")
    def abstained(self, application):
        return application.abstentions

    @admin.action(description=gettext_lazy("Start the review"))
    def start_review(self, request, queryset):
        rows = Application.objects.filter(pk__in=queryset.values("pk"))
        self.move_all(
            request, rows, lambda row: workflow.move(row, State.IN_REVIEW, by=request.user)
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Our own page to whoever has declared; what cannot be found or done is Django's to say."""
        rows = self.get_queryset(request).cleared_by(request.user)
        application = rows.filter(pk=object_id).first() if object_id.isdecimal() else None
        if application and request.method != "POST":
            return self.page(request, "review", reading(request.user, application))
        if self.get_object(request, object_id) and not application:
            return redirect("admin:applications_application_declare", object_id)
        return super().change_view(request, object_id, form_url, extra_context)


def percent(score):
    return "–" if score is None else f"{score:.1f}"
