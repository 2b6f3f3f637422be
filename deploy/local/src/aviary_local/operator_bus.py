"""The `aviary` command's own way to ask a service over NATS, with rights to nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.errors import Error as NatsError

from aviary_common.bus import Bus
from aviary_local.errors import NotRunning
from aviary_local.nats import OPERATOR_USER
from aviary_local.ports import LOOPBACK
from aviary_local.secrets import Secrets


@asynccontextmanager
async def operator_bus(port: int, secrets: Secrets, host: str = LOOPBACK) -> AsyncIterator[Bus]:
    client = Client()
    try:
        await client.connect(
            f"nats://{host}:{port}",
            user=OPERATOR_USER,
            password=secrets.nats_operator_password,
            inbox_prefix=f"_INBOX.{OPERATOR_USER}".encode(),
            connect_timeout=5,
            reconnect_time_wait=1,
            max_reconnect_attempts=-1,
            error_cb=_silently,
        )
    except (NatsError, OSError, TimeoutError):
        raise NotRunning("NATS does not answer: aviary status tells more.") from None
    try:
        yield Bus(client, OPERATOR_USER)
    finally:
        await client.close()


async def _silently(_error: Exception) -> None:
    """The one who asks tells what went wrong."""
