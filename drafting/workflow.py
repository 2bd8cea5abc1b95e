"""What is said and suggested about a text: comments, mentions and proposals."""

from dataclasses import dataclass
from secrets import token_hex

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from drafting import permissions, saving
from drafting.mentions import mentioned
from drafting.models import Comment, Proposal
from drafting.repeats import once
from notifications.models import Kind
from notifications.outbox import post

Said, Suggested = Comment.State, Proposal.State


@dataclass(frozen=True)
class Place:
    """Where a text stands: whose it is, and the page that shows it.

    route, parent, code: the page's address is `route` with these two arguments. title: its words,
    translated when they are read. field: which of the row's texts; blank for the whole row.
    """

    municipality: object
    route: str
    parent: int
    code: str
    title: object
    field: str = ""


# (from, to): whose move it is. A pair that is not here cannot happen.
COMMENT_MOVES = {
    (Said.SHOWN, Said.WITHDRAWN): permissions.can_withdraw,
    (Said.SHOWN, Said.HIDDEN): permissions.can_hide,
}


@transaction.atomic
def say(row, text, *, by, place, people, chosen=(), key):
    """Comment on `row`; who of `people` is chosen or named as “@Name” gets a mail.

    people: everybody who may see the row. Returns (comment, created): the same comment sent twice
    with the same `key` is one.
    """
    content = {"row": row.pk, "field": place.field, "text": text}
    comment, created = Comment.objects.get_or_create(
        key=once(key or token_hex(), by.pk, content),
        defaults={
            "row": row, "field": place.field, "text": text, "by": by,
            "municipality": place.municipality,
        },
    )  # fmt: skip
    if created:
        record(f"{comment.audit_noun}.made", comment, by=by, note=place.code)
        tell_mentioned(comment, place, people, chosen)
    return comment, created


def tell_mentioned(comment, place, people, chosen):
    names = mentioned(comment.text, [person.name for person in people])
    told = [p for p in people if (p in chosen or p.name in names) and p != comment.by]
    comment.mentioned.set(told)
    for person in told:
        key = f"comment-{comment.pk}-{person.pk}"
        context = {"comment": comment, "place": place}
        template = "emails/comment_mention.txt"
        post(person, template, key=key, context=context, kind=Kind.COMMENT)


def move_comment(comment, to, *, by):
    """Withdraw or hide a comment. Its words stay in the database, not on the page."""
    return workflow.move(comment, to, COMMENT_MOVES, by=by)


@transaction.atomic
def mark(comment, *, done, by):
    """Mark a comment as done, or take the mark off. Returns whether this call changed it."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if not comment.is_shown:
        raise Refused(_("This comment is no longer shown."))
    if done == bool(comment.done_at):
        return False
    comment.done_at, comment.done_by = (timezone.now(), by) if done else (None, None)
    comment.save(update_fields=["done_at", "done_by"])
    record(f"{comment.audit_noun}.{'done' if done else 'reopened'}", comment, by=by)
    return True


@transaction.atomic
def propose(row, values, *, kind, by, place, by_name="", note="", key):
    """Put `values` beside the row, for its owners to take in or not. Returns (proposal, created).

    by: None for somebody without an account, who has a `by_name` only. Only what differs from the
    row is suggested. Raises Refused where nothing does.
    """
    content = {"row": row.pk, "values": values, "note": note, "name": by_name}
    key = once(key or token_hex(), by and by.pk, content)
    proposal = Proposal.objects.filter(key=key).first()
    if proposal:
        return proposal, False
    new = {name: value for name, value in values.items() if value != getattr(row, name)}
    if not new:
        raise Refused(_("This is what stands there already, so there is nothing to suggest."))
    proposal, created = Proposal.objects.get_or_create(
        key=key,
        defaults={
            "row": row, "values": new, "kind": kind, "note": note, "by": by,
            "by_name": by_name or str(by), "municipality": place.municipality,
        },
    )  # fmt: skip
    if created:
        record("proposal.made", proposal, by=by, note=place.code)
    return proposal, created


WITHDRAWAL = {(Suggested.OPEN, Suggested.WITHDRAWN): permissions.can_withdraw}


def decisions(may_write):
    """(from, to): whose move it is. may_write: the rule (user, row) of whoever owns the row."""

    def owns(user, proposal):
        return may_write(user, proposal.row)

    decided = (Suggested.TAKEN, Suggested.PARTLY, Suggested.DECLINED)
    return {(Suggested.OPEN, to): owns for to in decided}


@transaction.atomic
def take_in(proposal, names, *, read, by, place, may_write):
    """Store what is suggested for the fields `names`: all of it, or a part. Returns changed.

    read: the version of the row that `by` had on the page. Raises PermissionDenied, and Refused
    where nothing is chosen or somebody changed the same place meanwhile; then nothing is stored.
    """
    chosen = {name: value for name, value in proposal.values.items() if name in names}
    if not chosen:
        raise Refused(_("Choose what you want to take in."))
    to = Suggested.TAKEN if len(chosen) == len(proposal.values) else Suggested.PARTLY
    proposal, entry = workflow.move(proposal, to, decisions(may_write), by=by)
    if entry:
        values = {n: proposal.row._meta.get_field(n).to_python(v) for n, v in chosen.items()}
        if not saving.save(proposal.row, values, read=read, by=by).went_in:
            raise Refused(
                _("Somebody changed the same text meanwhile. Nothing was taken in: look again.")
            )
        settle(proposal, by, place)
    return bool(entry)


@transaction.atomic
def decline(proposal, *, answer, by, place, may_write):
    """Leave the text as it is, with a word to who suggested it. Returns changed.

    The word stays between the two: the audit log, which others read too, does not repeat it.
    """
    moves = decisions(may_write)
    proposal, entry = workflow.move(proposal, Suggested.DECLINED, moves, by=by)
    if entry:
        settle(proposal, by, place, answer)
    return bool(entry)


@transaction.atomic
def take_back(proposal, *, by):
    """Its writer takes it back. Returns changed."""
    _proposal, entry = workflow.move(proposal, Suggested.WITHDRAWN, WITHDRAWAL, by=by)
    return bool(entry)


def settle(proposal, by, place, answer=""):
    """Write down who decided, and tell who suggested it."""
    proposal.decided_at, proposal.decided_by, proposal.answer = timezone.now(), by, answer
    proposal.save(update_fields=["decided_at", "decided_by", "answer"])
    if proposal.by:
        key = f"proposal-{proposal.pk}"
        context = {"proposal": proposal, "place": place}
        template = "emails/proposal_decided.txt"
        post(proposal.by, template, key=key, context=context, kind=Kind.COMMENT)
