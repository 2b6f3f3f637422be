"""Streams are made by whoever needs them first."""

from typing import Final

from nats.js.api import StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import BadRequestError

EXISTS_OTHERWISE: Final = 10058
"""A stream of this name has another configuration."""


async def ensure(jetstream: JetStreamContext, config: StreamConfig) -> None:
    """Make the stream, or give it this configuration: settings may have changed since it was made."""
    try:
        await jetstream.add_stream(config)
    except BadRequestError as error:
        if error.err_code != EXISTS_OTHERWISE:
            raise
        await jetstream.update_stream(config)
