"""Settings come from ``AVIARY_*`` environment variables, and a service does not start with bad ones.

Each service extends the class that names what it needs; ``load`` is the one way in.
"""

from typing import Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from aviary_common.secrets import ConfigPassword, weak_password

S = TypeVar("S", bound=BaseSettings)


class SettingsError(SystemExit):
    """Stops the start-up; its text says which variable to change and never shows a value."""


class AviarySettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AVIARY_", extra="ignore", hide_input_in_errors=True)


class ListenSettings(AviarySettings):
    listen: str = Field(default="127.0.0.1:8080", pattern=r"^[^:\s]+:\d{1,5}$")
    drain_s: float = Field(default=0.0, ge=0)
    """How long a process that was asked to end goes on serving, with a health check that fails."""


class ServiceSettings(AviarySettings):
    """What every HTTP service needs: its name and who may call it."""

    service: str
    log_level: str = Field(default="INFO", pattern="(?i)^(debug|info|warning|error)$")
    username: str = Field(min_length=1)
    password: SecretStr
    valkey_url: SecretStr
    cors_allow_origins: list[str] = Field(default_factory=list)
    cors_allow_origin_regex: str = r"https?://(localhost|127\.0\.0\.1)(:\d+)?"
    login_attempts: int = Field(default=10, ge=1)
    """Wrong logins allowed from one address within ``login_window_s``."""
    login_window_s: int = Field(default=60, ge=1)
    login_name_attempts: int = Field(default=20, ge=1)
    """Wrong logins allowed for one name, from whatever addresses, before it is locked for a growing time."""
    lease_ttl_s: float = Field(default=6.0, gt=0)
    """How long after the death of a replica another one takes over what it alone did."""

    @property
    def schema_name(self) -> str:
        return self.service.replace("-", "_")

    @model_validator(mode="after")
    def refuse_weak_login(self) -> Self:
        if reason := weak_password(self.password.get_secret_value(), self.username):
            raise ValueError(
                f"AVIARY_PASSWORD {reason}. Set it to at least 12 random characters, "
                "or remove it and let `make start` generate one."
            )
        return self


class BusSettings(AviarySettings):
    """For services that speak to others."""

    nats_servers: str
    nats_user: str
    nats_password: SecretStr
    nats_replicas: int = Field(default=1, ge=1, le=5)
    """Of each stream: 3 in a cluster of three or more servers, so that one of them may die."""


class DatabaseSettings(AviarySettings):
    """For services with tables of their own."""

    database_url: SecretStr
    database_pool_size: int = Field(default=10, ge=1)


class VaultSettings(AviarySettings):
    """For services that hold exchange keys."""

    config_password: SecretStr
    config_password_old: SecretStr | None = None
    """Still opens what it has sealed: set while `aviary keys rotate` is at work."""

    @model_validator(mode="after")
    def refuse_weak_config_password(self) -> Self:
        if reason := weak_password(self.config_password.get_secret_value()):
            raise ValueError(
                f"AVIARY_CONFIG_PASSWORD {reason}. It protects the exchange keys at rest: set it to at least "
                "12 random characters, or remove it and let `make start` generate one."
            )
        return self

    @model_validator(mode="after")
    def remember_the_old_one(self) -> Self:
        if self.config_password_old is not None:
            self.config_password = ConfigPassword(self.config_password, [self.config_password_old])
        return self


def load(settings: type[S]) -> S:
    """Read the environment, or stop with one sentence per problem."""
    try:
        return settings()
    except ValidationError as error:
        problems = [_sentence(problem["loc"], problem["msg"], problem["type"]) for problem in error.errors()]
    raise SettingsError("Aviary cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))


def _sentence(location: tuple[int | str, ...], message: str, kind: str) -> str:
    if not location:
        return message.removeprefix("Value error, ")
    name = "AVIARY_" + str(location[0]).upper()
    return f"{name} is missing; set it." if kind == "missing" else f"{name}: {message}."
