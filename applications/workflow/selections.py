from dataclasses import replace
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import Application, Call, Selection, SelectionLine
from applications.selection import (
    RESERVE,
    SELECTED,
    Candidate,
    Line,
    by_merit,
    left_out,
    out_of_order,
    passes,
    rank,
)
from applications.workflow import MOVES, letters

State = Application.State


class Choice(NamedTuple):
    """What a lead makes of one application."""

    outcome: str
    position: int | None = None
    reason: str = ""


BELOW = gettext_lazy("It does not reach the pass mark, so it is neither selected nor on reserve.")
UNEXPLAINED = gettext_lazy("This leaves the order of the scores. Say why.")
LEFT_OUT = gettext_lazy("It reaches the pass mark and gets less than is free. Say why.")


def locked(call):
    """The call, locked: whoever counts its seats, or gives its reviews out, does so alone."""
    return Call.objects.select_for_update(of=("self",)).get(pk=call.pk)


def candidates(call):
    """What the order of a call's applications under review rests on, best first."""
    rows = call.applications.filter(state=State.IN_REVIEW).select_related("municipality")
    return rank(map(candidate, rows.with_mean_score()))


def candidate(application):
    return Candidate(
        key=application.pk,
        mean_score=application.mean_score,
        reviews=application.review_count,
        submitted_at=application.submitted_at,
        code=application.municipality.code,
    )


def lines_of(ranked, choices):
    """The lines of candidates in order, as chosen, by key; the reserve is numbered from 1."""
    lines = [Line(one, *choices[one.key]) for one in ranked]
    reserve = [line for line in lines if line.outcome == RESERVE]
    reserve.sort(key=lambda line: (line.position or len(ranked) + 1, by_merit(line)))
    places = {line.candidate.key: number for number, line in enumerate(reserve, 1)}
    return [replace(line, position=places.get(line.candidate.key)) for line in lines]


def faults(call, lines):
    """What is wrong with single lines: (key of the application, the field, a sentence)."""
    kept_out = [
        line
        for line in lines
        if line.outcome in {SELECTED, RESERVE} and not passes(line.candidate, call.pass_mark)
    ]
    moved = out_of_order(line for line in lines if line not in kept_out)
    less = [line for line in left_out(lines, call.seats, call.pass_mark) if line not in moved]
    found = [
        (kept_out, "outcome", BELOW),
        (moved, "reason", UNEXPLAINED),
        (less, "reason", LEFT_OUT),
    ]
    return [(line.candidate.key, name, words) for rows, name, words in found for line in rows]


def refuse_too_many(call, lines):
    chosen = sum(line.outcome == SELECTED for line in lines)
    if chosen > call.seats:
        text = _("%(chosen)s were chosen, but the call has %(seats)s seats.")
        raise Refused(text % {"chosen": chosen, "seats": call.seats})


def refuse_past_day(answer_by):
    if answer_by <= timezone.localdate():
        raise Refused(_("The last day to confirm a place has to lie in the future."))


def refuse_bound(call, by):
    """Whoever may not read all of the applications does not decide on them."""
    seen = Application.objects.visible_to(by)
    if call.applications.filter(state=State.IN_REVIEW).exclude(pk__in=seen.values("pk")).exists():
        raise Refused(_("You may not read all applications of this call, so another lead decides."))


@transaction.atomic
def propose(call, choices, *, by, reasons, answer_by):
    """Put forward what becomes of the applications under review; another lead confirms it.

    choices: a Choice for each of them, by key. reasons: of the whole, by "en", "fi" and "sv".
    answer_by: the last day to confirm a place.
    Raises PermissionDenied, or Refused with the reason (open call, too many, order not explained).
    """
    call = locked(call)
    if "lead" not in by.staff_groups or permissions.has_conflict_in(by, call):
        raise PermissionDenied
    if not permissions.can_propose(by, call):
        raise Refused(_("The call is still open, decided, or has a proposal that waits."))
    ranked = candidates(call)
    if {one.key for one in ranked} != set(choices):
        raise Refused(_("The applications under review have changed meanwhile. Look at them anew."))
    lines = lines_of(ranked, choices)
    check(call, lines, answer_by, by)
    texts = {f"reason_{language}": text for language, text in reasons.items()}
    selection = Selection.objects.create(call=call, proposed_by=by, answer_by=answer_by, **texts)
    store(selection, lines)
    letters.lay_out(call)
    record("selection.proposed", selection, by=by, note=reasons["en"])
    return selection


def store(selection, lines):
    SelectionLine.objects.bulk_create(
        SelectionLine(
            selection=selection,
            application_id=line.candidate.key,
            outcome=line.outcome,
            position=line.position,
            reason=line.reason,
        )
        for line in lines
    )


def check(call, lines, answer_by, by):
    refuse_bound(call, by)
    refuse_past_day(answer_by)
    refuse_too_many(call, lines)
    for key, _field, sentence in faults(call, lines):
        town = call.applications.get(pk=key).municipality
        raise Refused(f"{town}: {sentence}")


@transaction.atomic
def send_back(selection, *, by, note=""):
    """Another lead does not confirm; the proposal can be made anew. Returns (row, changed)."""
    rules = {(Selection.State.PROPOSED, Selection.State.REJECTED): permissions.can_confirm}
    return workflow.move(selection, Selection.State.REJECTED, rules, by=by, note=note)


@transaction.atomic
def confirm(selection, *, by):
    """Publish all outcomes of a call at one moment: states, letters, mails, or nothing.

    Returns (selection, changed). Raises PermissionDenied to the proposer, and Refused where the
    applications, their scores or the seats have changed since the proposal.
    """
    call = locked(selection.call)
    rules = {(Selection.State.PROPOSED, Selection.State.CONFIRMED): permissions.can_confirm}
    selection, changed = workflow.move(selection, Selection.State.CONFIRMED, rules, by=by)
    if changed:
        refuse_unreviewed(call)
        check(call, proposed_lines(call, selection), selection.answer_by, by)
        publish(call, selection, by)
    return selection, changed


def refuse_unreviewed(call):
    settled = [State.DRAFT, State.WITHDRAWN, State.IN_REVIEW]
    if call.applications.exclude(state__in=settled).exists():
        raise Refused(_("Some submitted applications are not under review yet."))


def proposed_lines(call, selection):
    """The proposal's lines with today's scores; refused where it is about other applications."""
    ranked = candidates(call)
    rows = {line.application_id: line for line in selection.lines.all()}
    if {one.key for one in ranked} != set(rows):
        text = _("Not the same applications are under review as when this was proposed.")
        raise Refused(text)
    choices = {key: Choice(row.outcome, row.position, row.reason) for key, row in rows.items()}
    return lines_of(ranked, choices)


def publish(call, selection, by):
    call.state, call.decided_on = Call.State.DECIDED, timezone.localdate()
    call.save(update_fields=["state", "decided_on"])
    letters.lay_out(call)
    for line in selection.lines.select_related("application", "selection"):
        stamps = {"answer_by": selection.answer_by} if line.outcome == SELECTED else {}
        application, entry = workflow.move(
            line.application, line.outcome, MOVES, by=by, note=line.reason, **stamps
        )
        letters.send(line, application, line.outcome, entry)
    record("call.decided", call, by=by)
