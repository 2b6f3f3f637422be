"""The secrets of one installation: made at the first start, kept in `.aviary/secrets.env`, for the owner only."""

import secrets as randomness
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aviary_common.secrets import weak_password
from aviary_local.errors import WeakPassword
from aviary_local.files import write_private
from aviary_local.nkey import new_account_key
from aviary_local.topology import Service, with_nats, with_schema

GATEWAY_PASSPHRASE = "AVIARY_GATEWAY_PASSPHRASE"
"""Gateway's wallets are locked with it: not with the config password, so that this one can change."""
_CHOSEN_BY_USER = ("AVIARY_USERNAME", "AVIARY_PASSWORD", GATEWAY_PASSPHRASE)
CONFIG_PASSWORD = "AVIARY_CONFIG_PASSWORD"
OLD_CONFIG_PASSWORD = "AVIARY_CONFIG_PASSWORD_OLD"
"""In the file only while keys are rotated, from the first step until everything is done."""


@dataclass(frozen=True)
class Secrets:
    """Names as in the file. `created` tells the first start, when the login is shown once."""

    values: Mapping[str, str] = field(repr=False)
    created: bool = False

    @property
    def username(self) -> str:
        return self.values["AVIARY_USERNAME"]

    @property
    def password(self) -> str:
        return self.values["AVIARY_PASSWORD"]

    @property
    def config_password(self) -> str:
        return self.values[CONFIG_PASSWORD]

    @property
    def old_config_password(self) -> str | None:
        return self.values.get(OLD_CONFIG_PASSWORD)

    @property
    def gateway_passphrase(self) -> str:
        return self.values[GATEWAY_PASSPHRASE]

    @property
    def postgres_password(self) -> str:
        return self.values["AVIARY_POSTGRES_PASSWORD"]

    @property
    def grafana_password(self) -> str:
        return self.values["AVIARY_GRAFANA_PASSWORD"]

    @property
    def valkey_password(self) -> str:
        return self.values["AVIARY_VALKEY_PASSWORD"]

    @property
    def nats_auth_password(self) -> str:
        return self.values["AVIARY_NATS_AUTH_PASSWORD"]

    @property
    def nats_ops_password(self) -> str:
        return self.values["AVIARY_NATS_OPS_PASSWORD"]

    @property
    def nats_operator_password(self) -> str:
        return self.values["AVIARY_NATS_OPERATOR_PASSWORD"]

    @property
    def callout_seed(self) -> str:
        return self.values["AVIARY_NATS_CALLOUT_SEED"]

    @property
    def callout_issuer(self) -> str:
        return self.values["AVIARY_NATS_CALLOUT_ISSUER"]

    def database_password(self, service: Service) -> str:
        return self.values[_database_name(service)]

    def nats_password(self, service: Service) -> str:
        return self.values[_nats_name(service)]

    def without_old_config_password(self) -> "Secrets":
        return Secrets({name: value for name, value in self.values.items() if name != OLD_CONFIG_PASSWORD})

    def all_confidential(self) -> tuple[str, ...]:
        """Every value that must not be seen, for keeping them out of logs."""
        public = ("AVIARY_USERNAME", "AVIARY_NATS_CALLOUT_ISSUER")
        return tuple(value for name, value in self.values.items() if name not in public)


def load(path: Path, environment: Mapping[str, str]) -> Secrets:
    """Read or create the file; what is missing (a service added later) is made up and written back.

    A login or passphrase in the environment wins for this run, and is kept when the file has none yet. A weak one is
    refused.
    """
    stored = _read(path) if path.exists() else {}
    chosen = {name: environment[name] for name in _CHOSEN_BY_USER if environment.get(name)}
    values = {**missing({**chosen, **stored}), **chosen, **stored}
    effective = accepted(values | chosen, created=not stored)
    if values != stored:
        _write(path, values)
    return effective


def missing(stored: Mapping[str, str]) -> dict[str, str]:
    """New values for those that are not there, or empty."""
    return {name: value for name, value in _fresh().items() if not stored.get(name)}


