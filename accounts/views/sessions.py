from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import sessions


@require_POST
def sign_out_everywhere(request):
    sessions.end_all(request.user, by=request.user, note="everywhere")
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("journey:start")
