"""Guessing is slowed down twice: by address, and by name from wherever the guesses come.

An address may be wrong ``login_attempts`` times in ``login_window_s``, then it is refused with the right password too.
A name that was wrong more than ``login_name_attempts`` times is refused for a time that doubles with each further
failure, but not where it has lately logged in: so a guesser elsewhere cannot lock a user out of where he works, and
who guesses from that very place still meets the first limit. Counts are shared through Valkey; in memory as well, so
that an outage of Valkey does not open the door.
"""

import math
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common import logs
from aviary_common.errors import TooManyRequests
from aviary_common.settings import ServiceSettings

log = logs.get(__name__)

MAX_REMEMBERED: Final = 10_000
COUNT_NAMES_S: Final = 3600
"""A name's failures are forgotten when there was none for so long."""
FIRST_LOCK_S: Final = 30
LONGEST_LOCK_S: Final = 900
KNOWN_PLACE_S: Final = 30 * 24 * 3600

_ADMIT: Final = """
return {tonumber(redis.call('get', KEYS[1]) or '0'), redis.call('ttl', KEYS[2]), redis.call('exists', KEYS[3])}
"""
_FAIL: Final = """
if redis.call('incr', KEYS[1]) == 1 then redis.call('expire', KEYS[1], ARGV[1]) end
if KEYS[2] == '' then return end
local wrong = redis.call('incr', KEYS[2])
redis.call('expire', KEYS[2], ARGV[2])
local beyond = wrong - tonumber(ARGV[3])
if beyond < 0 then return end
redis.call('set', KEYS[3], '1', 'ex', math.min(tonumber(ARGV[5]), tonumber(ARGV[4]) * 2 ^ math.min(beyond, 20)))
"""


@dataclass
class Counts:
    """Failures that end at a time; ``locked_until`` is a name's."""

    wrong: int = 0
    until: float = 0.0
    locked_until: float = 0.0


@dataclass(frozen=True)
class Standing:
    """How an address and a name stand."""

    wrong: int = 0
    locked_s: float = 0.0
    known_place: bool = False


@dataclass
class Local:
    """What this replica has seen itself."""

    counts: dict[str, Counts] = field(default_factory=dict)
    places: dict[str, float] = field(default_factory=dict)

    def standing(self, address: str, name: str | None, now: float) -> Standing:
        here = self.counts.get(address, Counts())
        named = self.counts.get(name or "", Counts())
        place = self.places.get(_place(name, address), 0.0) > now
        return Standing(here.wrong if here.until > now else 0, max(0.0, named.locked_until - now), place)

    def fail(self, key: str, lasting_s: float, now: float, *, slides: bool) -> Counts:
        """Count a failure; the time starts with the first one, or again with each (``slides``)."""
        if len(self.counts) >= MAX_REMEMBERED:
            self.counts = {name: entry for name, entry in self.counts.items() if entry.until > now}
        entry = self.counts.get(key)
        if entry is None or entry.until <= now:
            entry = self.counts[key] = Counts(until=now + lasting_s)
        entry.wrong += 1
        if slides:
            entry.until = now + lasting_s
        return entry

    def know(self, place: str, until: float) -> None:
        if len(self.places) >= MAX_REMEMBERED:
            self.places.clear()
        self.places[place] = until


class Throttle:
    def __init__(self, settings: ServiceSettings) -> None:
        self._attempts = settings.login_attempts
        self._window_s = settings.login_window_s
        self._name_attempts = settings.login_name_attempts
        self._cache: Redis | None = None
        self._local = Local()

    def connect(self, cache: Redis) -> None:
        self._cache = cache

    async def admit(self, client: str, user: str | None) -> None:
        """Raise ``TooManyRequests`` where no further attempt is looked at."""
        standing = await self._standing(_address(client), None if user is None else _name(user))
        if standing.wrong >= self._attempts:
            raise TooManyRequests(
                "Too many wrong logins from this address; wait a minute.", retry_after_s=math.ceil(self._window_s)
            )
        if standing.locked_s > 0 and not standing.known_place:
            raise TooManyRequests(
                "Too many wrong logins for this user; wait.",
                retry_after_s=math.ceil(standing.locked_s),
                code="user_locked",
            )

    async def failed(self, client: str, user: str | None) -> None:
        log.warning("wrong login", client=client)
        address, name, now = _address(client), None if user is None else _name(user), time.monotonic()
        self._local.fail(address, self._window_s, now, slides=False)
        if name is not None:
            entry = self._local.fail(name, COUNT_NAMES_S, now, slides=True)
            if (beyond := entry.wrong - self._name_attempts) >= 0:
                entry.locked_until = now + min(LONGEST_LOCK_S, FIRST_LOCK_S * 2 ** min(beyond, 20))
        keys = [address, name or "", f"{name}:lock" if name else ""]
        limits = [self._window_s, COUNT_NAMES_S, self._name_attempts, FIRST_LOCK_S, LONGEST_LOCK_S]
        await self._run(_FAIL, keys, *limits)

    async def succeeded(self, client: str, user: str) -> None:
        """Remember where the user works."""
        place = _place(_name(user), _address(client))
        self._local.know(place, time.monotonic() + KNOWN_PLACE_S)
        if self._cache is not None:
            try:
                await self._cache.set(place, "1", ex=KNOWN_PLACE_S)
            except RedisError as error:
                log.warning("logins are counted locally only", error=str(error))

    async def _standing(self, address: str, name: str | None) -> Standing:
        local = self._local.standing(address, name, time.monotonic())
        if local.wrong >= self._attempts:
            return local
        answer = await self._run(_ADMIT, [address, f"{name}:lock", _place(name, address)])
        if answer is None:
            return local
        wrong, locked_s, known = cast("list[int]", answer)
        return Standing(
            wrong=max(local.wrong, wrong),
            locked_s=max(local.locked_s, locked_s),
            known_place=bool(known) or local.known_place,
        )

    async def _run(self, script: str, keys: list[str], *arguments: int) -> object:
        """None also when Valkey is away."""
        if self._cache is None:
            return None
        try:
            return await self._cache.eval(script, len(keys), *keys, *arguments)  # type: ignore[misc,unused-ignore]
        except RedisError as error:
            log.warning("logins are counted locally only", error=str(error))
            return None


def _address(client: str) -> str:
    return f"login:failures:{client}"


def _name(user: str) -> str:
    """Digested: a name may be anything, also a password that was typed into the wrong field."""
    return f"login:name:{sha256(user.encode()).hexdigest()[:32]}"


def _place(name: str | None, address: str) -> str:
    return f"{name}:at:{address}"
