"""What a person's home page says: for every hat, where the path stands and what comes next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRequest, Assignment
from accounts.workflow.memberships import gaps
from applications.models import Application, Call, Participation, Review
from indexanalysis.models import Assessment
from journey.standing import Offers, Rows, Standing
from journey.steps import Next, next_of_expert, next_step, steps


@dataclass(frozen=True)
class Town:
    """One municipality's part of a home page."""

    municipality: object
    hat: object  # the membership, or the expert's assignment
    steps: list
    next: Next
    standing: Standing


def homes(user):
    """The context of the home page: towns of a member, of an expert, and the staff's queue."""
    memberships = user.memberships.current().highest().select_related("municipality")
    assignments = user.assignments.current().select_related("municipality")
    rows = Rows(user, [hat.municipality_id for hat in [*memberships, *assignments]])
    offers = Offers(user)
    return {
        "towns": [own_town(hat, rows.of(hat.municipality_id), offers) for hat in memberships],
        "assigned": [assigned_town(hat, rows.of(hat.municipality_id)) for hat in assignments],
        "staff": staff(user) if user.staff_groups else None,
        "requests": user.access_requests.select_related("municipality"),
        "observer": user.is_observer,
    }


def own_town(hat, standing, offers):
    coming = next_step(standing, hat, offers)
    return Town(hat.municipality, hat, steps(standing), coming, standing)


def assigned_town(hat, standing):
    return Town(hat.municipality, hat, steps(standing), next_of_expert(standing), standing)


def waiting_for_experts():
    """The municipalities that take part and lack what only the staff bring about."""
    taking_part = Participation.objects.active()
    assigned = Assignment.objects.current().values("municipality")
    answered = Assessment.objects.filter(state=Assessment.State.SUBMITTED)
    unvisited = taking_part.filter(visits=None, pk__in=answered.values("participation"))
    return [
        (
            _("Municipalities that take part and have no expert now"),
            taking_part.exclude(municipality__in=assigned).count(),
            reverse("admin:accounts_assignment_changelist"),
        ),
        (
            _("Municipalities with a report and no expert visit planned"),
            unvisited.count(),
            reverse("visits:list"),
        ),
    ]


def staff(user):
    """What waits for the staff, as (sentence, count, address in the admin)."""
    applications = Application.objects.for_staff(user)
    waiting = AccessRequest.objects.filter(state=AccessRequest.State.PENDING)
    review = applications.filter(state=Application.State.IN_REVIEW)
    listed = "admin:applications_application_changelist"
    return [
        (
            _("Requests for access that wait"),
            waiting.count(),
            reverse("admin:accounts_accessrequest_changelist") + "?state__exact=pending",
        ),
        (
            _("Submitted applications whose review has not begun"),
            applications.filter(state=Application.State.SUBMITTED).count(),
            reverse(listed) + "?state__exact=submitted",
        ),
        (
            _("Applications that wait for your review"),
            Review.objects.queue_of(user).to_do().count(),
            reverse("admin:applications_application_queue"),
        ),
        (
            _("Applications under review that nobody was given"),
            review.exclude(reviews__in=Review.objects.live()).count(),
            reverse(listed) + "?state__exact=in_review",
        ),
        (
            _("Calls that are closed and not decided"),
            sum(c.phase == Call.Phase.CLOSED for c in Call.objects.filter(state="published")),
            reverse("admin:applications_call_changelist"),
        ),
        *waiting_for_experts(),
        (
            _("Municipalities that nobody coordinates now or soon"),
            len(gaps()),
            reverse("admin:accounts_membership_changelist") + "?coordination=ends",
        ),
    ]
