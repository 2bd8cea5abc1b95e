from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from notifications.models import Mail


class StaffAdmin(AdminSite):
    """The admin as the project's staff see it; its sign-in is the portal's, second factor too."""

    site_header = site_title = _("Integration portal: staff")
    index_title = _("Overview")
    site_url = None

    @method_decorator(login_not_required)
    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

    def index(self, request, extra_context=None):
        """The overview, with the number of mails that did not go for whoever may see them."""
        stuck = Mail.objects.visible_to(request.user).stuck()
        context = {"stuck_mails": stuck.count()}
        return super().index(request, context | (extra_context or {}))
