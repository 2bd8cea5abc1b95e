"""A call's life: publishing, a moved deadline, its documents, and the copy for the next one."""

from copy import copy as twin

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import Call, Selection
from applications.shifting import later, years_until_ahead
from applications.workflow import receivers
from documents import storing
from documents.models import Upload
from municipalities.languages import LANGUAGES
from notifications.models import Kind
from notifications.outbox import post

# The parts of a call that its copy gets too: related names, each of rows with a `call`.
COPIED = (
    "dates",
    "requirements",
    "criteria",
    "contacts",
    "questions",
    "documents",
    "letter_texts",
)
# The sections that a published call cannot do without.
NEEDED = ("gives", "expects", "eligible")


def locked(call):
    """Without its key: applications may be begun meanwhile."""
    return Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)


def missing(call):
    """What `call` still lacks before it can be published, in words."""
    lacks = [
        Call._meta.get_field(f"{name}_en").verbose_name
        for name in NEEDED
        if not all(getattr(call, f"{name}_{language}") for language in LANGUAGES)
    ]
    if not call.policy_areas:
        lacks.append(_("the policy areas"))
    if not call.contacts.exists():
        lacks.append(_("a contact person"))
    if not call.criteria.exists():  # without one no application gets a score
        lacks.append(_("a criterion"))
    if call.closes_at <= timezone.now():
        lacks.append(_("a deadline that is still ahead"))
    return lacks


@transaction.atomic
def publish(call, *, by):
    """Make a drafted call public; from then on its dates decide whether it is open.

    Returns (row, changed). Raises Refused, with what is missing, where it is not complete.
    """
    rules = {(Call.State.DRAFT, Call.State.PUBLISHED): permissions.can_publish}
    call, changed = workflow.move(call, Call.State.PUBLISHED, rules, by=by)
    if changed and (lacks := missing(call)):
        text = _("“%(call)s” is not published yet. It still lacks: %(what)s.")
        raise Refused(text % {"call": call.title, "what": ", ".join(map(str, lacks))})
    return call, changed


@transaction.atomic
def move_deadline(call, closes_at, *, read, reasons, by):
    """Have a published call close at another time, told to everybody who writes a draft.

    read: the deadline that the page showed. reasons: by "en", "fi", "sv". Returns (row, changed).
    Raises PermissionDenied without the right, and Refused where the moment forbids it.
    """
    call = locked(call)
    if not permissions.can_write_call(by, call):
        raise PermissionDenied
    if call.closes_at == closes_at:
        return call, None
    refuse_to_move(call, closes_at, read)
    texts = {f"reason_{language}": reasons[language] for language in LANGUAGES}
    moved = call.deadline_moves.create(
        moved_from=call.closes_at, moved_to=closes_at, by=by, **texts
    )
    call.closes_at = closes_at
    call.save(update_fields=["closes_at"])
    entry = record("call.deadline_moved", call, by=by, note=reasons["en"])
    tell_of_move(moved, entry)
    return call, moved


def refuse_to_move(call, closes_at, read):
    if not call.is_fixed:
        raise Refused(_("The call has not opened yet: change its deadline on its own form."))
    if call.state == Call.State.DECIDED:
        raise Refused(_("The call is decided, so its deadline stays as it was."))
    if call.selections.exclude(state=Selection.State.REJECTED).exists():
        raise Refused(_("A selection waits for confirmation. Send it back first."))
    if call.closes_at != read:
        text = _("The deadline was moved meanwhile, to %s. Look at it and decide again.")
        raise Refused(text % date_format(timezone.localtime(call.closes_at), "DATETIME_FORMAT"))
    if closes_at <= timezone.now():
        raise Refused(_("The deadline can only be moved to a time that is still ahead."))


def tell_of_move(moved, entry):
    """Kind: a decision, which nobody can switch off."""
    template = "emails/deadline_moved.txt"
    for person in receivers.writing(moved.call):
        context = {"moved": moved}
        post(person, template, key=f"{entry.pk}-{person.pk}", context=context, kind=Kind.DECISION)


@transaction.atomic
def copy(call, *, by):
    """Make a draft of the next call out of a finished one. Returns (row, created).

    A draft that was copied from it before and is not published yet is that copy. Raises
    PermissionDenied without the right, Refused where the call is not over.
    """
    call = locked(call)
    if not permissions.can_write_call(by, call):
        raise PermissionDenied
    if not call.is_over:
        raise Refused(_("Only a call that is over can be copied."))
    if waiting := call.copies.filter(state=Call.State.DRAFT).first():
        return waiting, False
    years = years_until_ahead(call.opens_at or call.closes_at, timezone.now())
    draft = shifted(call, years)
    draft.slug, draft.state, draft.decided_on = free_slug(call), Call.State.DRAFT, None
    draft.copied_from = call
    draft.save()
    copy_parts(call, draft, years)
    record("call.copied", draft, by=by, note=call.slug)
    return draft, True


def copy_parts(call, draft, years):
    for name in COPIED:
        for part in getattr(call, name).all():
            part = shifted(part, years)
            part.call = draft
            part.save()


def shifted(row, years):
    """A new row like `row`, not stored yet, whose times lie `years` later."""
    row = twin(row)
    row.pk, row._state.adding = None, True
    for field in row._meta.concrete_fields:
        moment = getattr(row, field.attname)
        if isinstance(field, models.DateTimeField) and moment:
            setattr(row, field.attname, later(moment, years))
    return row


def free_slug(call):
    """The first of "<slug>-2", "<slug>-3" and so on that no call has."""
    taken = set(Call.objects.filter(slug__startswith=call.slug[:40]).values_list("slug", flat=True))
    number = 2
    while (slug := f"{call.slug[:40]}-{number}") in taken:
        number += 1
    return slug


def store_document(call, received, *, by):
    """Store an examined file for a call's page; raises Unfit where there is no room for it."""
    locked(call)  # so that of two files sent at once the second is counted with the first one
    return storing.store(received, municipality=None, by=by, bundle=files_of(call))


def check_room(call, size):
    """Raises Unfit where so many bytes more do not fit beside the call's other files."""
    storing.check_room(size, files_of(call), Upload.objects.none())


def files_of(call):
    """The files of a call's page; one that is not stored yet has none."""
    return Upload.objects.filter(call_documents__call=call) if call.pk else Upload.objects.none()
