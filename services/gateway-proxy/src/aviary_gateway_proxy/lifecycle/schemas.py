"""What the life of Gateway takes and answers."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, Field, SecretStr

from aviary_common.models import Tolerant, example
from aviary_messages.questions import GatewayContainer, RunGateway

LONGEST: Final = 255
"""Characters of a passphrase; what locks a key takes 1023 bytes."""


def _given(value: object) -> object:
    return None if value == "" else value


class GatewayConfig(Tolerant):
    """``passphrase``: our own when left out, for this start only. ``dev_mode``: plain HTTP, on loopback."""

    model_config = example({"port": 15888})

    passphrase: Annotated[Annotated[SecretStr, Field(max_length=LONGEST)] | None, BeforeValidator(_given)] = None
    dev_mode: bool = False
    image: Annotated[str | None, BeforeValidator(_given)] = None
    port: int = Field(default=15888, ge=1, le=65535)

    def question(self, own_passphrase: SecretStr, *, recreate: bool) -> RunGateway:
        return RunGateway(
            passphrase=self.passphrase or own_passphrase,
            image=self.image,
            port=self.port,
            dev_mode=self.dev_mode,
            recreate=recreate,
        )


class GatewayDone(BaseModel):
    success: bool = True
    message: str


class GatewayStarted(GatewayDone):
    """``container_id`` is null when Gateway runs in none of ours."""

    container_id: str | None
    port: int | None

    @classmethod
    def of(cls, container: GatewayContainer) -> Self:
        words = f"Gateway runs and answers at {container.url}."
        return cls(message=words, container_id=container.id, port=container.port)


class GatewayStatus(BaseModel):
    """``reachable``: it answers. ``version`` as it says itself. Of a container that there is not, nulls."""

    running: bool
    container_id: str | None = None
    image: str | None = None
    created_at: datetime | None = None
    port: int | None = None
    url: str | None = None
    reachable: bool = False
    version: str | None = None

    @classmethod
    def of(cls, container: GatewayContainer | None, *, reachable: bool, version: str | None) -> Self:
        if container is None:
            return cls(running=False)
        return cls(
            running=container.is_running,
            container_id=container.id,
            image=container.image,
            created_at=container.created_at,
            port=container.port,
            url=container.url,
            reachable=reachable,
            version=version,
        )


class GatewayLog(BaseModel):
    success: bool = True
    logs: str
