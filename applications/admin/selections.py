"""The selection board: the pages of a call on which one lead proposes and another confirms."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.workflow import Refused
from applications import permissions
from applications.board import Board
from applications.models import Selection
from applications.workflow import places, selections
from notifications.plain import plain


class SelectionBoard:
    """Mixed into the admin of calls."""

    board_template = "admin/applications/call/selection.html"

    def get_urls(self):
        views = [
            ("selection", require_safe(self.selection)),
            ("propose", require_POST(self.propose)),
            ("confirm", require_POST(self.confirm)),
            ("promote", require_POST(self.promote)),
        ]
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"applications_call_{name}",
            )
            for name, view in views
        ] + super().get_urls()

    def found(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def selection(self, request, pk):
        call = self.found(request, pk)
        if not permissions.can_read_board(request.user, call):
            return self.not_yet(request)
        return self.show(request, Board(call, request.user))

    def show(self, request, board, status=200):
        context = self.admin_site.each_context(request) | board.context
        context |= {"opts": self.opts, "title": _("Selection")}
        return TemplateResponse(request, self.board_template, context, status=status)

    def not_yet(self, request):
        text = _("You see the scores of all once your own reviews for this call are handed in.")
        self.message_user(request, text, messages.WARNING)
        return redirect("admin:applications_application_queue")

    def propose(self, request, pk):
        call = self.found(request, pk)
        if not permissions.is_lead(request.user):
            raise PermissionDenied
        board = Board(call, request.user, posted=request.POST)
        if board.selection:
            return self.back(request, call, _("A proposal stands already."), messages.WARNING)
        if not board.is_valid():
            return self.show(request, board, status=400)
        try:
            selections.propose(call, board.choices, by=request.user, **board.form.terms)
        except Refused as why:
            board.form.add_error(None, str(why))
            return self.show(request, board, status=400)
        text = _("The proposal is stored. Another lead confirms it or sends it back.")
        return self.back(request, call, text)

    def confirm(self, request, pk):
        call = self.found(request, pk)
        number = request.POST.get("selection", "")
        selection = get_object_or_404(
            call.selections.exclude(state=Selection.State.REJECTED),
            pk=number if number.isdecimal() else 0,
        )
        if "send_back" in request.POST:
            return self.send_back(request, call, selection)
        text = _("The selection is confirmed. The letters go out to everyone now.")
        act = lambda: selections.confirm(selection, by=request.user)[1]  # noqa: E731
        return self.act(request, call, act, text)

    def send_back(self, request, call, selection):
        note = plain(request.POST.get("note", ""))
        text = _("The proposal is sent back. A new one can be made.")
        act = lambda: selections.send_back(selection, by=request.user, note=note)[1]  # noqa: E731
        return self.act(request, call, act, text)

    def promote(self, request, pk):
        call = self.found(request, pk)
        number = request.POST.get("application", "")
        rows = call.applications.for_staff(request.user)
        meant = rows.filter(pk=number if number.isdecimal() else 0).first()
        text = _("The place is offered to the first on reserve.")
        return self.act(request, call, lambda: places.promote(call, meant, by=request.user), text)

    def act(self, request, call, act, text):
        try:
            changed = act()
        except Refused as why:
            return self.back(request, call, str(why), messages.ERROR)
        return self.back(request, call, text if changed else _("This was done already."))

    def back(self, request, call, text, level=messages.SUCCESS):
        self.message_user(request, text, level)
        return redirect(reverse("admin:applications_call_selection", args=[call.pk]))
