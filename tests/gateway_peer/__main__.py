"""``python -m tests.gateway_peer --port 15888 --control-port 15889 --passphrase secret``: Gateway in development mode.

With ``--certificates`` it speaks HTTPS and wants a client certificate of the folder's CA; ``--dev`` overrides that.
Without a passphrase it says so and ends with code 0, as Gateway does. All is in memory, unless ``--state`` names a
file: then a new process finds the chains, the wallets, the settings and the lists of the last one.
"""

import argparse
import asyncio
import os
import signal
from functools import partial
from pathlib import Path

from tests.gateway_peer import keeping
from tests.gateway_peer.app import VERSION, gateway_app
from tests.gateway_peer.certificates import Certificates, refuse_unreadable
from tests.gateway_peer.config import shipped
from tests.gateway_peer.control import control_app
from tests.gateway_peer.journal import Journal
from tests.gateway_peer.listener import LOOPBACK, Listener, Tls, clients_of
from tests.gateway_peer.node import node_app
from tests.gateway_peer.wallets import Wallets
from tests.gateway_peer.world import Stage, World


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.gateway_peer", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default=LOOPBACK, help="where Gateway and the node listen")
    parser.add_argument("--control-port", type=int, required=True)
    parser.add_argument("--node-port", type=int)
    parser.add_argument("--certificates", type=Path)
    parser.add_argument("--passphrase", default=os.environ.get("GATEWAY_PASSPHRASE", ""))
    parser.add_argument("--logs", type=Path, help="a folder for the log's files")
    parser.add_argument("--state", type=Path, help="a file for what outlives the process")
    parser.add_argument("--dev", action="store_true", default=os.environ.get("GATEWAY_TEST_MODE") == "dev")
    return parser.parse_args()


def _nothing_is_kept(_world: World) -> None:
    return


class Peer:
    """Gateway, the node and the control plane in one process."""

    def __init__(self, told: argparse.Namespace, tls: Tls | None) -> None:
        node_url = f"http://{told.host}:{told.node_port}" if told.node_port else None
        self.stage = Stage(
            lambda: World(Wallets(told.passphrase), shipped(told.port, node_url)),
            Journal(told.logs),
            partial(keeping.save, file=told.state) if told.state else _nothing_is_kept,
        )
        if told.state:
            keeping.load(self.stage.world, told.state)
        self.gateway = Listener(gateway_app(self.stage, self.restart), told.port, tls, told.host)
        self.node = Listener(node_app(self.stage), told.node_port, host=told.host) if told.node_port else None
        self.control = Listener(control_app(self.stage, self.gateway, self.node), told.control_port)
        self._restarting: asyncio.Task[None] | None = None

    def restart(self) -> None:
        if self._restarting is None or self._restarting.done():
            self._restarting = asyncio.create_task(self._restart())

    async def _restart(self) -> None:
        await self.gateway.down()
        await asyncio.sleep(self.stage.world.timing.outage_s)
        self.stage.world.restart(clients_of(self.gateway.port))
        await self.gateway.up()

    async def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        ending = asyncio.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, ending.set)
        self.stage.clients_at_start = clients_of(self.gateway.port)
        listeners = [each for each in (self.control, self.node, self.gateway) if each is not None]
        for listener in listeners:
            await listener.up()
        self.stage.log("info", f"Gateway version {VERSION} starting at port {self.gateway.port}")
        await ending.wait()
        for listener in reversed(listeners):
            await listener.down()
        self.stage.save(self.stage.world)


def main() -> None:
    told = arguments()
    if not told.passphrase:
        Journal(told.logs).write("error", "The passphrase has to be provided by argument or GATEWAY_PASSPHRASE", 0)
        return
    tls = None
    if told.certificates is not None and not told.dev:
        tls = Tls(Certificates(told.certificates), told.passphrase)
        refuse_unreadable(tls.certificates, told.passphrase)
    asyncio.run(Peer(told, tls).run())


if __name__ == "__main__":
    main()
