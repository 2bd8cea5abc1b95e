from accounts.models import Membership
from applications.permissions import hats, is_assigned, is_coordinator
from indexanalysis.models import Recommendation

State = Recommendation.State


def can_start(user, participation):
    """A coordinator opens the questionnaire for the own municipality."""
    return participation.state == "active" and is_coordinator(user, participation)


def can_write(user, assessment):
    """The municipality's coordinator and members answer, while it is open."""
    return assessment.is_open and hats(user, assessment).editing().exists()


def can_comment(user, assessment):
    """Who answers, and the assigned experts, talk about the answers, also when they are in."""
    return hats(user, assessment).editing().exists() or is_assigned(user, assessment)


def can_propose(user, assessment):
    """Who only reads in the municipality may suggest an answer; who answers writes it.

    An expert does not suggest: the verification is to be the expert's own view.
    """
    roles = set(hats(user, assessment).values_list("role", flat=True))
    return assessment.is_open and roles == {Membership.Role.READER}


def can_submit(user, assessment):
    return is_coordinator(user, assessment)


def can_remake(user, assessment):
    """A failed report can be asked for again by those who may submit, and by leads."""
    return "lead" in user.staff_groups or is_coordinator(user, assessment)


def can_recommend(user, assessment):
    """The municipality's experts, once the answers are in."""
    return not assessment.is_open and is_assigned(user, assessment)


def can_issue(user, recommendation):
    return is_assigned(user, recommendation)


def can_draft(user, recommendation):
    """What was issued stays as the municipality has read it."""
    return recommendation.state == State.DRAFT and is_assigned(user, recommendation)


def can_respond(user, recommendation):
    """A coordinator answers for the municipality."""
    return is_coordinator(user, recommendation)


def can_carry_out(user, recommendation):
    return hats(user, recommendation).editing().exists()
