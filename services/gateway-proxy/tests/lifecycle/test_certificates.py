"""The certificates: what lies where, who may read it, what stays and what is renewed."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from pydantic import SecretStr

from aviary_gateway_proxy.lifecycle.certificates import Certificates

OWN, GIVEN = "our own passphrase", "a given passphrase"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
NEAR_THE_END = NOW + timedelta(days=340)


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    made = Certificates(tmp_path / "gateway", SecretStr(OWN))
    made.ensure(OWN, NOW)
    return made


def files(certificates: Certificates) -> dict[str, bytes]:
    found = certificates.root.rglob("*.pem")
    return {str(each.relative_to(certificates.root)): each.read_bytes() for each in found}


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


SERVER, CLIENT = {"certs/server_cert.pem", "certs/server_key.pem"}, {"client/client_cert.pem", "client/client_key.pem"}
AUTHORITY = {"client/ca_cert.pem", "client/ca_key.pem", "certs/ca_cert.pem"}


def test_gateway_gets_nothing_but_its_own(certificates: Certificates) -> None:
    assert files(certificates).keys() == SERVER | CLIENT | AUTHORITY
    assert {name for name in files(certificates) if name.startswith("certs/")} == SERVER | {"certs/ca_cert.pem"}


def test_only_their_owner_may_read_them(certificates: Certificates) -> None:
    for each in (certificates.root, certificates.client, certificates.certs):
        assert stat.S_IMODE(each.stat().st_mode) == 0o700
    for each in certificates.root.rglob("*.pem"):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_they_are_as_gateway_and_bots_expect_them(certificates: Certificates) -> None:
    for path in (certificates.certs / "server_cert.pem", certificates.client / "client_cert.pem"):
        found = certificate(path)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert names.get_values_for_type(x509.DNSName) == ["localhost", "gateway"]
        assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
        assert {*usage} == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
        assert found.not_valid_after_utc == NOW + timedelta(days=365)
        found.verify_directly_issued_by(certificate(certificates.certs / "ca_cert.pem"))


def test_keys_are_locked_with_the_passphrases(certificates: Certificates) -> None:
    certificates.ensure(GIVEN, NOW)
    for name, passphrase in (("certs/server_key", GIVEN), ("client/client_key", OWN), ("client/ca_key", OWN)):
        pem = (certificates.root / f"{name}.pem").read_bytes()
        assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
        assert load_pem_private_key(pem, passphrase.encode()).key_size == 2048  # type: ignore[union-attr]


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_what_is_there_stays(certificates: Certificates) -> None:
    before = files(certificates)
    certificates.ensure(OWN, NOW + timedelta(days=300))
    assert files(certificates) == before


def test_another_passphrase_changes_gateways_pair_only(certificates: Certificates) -> None:
    before = files(certificates)
    certificates.ensure(GIVEN, NOW)
    assert changed(before, files(certificates)) == SERVER


def test_they_are_renewed_before_they_end(certificates: Certificates) -> None:
    before = files(certificates)
    certificates.ensure(OWN, NEAR_THE_END)
    assert changed(before, files(certificates)) == SERVER | CLIENT | AUTHORITY
    assert certificate(certificates.certs / "server_cert.pem").not_valid_after_utc > NOW + timedelta(days=700)


def test_all_are_made_anew_when_our_passphrase_has_changed(certificates: Certificates) -> None:
    before = files(certificates)
    Certificates(certificates.root, SecretStr("another one of ours")).ensure(GIVEN, NOW)
    assert changed(before, files(certificates)) == SERVER | CLIENT | AUTHORITY


@pytest.mark.parametrize("name", sorted(SERVER | CLIENT | AUTHORITY))
@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_what_is_damaged_is_mended(certificates: Certificates, name: str, damage: str) -> None:
    path = certificates.root / name
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:200])
    certificates.ensure(OWN, NOW)
    authority = certificate(certificates.certs / "ca_cert.pem")
    assert (certificates.client / "ca_cert.pem").read_bytes() == (certificates.certs / "ca_cert.pem").read_bytes()
    for pair in ("certs/server", "client/client"):
        found = certificate(certificates.root / f"{pair}_cert.pem")
        found.verify_directly_issued_by(authority)
        key = load_pem_private_key((certificates.root / f"{pair}_key.pem").read_bytes(), OWN.encode())
        assert key.public_key() == found.public_key()


def test_a_restart_renews_only_what_we_can_lock_again(certificates: Certificates) -> None:
    certificates.ensure(GIVEN, NOW)
    before = files(certificates)
    certificates.renew(NEAR_THE_END)
    assert files(certificates) == before
    certificates.ensure(OWN, NOW)
    before = files(certificates)
    certificates.renew(NEAR_THE_END)
    assert changed(before, files(certificates)) == SERVER | CLIENT | AUTHORITY
