"""What the trading service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings, VaultSettings


class TradingSettings(ServiceSettings, BusSettings, DatabaseSettings, VaultSettings):
    service: str = "trading"
