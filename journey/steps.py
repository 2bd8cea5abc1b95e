"""What a person's home page says: for every hat, where the path stands and what comes next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRequest
from accounts.workflow.memberships import gaps
from applications.models import Application, Call, Participation
from indexanalysis.models import Assessment, Round

DONE, CURRENT, OPEN = "done", "current", "open"


@dataclass(frozen=True)
class Step:
    label: str
    state: str  # done, current or open
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Town:
    """One municipality's part of a home page."""

    municipality: object
    hat: object  # the membership, or the expert's assignment
    steps: list
    next: tuple  # (sentence, (button, address) or None, (address to post to, round) or None)
    applications: list
    assessments: list


def homes(user):
    """The context of the home page: towns of a member, of an expert, and the staff's queue."""
    memberships = user.memberships.current().highest().select_related("municipality")
    assignments = user.assignments.current().select_related("municipality")
    world = World(user, [hat.municipality_id for hat in [*memberships, *assignments]])
    return {
        "towns": [world.town(hat) for hat in memberships],
        "assigned": [world.assigned(hat) for hat in assignments],
        "staff": staff(user) if user.staff_groups else None,
        "requests": user.access_requests.select_related("municipality"),
        "observer": user.is_observer,
    }


def path_of(user, town):
    """The steps of one municipality's path, as far as `user` sees what stands on it."""
    world = World(user, [town.pk])
    return steps(world.applications, world.participations, world.assessments)


class World:
    """The rows of all of a person's towns, each table asked once."""

    def __init__(self, user, towns):
        self.user = user
        applications = Application.objects.visible_to(user).filter(municipality__in=towns)
        self.applications = list(applications.select_related("call", "municipality"))
        # A project that has ended is history: the path is about the one that runs.
        taking_part = Participation.objects.visible_to(user).active()
        taking_part = taking_part.filter(municipality__in=towns).order_by("-project__starts_on")
        self.participations = list(taking_part.select_related("project"))
        assessments = Assessment.objects.visible_to(user)
        assessments = assessments.filter(participation__municipality__in=towns)
        self.assessments = list(assessments.with_town())
        self.open_calls = list(Call.objects.visible_to(user).open())
        self.rounds = list(Round.objects.open())

    def of(self, rows, hat):
        return [row for row in rows if row.municipality_id == hat.municipality_id]

    def town(self, hat):
        applications = self.of(self.applications, hat)
        participations = self.of(self.participations, hat)
        assessments = self.of(self.assessments, hat)
        return Town(
            hat.municipality,
            hat,
            steps(applications, participations, assessments),
            self.next_step(hat, applications, participations, assessments),
            applications,
            assessments,
        )

    def assigned(self, hat):
        assessments = self.of(self.assessments, hat)
        done = [a for a in assessments if not a.is_open]
        text = _("Read the answers and the report.") if done else _("The answers are being given.")
        target = (done or assessments or [None])[0]
        link = (_("Read the answers"), target.get_absolute_url()) if target else None
        return Town(hat.municipality, hat, [], (text, link, None), [], assessments)

    def next_step(self, hat, applications, participations, assessments):
        """(sentence, (button, address) or None, (start address, round) or None)."""
        if assessments:
            return next_of_assessment(assessments[0])
        if participations:
            return self.next_of_participation(hat, participations[0])
        standing = [a for a in applications if a.state != Application.State.WITHDRAWN]
        if standing:
            return next_of_application(standing[0])
        if self.open_calls:
            call = self.open_calls[0]
            address = reverse("applications:call", args=[call.slug])
            return _("A call is open. Read it and apply."), (_("Read the call"), address), None
        return _("No call is open now. The questionnaire can be read meanwhile."), None, None

    def next_of_participation(self, hat, participation):
        rounds = [r for r in self.rounds if r.project_id == participation.project_id]
        if rounds and hat.role == "coordinator":
            address = reverse("indexanalysis:start", args=[participation.pk])
            text = _("You take part. Open the index questionnaire for your working group.")
            return text, None, (address, rounds[0].pk)
        return _("You take part. The index questionnaire opens later."), None, None


def next_of_application(application):
    address = application.get_absolute_url()
    texts = {
        "draft": _("Finish the application and submit it before the call closes."),
        "submitted": _("The application is submitted. The project staff review it next."),
        "in_review": _("The application is under review. You get the outcome by mail."),
        "selected": _("You were selected. The index questionnaire opens next."),
        "not_selected": _("You were not selected this time."),
    }
    return texts[application.state], (_("Open the application"), address), None


def next_of_assessment(assessment):
    if assessment.is_open:
        text = _("Answer the index questionnaire with your colleagues, section by section.")
        return text, (_("Continue answering"), assessment.get_absolute_url()), None
    address = reverse("indexanalysis:report", args=[assessment.pk])
    text = _("The answers are submitted. Read the report and take it to your working group.")
    return text, (_("Read the report"), address), None


def steps(applications, participations, assessments):
    """The path as far as the portal carries it: apply, take part, answer, read the report."""
    standing = [a for a in applications if a.state != Application.State.WITHDRAWN]
    submitted = [a for a in assessments if not a.is_open]
    reached = [
        bool(participations) or any(a.submitted_at for a in standing),
        bool(participations),
        bool(submitted),
        bool(submitted),
    ]
    labels = [_("Apply"), _("Be selected"), _("Answer the index"), _("Read the report")]
    urls = [
        standing[0].get_absolute_url() if standing else "",
        "",
        assessments[0].get_absolute_url() if assessments else "",
        reverse("indexanalysis:report", args=[submitted[0].pk]) if submitted else "",
    ]
    current = reached.index(False) if False in reached else -1
    states = [DONE if r else CURRENT if n == current else OPEN for n, r in enumerate(reached)]
    return [Step(*step) for step in zip(labels, states, urls, strict=True)]


def staff(user):
    """What waits for the staff, as (sentence, count, address in the admin)."""
    applications = Application.objects.visible_to(user)
    waiting = AccessRequest.objects.filter(state=AccessRequest.State.PENDING)
    review = applications.filter(state=Application.State.IN_REVIEW)
    mine = review.exclude(reviews__reviewer=user, reviews__handed_in_at__isnull=False)
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
            mine.count(),
            reverse(listed) + "?state__exact=in_review",
        ),
        (
            _("Calls that are closed and not decided"),
            sum(c.phase == Call.Phase.CLOSED for c in Call.objects.filter(state="published")),
            reverse("admin:applications_call_changelist"),
        ),
        (
            _("Municipalities that nobody coordinates now or soon"),
            len(gaps()),
            reverse("admin:accounts_membership_changelist") + "?coordination=ends",
        ),
    ]
