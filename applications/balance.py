"""How a choice is spread over the country: counts per region, size and language status."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

# The smallest population of each size class, the largest class first.
SIZES = ((100_000, "city"), (50_000, "large"), (10_000, "middle"), (0, "small"))


@dataclass(frozen=True)
class Town:
    key: int  # the application's
    region: str  # the region's code
    size: str  # one of SIZES
    languages: str  # the language status


@dataclass(frozen=True)
class Share:
    """How many of the towns of one class are among the chosen."""

    name: str
    chosen: int
    of: int


def size_of(population: int) -> str:
    """The size class of a municipality with `population` people."""
    return next(name for least, name in SIZES if population >= least)


def shares(
    towns: Iterable[Town], chosen: Collection[int], kind: str, order: Iterable[str]
) -> list[Share]:
    """Return the classes of `kind` ("region", "size" or "languages") that have a town, in `order`.

    chosen: the keys of those that count as chosen. order: the names of all classes.
    """
    towns = list(towns)
    all_of = Counter(getattr(town, kind) for town in towns)
    picked = Counter(getattr(town, kind) for town in towns if town.key in chosen)
    return [Share(name, picked[name], all_of[name]) for name in order if all_of[name]]
