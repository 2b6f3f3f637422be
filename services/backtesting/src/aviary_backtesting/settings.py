"""What the backtesting service needs to start."""

from aviary_common.settings import ServiceSettings


class BacktestingSettings(ServiceSettings):
    service: str = "backtesting"
