"""A bot's container: what it may see and use of the machine."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from docker import DockerClient
from docker.types import LogConfig

from aviary_orchestration.deployments.settings import DeploymentSettings
from aviary_orchestration.engine.containers import BOT
from aviary_orchestration.folder import CONTROLLER_TYPES, BotsFolder

HOME: Final = "/home/hummingbot"
MEGABYTE: Final = 1024**2
PROCESSES: Final = 512
CAPABILITIES: Final = ["CHOWN", "DAC_OVERRIDE", "FOWNER"]
"""Its root may use the folders of the user that Aviary runs as, and nothing else that root may do."""


@dataclass(frozen=True)
class Spec:
    bot_name: str
    image: str
    script_config_name: str | None
    headless: bool
    password: str


def create(
    spec: Spec, folder: BotsFolder, host: BotsFolder, settings: DeploymentSettings, labels: dict[str, str]
) -> partial[Any]:
    """The call that makes it, for the engine. ``host`` is the folder as the engine's machine names it."""
    environment = {"CONFIG_PASSWORD": spec.password}
    if spec.script_config_name is not None:
        environment["SCRIPT_CONFIG"] = f"{spec.script_config_name}.yml"
    if spec.headless:
        environment["HEADLESS_MODE"] = "true"
    return partial(
        _create,
        image=spec.image,
        name=spec.bot_name,
        environment=environment,
        labels={**labels, BOT: spec.bot_name},
        volumes=_volumes(spec, folder, host, settings),
        tty=not spec.headless,
        stdin_open=not spec.headless,
        network_mode=settings.bot_network,
        mem_limit=settings.bot_memory_mb * MEGABYTE,
        nano_cpus=int(settings.bot_cpus * 1e9),
        pids_limit=PROCESSES,
        restart_policy=_restarts(settings.bot_restarts),
        cap_drop=["ALL"],
        cap_add=CAPABILITIES,
        security_opt=["no-new-privileges"],
        log_config=LogConfig(type="json-file", config={"max-size": "10m", "max-file": "5"}),
    )


def _create(client: DockerClient, **options: Any) -> str:
    return str(client.containers.create(**options).id)


def _restarts(times: int) -> dict[str, Any]:
    return {"Name": "on-failure", "MaximumRetryCount": times} if times else {"Name": "no"}


def _volumes(spec: Spec, folder: BotsFolder, host: BotsFolder, settings: DeploymentSettings) -> dict[str, Any]:
    """Its own folders to write, the user's sources to read beside those that the image brings."""
    instance = host.instance(spec.bot_name)
    found = {str(instance / name): {"bind": f"{HOME}/{name}", "mode": "rw"} for name in ("conf", "data", "logs")}
    for place in (folder.scripts, *(folder.controllers / kind for kind in CONTROLLER_TYPES)):
        for source in sorted(place.glob("[!._]*")):
            inside = source.relative_to(folder.root)
            found[str(host.root / inside)] = {"bind": f"{HOME}/{inside}", "mode": "ro"}
    if settings.bot_certificates_dir is not None:
        found[str(_on_host(settings.bot_certificates_dir, folder, host))] = {"bind": f"{HOME}/certs", "mode": "ro"}
    return found


def _on_host(path: Path, folder: BotsFolder, host: BotsFolder) -> Path:
    return host.root / path.relative_to(folder.root) if path.is_relative_to(folder.root) else path
