from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Application, Participation


@require_safe
def participation_detail(request, pk):
    """A municipality's part in a project, and what becomes of its data when it ends."""
    rows = Participation.objects.visible_to(request.user)
    participation = get_object_or_404(rows.select_related("municipality", "project"), pk=pk)
    seen = Application.objects.visible_to(request.user).select_related("call")
    application = seen.filter(participation=participation)
    context = {"participation": participation, "application": application.first()}
    return render(request, "applications/participation_detail.html", context)
