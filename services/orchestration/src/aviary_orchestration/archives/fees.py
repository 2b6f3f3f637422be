"""Fees so far, for fills of one page that others precede."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from aviary_orchestration.archives.trades import FeeGroup


class FeesSoFar(NamedTuple):
    """In millionths. ``added`` is what the fill added; for the first of its group nothing, as it has always been."""

    added: int
    total: int


def fees_so_far(fills: Iterable[tuple[FeeGroup, int]], earlier: Mapping[FeeGroup, int]) -> Iterator[FeesSoFar]:
    """``fills`` are groups and fees in the order of the file; ``earlier`` has the groups that began before the page."""
    totals = dict(earlier)
    for group, fee in fills:
        added = fee if group in totals else 0
        totals[group] = totals.get(group, 0) + fee
        yield FeesSoFar(added, totals[group])
