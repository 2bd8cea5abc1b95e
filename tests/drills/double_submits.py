"""Every form is sent twice at once, and once more afterwards: a double click, a proxy's retry.

Promise: one effect. Nobody meets a 500, and the later ones are told that it was done already.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from accounts.models import AccessRequest, AuditEntry, User
from applications.models import Application, Participation, Review
from documents.models import Document
from indexanalysis.models import Assessment, IndexReport, Round
from notifications.models import Mail
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.seats import closed_call, lead
from tests.drills.visitor import Visitor
from tests.factories import AccessRequestFactory, ApplicationFactory, ParticipationFactory

AT_ONCE = 4
FINE = {200, 302, 400, 403, 409, 410}


def run(portal, rounds=5):
    """Each act gives (who sends, the path, the form, a query whose rows are the effect)."""
    found = Outcome(rounds * len(ACTS))
    for _ in range(rounds):
        for act in ACTS:
            senders, path, form, effects = act()
            visitors = [Visitor(portal, senders[n % len(senders)]) for n in range(AT_ONCE)]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                answers = list(pool.map(partial(send, path, form), visitors))
            answers.append(send(path, form, visitors[0]))
            wrong = [str(answer) for answer in answers if answer.status not in FINE]
            found.demand(not wrong, f"{act.__name__}: {wrong[:1]}")
            count_effects(found, act, effects)
    found.note = f"{len(ACTS)} forms, {AT_ONCE} times at once"
    return found


def send(path, form, visitor):
    return visitor.post(path, form)


def count_effects(found, act, effects):
    """Each query of an act finds one row, not none and not two."""
    for query in effects:
        count = query.count()
        found.lost += count == 0
        found.doubled += max(0, count - 1)
        found.demand(count == 1, f"{act.__name__}: {count} x {query.model.__name__}")


def audit(action, row):
    return AuditEntry.objects.filter(action=action, target=f"{row._meta.label_lower} {row.pk}")


def ask_for_access():
    user = User.objects.create(email=f"asks-{next(world.NUMBER)}@drill.example", name="Asks")
    town = world.town()
    form = {"municipality": town.pk, "post": "Planner", "reason": "A drill."}
    asked = AccessRequest.objects.filter(user=user)
    entries = AuditEntry.objects.filter(action="access_request.made", by=user)
    return [user], "/en/people/access/", form, [asked, entries]


def decide_access():
    request = AccessRequestFactory(municipality=world.town())
    form = {"action": "approve", "_selected_action": request.pk}
    path = "/en/staff/accounts/accessrequest/"
    effects = [
        audit("accessrequest.approved", request),
        request.user.memberships.all(),
        Mail.objects.filter(to=request.user.email),
    ]
    return [lead()], path, form, effects


def start_application():
    town = world.town()
    rows = Application.objects.filter(municipality=town)
    entries = AuditEntry.objects.filter(action="application.started", municipality=town)
    form = {"municipality": town.pk}
    return [world.person(town)], "/en/calls/demo-open/start/", form, [rows, entries]


def edit_application():
    town = world.town()
    application = world.draft(town)
    form = {"read": 0, "motivation": "Sent twice.", "contact_email": "a@b.example"}
    stored = Application.objects.filter(pk=application.pk, motivation="Sent twice.", version=1)
    path = f"/en/applications/{application.pk}/edit/"
    return [world.person(town, "member")], path, form, [stored]


def submit_application():
    town = world.town()
    application, coordinator = world.draft(town), world.person(town)
    effects = [
        audit("application.submitted", application),
        Document.objects.filter(applications=application),
        Document.objects.filter(asked_by=coordinator),
        Mail.objects.filter(to=coordinator.email),
    ]
    return [coordinator], f"/en/applications/{application.pk}/move/submitted/", {}, effects


def withdraw_application():
    town = world.town()
    application, coordinator = world.draft(town), world.person(town)
    effects = [
        audit("application.withdrawn", application),
        Mail.objects.filter(to=coordinator.email),
    ]
    return [coordinator], f"/en/applications/{application.pk}/move/withdrawn/", {}, effects


def review_application():
    application = ApplicationFactory(call=closed_call(), municipality=world.town(), in_review=True)
    form = {"score": 70, "comment": "A drill."}
    path = f"/en/staff/applications/application/{application.pk}/review/"
    effects = [
        Review.objects.filter(application=application),
        audit("review.handed_in", application),
    ]
    return [lead()], path, form, effects


def propose_selection():
    call = closed_call()
    chosen = call.applications.values_list("pk", flat=True)[:2]
    form = {"applications": list(chosen), "reason": "A drill."}
    path = f"/en/staff/applications/call/{call.pk}/propose/"
    return [lead(), lead()], path, form, [call.selections.all()]


def confirm_selection():
    call = closed_call()
    chosen = list(call.applications.all()[:1])
    selection = call.selections.create(proposed_by=lead(), reason="A drill.")
    selection.applications.set(chosen)
    effects = [
        audit("call.decided", call),
        Participation.objects.filter(call=call),
        audit("application.selected", chosen[0]),
    ]
    path = f"/en/staff/applications/call/{call.pk}/confirm/"
    return [lead(), lead()], path, {"selection": selection.pk}, effects


def start_assessment():
    town = world.town()
    round_ = Round.objects.get(project__is_demo=True)
    participation = ParticipationFactory(project=round_.project, municipality=town)
    rows = Assessment.objects.filter(participation=participation)
    entries = AuditEntry.objects.filter(action="assessment.started", municipality=town)
    path = f"/en/participations/{participation.pk}/start/"
    return [world.person(town)], path, {"round": round_.pk}, [rows, entries]


def save_answer():
    town = world.town()
    assessment = world.assessment(town)
    form = {"COM-01-read": 0, "COM-01-example": "Sent twice.", "COM-01-key": "once"}
    stored = assessment.answers.filter(example="Sent twice.", version=1)
    path = f"/en/assessments/{assessment.pk}/answers/COM-01/"
    return [world.person(town, "member")], path, form, [stored]


def submit_assessment():
    town = world.town()
    assessment, coordinator = world.assessment(town), world.person(town)
    effects = [
        audit("assessment.submitted", assessment),
        IndexReport.objects.filter(assessment=assessment, language="fi"),
        Document.objects.filter(asked_by=coordinator, key__endswith="-fi"),
        Mail.objects.filter(to=coordinator.email),
    ]
    return [coordinator], f"/en/assessments/{assessment.pk}/submit/", {}, effects


ACTS = [
    ask_for_access,
    decide_access,
    start_application,
    edit_application,
    submit_application,
    withdraw_application,
    review_application,
    propose_selection,
    confirm_selection,
    start_assessment,
    save_answer,
    submit_assessment,
]
