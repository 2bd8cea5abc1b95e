from django.utils import timezone

from applications.models import (
    ATTACHMENTS,
    UNDER_WAY,
    WRITTEN,
    Application,
    Call,
    Review,
    Selection,
)

State = Application.State


def hats(user, row):
    """The user's memberships that count here: in the municipality of `row`."""
    if user.is_anonymous:
        return None
    return user.memberships.current().filter(municipality=row.municipality_id)


def is_lead(user):
    return "lead" in user.staff_groups


def is_coordinator(user, row):
    return hats(user, row).coordinating().exists()


def joint_hats(user, application):
    """The user's memberships in the applicant, or in a partner that has confirmed."""
    return application.memberships.filter(user=user)


def is_assigned(user, row):
    """Whether `user` is today an expert of the municipality of `row`."""
    return user.assignments.current().filter(municipality=row.municipality_id).exists()


def open_fields(user, application):
    """The names of what `user` may write now, `ATTACHMENTS` among them.

    All of a draft; of an application returned for completion what it was returned for, in time.
    """
    if not joint_hats(user, application).editing().exists():
        return frozenset()
    if application.state == State.DRAFT:
        return frozenset([*WRITTEN, ATTACHMENTS])
    if application.state == State.RETURNED:
        asked = application.completions.open().filter(due_at__gt=timezone.now()).first()
        return frozenset(asked.fields) if asked else frozenset()
    return frozenset()


def can_edit(user, application):
    """Whether any of the written fields is open to `user`."""
    return bool(open_fields(user, application) - {ATTACHMENTS})


def can_edit_field(user, application, name):
    return name in open_fields(user, application)


def can_change_attachments(user, application):
    return ATTACHMENTS in open_fields(user, application)


def can_attach(user, application):
    """Whose right it is to attach and remove; whether it is open now is asked for in the move."""
    return joint_hats(user, application).editing().exists()


def can_discuss(user, application):
    """What was said and tried out while writing is the municipality's own, also afterwards."""
    return joint_hats(user, application).exists()


def can_submit(user, application):
    return is_coordinator(user, application)


def can_ask_for_receipt(user, application):
    return is_lead(user) or is_coordinator(user, application)


can_withdraw = can_submit


def can_ask_partners(user, application):
    """Whose right it is to ask and to remove partners; while it is a draft, says the move."""
    return is_coordinator(user, application)


def can_remove_partner(user, partner):
    return can_ask_partners(user, partner.application)


def can_answer_partner(user, partner):
    """A municipality's own coordinator says whether it applies with another."""
    return is_coordinator(user, partner)


def is_bound(user, application):
    """Whether `user` has a conflict of interest: by a part in the municipality, or declared."""
    declared = user.declarations.conflicts().filter(application=application)
    return joint_hats(user, application).exists() or declared.exists()


def can_review(user, application):
    """Staff begin reviews and declare, but where they have no conflict of interest."""
    handed_in = application.submitted_at is not None
    return bool(user.staff_groups) and handed_in and not is_bound(user, application)


can_declare = can_review


def has_declared(user, application):
    """Whether `user` has said that there is no conflict of interest, and so may read on."""
    return user.declarations.clear().filter(application=application).exists()


def can_read(user, application):
    """What is in an application: its own people, and staff who have declared."""
    return joint_hats(user, application).exists() or reads_as_staff(user, application)


def reads_as_staff(user, application):
    """Staff who have declared that they have no conflict, and have no part in a municipality."""
    readable = Application.objects.for_staff(user).cleared_by(user)
    return readable.filter(pk=application.pk).exists()


def must_declare(user, application):
    """Whether staff have to say whether they have a conflict of interest before they read on."""
    return bool(user.staff_groups) and not can_read(user, application)


def review_of(user, key, *, lock=False):
    """The review that `user` writes: a lead has given it out, and they have declared. Or None.

    key: of the application, which comes along with its call. lock: until the end of the
    transaction, for whoever stores it now.
    """
    readable = Application.objects.for_staff(user).cleared_by(user)
    rows = Review.objects.live().filter(application=key, reviewer=user)
    rows = rows.filter(application__in=readable).select_related("application__call")
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def can_write_review(user, application):
    return review_of(user, application.pk) is not None


def can_return(user, application):
    """A reviewer of the application, or a lead, sends it back for completion."""
    if "lead" in user.staff_groups:
        return reads_as_staff(user, application)
    return can_write_review(user, application)


def can_take_back(user, application):
    """A lead goes on with the review where nothing came; in time or not is asked in the move."""
    return "lead" in user.staff_groups and can_review(user, application)


def can_assign(user, call):
    return "lead" in user.staff_groups


def has_conflict_in(user, call):
    """Whether `user` has a conflict of interest with any application that the call may select."""
    rows = call.applications.filter(state__in=UNDER_WAY)
    return rows.exclude(pk__in=rows.for_staff(user).values("pk")).exists()


def can_read_board(user, call):
    """A reviewer compares scores once the own ones are all in."""
    if "lead" in user.staff_groups:
        return True
    return not call_reviews_to_do(user, call).exists()


def call_reviews_to_do(user, call):
    return user.reviews.to_do().filter(application__call=call)


def can_lift(user, declaration):
    """A lead lifts another person's declared conflict, not where they have one themselves."""
    is_other = declaration.person_id != user.pk and not is_bound(user, declaration.application)
    return "lead" in user.staff_groups and is_other


def can_decide(user, application):
    """The outcome is set by confirming a selection; the confirming lead moves the rows."""
    return is_lead(user)


def can_propose(user, call):
    """A lead without a conflict proposes while the call is closed and nothing waits."""
    waiting = call.selections.exclude(state=Selection.State.REJECTED)
    is_open = call.phase == Call.Phase.CLOSED and not waiting.exists()
    return is_lead(user) and is_open and not has_conflict_in(user, call)


def can_confirm(user, selection):
    """Another lead than the one who proposed, and without a conflict of interest in the call."""
    is_other = is_lead(user) and selection.proposed_by_id != user.pk
    return is_other and not has_conflict_in(user, selection.call)


def can_answer(user, application):
    """The municipality's coordinator says whether it takes its place."""
    return is_coordinator(user, application)


def follows(user, application):
    """What follows from another move, or from a day that is over, needs no right of its own."""
    return True


def can_promote(user, call):
    """Give a free place to the first on reserve by hand."""
    return is_lead(user) and call.state == Call.State.DECIDED


def can_add_late_joiner(user):
    return is_lead(user)


def can_end(user, participation):
    """Write down that a municipality has finished, or has left."""
    return is_lead(user)


def can_export(user):
    return bool(user.staff_groups)


def can_ask_for_letter(user, letter):
    return is_lead(user) or is_coordinator(user, letter)


def can_publish(user, call):
    return is_lead(user)


def can_write_call(user, call):
    """Move its deadline, copy it, write to those whom it concerns."""
    return is_lead(user)


can_announce = can_write_call
