"""The path of a municipality as steps, and what comes next on it for whom."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indexanalysis.models import Recommendation
from strategies.models import Strategy
from visits.models import Visit

DONE, CURRENT, OPEN = "done", "current", "open"
TO_ANSWER = Recommendation.State.ISSUED
HELD = {Visit.State.HELD, Visit.State.REPORT, Visit.State.FINAL}
ADOPTED = {Strategy.State.ADOPTED, Strategy.State.SUPERSEDED}


@dataclass(frozen=True)
class Step:
    label: str
    state: str  # done, current or open
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Next:
    """What comes next: a sentence, and a link or a button where there is something to do.

    post: the address to post to; round: the round that is opened so.
    """

    text: str
    button: str = ""
    url: str = ""
    post: str = ""
    round: int | None = None


def steps(standing):
    """The eight steps; the first that is not reached is the current one."""
    rows = [step(standing) for step in PATH]
    reached = [done for _label, done, _url, _note in rows]
    current = reached.index(False) if False in reached else -1
    states = [DONE if r else CURRENT if n == current else OPEN for n, r in enumerate(reached)]
    return [
        Step(label, state, url, note)
        for (label, _done, url, note), state in zip(rows, states, strict=True)
    ]


def address(row):
    return row.get_absolute_url() if row else ""


def applying(standing):
    handed_in = any(row.submitted_at for row in standing.applications)
    done = bool(standing.participation) or handed_in
    return _("Apply"), done, address(standing.application), ""


def selection(standing):
    return _("Be selected"), bool(standing.participation), "", ""


def working_group(standing):
    return _("Found the working group"), bool(standing.group), address(standing.group), ""


def index(standing):
    done = bool(standing.submitted)
    return _("Answer the index"), done, address(standing.assessment), ""


def report(standing):
    """Done once every recommendation has its answer; before any is issued there is the report."""
    if not standing.submitted:
        return _("Report and recommendations"), False, "", ""
    given = standing.recommendations
    answered = sum(row.state != TO_ANSWER for row in given)
    route = "recommendations" if given else "report"
    url = reverse(f"indexanalysis:{route}", args=[standing.submitted.pk])
    note = _("%(answered)s of %(all)s answered") % {"answered": answered, "all": len(given)}
    done = bool(given) and answered == len(given)
    return _("Report and recommendations"), done, url, note if given else ""


def expert_visit(standing):
    visit = standing.visit
    done = any(row.state in HELD for row in standing.visits)
    return _("Expert visit"), done, address(visit), visit.days if visit else ""


def strategy(standing):
    done = any(row.state in ADOPTED for row in standing.strategies)
    row = standing.strategy
    return _("Draft the strategy"), done, address(row), row.get_state_display() if row else ""


def follow_up(standing):
    """Goes on for as long as the strategy holds, so it is never done."""
    url = ""
    if standing.recommendations and standing.participation:
        url = reverse("visits:follow_up", args=[standing.participation.pk])
    return pgettext_lazy("step of the path", "Follow up"), False, url, ""


PATH = (
    applying, selection, working_group, index, report, expert_visit, strategy, follow_up,
)  # fmt: skip


def next_step(standing, hat, offers):
    """What the holder of `hat`, a membership, does next in the municipality."""
    if not standing.participation and not standing.assessment:
        return next_before(standing, hat, offers)
    if standing.assessment and standing.assessment.is_open:
        text = _("Answer the index questionnaire with your colleagues, section by section.")
        return Next(text, _("Continue answering"), address(standing.assessment))
    coordinates = hat.role == "coordinator"
    if coordinates and standing.participation and not standing.group:
        text = _("You take part. Found the cross-sector working group that does the work.")
        url = reverse("workinggroups:found", args=[standing.participation.pk, "working-group"])
        return Next(text, _("Found the working group"), url)
    if not standing.submitted:
        return next_round(standing, coordinates, offers)
    return next_after_report(standing, coordinates)


def next_before(standing, hat, offers):
    if standing.application:
        application = standing.application
        is_partner = application.municipality_id != hat.municipality_id
        if is_partner and application.state in TOGETHER:
            text = TOGETHER[application.state] % {"applicant": application.municipality}
        elif application.state == "selected":
            day = date_format(application.answer_by)
            text = _("You were selected. Your coordinator confirms the place by %s.") % day
        else:
            text = AFTER_APPLYING[application.state]
        return Next(text, _("Open the application"), address(application))
    if standing.asked:
        partner = standing.asked[0]
        names = {"other": partner.application.municipality, "own": partner.municipality}
        text = _("%(other)s asks %(own)s to apply together.") % names
        return Next(text, _("Read and answer"), address(partner))
    if offers.calls:
        url = reverse("applications:call", args=[offers.calls[0].slug])
        return Next(_("A call is open. Read it and apply."), _("Read the call"), url)
    return Next(_("No call is open now. The questionnaire can be read meanwhile."))


AFTER_APPLYING = {
    "draft": _("Finish the application and submit it before the call closes."),
    "submitted": _("The application is submitted. The project staff review it next."),
    "in_review": _("The application is under review. You get the outcome by mail."),
    "returned": _("The application was returned. Complete what is asked, and submit it again."),
    "reserve": _("You are on reserve. You get a mail if a place becomes free for you."),
    "not_selected": _("You were not selected this time."),
    "confirmed": _("Your part in the project has ended. What you wrote stays with you."),
    "declined": _("You gave up your place. What you wrote is kept."),
}


# For a partner municipality: the applicant answers for both, and has the participation.
TOGETHER = {
    "selected": _("Your joint application was selected. %(applicant)s confirms the place."),
    "confirmed": _("The place is confirmed. You take part together with %(applicant)s."),
    "declined": _("The place of your joint application was given up. What you wrote is kept."),
}


def next_round(standing, coordinates, offers):
    round_ = offers.round_of(standing.participation)
    if round_ and coordinates:
        text = _("You take part. Open the index questionnaire for your working group.")
        post = reverse("indexanalysis:start", args=[standing.participation.pk])
        return Next(text, _("Open the questionnaire"), post=post, round=round_.pk)
    return Next(_("You take part. The index questionnaire opens later."))


def next_after_report(standing, coordinates):
    """After the report: answer what is recommended, receive the visit, draft the strategy."""
    waiting = [row for row in standing.recommendations if row.state == TO_ANSWER]
    if coordinates and waiting:
        text = _("The expert's recommendations are here. Say which of them you take up.")
        url = reverse("indexanalysis:recommendations", args=[waiting[0].assessment_id])
        return Next(text, _("Answer the recommendations"), url)
    if standing.visit and standing.visit.state not in HELD:
        text = _("An expert visit is coming: %s. See its programme.") % standing.visit.days
        return Next(text, _("Open the visit"), address(standing.visit))
    if standing.strategy:
        return next_of_strategy(standing)
    if coordinates and standing.participation and standing.has_taken_up:
        text = _("You have taken up recommendations. Begin the strategy that answers them.")
        url = reverse("strategies:found", args=[standing.participation.pk])
        return Next(text, _("Begin the strategy"), url)
    text = _("The answers are submitted. Read the report and take it to your working group.")
    url = reverse("indexanalysis:report", args=[standing.submitted.pk])
    return Next(text, _("Read the report"), url)


def next_of_strategy(standing):
    row = standing.strategy
    if row.state in ADOPTED:
        text = _("The strategy is adopted. Follow up how its measures and the recommendations go.")
        url = reverse("visits:follow_up", args=[row.participation_id])
        return Next(text, _("Follow up"), url)
    if row.state == Strategy.State.DECISION:
        text = _("The strategy is before the deciding bodies. Write down what each decides.")
    else:
        text = _("Draft the strategy together. Its coverage page shows what nothing answers yet.")
    return Next(text, _("Open the strategy"), address(row))


def next_of_expert(standing):
    """What an assigned expert does next in the municipality."""
    visit = standing.visit
    if visit and visit.state != Visit.State.FINAL:
        day = date_format(visit.starts_on)
        text = _("Your visit begins on %s. Write notes and findings on its page.") % day
        return Next(text, _("Open the visit"), address(visit))
    if visit and standing.recommendations:
        text = _("Your visit is over. Follow up how the recommendations go.")
        return Next(
            text, _("Follow up"), reverse("visits:follow_up", args=[visit.participation_id])
        )
    if standing.submitted:
        text = _("Read the answers and the report, and write your recommendations.")
        url = reverse("indexanalysis:recommendations", args=[standing.submitted.pk])
        return Next(text, _("Open the recommendations"), url)
    text = _("The answers are being given.")
    return Next(
        text, _("Read the answers") if standing.assessment else "", address(standing.assessment)
    )
