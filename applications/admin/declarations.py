from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.admin import StaffReads, groups_of
from accounts.workflow import Refused
from applications import permissions
from applications.forms.declarations import LiftForm
from applications.models import Declaration
from applications.workflow import declarations


@admin.register(Declaration)
class DeclarationAdmin(StaffReads):
    """What the staff have declared; a lead lifts another person's mistaken conflict."""

    list_display = ["application", "person", "has_conflict", "declared_at", "lifted_at", "lifting"]
    list_filter = ["has_conflict", "application__call"]
    list_select_related = ["application__municipality", "application__call", "person", "lifted_by"]
    fields = [
        "application", "person", "has_conflict", "reason", "declared_at", "lifted_at", "lifted_by",
        "lifted_because",
    ]  # fmt: skip

    def get_list_display(self, request):
        lifts = "lead" in groups_of(request)
        return self.list_display if lifts else self.list_display[:-1]

    @admin.display(description=gettext_lazy("mistake"))
    def lifting(self, declaration):
        if not declaration.has_conflict or declaration.lifted_at:
            return "–"
        url = reverse("admin:applications_declaration_lift", args=[declaration.pk])
        return format_html('<a href="{}">{}</a>', url, _("Lift it"))

    def get_urls(self):
        view = require_http_methods(["GET", "HEAD", "POST"])(self.lift)
        address = path(
            "<int:pk>/lift/",
            self.admin_site.admin_view(view),
            name="applications_declaration_lift",
        )
        return [address, *super().get_urls()]

    def lift(self, request, pk):
        declaration = get_object_or_404(self.get_queryset(request), pk=pk)
        if not permissions.can_lift(request.user, declaration):
            raise PermissionDenied
        form = LiftForm(request.POST or None)
        if not form.is_valid():
            return self.lift_page(request, declaration, form)
        try:
            _row, changed = declarations.lift(declaration, by=request.user, **form.cleaned_data)
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            text = _("The declaration is lifted. The person declares anew before reading.")
            text = text if changed else _("The declaration was lifted already.")
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:applications_declaration_changelist")

    def lift_page(self, request, declaration, form):
        context = self.admin_site.each_context(request)
        context |= {"declaration": declaration, "form": form, "opts": self.opts}
        template = "admin/applications/declaration/lift.html"
        return TemplateResponse(request, template, context, status=400 if form.is_bound else 200)
