"""Where Gateway is: asked now and then, and again when it may have moved."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from aviary_common.errors import Unavailable
from aviary_gateway_proxy.lifecycle.certificates import Certificates
from aviary_gateway_proxy.lifecycle.finder import FRESH_S, ContainerFinder
from aviary_gateway_proxy.lifecycle.orchestration import Orchestration
from aviary_messages.questions import GatewayContainer

BEGAN = datetime(2026, 11, 23, tzinfo=UTC)


def container(status: str = "running", *, dev_mode: bool = False) -> GatewayContainer:
    return GatewayContainer(
        id="a",
        image="b",
        status=status,
        created_at=BEGAN,
        started_at=BEGAN,
        restarts=0,
        dev_mode=dev_mode,
        port=15888,
        url="http://127.0.0.1:15888" if dev_mode else "https://127.0.0.1:15888",
    )


class Asked(Orchestration):
    """Knows one answer and counts how often it is wanted."""

    def __init__(self, answer: GatewayContainer | None) -> None:
        self.answer = answer
        self.times = 0

    async def look(self) -> GatewayContainer | None:
        self.times += 1
        return self.answer


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


CERTIFICATES = Certificates(Path("/nowhere"), SecretStr("our own passphrase"))


async def test_an_answer_is_good_for_some_seconds() -> None:
    asked, clock = Asked(container()), Clock()
    finder = ContainerFinder(asked, CERTIFICATES, clock)
    assert await finder.find() == await finder.find()
    clock.now += FRESH_S + 1
    await finder.find()
    assert asked.times == 2


async def test_forgetting_asks_again() -> None:
    asked = Asked(container())
    finder = ContainerFinder(asked, CERTIFICATES)
    await finder.find()
    finder.forget()
    await finder.find()
    assert asked.times == 2


async def test_our_key_opens_the_door_of_a_secured_one() -> None:
    address = await ContainerFinder(Asked(container()), CERTIFICATES).find()
    assert address.door
    assert (address.door.folder, address.door.passphrase) == (CERTIFICATES.client, CERTIFICATES.own_passphrase)
    assert (await ContainerFinder(Asked(container(dev_mode=True)), CERTIFICATES).find()).door is None


@pytest.mark.parametrize("answer", [None, container("exited"), container("restarting"), container("created")])
async def test_one_that_does_not_run_is_told_and_asked_for_anew(answer: GatewayContainer | None) -> None:
    asked = Asked(answer)
    finder = ContainerFinder(asked, CERTIFICATES)
    for _ in range(2):
        with pytest.raises(Unavailable, match="POST /gateway/start"):
            await finder.find()
    assert asked.times == 2
