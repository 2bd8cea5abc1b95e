"""How applications spread over the country, in words, for the board and the statistics."""

from collections import Counter

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from applications.balance import Town, shares, size_of
from applications.models import Application
from applications.words import LANGUAGES, SIZES


def balance(applications, chosen):
    """Tables (title, rows of (words, chosen, all)): regions, sizes, language status.

    applications: with municipality and region at hand. chosen: the keys of some of them.
    """
    towns = [town(application) for application in applications]
    by_code = {a.municipality.region_id: a.municipality.region.name for a in applications}
    regions = dict(sorted(by_code.items()))
    kinds = [
        (_("Regions"), "region", regions),
        (_("Size"), "size", SIZES),
        (_("Language status"), "languages", LANGUAGES),
    ]
    return [
        (title, [(words[s.name], s.chosen, s.of) for s in shares(towns, chosen, kind, words)])
        for title, kind, words in kinds
    ]


def town(application):
    place = application.municipality
    return Town(application.pk, place.region_id, size_of(place.population), place.language_status)


def statistics(applications):
    """Tables (title, rows of (words, number)) of applications that were handed in."""
    spread = balance(applications, ())
    tables = [(title, [(words, of) for words, _chosen, of in rows]) for title, rows in spread]
    states = Counter(application.state for application in applications)
    days = Counter(timezone.localdate(application.submitted_at) for application in applications)
    by_state = [(capfirst(s.label), states[s]) for s in Application.State if states[s]]
    return [*tables, (_("State"), by_state), (_("Day of submission"), sorted(days.items()))]
