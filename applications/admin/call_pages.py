from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.workflow import Refused
from applications import permissions
from applications.forms.calls import DeadlineForm
from applications.workflow import calls


class CallPages:
    """The pages of a call on which a lead publishes it, moves its deadline or copies it."""

    def get_urls(self):
        views = {"publish": self.publish_page, "deadline": self.deadline, "copy": self.copy}
        only = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(only(view)),
                name=f"applications_call_{name}",
            )
            for name, view in views.items()
        ] + super().get_urls()

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["can_write_call"] = bool(obj) and permissions.can_write_call(request.user, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def to_write(self, request, pk):
        call = get_object_or_404(self.get_queryset(request), pk=pk)
        if not permissions.can_write_call(request.user, call):
            raise PermissionDenied
        return call

    def publish_page(self, request, pk):
        call = self.to_write(request, pk)
        if request.method != "POST":
            return self.page(request, "publish", call, missing=calls.missing(call))
        return self.done(
            request,
            "publish",
            call,
            lambda: calls.publish(call, by=request.user),
            _("The call is published."),
            _("The call was published already."),
        )

    def deadline(self, request, pk):
        call = self.to_write(request, pk)
        form = DeadlineForm(request.POST if request.method == "POST" else None, call=call)
        if not form.is_valid():
            moves = call.deadline_moves.select_related("by")
            return self.page(request, "deadline", call, form=form, moves=moves)
        return self.done(
            request,
            "deadline",
            call,
            lambda: calls.move_deadline(
                call,
                form.closes_at,
                read=form.cleaned_data["read"],
                reasons=form.reasons,
                by=request.user,
            ),
            _("The deadline is moved, and everybody who writes a draft is told by mail."),
            _("The deadline was at this time already."),
        )

    def copy(self, request, pk):
        call = self.to_write(request, pk)
        if request.method != "POST":
            return self.page(request, "copy", call)
        return self.done(
            request,
            "copy",
            call,
            lambda: calls.copy(call, by=request.user),
            _("The copy is a draft. Look at its dates and texts, then publish it."),
            _("This call has been copied before: here is the draft."),
        )

    def done(self, request, name, call, act, now, before):
        """Do it and say so, or that it was done before; refused, one is back at its page."""
        try:
            row, changed = act()
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
            return redirect(f"admin:applications_call_{name}", call.pk)
        self.message_user(request, now if changed else before, messages.SUCCESS)
        return redirect("admin:applications_call_change", row.pk)

    def page(self, request, name, call, **more):
        context = self.admin_site.each_context(request) | {"opts": self.opts, "call": call, **more}
        status = 400 if more.get("form") and more["form"].errors else 200
        return TemplateResponse(
            request, f"admin/applications/call/{name}.html", context, status=status
        )
