from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.admin import StaffReads
from accounts.workflow import Refused
from applications import permissions, workflow
from applications.admin.exports import Exports
from applications.forms import ReviewForm
from applications.models import WRITTEN, Application
from applications.workflow import reviews

State = Application.State


@admin.register(Application)
class ApplicationAdmin(Exports, StaffReads):
    """Staff read what a municipality handed in, review and move it; they never edit it."""

    list_display = ["municipality", "call", "state", "submitted_at", "mean", "reviews_in"]
    list_filter = ["state", "call"]
    list_select_related = ["municipality", "call"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "municipality__name_en"]
    ordering = ["municipality__sort_fi"]
    actions = ["start_review"]
    change_form_template = "admin/applications/application/review.html"
    change_list_template = "admin/applications/application/list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_mean_score()

    @admin.display(description=gettext_lazy("mean score"), ordering="mean_score")
    def mean(self, application):
        return "–" if application.mean_score is None else f"{application.mean_score:.1f}"

    @admin.display(description=gettext_lazy("reviews"), ordering="review_count")
    def reviews_in(self, application):
        return application.review_count

    @admin.action(description=gettext_lazy("Start the review"))
    def start_review(self, request, queryset):
        rows = Application.objects.filter(pk__in=queryset.values("pk"))
        self.move_all(
            request, rows, lambda row: workflow.move(row, State.IN_REVIEW, by=request.user)
        )

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.review))
        return [
            path("<int:pk>/review/", view, name="applications_application_review"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        application = self.get_object(request, object_id)
        context = self.reading(request, application) if application else {}
        return super().change_view(request, object_id, form_url, context)

    def reading(self, request, application, form=None):
        """The application, the reviews that this person may see, and the form for an own one."""
        handed_in = application.reviews.select_related("reviewer")
        visible = list(handed_in.visible_to(request.user))
        mine = next((r for r in visible if r.reviewer_id == request.user.pk), None)
        return {
            "application": application,
            "written": [
                (field.verbose_name, getattr(application, field.name))
                for field in map(Application._meta.get_field, WRITTEN)
            ],
            "attachments": application.attachments.kept().select_related("upload"),
            "letters": application.letters.select_related("document"),
            "reviews": [r for r in visible if r.handed_in_at],
            "form": form or ReviewForm(instance=mine),
            "can_score": permissions.can_score(request.user, application),
        }

    def review(self, request, pk):
        application = get_object_or_404(self.get_queryset(request), pk=pk)
        form = ReviewForm(request.POST or None)
        back = redirect("admin:applications_application_change", pk)
        if not permissions.can_review(request.user, application):
            raise PermissionDenied
        if not form.is_valid():
            context = self.admin_site.each_context(request)
            context |= self.reading(request, application, form) | {"opts": self.opts}
            return TemplateResponse(request, self.change_form_template, context, status=400)
        try:
            reviews.hand_in(application, by=request.user, **form.cleaned_data)
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            self.message_user(request, _("Your review is handed in."), messages.SUCCESS)
        return back
