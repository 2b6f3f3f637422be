"""`aviary panic`: stop accounts now, and keep asking until nothing is open."""

import time
from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table

from aviary_local.running_api import Api, NotReached

DEADLINE_S: Final = 60.0
"""For one call: it cancels every order of every account."""
GIVE_UP_S: Final = 60.0
AGAIN_S: Final = 1.0

Json = dict[str, Any]


def stop(api: Api, accounts: Sequence[str], *, flatten: bool) -> Json:
    """The last report: of everything cleared, or of what is still open after a minute. An outage is waited out as
    long; raises ``NotReached`` when nobody answered at all."""
    body: Json = {"flatten": flatten, "reason": "aviary panic"}
    if accounts:
        body["account_names"] = list(accounts)
    until = time.monotonic() + GIVE_UP_S
    report: Json | None = None
    while True:
        try:
            report = _added_up(report, api.ask("POST", "/trading/panic", json=body).json())
            if is_clear(report):
                return report
        except NotReached:
            if report is None and time.monotonic() > until:
                raise
        if report is not None and time.monotonic() > until:
            return report
        time.sleep(AGAIN_S)


def release(api: Api, accounts: Sequence[str]) -> list[str]:
    """The accounts that were halted and are no more."""
    body = {"account_names": list(accounts)} if accounts else {}
    released: list[str] = api.ask("POST", "/trading/panic/release", json=body).json()["released"]
    return released


def is_clear(report: Json) -> bool:
    return not any(item["still_open"] or item["problem"] for item in report["connectors"])


def table(report: Json) -> Table:
    found = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("ACCOUNT", "CONNECTOR", "CANCELLED", "STILL OPEN", "CLOSED", ""):
        found.add_column(column, overflow="fold")
    for item in report["connectors"]:
        closed = ", ".join(
            f"{each['side'].lower()} {each['amount']} {each['trading_pair']}" for each in item["closing"]
        )
        trouble = f"[red]{item['problem']}[/]" if item["problem"] else ""
        counts = (str(item["cancelled"]), str(item["still_open"]))
        found.add_row(item["account_name"], item["connector_name"], *counts, closed or "-", trouble)
    return found


def _added_up(earlier: Json | None, report: Json) -> Json:
    """Each report counts what its own call did."""
    known_items = [] if earlier is None else earlier["connectors"]
    before = {(item["account_name"], item["connector_name"]): item for item in known_items}
    for item in report["connectors"]:
        known = before.get((item["account_name"], item["connector_name"]))
        if known is not None:
            item["cancelled"] += known["cancelled"]
            item["closing"] = known["closing"] + item["closing"]
    return report
