"""Figures that are looked up when somebody asks."""

import asyncio
import math
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge

from aviary_common.figures import FAILED, Figures, Reading


class Rows:
    """What there is to count; ``None`` when it cannot be looked up."""

    def __init__(self, gauge: Gauge, by_label: dict[str, float] | None) -> None:
        self.gauge = gauge
        self.by_label = by_label

    async def look(self) -> Iterable[Reading]:
        if self.by_label is None:
            raise OSError("the database is away")
        return [Reading(self.gauge, (label,), value) for label, value in self.by_label.items()]


def labelled(registry: CollectorRegistry) -> Gauge:
    return Gauge("things", "Things", ["kind"], registry=registry)


async def test_what_is_not_there_any_more_is_not_told() -> None:
    registry = CollectorRegistry()
    figures, rows = Figures(), Rows(labelled(registry), {"old": 1, "kept": 2})
    figures.add("things", rows.look)
    await figures.look()
    rows.by_label = {"kept": 3}
    await figures.look()
    assert registry.get_sample_value("things", {"kind": "kept"}) == 3
    assert registry.get_sample_value("things", {"kind": "old"}) is None


async def test_what_cannot_be_looked_up_is_missing_rather_than_old() -> None:
    registry = CollectorRegistry()
    figures, rows = Figures(), Rows(labelled(registry), {"kept": 2})
    figures.add("rows_that_fail", rows.look)
    await figures.look()
    rows.by_label = None
    await figures.look()
    assert registry.get_sample_value("things", {"kind": "kept"}) is None
    assert FAILED.labels("rows_that_fail")._value.get() == 1


async def test_a_figure_without_labels_that_cannot_be_looked_up_is_no_number() -> None:
    registry = CollectorRegistry()
    gauge = Gauge("thing", "Thing", registry=registry)
    values = [4.0]

    async def look() -> Iterable[Reading]:
        return [Reading(gauge, (), values.pop())]

    figures = Figures()
    figures.add("thing", look)
    await figures.look()
    assert registry.get_sample_value("thing") == 4
    await figures.look()
    assert math.isnan(registry.get_sample_value("thing") or 0)


async def test_two_look_ups_share_a_gauge() -> None:
    registry = CollectorRegistry()
    gauge = labelled(registry)
    figures, one, other = Figures(), Rows(gauge, {"a": 1}), Rows(gauge, {"b": 2})
    figures.add("one", one.look)
    figures.add("other", other.look)
    await figures.look()
    one.by_label = {}
    await figures.look()
    assert registry.get_sample_value("things", {"kind": "a"}) is None
    assert registry.get_sample_value("things", {"kind": "b"}) == 2


async def test_a_look_up_that_hangs_holds_nothing_up() -> None:
    registry = CollectorRegistry()
    figures, rows = Figures(), Rows(labelled(registry), {"told": 1})

    async def hang() -> Iterable[Reading]:
        await asyncio.Event().wait()
        return []

    figures.add("hanging", hang)
    figures.add("things", rows.look)
    await figures.look()
    assert registry.get_sample_value("things", {"kind": "told"}) == 1
