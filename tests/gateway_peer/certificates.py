"""Certificates as Gateway wants them: a CA, a server and a client, all RSA 2048, the server's key encrypted."""

import ipaddress
import ssl
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_NAMES: Final = (
    x509.DNSName("localhost"),
    x509.DNSName("gateway"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
)


@dataclass(frozen=True)
class Certificates:
    """The folder, under the names that Gateway and the Hummingbot client read."""

    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca_cert.pem"

    @property
    def server(self) -> tuple[Path, Path]:
        return self.folder / "server_cert.pem", self.folder / "server_key.pem"

    @property
    def client(self) -> tuple[Path, Path]:
        return self.folder / "client_cert.pem", self.folder / "client_key.pem"

    def client_context(self) -> ssl.SSLContext:
        """What a client needs to be let in."""
        context = ssl.create_default_context(cafile=self.ca)
        context.load_cert_chain(*self.client)
        return context


def issue(folder: Path, passphrase: str) -> Certificates:
    """A new CA and what it signs."""
    folder.mkdir(parents=True, exist_ok=True)
    issued, ca_key = Certificates(folder), _key()
    ca_name = _name("gateway-peer-ca")
    ca = _signed(ca_name, ca_key, (ca_name, ca_key), is_ca=True)
    _write(issued.ca, folder / "ca_key.pem", ca, ca_key, NoEncryption())
    for name, files in (("localhost", issued.server), ("client", issued.client)):
        key = _key()
        sealed = BestAvailableEncryption(passphrase.encode()) if files == issued.server else NoEncryption()
        _write(*files, _signed(_name(name), key, (ca_name, ca_key), is_ca=False), key, sealed)
    return issued


def refuse_unreadable(certificates: Certificates, passphrase: str) -> None:
    """End the process as Gateway does when a file is missing or the passphrase does not open the key."""
    for path in (certificates.server[1], certificates.server[0], certificates.ca):
        if not path.is_file():
            _die(f"Error: ENOENT: no such file or directory, open '{path}'")
    try:
        load_pem_private_key(certificates.server[1].read_bytes(), passphrase.encode())
    except (TypeError, ValueError):
        _die("Error: error:1C800064:Provider routines::bad decrypt\n  code: 'ERR_OSSL_BAD_DECRYPT'")


def _die(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(1)


def _key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _signed(
    subject: x509.Name, key: RSAPrivateKey, issuer: tuple[x509.Name, RSAPrivateKey], *, is_ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key()), critical=False)
        .add_extension(_usage(is_ca=is_ca), critical=True)
    )
    if not is_ca:
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(_NAMES), critical=False)
    return builder.sign(issuer[1], hashes.SHA256())


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        key_encipherment=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(
    certificate_file: Path,
    key_file: Path,
    certificate: x509.Certificate,
    key: RSAPrivateKey,
    sealed: KeySerializationEncryption,
) -> None:
    certificate_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
