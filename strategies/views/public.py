"""What everybody may read: the frozen version of a strategy, while it is published."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from documents.frozen import canonical
from documents.serving import serve
from strategies.models import Strategy
from strategies.views.strategies import file_of, files_of


def published(pk):
    rows = Strategy.objects.published().with_town().prefetch_related("towns__municipality")
    return get_object_or_404(rows, pk=pk)


@login_not_required
@require_safe
def published_list(request):
    rows = Strategy.objects.published().with_town().prefetch_related("towns__municipality")
    return render(request, "strategies/published_list.html", {"strategies": rows})


@login_not_required
@require_safe
def published_detail(request, pk):
    strategy = published(pk)
    context = {"strategy": strategy} | files_of(strategy)
    context["content"] = context["version"].content
    return render(request, "strategies/published_detail.html", context)


@login_not_required
@require_safe
def published_file(request, pk, language):
    return serve(file_of(published(pk), language).document)


@login_not_required
@require_safe
def published_data(request, pk):
    """The frozen text itself, byte for byte: its SHA-256 is the checksum that the page shows."""
    version = published(pk).versions.first()
    return HttpResponse(canonical(version.content), content_type="application/json")
