"""Opens connectors by name."""

from collections.abc import Mapping

from aviary_common.rates.budget import SharedWindow
from aviary_exchange.catalogue import Connector, find
from aviary_exchange.credentials import resolve
from aviary_exchange.errors import UnknownConnector
from aviary_exchange.port import PrivateExchange, PublicExchange
from aviary_exchange.renamed import RenamedExchange
from aviary_exchange.settings import ExchangeSettings


def open_public(connector_name: str, settings: ExchangeSettings) -> PublicExchange:
    """Market data of a connector; returns at once, the first call connects. A paper connector's are its venue's.

    Raises ``UnknownConnector`` when there is no such connector or it cannot be used yet.
    """
    from aviary_exchange.ccxt_adapter.public import CcxtPublicExchange  # ccxt costs memory: load it only when used

    connector = find(connector_name)
    if connector.underlying is not None:
        return RenamedExchange(connector.name, open_public(connector.underlying, settings))
    return CcxtPublicExchange(_usable(connector_name, settings), settings)


def open_private(
    connector_name: str,
    credentials: Mapping[str, str],
    settings: ExchangeSettings,
    *,
    window: SharedWindow | None = None,
) -> PrivateExchange:
    """One account at a connector, with credentials under config-map or generic names.

    ``window`` is the rate window that this process shares with others, if it does.

    Raises ``UnknownConnector`` as above, and ``InvalidCredentials`` without asking the venue.
    """
    from aviary_exchange.ccxt_adapter.private import CcxtPrivateExchange

    connector = _usable(connector_name, settings)
    if connector.paper:
        raise UnknownConnector(f"{connector.name} has no account at a venue: paper trading is simulated by trading.")
    if connector.market_data_only:
        raise UnknownConnector(f"{connector.name} cannot be traded on yet. {connector.note or ''}".strip())
    return CcxtPrivateExchange(connector, resolve(connector, credentials), settings, window)


def _usable(connector_name: str, settings: ExchangeSettings) -> Connector:
    connector = find(connector_name)
    if not connector.is_available:
        raise UnknownConnector(f"{connector.name} cannot be used yet. {connector.note or ''}".strip())
    if connector.name.startswith("sandbox") and connector.name not in settings.base_urls:
        raise UnknownConnector(f"{connector.name} needs its address in AVIARY_EXCHANGE_BASE_URLS.")
    return connector
