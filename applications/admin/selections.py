from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.workflow import Refused
from applications import permissions
from applications.forms.selections import SelectionForm
from applications.models import Application, Selection
from applications.selection import Candidate, propose, rank
from applications.workflow import selections
from notifications.plain import plain

State = Application.State


class SelectionBoard:
    """The pages of a call on which one lead proposes a selection and another confirms it."""

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
        known = call.applications.for_staff(request.user)  # without those in conflict
        under_review = known.select_related("municipality__region").with_mean_score()
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
            "in_conflict": permissions.has_conflict_in(request.user, call),
            "can_confirm": selection
            and selection.state == Selection.State.PROPOSED
            and permissions.can_confirm(request.user, selection),
        }

    def found(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def selection(self, request, pk):
        call = self.found(request, pk)
        if not permissions.can_read_board(request.user, call):
            return self.not_yet(request)
        context = self.board(request, call)
        return TemplateResponse(request, "admin/applications/call/selection.html", context)

    def not_yet(self, request):
        text = _("You see the scores of all once your own reviews for this call are handed in.")
        self.message_user(request, text, messages.WARNING)
        return redirect("admin:applications_application_queue")

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
            lambda: selections.propose(
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
            act = lambda: selections.send_back(selection, by=request.user, note=note)  # noqa: E731
        else:
            text = _("The selection is confirmed, and everyone is told by mail.")
            act = lambda: selections.confirm(selection, by=request.user)  # noqa: E731
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
