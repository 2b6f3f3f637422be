"""A whole Aviary of its own for a test session or a bench: other ports, other data, the same command as a user's."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AVIARY = str(Path(sys.executable).with_name("aviary"))
BLOCK = 200
"""How many ports above its base a stack uses."""


@dataclass(frozen=True)
class Stack:
    home: Path
    port: int
    port_base: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.port_base + 90}"

    @property
    def login(self) -> tuple[str, str]:
        lines = (self.home / ".aviary" / "secrets.env").read_text().splitlines()
        secrets = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        return secrets["AVIARY_USERNAME"], secrets["AVIARY_PASSWORD"]

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One ``aviary`` command on this stack."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AVIARY_")}
        environment |= {
            "AVIARY_HOME": str(self.home),
            "AVIARY_PORT": str(self.port),
            "AVIARY_PORT_BASE": str(self.port_base),
        }
        done = subprocess.run([AVIARY, *arguments], env=environment, capture_output=True, text=True, timeout=180)
        if check and done.returncode:
            raise AssertionError(
                f"aviary {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.run("status", "--json", check=False).stdout)
        return status

    def logs(self, name: str) -> str:
        return "".join(path.read_text() for path in sorted((self.home / ".aviary" / "logs").glob(f"{name}*.log*")))


@contextmanager
def running_stack(home: Path, *options: str) -> Iterator[Stack]:
    """Up, ready, and down again at the end whatever happens."""
    base = _free_block()
    stack = Stack(home, base + BLOCK - 1, base)
    try:
        stack.run("up", "--detach", *options)
        yield stack
    finally:
        stack.run("down", check=False)


def _free_block() -> int:
    """A base whose whole block nobody listens on now; stacks beside each other start looking at different places."""
    start = 20_000 + (os.getpid() * 7 % 50) * BLOCK
    for base in [*range(start, 31_000 - BLOCK, BLOCK), *range(20_000, start, BLOCK)]:
        if all(_is_free(base + offset) for offset in (1, 22, 23, 24, 32, 79, 90, *range(100, 170), BLOCK - 1)):
            return base
    raise RuntimeError("no free ports for a stack")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
