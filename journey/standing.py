"""What stands on the paths of some municipalities: their rows, each table asked once."""

from dataclasses import dataclass, field

from applications.models import Application, Call, Participation, Partner
from indexanalysis.models import Assessment, Recommendation, Round
from strategies.models import Strategy, StrategyTown
from visits.models import Visit
from workinggroups.models import WorkingGroup

Joint = Partner.State


@dataclass(frozen=True)
class Standing:
    """One municipality's rows that its reader sees, of each kind the newest or current first."""

    applications: list
    participations: list
    groups: list
    assessments: list
    recommendations: list
    visits: list
    strategies: list
    asked: list = field(default_factory=list)  # into others' applications, as `Partner`

    @property
    def participation(self):
        return next(iter(self.participations), None)

    @property
    def application(self):
        """The one that counts: with a place to confirm; a withdrawn one can be made anew."""
        left, offered = Application.State.WITHDRAWN, Application.State.SELECTED
        standing = [a for a in self.applications if a.state != left]
        waiting = [a for a in standing if a.state == offered]
        return next(iter(waiting + standing), None)

    @property
    def group(self):
        """The working group; the delegations stand beside the path."""
        return next((g for g in self.groups if not g.is_delegation), None)

    @property
    def assessment(self):
        return next(iter(self.assessments), None)

    @property
    def submitted(self):
        return next((a for a in self.assessments if not a.is_open), None)

    @property
    def has_taken_up(self):
        """Whether there is a recommendation for a strategy to answer."""
        return any(row.is_taken_up for row in self.recommendations)

    @property
    def visit(self):
        return next(iter(self.visits), None)

    @property
    def strategy(self):
        return next(iter(self.strategies), None)


class Rows:
    """The rows of some municipalities, as `user` sees them."""

    def __init__(self, user, towns):
        self.user = user
        applications = Application.objects.visible_to(user).filter(municipality__in=towns)
        # A project that has ended is history: the path is about the one that runs.
        taking_part = Participation.objects.visible_to(user).active()
        taking_part = taking_part.filter(municipality__in=towns).order_by("-project__starts_on")
        own = {"participation__municipality__in": towns}
        assessments = Assessment.objects.visible_to(user).filter(**own).with_town()
        recommended = Recommendation.objects.visible_to(user).issued().with_town()
        recommended = recommended.filter(assessment__participation__municipality__in=towns)
        self.kinds = {
            "applications": list(applications.select_related("call", "municipality")),
            "participations": list(taking_part.select_related("project")),
            "groups": list(WorkingGroup.objects.visible_to(user).filter(**own).with_town()),
            "assessments": list(assessments),
            "recommendations": list(recommended),
            "visits": list(Visit.objects.visible_to(user).filter(**own).with_town()),
        }
        self.strategies = strategies_of(user, towns)
        partners = Partner.objects.visible_to(user).filter(municipality__in=towns).with_towns()
        left = Application.State.WITHDRAWN
        self.partners = list(partners.exclude(application__state=left))

    def of(self, town_pk):
        """What stands on the path of one of the municipalities."""
        own = {
            kind: [row for row in rows if row.municipality_id == town_pk]
            for kind, rows in self.kinds.items()
        }
        partners = [row for row in self.partners if row.municipality_id == town_pk]
        own["applications"] += [p.application for p in partners if p.state == Joint.CONFIRMED]
        asked = [
            p for p in partners if p.is_open and p.application.state == Application.State.DRAFT
        ]
        return Standing(**own, strategies=self.strategies.get(town_pk, []), asked=asked)


def strategies_of(user, towns):
    """The strategies by municipality; a joint one stands on the path of each of its own."""
    seen = Strategy.objects.visible_to(user)
    parts = StrategyTown.objects.filter(municipality__in=towns, strategy__in=seen)
    parts = parts.select_related("strategy__participation__municipality")
    found = {}
    for part in parts.order_by("-strategy"):
        found.setdefault(part.municipality_id, []).append(part.strategy)
    return found


class Offers:
    """What is open to anybody now: calls to apply to, rounds to answer."""

    def __init__(self, user):
        self.calls = list(Call.objects.visible_to(user).open())
        self.rounds = list(Round.objects.open())

    def round_of(self, participation):
        project = participation.project_id
        return next((r for r in self.rounds if r.project_id == project), None)
