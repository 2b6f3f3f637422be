"""What the backtesting service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings


class BacktestingSettings(ServiceSettings, BusSettings, DatabaseSettings):
    service: str = "backtesting"
