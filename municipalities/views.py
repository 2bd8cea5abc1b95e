from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from municipalities.forms import SearchForm
from municipalities.languages import active_language
from municipalities.models import Municipality

# What the list may be sorted by, or with a minus the other way round: the figure's field.
SORTS = {"name": None, "population": "population", "share": "foreign_language_share_2025"}


@dataclass(frozen=True)
class Header:
    """A column's header: how the list is sorted by it now, and what a click asks for."""

    direction: str  # "ascending", "descending" or ""
    click: str  # the value of `sort` in the address


def headers(sort):
    """The sortable headers by name. The first click on a figure brings the highest on top."""
    return {name: header(name, sort) for name in SORTS}


def header(name, sort):
    if sort == name:
        return Header("ascending", f"-{name}")
    if sort == f"-{name}":
        return Header("descending", name)
    return Header("", name if name == "name" else f"-{name}")


def chosen_sort(request):
    sort = request.GET.get("sort", "")
    return sort if sort.removeprefix("-") in SORTS else "name"


def narrowed(municipalities, wanted):
    """The municipalities that the search form asks for; what it refused is not asked for."""
    municipalities = municipalities.matching(wanted.get("q", ""))
    if region := wanted.get("region"):
        municipalities = municipalities.filter(region=region)
    if status := wanted.get("language"):
        municipalities = municipalities.filter(language_status=status)
    return municipalities


def ordered(municipalities, sort):
    """The municipalities sorted as the address asks; equal ones, and those without, by name."""
    name = f"sort_{active_language()}"
    field = F(SORTS[sort.removeprefix("-")] or name)
    order = field.desc if sort.startswith("-") else field.asc
    return municipalities.order_by(order(nulls_last=True), name, "code")


@login_not_required
@require_safe
def municipality_list(request):
    form, sort = SearchForm(request.GET), chosen_sort(request)
    form.is_valid()
    everything = Municipality.objects.visible_to(request.user).select_related("region", "successor")
    found = list(ordered(narrowed(everything, form.cleaned_data), sort))
    context = {
        "form": form,
        "sort": sort,
        "headers": headers(sort),
        "municipalities": [one for one in found if not one.is_demo],
        "invented": [one for one in found if one.is_demo],
        "today": timezone.localdate(),
    }
    return render(request, "municipalities/municipality_list.html", context)


@login_not_required
@require_safe
def municipality_detail(request, code):
    everything = Municipality.objects.visible_to(request.user)
    everything = everything.select_related("region", "successor").prefetch_related("predecessors")
    context = {
        "municipality": get_object_or_404(everything, code=code),
        "today": timezone.localdate(),
    }
    return render(request, "municipalities/municipality_detail.html", context)
