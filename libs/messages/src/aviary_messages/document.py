"""``python -m aviary_messages.document`` prints ``docs/events.md``."""

import sys
from collections.abc import Iterator
from inspect import getdoc
from typing import Final, get_args

from pydantic.fields import FieldInfo

from aviary_common.bus import Event
from aviary_messages.events import ALL

HEADER: Final = """# Events

What Aviary's services publish on NATS JetStream (stream `AVIARY`, kept for seven days). Each message is JSON, delivered
at least once: whoever consumes it must not mind hearing it twice. Amounts and prices are exact decimals, written as
text; times are ISO 8601 in UTC. The header `x-request-id` names the request that caused the event.

This page is written from `libs/messages` by `make events`.
"""


def document() -> str:
    return HEADER + "".join(_section(kind) for kind in sorted(ALL, key=lambda kind: kind.subject))


def _section(kind: type[Event]) -> str:
    rows = "".join(_rows(kind.model_fields))
    return f"\n## `{kind.subject}`\n\n{getdoc(kind)}\n\n| field | type |\n|---|---|\n{rows}"


def _rows(fields: dict[str, FieldInfo]) -> Iterator[str]:
    for name, field in fields.items():
        plain = isinstance(field.annotation, type) and not get_args(field.annotation)
        kind = field.annotation.__name__ if plain and field.annotation else str(field.annotation)
        yield f"| {name} | {kind.replace('|', 'or').replace('decimal.', '')} |\n"


if __name__ == "__main__":
    sys.stdout.write(document())
