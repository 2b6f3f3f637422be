"""The catalogue of connectors."""

from collections.abc import Sequence

from docs.site.tables import code, table

from aviary_exchange.catalogue import Connector, connectors


def page() -> str:
    real = [connector for connector in connectors() if not connector.paper]
    return "\n".join(
        [
            f"## Spot\n\n{_table([each for each in real if each.is_available and not each.is_perpetual])}",
            f"## Perpetuals\n\n{_table([each for each in real if each.is_available and each.is_perpetual])}",
            f"## Known by name only\n\n{_unavailable([each for each in real if not each.is_available])}",
        ]
    )


def _table(found: Sequence[Connector]) -> str:
    rows = [(code(each.name), _pair(each), _fields(each), _remark(each)) for each in found]
    return table(("connector", "a pair", "credential fields", "remarks"), rows)


def _unavailable(found: Sequence[Connector]) -> str:
    text = "Their credentials can be described and stored for bots; Aviary itself cannot talk to these venues.\n\n"
    return text + table(
        ("connector", "credential fields", "remarks"), [(code(c.name), _fields(c), _remark(c)) for c in found]
    )


def _pair(connector: Connector) -> str:
    return code(connector.example_pair or "")


def _fields(connector: Connector) -> str:
    return ", ".join(code(each.name) + ("" if each.required else " (optional)") for each in connector.fields)


def _remark(connector: Connector) -> str:
    remarks = [
        "test network" if connector.testnet else "",
        "hedge mode" if "HEDGE" in connector.position_modes else "",
        "market data only" if connector.market_data_only else "",
        connector.note or "",
    ]
    return "; ".join(filter(None, remarks))
