from applications.models import Application, Call, Selection

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


def is_assigned(user, row):
    """Whether `user` is today an expert of the municipality of `row`."""
    return user.assignments.current().filter(municipality=row.municipality_id).exists()


def can_edit(user, application):
    return application.state == State.DRAFT and hats(user, application).editing().exists()


def can_attach(user, application):
    """Whose right it is to attach and remove; the draft's state is asked for apart, in the move."""
    return hats(user, application).editing().exists()


def can_discuss(user, application):
    """What was said and tried out while writing is the municipality's own, also afterwards."""
    return hats(user, application).exists()


def can_submit(user, application):
    return is_coordinator(user, application)


def can_ask_for_receipt(user, application):
    return is_lead(user) or is_coordinator(user, application)


can_withdraw = can_submit


def can_review(user, application):
    """Staff review, but not their own municipality's application."""
    return bool(user.staff_groups) and not hats(user, application).exists()


def can_score(user, application):
    return application.state == State.IN_REVIEW and can_review(user, application)


def can_decide(user, application):
    """The outcome is set by confirming a selection; the confirming lead moves the rows."""
    return is_lead(user)


def can_propose(user, call):
    """A lead proposes while the call is closed and nothing waits for confirmation."""
    waiting = call.selections.exclude(state=Selection.State.REJECTED)
    return is_lead(user) and call.phase == Call.Phase.CLOSED and not waiting.exists()


def can_confirm(user, selection):
    """Another lead than the one who proposed."""
    return is_lead(user) and selection.proposed_by_id != user.pk


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
