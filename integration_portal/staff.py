from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from journey import health


class StaffAdmin(AdminSite):
    """The admin as the project's staff see it; its sign-in is the portal's, second factor too."""

    site_header = site_title = _("Integration portal: staff")
    index_title = _("Overview")
    site_url = None

    @method_decorator(login_not_required)
    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

    def get_urls(self):
        return [
            path("health/", self.admin_view(self.health), name="health"),
            *super().get_urls(),
        ]

    def each_context(self, request):
        return super().each_context(request) | {"can_see_health": can_see_health(request.user)}

    @method_decorator(require_safe)
    def health(self, request):
        """How the portal is, for leads and upkeep."""
        if not can_see_health(request.user):
            raise PermissionDenied
        found = health.readings()
        context = self.each_context(request) | {
            "title": _("Health of the portal"),
            "readings": found,
            "worst": health.worst(found),
        }
        return TemplateResponse(request, "admin/health.html", context)


def can_see_health(user):
    return user.is_superuser or "lead" in getattr(user, "staff_groups", ())
