from applications.models import Application, Call, Selection

State = Application.State


def hats(user, row):
    """The user's memberships that count here: in the municipality of `row`."""
    if user.is_anonymous:
        return None
    return user.memberships.current().filter(municipality=row.municipality_id)


def is_coordinator(user, row):
    return hats(user, row).coordinating().exists()


def joint_hats(user, application):
    """The user's memberships in the applicant, or in a partner that has confirmed."""
    return application.memberships.filter(user=user)


def is_assigned(user, row):
    """Whether `user` is today an expert of the municipality of `row`."""
    return user.assignments.current().filter(municipality=row.municipality_id).exists()


def can_edit(user, application):
    return application.state == State.DRAFT and joint_hats(user, application).editing().exists()


def can_attach(user, application):
    """Whose right it is to attach and remove; the draft's state is asked for apart, in the move."""
    return joint_hats(user, application).editing().exists()


def can_discuss(user, application):
    """What was said and tried out while writing is the municipality's own, also afterwards."""
    return joint_hats(user, application).exists()


def can_submit(user, application):
    return is_coordinator(user, application)


def can_ask_for_receipt(user, application):
    return "lead" in user.staff_groups or is_coordinator(user, application)


can_withdraw = can_submit


def can_ask_partners(user, application):
    """Whose right it is to ask and to remove partners; while it is a draft, says the move."""
    return is_coordinator(user, application)


def can_remove_partner(user, partner):
    return can_ask_partners(user, partner.application)


def can_answer_partner(user, partner):
    """A municipality's own coordinator says whether it applies with another."""
    return is_coordinator(user, partner)


def can_review(user, application):
    """Staff review, but not an application that their own municipality has a part in."""
    return bool(user.staff_groups) and not joint_hats(user, application).exists()


def can_score(user, application):
    return application.state == State.IN_REVIEW and can_review(user, application)


def can_decide(user, application):
    """The outcome is set by confirming a selection; the confirming lead moves the rows."""
    return "lead" in user.staff_groups


def can_propose(user, call):
    """A lead proposes while the call is closed and nothing waits for confirmation."""
    waiting = call.selections.exclude(state=Selection.State.REJECTED)
    return "lead" in user.staff_groups and call.phase == Call.Phase.CLOSED and not waiting.exists()


def can_confirm(user, selection):
    """Another lead than the one who proposed."""
    return "lead" in user.staff_groups and selection.proposed_by_id != user.pk


def can_add_late_joiner(user):
    return "lead" in user.staff_groups


def can_publish(user, call):
    return "lead" in user.staff_groups
