"""Whom log lines are about."""

import asyncio
import io
import json
import subprocess
import sys

from aviary_common import context, logs


def test_names_are_told_within_their_block_only() -> None:
    with context.about(client_order_id="one", bot_name=None):
        with context.about(bot_name="first"):
            assert context.subjects() == {"client_order_id": "one", "bot_name": "first"}
        assert context.subjects() == {"client_order_id": "one"}
    assert context.subjects() == {}


def test_what_is_noted_stays_in_the_enclosing_block() -> None:
    with context.about():
        context.note(client_order_id="one")
        with context.about():
            context.note(client_order_id="two")
        assert context.subjects() == {"client_order_id": "one"}
    context.note(client_order_id="three")
    assert context.subjects() == {}


async def test_tasks_of_the_block_tell_them_too() -> None:
    async def noted() -> None:
        context.note(client_order_id="one")

    with context.about():
        await asyncio.create_task(noted())
        assert context.subjects() == {"client_order_id": "one"}


def test_headers_bring_them_over() -> None:
    with context.about(client_order_id="one"):
        headers = context.carried()
    assert context.brought(headers) == {"client_order_id": "one"}
    assert context.brought(None) == {}


def test_every_line_tells_them() -> None:
    stream = io.StringIO()
    logs.configure("testing", stream=stream)
    with context.about(client_order_id="one"):
        logs.get("test").info("hello")
        logs.get("test").info("hello", client_order_id="its own")
    assert [json.loads(line)["client_order_id"] for line in stream.getvalue().splitlines()] == ["one", "its own"]


def test_without_an_endpoint_no_opentelemetry_sdk_is_loaded() -> None:
    """But for the parts that FastAPI itself loads."""
    code = "import sys; from aviary_common import serve, service, tracing; tracing.configure('a', 'b')"
    found = "print([name for name in sys.modules if name.startswith('opentelemetry.sdk') and sys.modules[name]])"
    told = subprocess.run(
        [sys.executable, "-c", f"{code}; {found}"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"
