from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from journey import health
from notifications.models import Mail

ONLY_PAGES = require_http_methods(["GET", "HEAD", "POST"])

# Packages bring pages of their own for these; they would change how people sign in without an
# audit entry, without a mail, and without ending sessions.
LEFT_OUT = {"mfa", "usersessions", "socialaccount"}


class StaffAdmin(AdminSite):
    """The admin as the project's staff see it; its sign-in is the portal's, second factor too."""

    site_header = site_title = _("Integration portal: staff")
    index_title = _("Overview")
    site_url = None

    @method_decorator(login_not_required)
    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

    def admin_view(self, view, cacheable=False):
        return super().admin_view(ONLY_PAGES(view), cacheable)

    def index(self, request, extra_context=None):
        """The overview, with the number of mails that did not go for whoever may see them."""
        stuck = Mail.objects.visible_to(request.user).stuck()
        context = {"stuck_mails": stuck.count()}
        return super().index(request, context | (extra_context or {}))

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label not in LEFT_OUT]
        super().register(ours, admin_class, **options)

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

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
