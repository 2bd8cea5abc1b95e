"""Chapters, objectives and measures: written on desks, added, linked, removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.workflow import Refused
from drafting.desks import Desk
from strategies import permissions
from strategies.forms import ChapterForm, LinkForm, MeasureForm, ObjectiveForm, TitleForm
from strategies.models import Chapter, Measure, Objective, towns_seen_by
from strategies.views.strategies import status_of, visible
from strategies.workflow import parts

OF_OBJECTIVE = "strategy__participation__municipality"
OF_MEASURE = f"objective__{OF_OBJECTIVE}"


def chapters(user):
    rows = Chapter.objects.visible_to(user).select_related(OF_OBJECTIVE, "heading")
    return rows.prefetch_related(towns_seen_by(user, "strategy__"))


def all_objectives(user):
    rows = Objective.objects.visible_to(user).select_related(OF_OBJECTIVE)
    return rows.prefetch_related(towns_seen_by(user, "strategy__"))


def all_measures(user):
    rows = Measure.objects.visible_to(user).select_related(OF_MEASURE)
    return rows.prefetch_related(towns_seen_by(user, "objective__strategy__"))


def objectives(user):
    return all_objectives(user).kept()


def measures(user):
    return all_measures(user).kept()


def about_strategy(rule):
    """A rule about a strategy, asked of one of its texts."""
    return lambda user, row: rule(user, row.strategy)


def desk(noun, rows, form, texts):
    return Desk(
        rows=rows,
        form=form,
        texts=texts,
        people=lambda row: permissions.readers(row.strategy),
        can_write=about_strategy(permissions.can_write),
        can_comment=about_strategy(permissions.can_comment),
        can_discuss=about_strategy(permissions.can_discuss),
        routes=f"strategies:{noun}_",
        noun=noun,
        template=f"strategies/{noun}_edit.html",
        crumbs="strategies/_part_crumbs.html",
        readers=gettext_lazy(
            "The people of the strategy's municipalities, their experts and the project staff see"
            " what is said here."
        ),
    )


CHAPTERS = desk("chapter", chapters, ChapterForm, ("text",))
OBJECTIVES = desk("objective", objectives, ObjectiveForm, ("text",))
MEASURES = desk("measure", measures, MeasureForm, ("text", "resources"))


def add(request, strategy, words, store):
    """The page with the title of something new; sent, `store(title)` makes it, to be written on.

    words: the page's heading, and the label of its field.
    """
    if not permissions.can_write(request.user, strategy):
        raise PermissionDenied
    heading, label = words
    form = TitleForm(request.POST or None, label=label)
    if not form.is_valid():  # also when nothing was sent
        context = {"strategy": strategy, "heading": heading, "form": form}
        return render(request, "strategies/part_add.html", context, status=status_of(form))
    try:
        row, created = store(form.cleaned_data["title"])
    except Refused as why:
        messages.error(request, str(why))
        return redirect(strategy)
    if not created:
        messages.info(request, _("“%s” was there already: this is it.") % row)
    return redirect(f"strategies:{row._meta.model_name}_edit", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def chapter_add(request, pk):
    strategy = visible(request, pk)
    words = _("Add a chapter"), _("Heading of the chapter")
    return add(
        request, strategy, words,
        lambda title: parts.add_chapter(strategy, by=request.user, title=title),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def objective_add(request, pk):
    strategy = visible(request, pk)
    words = _("Add an objective"), _("Objective")
    return add(
        request, strategy, words,
        lambda title: parts.add_objective(strategy, by=request.user, title=title),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def measure_add(request, pk):
    objective = get_object_or_404(objectives(request.user), pk=pk)
    words = _("Add a measure"), _("Measure")
    return add(
        request, objective.strategy, words,
        lambda title: parts.add_measure(objective, by=request.user, title=title),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def measure_detail(request, pk):
    """A measure and what it answers; sent, it answers one recommendation more."""
    measure = get_object_or_404(measures(request.user), pk=pk)
    can_write = permissions.can_write(request.user, measure.strategy)
    if request.method != "POST":
        return measure_page(request, measure, LinkForm(measure=measure) if can_write else None)
    if not can_write:
        raise PermissionDenied
    form = LinkForm(request.POST, measure=measure)
    if not form.is_valid():
        return measure_page(request, measure, form)
    row, reason = form.cleaned_data["recommendation"], form.cleaned_data["reason"]
    try:
        parts.link(measure, row, by=request.user, reason=reason)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The measure answers “%s” now.") % row)
    return redirect(measure)


def measure_page(request, measure, form):
    context = {
        "measure": measure,
        "strategy": measure.strategy,
        "answered": [(link, questions_of(link.recommendation)) for link in answered(measure)],
        "points": measure.covered,
        "form": form,
        "can_write": form is not None,
    }
    status = status_of(form) if form else 200
    return render(request, "strategies/measure_detail.html", context, status=status)


def answered(measure):
    return measure.answered.select_related(
        "recommendation__assessment__participation__municipality",
        "recommendation__assessment__round",
    )


def questions_of(recommendation):
    edition = recommendation.assessment.edition
    return [edition.question(code) for code in recommendation.questions]


@require_POST
def measure_unlink(request, pk, recommendation):
    measure = get_object_or_404(measures(request.user), pk=pk)
    row = get_object_or_404(measure.strategy.recommendations, pk=recommendation)
    if parts.unlink(measure, row, by=request.user):
        messages.success(request, _("The measure no longer answers “%s”.") % row)
    return redirect(measure)


@require_POST
def part_remove(request, pk, rows):
    """Take an objective or a measure out of the strategy."""
    text = _("“%s” is removed. You can put it back as long as the strategy is drafted.")
    return act(request, get_object_or_404(rows(request.user), pk=pk), parts.remove, text)


@require_POST
def part_put_back(request, pk, rows):
    text = _("“%s” is back in its place.")
    return act(request, get_object_or_404(rows(request.user), pk=pk), parts.put_back, text)


def act(request, row, how, text):
    try:
        changed = how(row, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, (text if changed else _("“%s” was like that already.")) % row)
    return redirect(row.strategy)
