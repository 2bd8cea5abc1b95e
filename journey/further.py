"""The demo's municipalities that have gone further: each stands at a stage of the path of its own.

Koivuranta answers the questionnaire in its working group; Saarisalmi has its recommendations and
awaits the expert; Mäntyniemi was visited and drafts its strategy; Vuorela has adopted its own.
"""

from dataclasses import dataclass

from accounts.models import User
from applications.models import Participation
from indexanalysis.models import Assessment
from journey.stages import strategies, visits, workinggroups


@dataclass(frozen=True)
class Town:
    """One municipality with who acts in it, and the language that it works in."""

    participation: Participation
    people: visits.People
    language: str

    @property
    def assessment(self):
        return Assessment.objects.get(participation=self.participation)


def at_work(participation, people: dict[str, User], *names, language):
    """names: the coordinator and a member, as the first words of their demo addresses."""
    coordinator, member = (people[f"{name}@demo.example"] for name in names)
    acting = visits.People(
        lead=people["leena.lead@demo.example"],
        expert=people["erik.expert@demo.example"],
        coordinator=coordinator,
        member=member,
    )
    return Town(participation, acting, language)


def go_on(participations, people):
    """participations: of the demo's project, by the municipality's code."""
    answering = at_work(
        participations["D01"], people, "aino.coordinator", "mikko.member", language="fi"
    )
    awaiting = at_work(
        participations["D02"], people, "sofia.coordinator", "stina.member", language="sv"
    )
    drafting, adopted = (
        at_work(participations[code], people, "maria.coordinator", "teemu.member", language="fi")
        for code in ("D07", "D08")
    )
    for town in (answering, awaiting, drafting, adopted):
        found_groups(town)
    for town in (awaiting, drafting, adopted):
        visits.recommend(town.assessment, town.people, town.language)
    visits.visit(awaiting.participation, awaiting.people, awaiting.language, upto="confirmed")
    for town in (drafting, adopted):
        be_visited(town)
    begin_strategy(drafting, whole=False)
    strategy = begin_strategy(adopted, whole=True)
    strategies.adopt_and_publish(strategy, by=adopted.people.coordinator)


def found_groups(town):
    by = town.people.coordinator
    group = workinggroups.found(
        town.participation, by=by, people=[by, town.people.member], language=town.language
    )
    workinggroups.meet(group, by=by, language=town.language)
    workinggroups.appoint(town.participation, by=by, language=town.language)


def be_visited(town):
    visits.visit(town.participation, town.people, town.language)
    rows = list(town.assessment.recommendations.issued())
    visits.follow_up(rows, town.people, town.language)


def begin_strategy(town, *, whole):
    by = town.people.coordinator
    strategy = strategies.begin(town.participation, by=by, language=town.language)
    strategies.write(strategy, by=by, whole=whole)
    return strategy
