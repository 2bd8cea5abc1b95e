"""Whom a call concerns, for what the staff tell all of them."""

from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import Membership
from applications.models import Announcement, Application, Participation, Partner

State = Application.State


def writing(call):
    """Those who write a draft for `call` today; each person once, in as many drafts as may be."""
    return people_of(call.applications.filter(state=State.DRAFT))


def people_of(applications):
    """Who may write `applications`: for the applicants, and for partners that have confirmed."""
    partners = Partner.objects.confirmed().filter(application__in=applications)
    return writers(partners, applications)


def writers(*rows):
    """Who may write today for the municipalities of any of `rows`."""
    towns = [Q(municipality__in=some.values("municipality")) for some in rows]
    return Membership.objects.current().editing().filter(reduce(or_, towns)).people()


def of_audience(call, audience):
    """The people of one of `Announcement.Audience`."""
    if audience == Announcement.Audience.DRAFTS:
        return writing(call)
    if audience == Announcement.Audience.APPLICANTS:
        handed_in = call.applications.exclude(state=State.WITHDRAWN)
        return people_of(handed_in.filter(submitted_at__isnull=False))
    return writers(Participation.objects.active().filter(project=call.project_id))
