"""Real servers for other packages' tests: PostgreSQL, NATS and Valkey, configured as in the stack, gone afterwards.

    with servers(tmp_path) as s:
        engine = create_async_engine(s.database_url("trading"))

Start it from the main thread (the servers die with the thread that started them). Every call is its own set of
servers on ports of its own, so xdist workers need not agree on anything.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from aviary_local import postgres_home, secrets, state
from aviary_local.command import Command, Probe
from aviary_local.errors import ServerFailed
from aviary_local.nats import Nats
from aviary_local.ports import LOOPBACK, free_ports
from aviary_local.postgres import Postgres
from aviary_local.processes import family_of
from aviary_local.topology import BACKTESTING_WORKER, GATEWAY_PROXY, MARKET_DATA, MQTT_EDGE, service
from aviary_local.valkey import Valkey

_START_TIMEOUT_S = 30.0
_CHILDREN_TIMEOUT_S = 10.0


@dataclass
class Server:
    """One real server that a test may stop, kill and start again; its port and its data stay."""

    name: str
    port: int
    log: Path
    _command: Callable[[], Command]
    _probe: Probe
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Returns when it can be used."""
        self.launch()
        self.wait_ready()

    def stop(self) -> None:
        """As the launcher would, politely."""
        if self._process:
            self._process.send_signal(self._command().stop_signal)
            self._finish()

    def kill(self) -> None:
        """kill -9: what a crash looks like. Its own children, who would notice a moment later, are gone as well."""
        if self._process:
            left = family_of(self._process.pid)
            self._process.kill()
            self._finish()
            deadline = time.monotonic() + _CHILDREN_TIMEOUT_S
            while any(state.born(pid) is not None for pid in left) and time.monotonic() < deadline:
                time.sleep(0.01)

    def pause(self) -> None:
        """Alive but silent (SIGSTOP), until `resume`."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def launch(self) -> None:
        command = self._command()
        with self.log.open("ab") as log:
            self._process = _spawn(command, log)

    def wait_ready(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._probe():
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                raise ServerFailed(f"{self.name} did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.01)

    def _finish(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Servers:
    """`*_url` and friends are what the launcher would put into a service's environment."""

    postgres: Server
    nats: Server
    valkey: Server
    secrets: secrets.Secrets
    candles_directory: Path
    bots_directory: Path
    backtest_cache_directory: Path
    gateway_directory: Path
    bots_broker_port: int
    """Free for the bots' edge, whose environment names it; nobody listens there until a test starts one."""
    _postgres: Postgres
    _nats: Nats
    _valkey: Valkey

    def database_url(self, service_name: str) -> str:
        return self._postgres.url(service(service_name))

    @property
    def nats_servers(self) -> str:
        return self._nats.url

    def nats_user(self, service_name: str) -> tuple[str, str]:
        """The user name (which is the service's) and its password."""
        return service_name, self.secrets.nats_password(service(service_name))

    @property
    def mqtt_port(self) -> int:
        """NATS' own MQTT listener, which refuses Hummingbot's client ids."""
        return self._nats.mqtt_port

    @property
    def valkey_url(self) -> str:
        return self._valkey.url

    def environment(self, service_name: str) -> dict[str, str]:
        """What the launcher would pass to this service, without a place to listen and without the other services."""
        wanted = service(service_name)
        environment = {
            "AVIARY_SERVICE": service_name,
            "AVIARY_USERNAME": self.secrets.username,
            "AVIARY_PASSWORD": self.secrets.password,
            "AVIARY_VALKEY_URL": self.valkey_url,
        }
        if wanted.config_password:
            environment["AVIARY_CONFIG_PASSWORD"] = self.secrets.config_password
        if wanted.schema:
            environment["AVIARY_DATABASE_URL"] = self.database_url(service_name)
        if wanted is MARKET_DATA:
            environment["AVIARY_CANDLES_DIR"] = str(self.candles_directory)
        if wanted is BACKTESTING_WORKER:
            environment["AVIARY_BACKTEST_CACHE_DIR"] = str(self.backtest_cache_directory)
        if wanted.bots:
            environment |= {
                "AVIARY_BOTS_DIR": str(self.bots_directory),
                "AVIARY_BOTS_BROKER": f"{LOOPBACK}:{self.bots_broker_port}",
                "AVIARY_NATS_AUTH_PASSWORD": self.secrets.nats_auth_password,
                "AVIARY_NATS_OPS_PASSWORD": self.secrets.nats_ops_password,
                "AVIARY_NATS_CALLOUT_SEED": self.secrets.callout_seed,
            }
        if wanted.gateway:
            environment["AVIARY_GATEWAY_DIR"] = str(self.gateway_directory)
        if wanted is GATEWAY_PROXY:
            environment["AVIARY_GATEWAY_PASSPHRASE"] = self.secrets.gateway_passphrase
        if wanted is MQTT_EDGE:
            environment |= {
                "AVIARY_MQTT_LISTEN": f"{LOOPBACK}:{self.bots_broker_port}",
                "AVIARY_NATS_MQTT": f"{LOOPBACK}:{self.mqtt_port}",
            }
        if wanted.nats:
            user, password = self.nats_user(service_name)
            environment |= {
                "AVIARY_NATS_SERVERS": self.nats_servers,
                "AVIARY_NATS_USER": user,
                "AVIARY_NATS_PASSWORD": password,
            }
        return environment


@contextmanager
def servers(directory: Path, *, durable: bool = False) -> Iterator[Servers]:
    """One PostgreSQL, one NATS and one Valkey under `directory`, ready, with every service's role and schema.

    `durable` lets PostgreSQL sync to the disk as in the stack, which most tests do not need.
    """
    postgres_port, nats_port, monitor_port, mqtt_port, valkey_port, bots_broker_port = free_ports(6)
    made = secrets.in_memory()
    nats = Nats(directory / "nats", nats_port, monitor_port, mqtt_port, made)
    valkey = Valkey(directory / "valkey", valkey_port, made)
    with _postgres_folder() as folder:
        postgres = Postgres(folder, postgres_port, made, durable=durable)
        running = Servers(
            Server("postgres", postgres_port, directory / "postgres.log", postgres.command, postgres.is_ready),
            Server("nats", nats_port, directory / "nats.log", nats.command, nats.is_ready),
            Server("valkey", valkey_port, directory / "valkey.log", valkey.command, valkey.is_ready),
            made,
            directory / "candles",
            directory / "bots",
            directory / "backtest-cache",
            directory / "gateway",
            bots_broker_port,
            postgres,
            nats,
            valkey,
        )
        everything = (running.nats, running.valkey, running.postgres)
        try:
            for part in (nats, valkey, postgres):
                part.prepare()
            for server in everything:
                server.launch()
            for server in everything:
                server.wait_ready()
            postgres.provision()
            yield running
        finally:
            for server in everything:
                server.resume()
                server.kill()


@contextmanager
def _postgres_folder() -> Iterator[Path]:
    """Under the system's temporary folder: pytest's own is closed to the user that root runs PostgreSQL as."""
    with tempfile.TemporaryDirectory(prefix="aviary-postgres-", ignore_cleanup_errors=True) as name:
        if run_as := postgres_home.unprivileged():
            os.chown(name, run_as.uid, run_as.gid)
        yield Path(name)


def _spawn(command: Command, log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        command.guarded_argv(),
        cwd=command.cwd,
        env=dict(command.env),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
