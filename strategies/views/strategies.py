from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import record_reading
from accounts.workflow import Refused, open_moves
from applications.models import Participation
from documents.reasons import sentence
from documents.serving import serve
from municipalities.models import LanguageStatus
from notifications.plain import plain
from strategies import permissions, workflow
from strategies.content import content_of
from strategies.forms import ChangeForm, FoundForm, NoteForm
from strategies.models import Strategy, StrategyInvitation, towns_seen_by

State = Strategy.State


def visible(request, pk):
    rows = Strategy.objects.visible_to(request.user).with_town()
    return get_object_or_404(rows.prefetch_related(towns_seen_by(request.user)), pk=pk)


@require_safe
def strategy_list(request):
    rows = Strategy.objects.visible_to(request.user).with_town()
    invitations = StrategyInvitation.objects.visible_to(request.user)
    context = {
        "strategies": rows.prefetch_related("towns__municipality"),
        "invitations": invitations.open().select_related("strategy__participation__municipality"),
        "can_found": may_found(request.user),
    }
    return render(request, "strategies/strategy_list.html", context)


def may_found(user):
    """The participations for which `user` can begin a strategy, for there is none in work."""
    towns = user.memberships.current().coordinating().values("municipality")
    rows = Participation.objects.visible_to(user).active().filter(municipality__in=towns)
    rows = rows.exclude(strategies__state__in=Strategy.UNFINISHED)
    return rows.select_related("municipality", "project")


@require_http_methods(["GET", "HEAD", "POST"])
def strategy_found(request, pk):
    rows = Participation.objects.visible_to(request.user).select_related("municipality", "project")
    participation = get_object_or_404(rows, pk=pk)
    if not permissions.can_found(request.user, participation):
        raise PermissionDenied
    form = FoundForm(request.POST or None, initial=suggested(participation))
    if not form.is_valid():  # also when nothing was sent
        context = {"participation": participation, "form": form}
        return render(request, "strategies/strategy_found.html", context, status=status_of(form))
    strategy, created = workflow.found(participation, by=request.user, **form.cleaned_data)
    if not created:
        messages.info(request, _("Your municipality is drafting this strategy already."))
    return redirect(strategy)


def status_of(form):
    return 400 if form.errors else 200


def suggested(participation):
    """What a new strategy is called, and the language of the municipality's majority."""
    swedish = {LanguageStatus.UNILINGUAL_SV, LanguageStatus.BILINGUAL_SV_MAJORITY}
    town = participation.municipality
    text = _("Local integration strategy of %(municipality)s")
    return {
        "title": text % {"municipality": town},
        "language": "sv" if town.language_status in swedish else "fi",
    }


@require_safe
def strategy_detail(request, pk):
    strategy = visible(request, pk)
    context = {"strategy": strategy, "towns": strategy.towns.select_related("municipality")}
    context |= parts_of(strategy) | rights(request.user, strategy) | files_of(strategy)
    return render(request, "strategies/strategy_detail.html", context)


def parts_of(strategy):
    """What the strategy consists of now, and what was taken out of it."""
    return {
        "chapters": strategy.chapters.all(),
        "objectives": strategy.objectives.kept().with_measures(),
        "removed_objectives": strategy.objectives.removed(),
    }


def rights(user, strategy):
    return {
        "moves": open_moves(user, strategy, workflow.MOVES),
        "can_write": permissions.can_write(user, strategy),
        "can_coordinate": permissions.coordinates(user, strategy),
        "can_invite": permissions.can_invite(user, strategy),
        "can_remake": permissions.can_remake(user, strategy),
    }


@require_safe
def strategy_text(request, pk):
    """The whole strategy as it stands now, as its file would show it."""
    strategy = visible(request, pk)
    context = {"strategy": strategy, "content": content_of(strategy)}
    return render(request, "strategies/strategy_text.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def strategy_change(request, pk):
    strategy = visible(request, pk)
    if not permissions.can_change(request.user, strategy):
        raise PermissionDenied
    form = ChangeForm(request.POST or None, strategy=strategy)
    if not form.is_valid():  # also when nothing was sent
        context = {"strategy": strategy, "form": form}
        return render(request, "strategies/strategy_change.html", context, status=status_of(form))
    workflow.change(strategy, by=request.user, **form.cleaned_data)
    messages.success(request, _("The name and period are saved."))
    return redirect(strategy)


@require_safe
def strategy_confirm(request, pk, to):
    """The page before a move: what happens, what can be changed afterwards, what still lacks."""
    strategy = visible(request, pk)
    if to not in {pair[1] for pair in workflow.MOVES}:
        raise Http404
    if to not in open_moves(request.user, strategy, workflow.MOVES):
        raise PermissionDenied
    context = {"strategy": strategy, "to": to, "form": NoteForm() if to == "drafting" else None}
    if to == State.ADOPTED:
        context["obstacles"] = workflow.obstacles(strategy)
    return render(request, f"strategies/strategy_confirm_{to}.html", context)


@require_POST
def strategy_move(request, pk, to):
    strategy = visible(request, pk)
    note = plain(request.POST.get("note", ""))[: NoteForm.MOST]
    try:
        strategy, changed = workflow.move(strategy, to, by=request.user, note=note)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(strategy)
    text = _("The strategy is now: %s.") if changed else _("The strategy was already: %s.")
    messages.success(request, text % strategy.get_state_display())
    return redirect(strategy)


PUBLISHING = {"published": True, "withdrawn": False}


@require_http_methods(["GET", "HEAD", "POST"])
def strategy_publish(request, pk, to):
    """Show the frozen version to everybody, or no more: asked on a page of its own."""
    strategy = visible(request, pk)
    if to not in PUBLISHING:
        raise Http404
    if request.method != "POST":
        if not permissions.can_publish(request.user, strategy):
            raise PermissionDenied
        return render(request, f"strategies/strategy_{to}.html", {"strategy": strategy})
    try:
        changed = workflow.publish(strategy, by=request.user, shown=PUBLISHING[to])
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said_of_publishing(to, changed))
    return redirect(strategy)


def said_of_publishing(to, changed):
    if not changed:
        return _("Nothing was changed: it was like that already.")
    if PUBLISHING[to]:
        return _("The strategy is public now.")
    return _("The strategy is not public any more.")


def files_of(strategy):
    """For the template: the newest version, and (file, why it failed) for each language."""
    version = strategy.versions.first()
    files = version.files.select_related("document") if version else []
    return {
        "version": version,
        "files": [(file, sentence(file.document)) for file in files],
        "is_pending": any(file.document.is_pending for file in files),
    }


@require_safe
def strategy_files(request, pk):
    """The list of files alone; the page asks for it again while one is being made."""
    strategy = visible(request, pk)
    context = {"strategy": strategy} | files_of(strategy)
    context["can_remake"] = permissions.can_remake(request.user, strategy)
    return render(request, "strategies/_files.html", context)


def file_of(strategy, language):
    version = get_object_or_404(strategy.versions.all()[:1])
    return get_object_or_404(version.files.select_related("document"), language=language)


@require_safe
def strategy_download(request, pk, language):
    strategy = visible(request, pk)
    response = serve(file_of(strategy, language).document)
    if not permissions.hats(request.user, strategy).exists():
        record_reading("strategy.downloaded", strategy, by=request.user)
    return response


@require_POST
def strategy_remake(request, pk, language):
    strategy = visible(request, pk)
    workflow.remake(file_of(strategy, language), by=request.user)
    messages.success(request, _("The file is being made again."))
    return redirect(f"{reverse('strategies:detail', args=[pk])}#files")
