"""What the strategy answers, and what nothing answers yet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.workflow import Refused
from indexanalysis.words import TAG_KINDS, TAGS
from strategies import coverage, permissions
from strategies.content import numbered, statutes_of
from strategies.forms import MakeForm
from strategies.views.strategies import status_of, visible
from strategies.workflow import parts

KINDS = ("dimensions", "principles", "policy_areas")
GAPS = {
    "owner": gettext_lazy("No responsible party"),
    "period": gettext_lazy("No period"),
    "metric": gettext_lazy("No metric"),
    "recommendation": gettext_lazy("Answers no recommendation"),
}


@require_safe
def strategy_coverage(request, pk):
    strategy = visible(request, pk)
    measures, rows = overview(strategy)
    context = {
        "strategy": strategy,
        "recommendations": of_recommendations(strategy, measures, rows),
        "statutes": of_statutes(strategy, measures, rows),
        "tags": [of_tags(kind, measures, rows) for kind in KINDS],
        "gaps": gaps_of(measures, rows),
        "measure_count": len(measures),
        "on_aland": [t.municipality for t in towns_of(strategy) if t.is_on_aland],
    }
    return render(request, "strategies/strategy_coverage.html", context)


def overview(strategy):
    """The measures as the pure part wants them; and (number, measure) by key, for the template."""
    known = numbered(strategy)
    rows = {measure.pk: (number, measure) for number, measure in known}
    return [counted(measure) for _number, measure in known], rows


def towns_of(strategy):
    return strategy.towns.select_related("municipality")


def counted(measure):
    """What the pure part wants to know of a measure."""
    return coverage.Measure(
        key=measure.pk,
        has_owner=bool(measure.responsible.strip()),
        has_period=bool(measure.starts_on and measure.ends_on),
        has_metric=bool(measure.metric.strip()),
        recommendations=frozenset(link.recommendation_id for link in measure.answered.all()),
        codes={name: frozenset(getattr(measure, name)) for name in ("points", *KINDS)},
    )


def shown(title, part, labels, rows):
    """For the template: a part with its heading, and (label, [(number, measure)]) of each line."""
    lines = [(labels[line.code], [rows[key] for key in line.measures]) for line in part.lines]
    return {"title": title, "part": part, "lines": lines}


def of_recommendations(strategy, measures, rows):
    accepted = {row.pk: row for row in strategy.recommendations.accepted()}
    part = coverage.recommendations(accepted, measures)
    return shown(_("Accepted recommendations"), part, accepted, rows)


def of_tags(kind, measures, rows):
    part = coverage.codes(kind, TAGS[kind], measures)
    return shown(TAG_KINDS[kind], part, TAGS[kind], rows)


def of_statutes(strategy, measures, rows):
    """Each list of the law, those in force today first; none where they do not apply."""
    today = timezone.localdate()
    found = []
    for statute in statutes_of(strategy):
        points = {point.code: point for point in statute.points.all()}
        part = coverage.codes("points", points, measures)
        listed = {"statute": statute, "is_past": not statute.is_in_force(today)}
        found.append(shown(statute.title, part, points, rows) | listed)
    return sorted(found, key=lambda table: table["is_past"])


def gaps_of(measures, rows):
    """((number, measure), what it lacks) of the measures that lack something."""
    found = [(rows[m.key], [GAPS[gap] for gap in coverage.gaps(m)]) for m in measures]
    return [(row, gaps) for row, gaps in found if gaps]


@require_safe
def strategy_recommendations(request, pk):
    """What was recommended, with the measures that answer it."""
    strategy = visible(request, pk)
    measures, rows = overview(strategy)
    found = [
        (row, [rows[key] for key in coverage.answering(row.pk, measures)])
        for row in strategy.recommendations
    ]
    can_write = permissions.can_write(request.user, strategy)
    context = {"strategy": strategy, "found": found, "can_write": can_write}
    return render(request, "strategies/strategy_recommendations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_use(request, pk, recommendation):
    """Make an objective, or a measure of an objective, of what was recommended."""
    strategy = visible(request, pk)
    row = get_object_or_404(strategy.recommendations.accepted(), pk=recommendation)
    if not permissions.can_write(request.user, strategy):
        raise PermissionDenied
    form = MakeForm(request.POST or None, strategy=strategy)
    if not form.is_valid():  # also when nothing was sent
        context = {"strategy": strategy, "recommendation": row, "form": form}
        template = "strategies/recommendation_use.html"
        return render(request, template, context, status=status_of(form))
    try:
        made, created = parts.use(strategy, row, form.objective, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("strategies:recommendations", pk)
    if not created:
        messages.info(request, _("“%s” was there already: this is it.") % made)
    return redirect(f"strategies:{made._meta.model_name}_edit", made.pk)
