"""`aviary panic`: stop accounts now, and keep asking until nothing is open."""

import time
from collections.abc import Sequence
from typing import Any, Final

import httpx
from rich.table import Table

from aviary_local.errors import LaunchError

DEADLINE_S: Final = 60.0
"""For one call: it cancels every order of every account."""
GIVE_UP_S: Final = 60.0
AGAIN_S: Final = 1.0

Json = dict[str, Any]


class NotReached(LaunchError):
    """Trading did not answer, or could not say; asking again is harmless."""


def stop(api: httpx.Client, accounts: Sequence[str], *, flatten: bool) -> Json:
    """The last report: of everything cleared, or of what is still open after a minute. An outage is waited out as
    long; raises ``NotReached`` when nobody answered at all."""
    body: Json = {"flatten": flatten, "reason": "aviary panic"}
    if accounts:
        body["account_names"] = list(accounts)
    until = time.monotonic() + GIVE_UP_S
    report: Json | None = None
    while True:
        try:
            report = _added_up(report, _answer(api, "/trading/panic", body))
            if is_clear(report):
                return report
        except NotReached:
            if report is None and time.monotonic() > until:
                raise
        if report is not None and time.monotonic() > until:
            return report
        time.sleep(AGAIN_S)


def release(api: httpx.Client, accounts: Sequence[str]) -> list[str]:
    """The accounts that were halted and are no more."""
    body = {"account_names": list(accounts)} if accounts else {}
    released: list[str] = _answer(api, "/trading/panic/release", body)["released"]
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


def _answer(api: httpx.Client, path: str, body: Json) -> Json:
    try:
        answer = api.post(path, json=body)
    except httpx.TransportError as error:
        raise NotReached(f"Aviary did not answer ({type(error).__name__}).") from error
    if answer.status_code >= 500:
        raise NotReached(f"Trading answered {answer.status_code}.")
    if not answer.is_success:
        raise LaunchError(f"Trading answered {answer.status_code}: {answer.json().get('detail', answer.text)}")
    found: Json = answer.json()
    return found
