from accounts.models import Membership
from applications.permissions import hats, is_coordinator


def can_start(user, participation):
    """A coordinator opens the questionnaire for the own municipality."""
    return participation.state == "active" and is_coordinator(user, participation)


def can_write(user, assessment):
    """The municipality's coordinator and members answer, while it is open."""
    return assessment.is_open and hats(user, assessment).editing().exists()


def can_comment(user, assessment):
    """Who answers, and the assigned experts, talk about the answers, also when they are in."""
    assigned = user.assignments.current().filter(municipality=assessment.municipality_id)
    return hats(user, assessment).editing().exists() or assigned.exists()


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
