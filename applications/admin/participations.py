from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.admin import LeadsWrite
from accounts.workflow import Refused
from applications import permissions
from applications.forms.participations import EndForm
from applications.models import Participation
from applications.workflow import participations


@admin.register(Participation)
class ParticipationAdmin(LeadsWrite):
    """A late joiner is added here; the selected municipalities come by confirming their places."""

    list_display = ["municipality", "project", "joined_on", "joined_late", "state"]
    list_filter = ["project", "state"]
    list_select_related = ["municipality", "project"]
    fields = ["project", "municipality", "joined_on"]
    change_form_template = "admin/applications/participation/change.html"

    def has_change_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"is_lead": permissions.is_lead(request.user)}
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        participations.add_late_joiner(obj, by=request.user)

    def get_urls(self):
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.end))
        name = "applications_participation_end"
        return [path("<int:pk>/end/<slug:to>/", view, name=name), *super().get_urls()]

    def end(self, request, pk, to):
        """The page before a final act, and the act: a municipality has finished, or leaves."""
        rows = Participation.objects.visible_to(request.user)
        participation = get_object_or_404(rows.select_related("municipality", "project"), pk=pk)
        if to not in {to_state for _from, to_state in participations.MOVES}:
            raise Http404
        if not permissions.can_end(request.user, participation):
            raise PermissionDenied
        form = EndForm(request.POST or None, to=to)
        if not form.is_valid():
            return self.end_page(request, participation, to, form)
        return self.ended(request, participation, to, form.cleaned_data["reason"])

    def ended(self, request, participation, to, reason):
        try:
            row, changed = participations.end(participation, to, by=request.user, reason=reason)
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            text = (
                _("%(municipality)s is now “%(state)s”.")
                if changed
                else _("%(municipality)s was already “%(state)s”.")
            )
            words = {"municipality": row.municipality, "state": row.get_state_display()}
            self.message_user(request, text % words, messages.SUCCESS)
        return redirect("admin:applications_participation_change", participation.pk)

    def end_page(self, request, participation, to, form):
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": participation.municipality.name,
            "participation": participation,
            "form": form,
            "to": to,
        }
        template = "admin/applications/participation/end.html"
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, template, context, status=status)
