from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import workflow
from accounts.forms import AccessRequestForm, ProfileForm
from municipalities.models import Municipality


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your details are saved."))
        return redirect("accounts:profile")
    memberships = request.user.memberships.live().select_related("municipality").order_by("since")
    assignments = request.user.assignments.current().select_related("municipality")
    context = {"form": form, "memberships": memberships, "assignments": assignments}
    return render(request, "accounts/profile.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def access_request(request):
    code = request.GET.get("municipality", "")[:8]
    picked = Municipality.objects.visible_to(request.user).filter(code=code).first()
    form = AccessRequestForm(
        request.POST or None, user=request.user, initial={"municipality": picked}
    )
    if form.is_valid():
        words = dict(form.cleaned_data)
        workflow.ask(request.user, words.pop("municipality"), **words)
        messages.success(request, _("Your request is sent. You get the answer by mail."))
        return redirect("journey:home")
    return render(
        request,
        "accounts/access_request.html",
        {"form": form, "requests": request.user.access_requests.select_related("municipality")},
        status=400 if form.is_bound else 200,
    )
