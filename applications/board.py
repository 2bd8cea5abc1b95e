"""What one person sees of a call's selection board, and what they make of it."""

from dataclasses import dataclass
from datetime import timedelta

from django.forms import model_to_dict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst

from accounts.workflow import Refused
from applications import permissions
from applications.counting import balance
from applications.forms.selections import LineForm, ProposalForm
from applications.models import Application, Call, Selection, SelectionLine
from applications.selection import SELECTED, nobody_competes, passing, propose, rank
from applications.workflow import places
from applications.workflow.selections import (
    Choice,
    candidate,
    faults,
    lines_of,
    refuse_too_many,
)

State = Application.State
DAYS_TO_ANSWER = 14  # that the form begins with


@dataclass(frozen=True)
class Row:
    """One application as the board shows it; `errors`: what was wrong with what was sent for it."""

    application: Application
    state: str  # in words
    choice: Choice | None = None
    outcome: str = ""  # in words
    errors: tuple = ()
    can_change: bool = False

    @property
    def key(self):
        """As text: a template formats numbers for people."""
        return str(self.application.pk)


class Board:
    """posted: what a lead has sent; without it the form begins with what is proposed by rule."""

    def __init__(self, call, user, posted=None):
        self.call, self.user = call, user
        waiting = call.selections.exclude(state=Selection.State.REJECTED)
        self.selection = waiting.select_related("proposed_by").first()
        self.applications = applications_of(call, user)
        in_review = [a for a in self.applications.values() if a.state == State.IN_REVIEW]
        self.ranked = rank(map(candidate, in_review))
        self.form = ProposalForm(posted, initial=self.initial)
        self.forms = {}
        if posted is not None:
            self.forms = {c.key: LineForm(posted, prefix=str(c.key)) for c in self.ranked}

    @cached_property
    def rejected(self):
        """The last proposal that was sent back: the next one begins with it."""
        rows = self.call.selections.filter(state=Selection.State.REJECTED)
        return rows.order_by("-pk").first()

    @property
    def initial(self):
        if self.rejected:
            return model_to_dict(self.rejected, list(ProposalForm.base_fields))
        return {"answer_by": timezone.localdate() + timedelta(days=DAYS_TO_ANSWER)}

    @cached_property
    def choices(self):
        """A Choice for each application under review, by key."""
        if self.forms:
            return {key: form.choice for key, form in self.forms.items()}
        lines = propose(self.ranked, self.call.seats, self.call.pass_mark)
        by_rule = {line.candidate.key: Choice(line.outcome, line.position) for line in lines}
        rows = self.rejected.lines.all() if self.rejected else []
        before = {row.application_id: chosen(row) for row in rows}
        return by_rule | {key: choice for key, choice in before.items() if key in by_rule}

    def is_valid(self):
        """Whether all that was sent can be proposed; what cannot is named where it stands."""
        if not all([self.form.is_valid(), *[form.is_valid() for form in self.forms.values()]]):
            return False
        lines = lines_of(self.ranked, self.choices)
        try:
            refuse_too_many(self.call, lines)
        except Refused as why:
            self.form.add_error(None, str(why))
        for key, field, sentence in faults(self.call, lines):
            self.forms[key].add_error(field, sentence)
        return self.form.is_valid() and all(form.is_valid() for form in self.forms.values())

    @property
    def has_errors(self):
        return self.form.is_bound and not (
            self.form.is_valid() and all(form.is_valid() for form in self.forms.values())
        )

    @property
    def shows_scores(self):
        """To leads; to the other staff once there is a proposal, so that none sways a review."""
        return bool(self.selection) or permissions.is_lead(self.user)

    @cached_property
    def words(self):
        """The names of states and outcomes, made once and not for each row."""
        return {value: capfirst(label) for value, label in State.choices}

    @property
    def rows(self):
        if self.selection:
            return [self.decided_row(line) for line in self.lines]
        if not self.shows_scores:
            return [self.row(application) for application in self.applications.values()]
        ranked = [self.applications[one.key] for one in self.ranked]
        others = [a for a in self.applications.values() if a.state != State.IN_REVIEW]
        return [self.open_row(application) for application in ranked] + list(map(self.row, others))

    @cached_property
    def lines(self):
        """The proposal's lines whose application the person may see."""
        rows = self.selection.lines.all()
        return [line for line in rows if line.application_id in self.applications]

    def row(self, application, **more):
        return Row(application, self.words[application.state], **more)

    def decided_row(self, line):
        application = self.applications[line.application_id]
        return self.row(application, choice=chosen(line), outcome=self.words[line.outcome])

    def open_row(self, application):
        form = self.forms.get(application.pk)
        choice = sent(form) if form else self.choices[application.pk]
        errors = [error for found in form.errors.values() for error in found] if form else []
        may = permissions.is_lead(self.user) and self.call.phase == Call.Phase.CLOSED
        return self.row(application, choice=choice, errors=tuple(errors), can_change=may)

    @property
    def balance(self):
        """Coverage of regions, sizes and language status by those that are selected."""
        if self.selection:
            picked = {line.application_id for line in self.lines if line.outcome == SELECTED}
        elif self.shows_scores and not self.has_errors:
            picked = {key for key, choice in self.choices.items() if choice.outcome == SELECTED}
        else:
            return []
        return balance(self.applications.values(), picked)

    @property
    def competition(self):
        """For the sentence at the top: how many pass, and whether they compete for the seats."""
        rule = (self.call.seats, self.call.pass_mark)
        return {
            "passing": len(passing(self.ranked, self.call.pass_mark)),
            "nobody_competes": bool(self.ranked) and nobody_competes(self.ranked, *rule),
        }

    @property
    def after(self):
        """Once decided: the free seats, and whether a lead can fill one from the reserve."""
        if self.call.state != Call.State.DECIDED or not self.selection:
            return {}
        free = max(0, places.free_seats(self.call))
        first = self.call.applications.on_reserve().first()
        may = permissions.can_promote(self.user, self.call)
        is_known = first is not None and first.pk in self.applications
        return {"free": free, "first": first, "can_promote": bool(may and free and is_known)}

    @property
    def context(self):
        waits = self.selection and self.selection.state == Selection.State.PROPOSED
        return {
            "call": self.call,
            "board": self,
            "form": self.form,
            "rows": self.rows,
            "selection": self.selection,
            "outcomes": [(one, capfirst(label)) for one, label in SelectionLine.Outcome.choices],
            "in_conflict": permissions.has_conflict_in(self.user, self.call),
            "can_propose": permissions.can_propose(self.user, self.call),
            "can_confirm": waits and permissions.can_confirm(self.user, self.selection),
            **self.competition,
            **self.after,
        }


def applications_of(call, user):
    """What was handed in to the call, by key, without what `user` has a conflict with."""
    seen = call.applications.for_staff(user)
    seen = seen.exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    return {row.pk: row for row in seen.select_related("municipality__region").with_mean_score()}


def chosen(line):
    return Choice(line.outcome, line.position, line.reason)


def sent(form):
    """What was sent for a line, right or wrong."""
    return Choice(*(form[name].value() or "" for name in ("outcome", "position", "reason")))
