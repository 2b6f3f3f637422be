"""What the accounts service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings, VaultSettings


class AccountsSettings(ServiceSettings, BusSettings, DatabaseSettings, VaultSettings):
    service: str = "accounts"
    banned_tokens: tuple[str, ...] = ("NAV", "ARS", "ETHW", "ETHF")
    """Tokens that never count in a portfolio: worthless ones whose names collide."""
