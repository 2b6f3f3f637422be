"""Where Gateway is, and what opens its door."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from pydantic import SecretStr

from aviary_gateway_proxy.upstream.errors import not_started
from aviary_gateway_proxy.upstream.settings import UpstreamSettings

CA_CERT: Final = "ca_cert.pem"
CLIENT_CERT: Final = "client_cert.pem"
CLIENT_KEY: Final = "client_key.pem"


@dataclass(frozen=True)
class Door:
    """A folder with the authority's certificate, and ours with its key; ``passphrase`` opens the key."""

    folder: Path
    passphrase: SecretStr | None

    def context(self) -> ssl.SSLContext:
        """Trusts that authority alone. OSError or ssl.SSLError when a file is missing or does not open."""
        context = ssl.create_default_context(cafile=str(self.folder / CA_CERT))
        password = self.passphrase.get_secret_value() if self.passphrase else None
        context.load_cert_chain(self.folder / CLIENT_CERT, self.folder / CLIENT_KEY, lambda: password or "")
        return context


@dataclass(frozen=True)
class Address:
    """Without a door it is plain HTTP. After a new start it is another one: the certificates may be, too."""

    url: str
    door: Door | None = None
    started_at: datetime | None = None


class Finder(Protocol):
    async def find(self) -> Address:
        """Raises ``Unavailable`` when there is no Gateway."""
        ...

    def forget(self) -> None:
        """It may be somewhere else by now."""
        ...


class FixedAddress:
    """A ``Finder`` of the Gateway that the settings name."""

    def __init__(self, settings: UpstreamSettings) -> None:
        self._settings = settings

    async def find(self) -> Address:
        if self._settings.gateway_url is None:
            raise not_started()
        folder = self._settings.gateway_certificates
        door = Door(folder, self._settings.gateway_certificates_passphrase) if folder else None
        return Address(self._settings.gateway_url, door)

    def forget(self) -> None:
        """It stays where it is."""
