from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from notifications import digests
from notifications.forms import PreferencesForm


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    form = PreferencesForm(request.POST or None, user=request.user)
    if form.is_valid():
        digests.choose(request.user, form.cleaned_data)
        messages.success(request, _("Saved. From now on mails come as you chose."))
        return redirect("notifications:preferences")
    context = {"form": form, "held": request.user.mails.held().count()}
    status = 400 if form.is_bound else 200
    return render(request, "notifications/preferences.html", context, status=status)
