"""Users and keys for tests, and clients that log in as them."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Logins:
    """Made by ``api``, the first user; ``remove`` when the test is over."""

    api: httpx.AsyncClient
    users: list[str] = field(default_factory=list)

    async def user(self, scope: str, accounts: list[str] | None = None) -> tuple[str, str]:
        """Name and password."""
        name, password = f"user-{secrets.token_hex(6)}", secrets.token_urlsafe(18)
        body = {"name": name, "password": password, "scope": scope, "accounts": accounts}
        answer = await self.api.post("/users", json=body)
        assert answer.status_code == 201, answer.text
        self.users.append(name)
        return name, password

    async def key(self, login: tuple[str, str] | None = None, **wanted: Any) -> dict[str, Any]:
        auth = httpx.USE_CLIENT_DEFAULT if login is None else httpx.BasicAuth(*login)
        answer = await self.api.post("/api-keys", json={"name": "a test's", **wanted}, auth=auth)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def remove(self) -> None:
        for name in self.users:
            assert (await self.api.delete(f"/users/{name}")).status_code in {200, 404}
