from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications import permissions
from applications.steps import all_missing, progress, steps
from applications.views.applications import visible


@require_safe
def step_list(request, pk):
    """Where the draft stands: its steps in any order, and what is missing."""
    application = visible(request, pk)
    if not permissions.open_fields(request.user, application):
        raise PermissionDenied
    rows = steps(application)
    done, needed = progress(rows)
    context = {
        "application": application,
        "completion": application.open_completion,
        "steps": rows,
        "missing": all_missing(rows),
        "done": done,
        "needed": needed,
        "can_submit": permissions.can_submit(request.user, application),
    }
    return render(request, "applications/step_list.html", context)
