"""The running stack's REST API, as far as importing needs it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self

import httpx

from aviary_local.errors import LaunchError
from aviary_local.home import Home
from aviary_local.running_api import running_api

DEADLINE_S: Final = 90.0
"""A slow exchange may need this long to check credentials."""


@dataclass
class Target:
    client: httpx.Client
    _known: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of_running_stack(cls, home: Home, environment: Mapping[str, str]) -> Iterator[Self]:
        """NotRunning when there is none."""
        with running_api(home, environment, deadline_s=DEADLINE_S) as client:
            yield cls(client)

    def accounts(self) -> list[str]:
        return list(self._answer("GET", "/accounts"))

    def has(self, account_name: str, connector_name: str) -> bool:
        """Whether the credential is there already; LaunchError when nobody can tell."""
        if account_name not in self._known:
            exists = account_name in self.accounts()
            listed = self._answer("GET", f"/accounts/{account_name}/credentials") if exists else []
            self._known[account_name] = set(listed)
        return connector_name in self._known[account_name]

    def add_account(self, account_name: str) -> str | None:
        """Why not, or ``None``."""
        if account_name in self.accounts():
            return None
        return self._refusal("/accounts/add-account", {"account_name": account_name})

    def add(self, account_name: str, connector_name: str, fields: Mapping[str, str]) -> str | None:
        """Why not, or ``None``."""
        return self._refusal(f"/accounts/add-credential/{account_name}/{connector_name}", dict(fields))

    def _refusal(self, path: str, body: dict[str, Any]) -> str | None:
        try:
            answer = self.client.post(path, json=body)
        except httpx.HTTPError as error:
            return f"Aviary did not answer ({type(error).__name__})"
        return None if answer.is_success else _reason(answer)

    def _answer(self, method: str, path: str) -> Any:
        try:
            answer = self.client.request(method, path)
        except httpx.HTTPError as error:
            raise LaunchError(f"Aviary did not answer ({type(error).__name__}): aviary status tells more.") from None
        if not answer.is_success:
            raise LaunchError(_reason(answer))
        return answer.json()


def _reason(answer: httpx.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
    if isinstance(detail, list):
        return "; ".join(f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in detail)
    return str(detail)
