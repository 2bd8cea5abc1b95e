from django.utils import timezone

from applications.models import Participation
from applications.permissions import hats, is_assigned, is_coordinator
from visits.models import Finding, Observation, Visit

State = Visit.State


def is_lead(user):
    return "lead" in user.staff_groups


def can_plan(user, participation):
    """Leads plan a visit where a municipality takes part."""
    return is_lead(user) and participation.state == Participation.State.ACTIVE


def can_arrange(user, visit):
    """Whoever brings a visit about: its municipality's coordinator, its experts, and leads."""
    return is_lead(user) or is_coordinator(user, visit) or is_assigned(user, visit)


def can_change(user, visit):
    """Dates and place stand once the coordinator has confirmed them."""
    return visit.state == State.PLANNED and can_arrange(user, visit)


def can_programme(user, visit):
    """The programme and the people met belong to the report, and stand with it."""
    return not visit.is_final and can_arrange(user, visit)


def can_confirm(user, visit):
    return is_coordinator(user, visit)


def can_plan_again(user, visit):
    return is_coordinator(user, visit) or is_lead(user)


def can_hold(user, visit):
    return is_assigned(user, visit) or is_lead(user)


def can_report(user, visit):
    return is_assigned(user, visit)


def can_summarise(user, visit):
    return visit.state == State.REPORT and is_assigned(user, visit)


def can_read_report(user, visit):
    """A report that is being written is its experts' own, and a lead's."""
    drafting = visit.state == State.REPORT and (is_assigned(user, visit) or is_lead(user))
    return visit.is_final or drafting


def can_remake(user, visit):
    return is_lead(user) or is_coordinator(user, visit) or is_assigned(user, visit)


def can_note(user, visit):
    return is_assigned(user, visit)


def can_write_note(user, note):
    """Its writer, as long as the assignment lasts; `visible_to` says the same of reading."""
    return note.by_id == user.pk and is_assigned(user, note)


def can_find(user, visit):
    """Experts write findings until the report is final."""
    return not visit.is_final and is_assigned(user, visit)


def can_write_finding(user, finding):
    return finding.state == Finding.State.DRAFT and can_find(user, finding.visit)


def can_share_finding(user, finding):
    return can_find(user, finding.visit)


def side_of(user, row):
    """Whose view `user` may add to the follow-up in the municipality of `row`; None: nobody's."""
    if is_assigned(user, row):
        return Observation.Side.EXPERT
    if hats(user, row).editing().exists():
        return Observation.Side.MUNICIPALITY
    return None


def can_observe(user, recommendation):
    return not recommendation.is_draft and side_of(user, recommendation) is not None


def is_over(visit):
    """Whether its last day has come."""
    return visit.ends_on <= timezone.localdate()
