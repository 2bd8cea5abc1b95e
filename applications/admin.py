from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.admin import LeadsWrite, StaffReads
from accounts.workflow import Refused
from applications import permissions, workflow
from applications.forms import ReviewForm, SelectionForm
from applications.models import WRITTEN, Application, Call, Participation, Project, Selection
from applications.selection import Candidate, propose, rank
from notifications.plain import plain

State = Application.State


@admin.register(Project)
class ProjectAdmin(LeadsWrite):
    list_display = ["__str__", "starts_on", "ends_on"]


@admin.register(Application)
class ApplicationAdmin(StaffReads):
    """Staff read what a municipality handed in, review and move it; they never edit it."""

    list_display = ["municipality", "call", "state", "submitted_at", "mean", "reviews_in"]
    list_filter = ["state", "call"]
    list_select_related = ["municipality", "call"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "municipality__name_en"]
    ordering = ["municipality__sort_fi"]
    actions = ["start_review"]
    change_form_template = "admin/applications/application/review.html"

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
        reviews = application.reviews.select_related("reviewer")
        visible = list(reviews.visible_to(request.user))
        mine = next((r for r in visible if r.reviewer_id == request.user.pk), None)
        return {
            "application": application,
            "written": [
                (field.verbose_name, getattr(application, field.name))
                for field in map(Application._meta.get_field, WRITTEN)
            ],
            "attachments": application.attachments.kept().select_related("upload"),
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
            workflow.hand_in_review(application, by=request.user, **form.cleaned_data)
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            self.message_user(request, _("Your review is handed in."), messages.SUCCESS)
        return back


@admin.register(Call)
class CallAdmin(LeadsWrite):
    list_display = ["name", "phase_name", "opens_at", "closes_at", "seats"]
    actions = ["publish"]
    change_form_template = "admin/applications/call/change.html"

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    @admin.display(description=gettext_lazy("title"))
    def name(self, call):
        return call.title

    @admin.display(description=gettext_lazy("phase"))
    def phase_name(self, call):
        return call.phase.label

    @admin.action(description=gettext_lazy("Publish"))
    def publish(self, request, queryset):
        self.move_all(request, queryset, lambda call: workflow.publish_call(call, by=request.user))

    def has_change_permission(self, request, obj=None):
        """Once decided, a call is history."""
        open_to_change = obj is None or obj.state != Call.State.DECIDED
        return open_to_change and super().has_change_permission(request, obj)

    def get_urls(self):
        views = [
            ("selection", require_safe(self.selection)),
            ("propose", require_POST(self.propose)),
            ("confirm", require_POST(self.confirm)),
        ]
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"applications_call_{name}",
            )
            for name, view in views
        ] + super().get_urls()

    def board(self, request, call, form=None):
        """The selection board: the ranked applications, and the proposal that waits, if any."""
        under_review = call.applications.select_related("municipality__region").with_mean_score()
        rows = {a.pk: a for a in under_review.exclude(state__in=[State.DRAFT, State.WITHDRAWN])}
        ranked = rank(map(candidate, rows.values()))
        waiting = call.selections.exclude(state=Selection.State.REJECTED)
        selection = waiting.select_related("proposed_by").first()
        chosen = set(selection.applications.values_list("pk", flat=True)) if selection else set()
        suggested = propose(ranked, call.seats)
        form = form or SelectionForm(call=call, initial={"applications": suggested})
        labels = {value: capfirst(label) for value, label in State.choices}  # not once a row
        return self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Selection"),
            "call": call,
            "rows": [(rows[c.key], labels[rows[c.key].state]) for c in ranked],
            "selection": selection,
            "chosen": chosen,
            "form": form,
            "ticked": [str(pk) for pk in form["applications"].value() or []],
            "can_propose": permissions.can_propose(request.user, call),
            "can_confirm": selection
            and selection.state == Selection.State.PROPOSED
            and permissions.can_confirm(request.user, selection),
        }

    def found(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def selection(self, request, pk):
        context = self.board(request, self.found(request, pk))
        return TemplateResponse(request, "admin/applications/call/selection.html", context)

    def propose(self, request, pk):
        call = self.found(request, pk)
        form = SelectionForm(request.POST, call=call)
        if not form.is_valid():
            context = self.board(request, call, form)
            template = "admin/applications/call/selection.html"
            return TemplateResponse(request, template, context, status=400)
        return self.act(
            request,
            call,
            lambda: workflow.propose(
                call,
                list(form.cleaned_data["applications"]),
                by=request.user,
                reason=form.cleaned_data["reason"],
            ),
            _("The proposal is stored. Another lead confirms it or sends it back."),
        )

    def confirm(self, request, pk):
        call = self.found(request, pk)
        number = request.POST.get("selection", "")
        selection = get_object_or_404(
            call.selections.exclude(state=Selection.State.REJECTED),
            pk=number if number.isdecimal() else 0,
        )
        if "send_back" in request.POST:
            text = _("The proposal is sent back. A new one can be made.")
            note = plain(request.POST.get("note", ""))
            act = lambda: workflow.send_back(selection, by=request.user, note=note)  # noqa: E731
        else:
            text = _("The selection is confirmed, and everyone is told by mail.")
            act = lambda: workflow.confirm(selection, by=request.user)  # noqa: E731
        return self.act(request, call, act, text)

    def act(self, request, call, act, text):
        try:
            act()
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            self.message_user(request, text, messages.SUCCESS)
        return redirect(reverse("admin:applications_call_selection", args=[call.pk]))


def candidate(application):
    return Candidate(
        key=application.pk,
        mean_score=application.mean_score,
        reviews=application.review_count,
        submitted_at=application.submitted_at,
        code=application.municipality.code,
    )


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
        workflow.add_late_joiner(obj, by=request.user)
