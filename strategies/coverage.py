"""What nothing answers yet: each thing with the measures that answer it, each measure's gaps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Code = TypeVar("Code", int, str)

GAPS = ("owner", "period", "metric", "recommendation")


@dataclass(frozen=True)
class Measure:
    """What counts of a measure."""

    key: int
    has_owner: bool = False
    has_period: bool = False
    has_metric: bool = False
    recommendations: frozenset[int] = frozenset()
    # By kind ("points", "dimensions", "principles", "policy_areas") the codes it answers.
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line(Generic[Code]):
    """One thing that can be answered, and the keys of the measures that do, in their order."""

    code: Code
    measures: tuple[int, ...]

    @property
    def is_open(self) -> bool:
        return not self.measures


@dataclass(frozen=True)
class Part(Generic[Code]):
    """All things of one kind."""

    lines: tuple[Line[Code], ...]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def answered(self) -> int:
        return sum(not line.is_open for line in self.lines)

    @property
    def is_complete(self) -> bool:
        return self.answered == self.total


def recommendations(keys: Iterable[int], measures: Iterable[Measure]) -> Part[int]:
    """Return which measures answer each recommendation of `keys`."""
    known = list(measures)
    return Part(tuple(Line(key, answering(key, known)) for key in keys))


def answering(recommendation: int, measures: Iterable[Measure]) -> tuple[int, ...]:
    return tuple(m.key for m in measures if recommendation in m.recommendations)


def codes(kind: str, wanted: Iterable[str], measures: Iterable[Measure]) -> Part[str]:
    """Return which measures answer each code of `wanted`, which are all of one `kind`."""
    known = [(measure.key, measure.codes.get(kind, frozenset())) for measure in measures]
    return Part(
        tuple(Line(code, tuple(key for key, own in known if code in own)) for code in wanted)
    )


def gaps(measure: Measure) -> tuple[str, ...]:
    """Return what a measure still lacks, of GAPS and in that order."""
    has = {
        "owner": measure.has_owner,
        "period": measure.has_period,
        "metric": measure.has_metric,
        "recommendation": bool(measure.recommendations),
    }
    return tuple(name for name in GAPS if not has[name])
