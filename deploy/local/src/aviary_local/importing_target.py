"""The running stack's REST API, as far as importing needs it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self

from aviary_local.errors import LaunchError
from aviary_local.home import Home
from aviary_local.running_api import Api, running_api

DEADLINE_S: Final = 90.0
"""A slow exchange may need this long to check credentials."""


@dataclass
class Target:
    api: Api
    _known: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of_running_stack(cls, home: Home, environment: Mapping[str, str]) -> Iterator[Self]:
        """NotRunning when there is none."""
        with running_api(home, environment, deadline_s=DEADLINE_S) as api:
            yield cls(api)

    def accounts(self) -> list[str]:
        return list(self._answer("/accounts"))

    def has(self, account_name: str, connector_name: str) -> bool:
        """Whether the credential is there already; LaunchError when nobody can tell."""
        if account_name not in self._known:
            exists = account_name in self.accounts()
            listed = self._answer(f"/accounts/{account_name}/credentials") if exists else []
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
            self.api.ask("POST", path, json=body)
        except LaunchError as error:
            return str(error)
        return None

    def _answer(self, path: str) -> Any:
        return self.api.ask("GET", path).json()
