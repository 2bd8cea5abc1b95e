from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from applications.models import Call, Project
from journey.steps import homes


@login_not_required
@require_safe
def start(request):
    """The public front: what this is, which call is open, how the path runs."""
    calls = Call.objects.visible_to(request.user).open().select_related("project")
    projects = Project.objects.order_by("-starts_on")
    return render(request, "journey/start.html", {"calls": calls, "projects": projects})


@require_safe
def home(request):
    """What is the person's to do next, hat by hat."""
    user = request.user
    if user.is_superuser and not user.staff_groups:
        return redirect("admin:index")
    return render(request, "journey/home.html", homes(user))


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "journey/accessibility.html")


@login_not_required
@require_safe
def privacy(request):
    return render(request, "journey/privacy.html")
