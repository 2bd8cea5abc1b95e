"""The forms of a call's life, as in `acts`: two leads send each of them by turns."""

from datetime import timedelta

from django.utils import timezone

from applications.models import Call
from tests.applications.calls_factories import (
    AnnouncementFactory,
    CompleteCallFactory,
    ContactFactory,
)
from tests.drills import world
from tests.drills.acts import Act, audit, mails_to
from tests.factories import ApplicationFactory


def leads():
    return [world.lead(), world.lead()]


def publish_call():
    call = CompleteCallFactory(state="draft")
    ContactFactory(call=call)
    path = f"/staff/applications/call/{call.pk}/publish/"
    return Act(leads(), path, {}, [audit("call.published", call)])


def move_deadline():
    town, call = world.town(), CompleteCallFactory()
    ApplicationFactory(call=call, municipality=town)
    person = world.person(town)
    day = timezone.localdate() + timedelta(days=60)
    form = {f"reason_{language}": "A drill." for language in ("en", "fi", "sv")}
    form |= {"day": f"{day:%d.%m.%Y}", "clock": "16.15", "read": call.closes_at.isoformat()}
    path = f"/staff/applications/call/{call.pk}/deadline/"
    effects = [call.deadline_moves.all(), audit("call.deadline_moved", call)]
    return Act(leads(), path, form, [*effects, mails_to(person.email)])


def copy_call():
    call = CompleteCallFactory(closed=True)
    path = f"/staff/applications/call/{call.pk}/copy/"
    return Act(leads(), path, {}, [Call.objects.filter(copied_from=call)])


def send_announcement():
    town, call = world.town(), CompleteCallFactory()
    ApplicationFactory(call=call, municipality=town)
    person = world.person(town)
    announcement = AnnouncementFactory(call=call)
    path = f"/staff/applications/announcement/{announcement.pk}/send/"
    effects = [audit("announcement.sent", announcement), mails_to(person.email)]
    return Act(leads(), path, {}, effects)


ACTS = {
    "admin:applications_call_publish": [publish_call],
    "admin:applications_call_deadline": [move_deadline],
    "admin:applications_call_copy": [copy_call],
    "admin:applications_announcement_send": [send_announcement],
}
