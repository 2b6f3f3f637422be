"""Jobs that stand in a table: how many wait and run, how old the oldest is, and how they ended."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import ColumnElement, Select, Table, case, func, select, text

from aviary_common.database import Database
from aviary_common.figures import Figures, Reading

UNFINISHED: Final = Gauge("aviary_jobs_unfinished", "Jobs that have not ended", ["queue", "state"])
OLDEST: Final = Gauge("aviary_job_oldest_age_seconds", "Age of the oldest job in that state", ["queue", "state"])
ENDED: Final = Counter("aviary_jobs_ended_total", "Jobs by how they ended", ["queue", "outcome"])
DURATION: Final = Histogram(
    "aviary_job_duration_seconds",
    "From the beginning of a job to its end, waiting not included",
    ["queue"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200),
)
STATES: Final = ("waiting", "running")


class JobFigures:
    """Of one queue. ``unfinished`` is the predicate of the partial index over the table, as it is written there:
    counting then costs what is unfinished, and not what there ever was."""

    def __init__(
        self, queue: str, table: Table, state: ColumnElement[Any], *, waiting: Sequence[str], unfinished: str
    ) -> None:
        self._queue = queue
        self._query = _counted(table, state, waiting, unfinished)

    def register(self, figures: Figures, database: Database) -> None:
        """From now on, whenever somebody asks."""

        async def look() -> Iterable[Reading]:
            async with database.single() as connection:
                rows = {row.state: row for row in await connection.execute(self._query)}
            return [reading for state in STATES for reading in self._readings(state, rows.get(state))]

        figures.add(f"jobs_{self._queue}", look)

    def _readings(self, state: str, row: Any) -> list[Reading]:
        labels = (self._queue, state)
        return [
            Reading(UNFINISHED, labels, row.jobs if row else 0),
            Reading(OLDEST, labels, max(0.0, float(row.oldest_s)) if row else 0),
        ]


def ended(queue: str, outcome: str, seconds: float | None = None) -> None:
    """``seconds`` where it is known when it began."""
    ENDED.labels(queue, outcome).inc()
    if seconds is not None:
        DURATION.labels(queue).observe(max(0.0, seconds))


def _counted(table: Table, state: ColumnElement[Any], waiting: Sequence[str], unfinished: str) -> Select[Any]:
    simple = case((state.in_(waiting), STATES[0]), else_=STATES[1]).label("state")
    oldest_s = func.extract("epoch", func.now() - func.min(table.c.created_at)).label("oldest_s")
    counted = select(simple, func.count().label("jobs"), oldest_s).select_from(table)
    return counted.where(text(unfinished)).group_by(text("1"))
