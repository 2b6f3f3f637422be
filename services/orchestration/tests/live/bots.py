"""What tests do with bots, and see of them."""

import secrets
from dataclasses import dataclass
from typing import Any

import httpx
from docker import DockerClient
from docker.errors import NotFound as NoContainer

from aviary_orchestration.folder import BotsFolder
from aviary_testing.waiting import eventually

Json = dict[str, Any]


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return answer.json()


@dataclass(frozen=True)
class Bots:
    api: httpx.AsyncClient
    docker: DockerClient
    folder: BotsFolder

    async def deploy(self, *, controllers: int = 1, **script: Any) -> str:
        """A bot with controllers; ``script`` goes into its script config. Returns when it has been heard."""
        name = await self.deploy_silent(controllers=controllers, **script)
        await self.until(name, lambda status: status["recently_active"])
        return name

    async def deploy_silent(self, *, controllers: int = 1, **script: Any) -> str:
        asked = f"bot{secrets.token_hex(3)}"
        configs = []
        for number in range(controllers):
            config = f"{asked}_c{number}"
            content = {"controller_name": "pmm_simple", "controller_type": "market_making", "total_amount_quote": 100}
            ok(await self.api.post(f"/controllers/configs/{config}", json=content))
            configs.append(f"{config}.yml")
        ok(
            await self.api.post(
                f"/scripts/configs/{asked}",
                json={"script_file_name": "v2_with_controllers.py", "controllers_config": configs, **script},
            )
        )
        body = {"instance_name": asked, "credentials_profile": "master_account", "script_config": asked}
        deployed = ok(await self.api.post("/bot-orchestration/deploy-v2-script", json={**body, "headless": True}))
        return str(deployed["unique_instance_name"])

    async def status(self, name: str) -> Json:
        return dict(ok(await self.api.get(f"/bot-orchestration/{name}/status"))["data"])

    async def run(self, name: str) -> Json:
        (found,) = ok(await self.api.get("/bot-orchestration/bot-runs", params={"bot_name": name}))["data"]
        return dict(found)

    async def until(self, name: str, holds: Any) -> Json:
        """The status for which it holds."""
        found: Json = {}

        async def look() -> bool:
            found.clear()
            found.update(await self.status(name))
            return bool(holds(found))

        await eventually(look)
        return found

    async def until_run(self, name: str, **values: Any) -> Json:
        found: Json = {}

        async def look() -> bool:
            found.clear()
            found.update(await self.run(name))
            return values.items() <= found.items()

        try:
            await eventually(look)
        except TimeoutError:
            raise AssertionError(f"{name} did not become {values}: {found}") from None
        return found

    def container_status(self, name: str) -> str | None:
        try:
            return str(self.docker.api.inspect_container(name)["State"]["Status"])
        except NoContainer:
            return None
