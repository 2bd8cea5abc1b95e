from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.towns import open_to
from applications.models import Call, Project
from journey import threads
from journey.homes import homes
from journey.standing import Rows
from journey.steps import steps


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


@require_safe
def town_path(request, pk):
    """Where a municipality stands: a page, and the line that its other pages ask for."""
    town = get_object_or_404(open_to(request.user), pk=pk)
    standing = Rows(request.user, [town.pk]).of(town.pk)
    context = {"municipality": town, "steps": steps(standing)}
    name = "_path_line" if request.htmx else "path"
    return render(request, f"journey/{name}.html", context)


@require_safe
def question_thread(request, pk, question):
    return thread_page(request, *threads.of_question(request.user, pk, question))


@require_safe
def recommendation_thread(request, pk):
    return thread_page(request, *threads.of_recommendation(request.user, pk))


@require_safe
def finding_thread(request, pk):
    return thread_page(request, *threads.of_finding(request.user, pk))


def thread_page(request, municipality, strands):
    """The thread as a page of its own, or as the part of another page that asked for it."""
    name = "_thread" if request.htmx else "thread"
    context = {"municipality": municipality, "strands": strands}
    return render(request, f"journey/{name}.html", context)


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "journey/accessibility.html")


@login_not_required
@require_safe
def privacy(request):
    return render(request, "journey/privacy.html")
