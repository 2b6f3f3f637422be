"""A worker's part in the sweeps: it takes a step when there is no run to do."""

from aviary_backtesting.candles.supply import Supply
from aviary_backtesting.runs.watcher import limits_of
from aviary_backtesting.sweeps import work
from aviary_backtesting.sweeps.candles import Grounds
from aviary_backtesting.sweeps.job import StepJob
from aviary_backtesting.sweeps.step import Size
from aviary_backtesting.sweeps.work import Task
from aviary_backtesting.worker.course import Course
from aviary_backtesting.worker.job import Pace
from aviary_backtesting.worker.settings import WorkerSettings
from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import Unavailable

log = logs.get(__name__)


class Shift:
    def __init__(self, name: str, settings: WorkerSettings, supply: Supply, database: Database) -> None:
        self._name = name
        self._limits = limits_of(settings)
        self._size = Size(settings.backtest_shard_s, settings.backtest_shard_configs)
        self._grounds = Grounds(supply, database)
        self._database = database

    async def claimed(self) -> Task | None:
        try:
            async with self._database.transaction() as connection:
                return await work.claim(connection, self._name, self._limits, self._size)
        except Unavailable as error:
            log.warning("no step of a sweep taken", error=str(error))
            return None

    async def is_more_expected(self) -> bool:
        """Whether steps are under way that others may follow."""
        try:
            async with self._database.single() as connection:
                return await work.is_any_under_way(connection)
        except Unavailable:
            return False

    def job(self, task: Task, course: Course, pace: Pace) -> StepJob:
        return StepJob(task, course, self._grounds, self._database, pace)
