"""Gateway's container: what it may see and use of the machine, and how it looks from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

from docker import DockerClient
from docker.types import LogConfig

from aviary_messages.questions import GatewayContainer
from aviary_orchestration.engine.containers import GATEWAY
from aviary_orchestration.gateway.folder import MOUNTED, GatewayFolder
from aviary_orchestration.gateway.settings import HOST, GatewaySettings

HOME: Final = "/home/gateway"
PORT: Final = 15888
"""Where Gateway listens, unless its ``conf/server.yml`` says otherwise."""
LOOPBACK: Final = "127.0.0.1"
ALIAS: Final = "gateway"
PASSPHRASE: Final = "GATEWAY_PASSPHRASE"
PORT_LABEL: Final = f"{GATEWAY}.port"
SECURE, DEV = "secure", "dev"

MEGABYTE: Final = 1024**2
PROCESSES: Final = 512
CAPABILITIES: Final = ["CHOWN", "DAC_OVERRIDE", "FOWNER"]
"""Its root may use the folders of the user that Aviary runs as, and nothing else that root may do."""
NEVER: Final = "0001-01-01"
"""How Docker writes the time of what has not happened."""


@dataclass(frozen=True)
class Spec:
    image: str
    port: int
    dev_mode: bool
    passphrase: str = field(repr=False)


def create(spec: Spec, folder: GatewayFolder, settings: GatewaySettings, labels: dict[str, str]) -> partial[Any]:
    """The call that makes it, for the engine. It comes back after a crash and with the engine, but not once it has been
    stopped."""
    mode = DEV if spec.dev_mode else SECURE
    return partial(
        _create,
        network=settings.gateway_network,
        image=spec.image,
        name=settings.gateway_container,
        environment={PASSPHRASE: spec.passphrase, "DEV": str(spec.dev_mode).lower()},
        labels={**labels, GATEWAY: mode, PORT_LABEL: str(spec.port)},
        volumes={str(folder.host / name): {"bind": f"{HOME}/{name}", "mode": how} for name, how in MOUNTED.items()},
        ports={} if settings.gateway_on_host else {f"{PORT}/tcp": (LOOPBACK, spec.port)},
        mem_limit=settings.gateway_memory_mb * MEGABYTE,
        nano_cpus=int(settings.gateway_cpus * 1e9),
        pids_limit=PROCESSES,
        restart_policy={"Name": "unless-stopped"},
        cap_drop=["ALL"],
        cap_add=CAPABILITIES,
        security_opt=["no-new-privileges"],
        log_config=LogConfig(type="json-file", config={"max-size": "10m", "max-file": "5"}),
    )


def _create(client: DockerClient, *, network: str | None, **options: Any) -> str:
    if network == HOST:
        options["network_mode"] = network
    elif network is not None:
        options["network"] = network
        options["networking_config"] = {network: client.api.create_endpoint_config(aliases=[ALIAS])}
    return str(client.containers.create(**options).id)


def seen(found: Mapping[str, Any], settings: GatewaySettings) -> GatewayContainer:
    """From what Docker tells of one container."""
    config, state = found["Config"], found["State"]
    dev_mode, port = config["Labels"][GATEWAY] == DEV, int(config["Labels"][PORT_LABEL])
    return GatewayContainer(
        id=found["Id"],
        image=config["Image"],
        status=state["Status"],
        created_at=datetime.fromisoformat(found["Created"]),
        started_at=None if state["StartedAt"].startswith(NEVER) else datetime.fromisoformat(state["StartedAt"]),
        restarts=found["RestartCount"],
        dev_mode=dev_mode,
        port=port,
        url=f"{'http' if dev_mode else 'https'}://{_place(port, settings)}",
    )


def _place(port: int, settings: GatewaySettings) -> str:
    if settings.gateway_network is None or settings.gateway_on_host:
        return f"{LOOPBACK}:{port}"
    return f"{ALIAS}:{PORT}"


def passphrase_of(found: Mapping[str, Any]) -> str | None:
    pairs = (each.partition("=") for each in found["Config"]["Env"] or ())
    return next((value for name, _, value in pairs if name == PASSPHRASE), None)
