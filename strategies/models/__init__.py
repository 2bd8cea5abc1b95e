from strategies.models.data import Heading, Statute, StatutoryPoint
from strategies.models.decisions import DecisionStep
from strategies.models.measures import Answered, Measure, Objective
from strategies.models.strategies import (
    Chapter,
    Strategy,
    StrategyInvitation,
    StrategyTown,
    towns_seen_by,
)
from strategies.models.versions import StrategyFile, StrategyVersion

__all__ = [
    "Answered",
    "Chapter",
    "DecisionStep",
    "Heading",
    "Measure",
    "Objective",
    "Statute",
    "StatutoryPoint",
    "Strategy",
    "StrategyFile",
    "StrategyInvitation",
    "StrategyTown",
    "StrategyVersion",
    "towns_seen_by",
]
