"""The events as an AsyncAPI document: one channel, one message and one operation per subject."""

from inspect import getdoc
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from aviary_common import __version__
from aviary_common.bus import Event
from aviary_messages.events import ALL

Document = dict[str, Any]

_SCHEMAS: Final = "#/components/schemas/"
_DESCRIPTION: Final = (
    "What Aviary's services publish on NATS JetStream (stream `AVIARY`, kept for seven days), each at least once. "
    "Amounts and prices are exact decimals, written as text; times are ISO 8601 in UTC. Bots speak MQTT below `hbot/`, "
    "in Hummingbot's own words, and are not described here."
)
_HEADERS: Final[Document] = {
    "type": "object",
    "properties": {
        "Nats-Msg-Id": {"type": "string", "description": "The same when the event is delivered again."},
        "x-request-id": {"type": "string", "description": "The request that caused the event."},
    },
}


def document() -> Document:
    kinds = sorted(ALL, key=lambda kind: kind.subject)
    _, schemas = models_json_schema([(kind, "serialization") for kind in kinds], ref_template=_SCHEMAS + "{model}")
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Aviary's events", "version": __version__, "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "local": {
                "host": "127.0.0.1:{port}",
                "protocol": "nats",
                "description": "AVIARY_PORT_BASE + 22; each service has a user of its own.",
                "variables": {"port": {"default": "18022"}},
                "security": [{"$ref": "#/components/securitySchemes/service"}],
            }
        },
        "channels": {kind.__name__: _channel(kind) for kind in kinds},
        "operations": {f"publish{kind.__name__}": _operation(kind) for kind in kinds},
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in kinds},
            "schemas": dict(sorted(schemas["$defs"].items())),
            "securitySchemes": {"service": {"type": "userPassword"}},
        },
    }


def _channel(kind: type[Event]) -> Document:
    name = kind.__name__
    return {"address": kind.subject, "messages": {name: {"$ref": f"#/components/messages/{name}"}}}


def _operation(kind: type[Event]) -> Document:
    channel = f"#/channels/{kind.__name__}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{kind.__name__}"}],
    }


def _message(kind: type[Event]) -> Document:
    return {
        "name": kind.__name__,
        "summary": " ".join((getdoc(kind) or "").split()),
        "headers": _HEADERS,
        "payload": {"$ref": _SCHEMAS + kind.__name__},
    }