def only_secrets(values: Mapping[str, str]) -> dict[str, str]:
    """Of a file in which settings stand beside them."""
    names = _fresh().keys() | {OLD_CONFIG_PASSWORD}
    return {name: value for name, value in values.items() if name in names}


def accepted(values: Mapping[str, str], *, created: bool = False) -> Secrets:
    """WeakPassword when one that a user may choose is weak."""
    refuse_weak_login(values["AVIARY_USERNAME"], values["AVIARY_PASSWORD"])
    _refuse_weak_passphrase(values[GATEWAY_PASSPHRASE])
    return Secrets(values, created)


def begin_rotation(path: Path, password: str | None) -> None:
    """From now on the chosen (or a made) config password is the new one, and the one so far the old one."""
    if password is not None and (reason := _unfit(password)):
        raise WeakPassword(
            f"The new config password {reason}. Choose another, or leave it out and one is made for you."
        )
    stored = _read(path)
    new = password or _token(32)
    _write(path, {**stored, CONFIG_PASSWORD: new, OLD_CONFIG_PASSWORD: stored[CONFIG_PASSWORD]})


def end_rotation(path: Path) -> None:
    _write(path, {name: value for name, value in _read(path).items() if name != OLD_CONFIG_PASSWORD})


def in_memory() -> Secrets:
    """Secrets that live as long as a test does."""
    return Secrets(_fresh(), created=True)


def refuse_weak_login(username: str, password: str) -> None:
    if reason := weak_password(password, username):
        raise WeakPassword(
            f"AVIARY_PASSWORD {reason}. Set it to at least 12 random characters, or unset it and one is made for you."
        )


def _refuse_weak_passphrase(passphrase: str) -> None:
    if reason := weak_password(passphrase):
        raise WeakPassword(
            f"{GATEWAY_PASSPHRASE} {reason}. It locks Gateway's wallets: set it to at least 12 random characters, or "
            "unset it and one is made for you."
        )


def _fresh() -> dict[str, str]:
    key = new_account_key()
    return {
        "AVIARY_USERNAME": "aviary",
        "AVIARY_PASSWORD": _token(24),
        CONFIG_PASSWORD: _token(32),
        GATEWAY_PASSPHRASE: _token(32),
        "AVIARY_POSTGRES_PASSWORD": _token(32),
        "AVIARY_VALKEY_PASSWORD": _token(32),
        "AVIARY_GRAFANA_PASSWORD": _token(24),
        "AVIARY_NATS_AUTH_PASSWORD": _token(32),
        "AVIARY_NATS_OPS_PASSWORD": _token(32),
        "AVIARY_NATS_OPERATOR_PASSWORD": _token(32),
        "AVIARY_NATS_CALLOUT_SEED": key.seed,
        "AVIARY_NATS_CALLOUT_ISSUER": key.public,
        **{_database_name(service): _token(32) for service in with_schema()},
        **{_nats_name(service): _token(32) for service in with_nats()},
    }


def _database_name(service: Service) -> str:
    return f"AVIARY_DATABASE_PASSWORD_{service.schema}".upper()


def _nats_name(service: Service) -> str:
    return f"AVIARY_NATS_PASSWORD_{service.name}".replace("-", "_").upper()


def _unfit(password: str) -> str | None:
    """The file has a name and a value a line, and trims them."""
    if not password.isprintable() or password != password.strip():
        return "has characters that cannot be kept in secrets.env"
    return weak_password(password)


def _token(length: int) -> str:
    """Letters and digits, a letter first: safe unquoted in URLs and in NATS' configuration language."""
    letters = string.ascii_letters
    return randomness.choice(letters) + "".join(randomness.choice(letters + string.digits) for _ in range(length - 1))


def parse(text: str) -> dict[str, str]:
    """A name and a value a line, in quotes or not."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'") for name, _, value in pairs}


def lines(values: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _read(path: Path) -> dict[str, str]:
    return parse(path.read_text())


def _write(path: Path, values: Mapping[str, str]) -> None:
    head = "# Made by Aviary. Whoever reads this file can trade with your keys: keep it to yourself.\n"
    write_private(path, head + lines(values))
