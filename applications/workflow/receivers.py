"""Whom a call concerns, for what the staff tell all of them."""

from accounts.models import Membership
from applications.models import Announcement, Application, Participation

State = Application.State


def writing(call):
    """Those who write a draft for `call` today; each person once, in as many drafts as may be."""
    return people_of(call.applications.filter(state=State.DRAFT))


def people_of(applications):
    """Who may write for the municipalities of `applications` or of some participations."""
    towns = applications.values("municipality")
    return Membership.objects.current().editing().filter(municipality__in=towns).people()


def of_audience(call, audience):
    """The people of one of `Announcement.Audience`."""
    if audience == Announcement.Audience.DRAFTS:
        return writing(call)
    if audience == Announcement.Audience.APPLICANTS:
        handed_in = call.applications.exclude(state=State.WITHDRAWN)
        return people_of(handed_in.filter(submitted_at__isnull=False))
    return people_of(Participation.objects.active().filter(project=call.project_id))
