"""Gateway's settings: read with their keys hidden, written one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aviary_common.errors import AviaryError, BadRequest, Unprocessable
from aviary_gateway_proxy.configuration.hidden import HIDDEN, hidden, hidden_value, holds_hidden
from aviary_gateway_proxy.names import NetworkId, camel, in_our_words, snake
from aviary_gateway_proxy.upstream.client import Gateway

API_KEYS: Final = "apiKeys"


@dataclass(frozen=True)
class Change:
    namespace: str
    path: str
    value: Any


class Configuration:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def read(self, namespace: str) -> dict[str, Any]:
        """Gateway's own names and values, keys included: not for answers."""
        found: dict[str, Any] = await self._gateway.get("/config", {"namespace": namespace})
        return found

    async def show(self, namespace: str) -> dict[str, Any]:
        """For answers: names in snake case, providers' keys hidden."""
        shown: dict[str, Any] = in_our_words(hidden(await self.read(namespace)))
        return shown

    async def show_keys(self) -> dict[str, str]:
        """Which providers have a key: ``***``, or empty. The names are the providers' own."""
        keys = await self.read(API_KEYS)
        return {name: HIDDEN if value else "" for name, value in keys.items()}

    async def change(self, namespace: str, wanted: Mapping[str, Any]) -> list[str]:
        """Write settings, whose names are in snake or camel case; a hidden value that comes back as it was shown stays
        what it is. Returns the names that were written, as Gateway has them."""
        present = await self.read(namespace)
        return await self._write(_changes(namespace, present, wanted, is_secret=namespace == API_KEYS))

    async def change_network(self, where: NetworkId, wanted: Mapping[str, Any]) -> list[str]:
        """Gateway shows a network's settings together with its chain's; each goes to where it belongs."""
        present, of_chain = await self.read(str(where)), await self.read(where.chain)
        changes = [
            Change(where.chain if each.path in of_chain else each.namespace, each.path, each.value)
            for each in _changes(str(where), present, wanted)
        ]
        return await self._write(changes)

    async def _write(self, changes: list[Change]) -> list[str]:
        written: list[str] = []
        for each in changes:
            body = {"namespace": each.namespace, "path": each.path, "value": each.value}
            try:
                await self._gateway.post("/config/update", body)
            except BadRequest as error:
                raise _refused(error, each, written) from None
            written.append(each.path)
        return written


def _changes(
    namespace: str, present: Mapping[str, Any], wanted: Mapping[str, Any], *, is_secret: bool = False
) -> list[Change]:
    if not wanted:
        raise Unprocessable("There is nothing to change in an empty object.", code="nothing_to_change")
    names = {snake(name): name for name in present}
    changes = []
    for given, value in wanted.items():
        path = given if given in present else names.get(snake(given), camel(given))
        if value is None or isinstance(value, Mapping):
            raise Unprocessable(f"{given} must be a plain value.", code="not_a_value")
        if not holds_hidden(value):
            changes.append(Change(namespace, path, value))
        elif value != hidden_value(path, present.get(path), is_secret=is_secret):
            raise Unprocessable(f"{given} holds {HIDDEN}: write the whole value.", code="hidden_value")
    return changes


def _refused(error: BadRequest, change: Change, written: list[str]) -> AviaryError:
    """Gateway's words without the value, which may be a key."""
    value = str(change.value)
    words = error.detail.replace(value, HIDDEN) if len(value) > 3 else error.detail
    before = f" Written before it: {', '.join(written)}." if written else ""
    return BadRequest(f"{change.namespace}.{change.path}: {words}{before}", code=error.code)
