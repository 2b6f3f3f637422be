"""What the trading service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings, VaultSettings
from aviary_trading.pace import Pace


class TradingSettings(ServiceSettings, BusSettings, DatabaseSettings, VaultSettings):
    service: str = "trading"
    pace: Pace = Pace()
