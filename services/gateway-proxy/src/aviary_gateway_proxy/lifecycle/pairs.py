"""A certificate with its key: made, written and checked. Everything here blocks; a key takes some 0.1 s of CPU."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final, Self, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BITS: Final = 2048
EXPONENT: Final = 65537
VALID: Final = timedelta(days=365)
RENEW: Final = timedelta(days=30)
"""Before the end."""
SKEW: Final = timedelta(hours=1)
"""The clock of a container's machine may be behind."""
NAMES: Final = x509.SubjectAlternativeName(
    [x509.DNSName("localhost"), x509.DNSName("gateway"), x509.IPAddress(IPv4Address("127.0.0.1"))]
)
BOTH_ENDS: Final = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])


@dataclass(frozen=True)
class Files:
    certificate: Path
    key: Path


@dataclass(frozen=True)
class Pair:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def authority(cls, now: datetime) -> Self:
        key = rsa.generate_private_key(EXPONENT, BITS)
        name = _name("Aviary's authority for Gateway")
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        draft = (
            _draft(name, name, key, now)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
        )
        return cls(draft.sign(key, SHA256()), key)

    def signs(self, name: str, now: datetime) -> "Pair":
        """A pair of either end of a connection, valid as long as the authority's."""
        key = rsa.generate_private_key(EXPONENT, BITS)
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        draft = (
            _draft(_name(name), self.certificate.subject, key, now)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(ours, critical=False)
            .add_extension(NAMES, critical=False)
            .add_extension(BOTH_ENDS, critical=False)
        )
        return Pair(draft.sign(self.key, SHA256()), key)

    def has_signed(self, other: "Pair") -> bool:
        try:
            other.certificate.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True

    def is_fresh(self, now: datetime) -> bool:
        return now < self.certificate.not_valid_after_utc - RENEW

    def write(self, files: Files, passphrase: str) -> None:
        """The key as PKCS #8, locked."""
        lock = BestAvailableEncryption(passphrase.encode())
        write_private(files.key, self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
        write_private(files.certificate, self.certificate.public_bytes(Encoding.PEM))


def read(files: Files, passphrase: str) -> Pair | None:
    """None when there is none, when it is locked with another passphrase, or when key and certificate do not match."""
    try:
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        key = load_pem_private_key(files.key.read_bytes(), passphrase.encode())
    except (FileNotFoundError, ValueError, TypeError):
        return None
    if certificate.public_key() != key.public_key():
        return None
    return Pair(certificate, cast(rsa.RSAPrivateKey, key))


def write_private(path: Path, content: bytes) -> None:
    """In one step, for the owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def _draft(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, now: datetime) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + VALID)
        .add_extension(identifier, critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
