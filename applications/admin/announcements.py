from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.admin import LeadsWrite
from accounts.workflow import Refused
from applications import permissions
from applications.models import Announcement
from applications.workflow import announcements
from municipalities.languages import LANGUAGES


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = [
            "call", "audience",
            *(f"{name}_{language}" for language in LANGUAGES for name in ("subject", "body")),
        ]  # fmt: skip
        help_texts = {
            "audience": gettext_lazy("Those who may write for these municipalities get the mail.")
        }


@admin.register(Announcement)
class AnnouncementAdmin(LeadsWrite):
    """A lead writes a message, looks at it, and sends it once; sent, it is kept as it was."""

    form = AnnouncementForm
    list_display = ["subject", "call", "audience", "state", "sent_at", "receivers"]
    list_filter = ["state", "audience", "call"]
    list_select_related = ["call"]
    change_form_template = "admin/applications/announcement/change.html"

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    @admin.display(description=gettext_lazy("subject"))
    def subject(self, announcement):
        return announcement.subject

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state == Announcement.State.DRAFT
        return is_open and super().has_change_permission(request, obj)

    def get_urls(self):
        only = require_http_methods(["GET", "HEAD", "POST"])
        view = self.admin_site.admin_view(only(self.send))
        return [
            path("<int:pk>/send/", view, name="applications_announcement_send"),
            *super().get_urls(),
        ]

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:applications_announcement_send", obj.pk)

    def response_change(self, request, obj):
        return redirect("admin:applications_announcement_send", obj.pk)

    def send(self, request, pk):
        """What will be sent to how many; and the button that sends it."""
        rows = self.get_queryset(request).select_related("call", "sent_by")
        announcement = get_object_or_404(rows, pk=pk)
        if not permissions.can_announce(request.user, announcement):
            raise PermissionDenied
        if request.method != "POST":
            return self.preview(request, announcement)
        try:
            _row, changed = announcements.send(announcement, by=request.user)
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            text = _("The message is sent.") if changed else _("The message was sent already.")
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:applications_announcement_send", pk)

    def preview(self, request, announcement):
        versions = [
            (
                language,
                getattr(announcement, f"subject_{language}"),
                getattr(announcement, f"body_{language}"),
            )
            for language in LANGUAGES
        ]
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "announcement": announcement,
            "versions": versions,
            "count": announcements.people(announcement).count(),
        }
        template = "admin/applications/announcement/send.html"
        return TemplateResponse(request, template, context)
