"""``python -m aviary_local.chart``: the table that the Helm chart is filled from, its ``files/topology.yaml``.

So that Kubernetes gets the routes, rights and variables that ``make start`` gives, from the same place.
``python -m aviary_local.chart secrets FILE`` makes secrets for ``kubectl create secret generic --from-env-file``.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from aviary_local import nats, secrets, traefik
from aviary_local.topology import (
    BACKTESTING_WORKER,
    DATABASE,
    EXCHANGE_BASE_URLS,
    MARKET_DATA,
    PORTAL,
    SANDBOX,
    SERVICES,
    SUPERUSER,
    Service,
    with_nats,
)

_HEAD = "# Written by `make chart` from deploy/local (topology.py, nats.py, traefik.py): do not edit.\n"
_FLAGS = ("config_password", "cache", "login", "exchanges", "bots", "gateway", "candles", "directory")


def document() -> str:
    return _HEAD + yaml.safe_dump(table(), sort_keys=False, width=120)


def table() -> dict[str, Any]:
    return {
        "database": DATABASE,
        "superuser": SUPERUSER,
        "hiddenPaths": list(traefik.NEVER_OUTSIDE),
        "nowhere": traefik.NOWHERE,
        "serviceHeader": traefik.UNAVAILABLE_HEADER,
        "retry": traefik.RETRY,
        "words": {name: traefik.words(PORTAL, "")[name] for name in ("status", "statusRewrites")},
        "wordsPath": traefik.WORDS_PATH,
        "transport": traefik.TRANSPORT,
        "venues": {connector: venue.name for connector, venue in EXCHANGE_BASE_URLS.items()},
        "nats": {
            "users": [each.name for each in with_nats()],
            "operatorRights": list(nats.OPERATOR_RIGHTS),
            "consumersMax": nats.CONSUMERS_MAX,
        },
        "services": {each.name: _row(each) for each in SERVICES},
    }


def _row(service: Service) -> dict[str, Any]:
    row: dict[str, Any] = {"package": service.package, "replicasMax": service.replicas_max}
    row |= {_camel(flag): True for flag in _FLAGS if getattr(service, flag)}
    row |= {"prefixes": list(service.prefixes)} if service.prefixes else {}
    row |= {"schema": service.schema, "role": service.role} if service.schema else {}
    if service.nats:
        row |= {"publish": list(nats.publish_rights(service)), "subscribe": list(nats.subscribe_rights(service))}
    if folders := _folders(service):
        row["folders"] = folders
    return row


def _folders(service: Service) -> dict[str, str]:
    """Volumes by the variable that names their place."""
    of_one = {
        MARKET_DATA: {"AVIARY_CANDLES_DIR": "candles"},
        BACKTESTING_WORKER: {"AVIARY_BACKTEST_CACHE_DIR": "backtest-cache"},
        SANDBOX: {"AVIARY_SANDBOX_DATA_DIR": "sandbox-exchange"},
    }
    bots = {"AVIARY_BOTS_DIR": "bots"} if service.bots else {}
    gateway = {"AVIARY_GATEWAY_DIR": "gateway"} if service.gateway else {}
    return of_one.get(service, {}) | bots | gateway


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def main() -> None:
    if sys.argv[1:2] == ["secrets"]:
        secrets.load(Path(sys.argv[2]), {})
        return
    sys.stdout.write(document())


if __name__ == "__main__":
    main()
