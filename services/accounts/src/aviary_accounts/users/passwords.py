"""Argon2id, a few at a time: each takes 19 MiB and a tenth of a second of a core, and so would be a lever for whoever
wants to keep this service busy."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from aviary_common.errors import TooManyRequests

T = TypeVar("T")

MEMORY_KIB: Final = 19_456
ITERATIONS: Final = 2
LANES: Final = 1
"""What OWASP recommends."""
AT_ONCE: Final = 2
WAITING_MAX: Final = 8
"""More are told to come again: whoever asks waits a few seconds at most."""


def _derive(password: str) -> str:
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return kdf.derive_phc_encoded(password.encode())


def _verify(password: str, verifier: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), verifier)
    except InvalidKey:
        return False
    return True


class Passwords:
    """``matches`` takes as long for a user that does not exist (``None``)."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._waiting = 0
        self._nobody = _derive(os.urandom(16).hex())

    async def verifier(self, password: str) -> str:
        return await self._run(_derive, password)

    async def matches(self, password: str, verifier: str | None) -> bool:
        return await self._run(_verify, password, verifier or self._nobody) and verifier is not None

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def _run(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= WAITING_MAX:
            raise TooManyRequests("Too many logins are being checked; try again in a moment.", retry_after_s=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1
