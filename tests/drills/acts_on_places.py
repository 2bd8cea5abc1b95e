"""The forms of the selection and of what follows it, as in `acts`."""

from datetime import timedelta

from django.utils import timezone

from applications.models import Call, Letter, Participation
from applications.workflow import selections
from documents.models import Document
from municipalities.languages import LANGUAGES
from tests.drills import world
from tests.drills.acts import Act, audit
from tests.factories import ParticipationFactory


def propose_selection():
    call = world.closed_call(applicants=3)
    form = world.proposal(call, ["selected", "selected", "not_selected"])
    path = f"/staff/applications/call/{call.pk}/propose/"
    return Act([world.lead(), world.lead()], path, form, [call.selections.all()])


def proposed(call, outcomes):
    """A proposal that waits, with a reason on each line."""
    keys = call.applications.order_by("pk").values_list("pk", flat=True)
    chosen = {
        key: selections.Choice(outcome, None, "A drill.")
        for key, outcome in zip(keys, outcomes, strict=True)
    }
    terms = {
        "reasons": dict.fromkeys(LANGUAGES, "A drill."),
        "answer_by": timezone.localdate() + timedelta(days=14),
    }
    return selections.propose(call, chosen, by=world.lead(), **terms)


def confirm_selection():
    call = world.closed_call(applicants=3)
    selection = proposed(call, ["selected", "reserve", "not_selected"])
    chosen = selection.lines.first().application
    effects = [
        audit("call.decided", call),
        Letter.objects.filter(application=chosen),
        audit("application.selected", chosen),
    ]
    path = f"/staff/applications/call/{call.pk}/confirm/"
    return Act([world.lead(), world.lead()], path, {"selection": selection.pk}, effects)


def decided_call():
    """A call of one seat, decided: (the selected application, its coordinator, the reserve's)."""
    call = world.closed_call(applicants=2, seats=1)
    selections.confirm(proposed(call, ["selected", "reserve"]), by=world.lead())
    first, second = call.applications.order_by("pk")
    return first, world.person(first.municipality), second


def confirm_place():
    application, coordinator, _second = decided_call()
    path = f"/applications/{application.pk}/move/confirmed/"
    effects = [
        Participation.objects.filter(application=application),
        audit("application.confirmed", application),
    ]
    return Act([coordinator], path, {}, effects)


def decline_place():
    application, coordinator, second = decided_call()
    path = f"/applications/{application.pk}/move/declined/"
    effects = [
        audit("application.declined", application),
        Letter.objects.filter(application=second, outcome="promoted"),
    ]
    return Act([coordinator], path, {}, effects)


def promote_reserve():
    application, _coordinator, second = decided_call()
    Call.objects.filter(pk=application.call_id).update(seats=2)
    path = f"/staff/applications/call/{application.call_id}/promote/"
    effects = [Letter.objects.filter(application=second, outcome="promoted")]
    return Act([world.lead(), world.lead()], path, {"application": second.pk}, effects)


def end_participation():
    participation = ParticipationFactory(municipality=world.town())
    path = f"/staff/applications/participation/{participation.pk}/end/withdrawn/"
    effects = [audit("participation.withdrawn", participation)]
    return Act([world.lead()], path, {"reason": "A drill."}, effects)


def ask_for_letter_again():
    application, coordinator, _second = decided_call()
    letter = application.letters.get()
    Document.objects.filter(pk=letter.document_id).update(state=Document.State.FAILED)
    path = f"/letters/{letter.pk}/again/"
    return Act([coordinator], path, {}, [audit("letter.asked_again", letter)])


ACTS = {
    "applications:move": [confirm_place, decline_place],
    "applications:letter_again": [ask_for_letter_again],
    "admin:applications_call_propose": [propose_selection],
    "admin:applications_call_confirm": [confirm_selection],
    "admin:applications_call_promote": [promote_reserve],
    "admin:applications_participation_end": [end_participation],
}
