"""Pairwise selection: a few combinations in which every possible pair of values occurs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, product

Combination = tuple[str, ...]
Pair = tuple[tuple[int, str], tuple[int, str]]


def every(factors: Mapping[str, Iterable[str]], possible: Callable[[Combination], bool]) -> list[Combination]:
    """All combinations of one value a factor that are possible."""
    return [*filter(possible, product(*factors.values()))]


def pairwise(factors: Mapping[str, Iterable[str]], possible: Callable[[Combination], bool]) -> list[Combination]:
    """Greedily, each time the combination with the most pairs that are still missing; the same list every time."""
    offered = {combination: set(_pairs(combination)) for combination in every(factors, possible)}
    missing = set().union(*offered.values())
    chosen = []
    while missing:
        best = max(offered, key=lambda combination: len(offered[combination] & missing))
        missing -= offered.pop(best)
        chosen.append(best)
    return chosen


def _pairs(combination: Combination) -> Iterator[Pair]:
    return combinations(enumerate(combination), 2)
