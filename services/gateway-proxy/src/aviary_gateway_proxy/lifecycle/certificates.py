"""The certificates by which Gateway and we know each other, in the folder that the container sees a part of.

``certs/`` is Gateway's: the authority's certificate, the server's, and the server's key, locked with the passphrase in
force. ``client/`` stays with us: our certificate and key, and the authority's key, locked with our own passphrase, so
that none that was given has to be stored. Everything here blocks.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from aviary_gateway_proxy.lifecycle.pairs import Files, Pair, read, write_private
from aviary_gateway_proxy.upstream.address import CA_CERT, CLIENT_CERT, CLIENT_KEY


@dataclass(frozen=True)
class Certificates:
    root: Path
    own_passphrase: SecretStr

    @property
    def client(self) -> Path:
        return self.root / "client"

    @property
    def certs(self) -> Path:
        return self.root / "certs"

    def ensure(self, passphrase: str, now: datetime) -> None:
        """Everything is there, locked as it should be, and does not end soon; what is, stays."""
        for each in (self.root, self.client, self.certs):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority = self._ensure_authority(now)
        _ensure(authority, self._ours, self._own, "Aviary", now)
        _ensure(authority, self._gateways, passphrase, "gateway", now)
        write_private(self.certs / CA_CERT, (self.client / CA_CERT).read_bytes())

    def renew(self, now: datetime) -> None:
        """For a start with the passphrase of the last one: where that was given, we do not have it to lock a new
        key."""
        if read(self._gateways, self._own) is not None:
            self.ensure(self._own, now)

    def _ensure_authority(self, now: datetime) -> Pair:
        files = Files(self.client / CA_CERT, self.client / "ca_key.pem")
        there = read(files, self._own)
        if there is not None and there.is_fresh(now):
            return there
        made = Pair.authority(now)
        made.write(files, self._own)
        return made

    @property
    def _own(self) -> str:
        return self.own_passphrase.get_secret_value()

    @property
    def _ours(self) -> Files:
        return Files(self.client / CLIENT_CERT, self.client / CLIENT_KEY)

    @property
    def _gateways(self) -> Files:
        return Files(self.certs / "server_cert.pem", self.certs / "server_key.pem")


def _ensure(authority: Pair, files: Files, passphrase: str, name: str, now: datetime) -> None:
    there = read(files, passphrase)
    if there is None or not there.is_fresh(now) or not authority.has_signed(there):
        authority.signs(name, now).write(files, passphrase)
