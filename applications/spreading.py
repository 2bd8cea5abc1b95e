"""Who reviews which application: an even spread over the reviewers. Pure."""

from collections import deque
from collections.abc import Iterable

Pair = tuple[int, int]  # the keys of an application and of a reviewer


def spread(
    applications: Iterable[int],
    reviewers: Iterable[int],
    each: int,
    conflicts: Iterable[Pair] = (),
    already: Iterable[Pair] = (),
) -> list[Pair]:
    """Return the pairs to add so that each application has `each` of the reviewers, in order.

    No pair is one of the `conflicts`. Those that stand `already` stay, and count as load and as
    reviewers of their application. Nobody has two more to do than somebody who could have taken
    one of them instead. An application with too few to choose from gets those there are. The order
    of what is given makes no difference.
    """
    towns, people = sorted(set(applications)), sorted(set(reviewers))
    barred, standing = set(conflicts), set(already)
    free = {town: [one for one in people if (town, one) not in barred | standing] for town in towns}
    load = dict.fromkeys(people, 0)
    for _town, one in standing:
        load[one] = load.get(one, 0) + 1
    added = {town: choose(free[town], load, each - count_of(town, standing)) for town in towns}
    while levelled(added, free, load):
        pass
    return sorted((town, one) for town, chosen in added.items() for one in chosen)


def count_of(town: int, pairs: set[Pair]) -> int:
    return sum(pair[0] == town for pair in pairs)


def choose(free: list[int], load: dict[int, int], wanted: int) -> set[int]:
    """Take the `wanted` least loaded of those who are free, and count them."""
    chosen = sorted(free, key=lambda one: (load[one], one))[: max(wanted, 0)]
    for one in chosen:
        load[one] += 1
    return set(chosen)


def levelled(added: dict[int, set[int]], free: dict[int, list[int]], load: dict[int, int]) -> bool:
    """Hand one application on, perhaps over several people; whether the loads came closer."""
    for heaviest in sorted(free_people(free), key=lambda one: (-load[one], one)):
        way = way_down(heaviest, added, free, load)
        if way:
            for town, giver, taker in way:
                added[town].remove(giver)
                added[town].add(taker)
                load[giver], load[taker] = load[giver] - 1, load[taker] + 1
            return True
    return False


def free_people(free: dict[int, list[int]]) -> set[int]:
    return {one for people in free.values() for one in people}


def way_down(
    start: int, added: dict[int, set[int]], free: dict[int, list[int]], load: dict[int, int]
) -> list[tuple[int, int, int]]:
    """The shortest way of handing on from `start` to somebody with two less to do, or no steps.

    Steps are (application, giver, taker).
    """
    came: dict[int, tuple[int, int, int]] = {}
    waiting = deque([start])
    while waiting:
        giver = waiting.popleft()
        if load[giver] <= load[start] - 2:
            return steps_to(giver, start, came)
        for town in sorted(town for town, chosen in added.items() if giver in chosen):
            for taker in free[town]:
                if taker not in added[town] and taker != start and taker not in came:
                    came[taker] = (town, giver, taker)
                    waiting.append(taker)
    return []


def steps_to(
    end: int, start: int, came: dict[int, tuple[int, int, int]]
) -> list[tuple[int, int, int]]:
    steps: list[tuple[int, int, int]] = []
    while end != start:
        steps.append(came[end])
        end = came[end][1]
    return steps
