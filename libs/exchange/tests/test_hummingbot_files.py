"""Hummingbot's credential files, against a value that Hummingbot's own library has written."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from aviary_exchange.hummingbot_files import (
    BrokenFile,
    DerivedKey,
    HummingbotFileError,
    UnknownContent,
    WrongPassword,
    check_password,
    decrypt,
    encrypt,
    keyfile,
    read_connector_file,
    write_connector_file,
    write_password_file,
)
from aviary_exchange.hummingbot_files.connector_file import connector_name_of

PASSWORD = "correct horse, bättery"
WRITTEN_BY_HUMMINGBOT = (
    '{"crypto": {"cipher": "aes-128-ctr", "cipherparams": {"iv": "101112131415161718191a1b1c1d1e1f"}, '
    '"ciphertext": "9b596a6273f9a942939b41137d", "kdf": "pbkdf2", "kdfparams": {"c": 1000000, "dklen": 32, '
    '"prf": "hmac-sha256", "salt": "000102030405060708090a0b0c0d0e0f"}, '
    '"mac": "31ba7d180304d397fcb83667ec0348aa8819d5b7015ed566ec16472ec3c2d427"}, "version": 3, "alias": ""}'
)
SECRETS = {"binance_api_key": "the-key-itself", "binance_api_secret": "the-sécret-itself"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousandth of the work."""
    monkeypatch.setattr(keyfile, "ITERATIONS", 1000)


def as_stored(document: str) -> str:
    return document.encode().hex()


def changed(**crypto: Any) -> str:
    document = json.loads(WRITTEN_BY_HUMMINGBOT)
    document["crypto"] |= crypto
    return as_stored(json.dumps(document))


def test_a_value_that_hummingbot_wrote_opens() -> None:
    stored = as_stored(WRITTEN_BY_HUMMINGBOT)
    assert len(stored) == 736
    assert decrypt(stored, "a") == "my-api-secret"


def test_what_is_written_has_hummingbots_form() -> None:
    written = bytes.fromhex(encrypt("text", PASSWORD)).decode()
    assert json.dumps(json.loads(written)) == written
    mine, theirs = json.loads(written), json.loads(WRITTEN_BY_HUMMINGBOT)
    assert list(mine) == list(theirs)
    assert list(mine["crypto"]) == list(theirs["crypto"])
    assert mine["crypto"]["kdfparams"] | {"salt": ""} == theirs["crypto"]["kdfparams"] | {"salt": ""}
    assert decrypt(written.encode().hex(), PASSWORD) == "text"


def test_the_same_bytes_come_out_for_the_same_salt_and_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([bytes(range(16)), bytes(range(16, 32))])
    monkeypatch.setattr(keyfile.os, "urandom", lambda _: next(drawn))
    assert bytes.fromhex(encrypt("my-api-secret", "a")).decode() == WRITTEN_BY_HUMMINGBOT


@pytest.mark.parametrize("text", ["", "x", "ключ", "a" * 5000, "-----BEGIN KEY-----\nline\n"])
def test_any_text_comes_back(quick: None, text: str) -> None:
    assert decrypt(encrypt(text, PASSWORD), PASSWORD) == text


@pytest.mark.parametrize("counter", [0, 1, 255, 2**127, 2**128 - 1])
def test_counters_are_written_without_leading_zero_bytes(
    quick: None, monkeypatch: pytest.MonkeyPatch, counter: int
) -> None:
    drawn = iter([bytes(16), counter.to_bytes(16, "big")])
    with monkeypatch.context() as held:
        held.setattr(keyfile.os, "urandom", lambda _: next(drawn))
        stored = encrypt("a text of more than one block", PASSWORD)
    iv = json.loads(bytes.fromhex(stored))["crypto"]["cipherparams"]["iv"]
    assert len(iv) % 2 == 0
    assert iv == "00" or not iv.startswith("00")
    assert decrypt(stored, PASSWORD) == "a text of more than one block"


def test_a_keyfile_with_scrypt_opens() -> None:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    salt = bytes(16)
    key = Scrypt(salt, 32, 2**12, 8, 1).derive(PASSWORD.encode())
    ciphertext = keyfile._aes_ctr(key, 7, b"by scrypt")
    stored = changed(
        cipherparams={"iv": "07"},
        ciphertext=ciphertext.hex(),
        kdf="scrypt",
        kdfparams={"n": 2**12, "r": 8, "p": 1, "dklen": 32, "salt": salt.hex()},
        mac=keyfile._mac(key, ciphertext).hex(),
    )
    assert decrypt(stored, PASSWORD) == "by scrypt"


def test_another_password_is_told_with_the_place() -> None:
    with pytest.raises(WrongPassword, match=r"binance\.yml, binance_api_key: .*MAC mismatch"):
        decrypt(as_stored(WRITTEN_BY_HUMMINGBOT), "b", where="binance.yml, binance_api_key")


@pytest.mark.parametrize(
    "stored",
    [
        "plain-secret-left-here",
        "7b7d",
        as_stored("[]"),
        as_stored(WRITTEN_BY_HUMMINGBOT)[:-2],
        changed(cipher="aes-256-gcm"),
        changed(kdf="scrypt"),
        changed(cipherparams={"iv": "00" * 17}),
        changed(kdfparams={"c": 10**12, "dklen": 32, "prf": "hmac-sha256", "salt": "00"}),
        changed(mac="not hex"),
    ],
    ids=["plain", "empty", "list", "cut", "cipher", "other kdf", "counter", "endless", "mac"],
)
def test_what_hummingbot_has_not_encrypted_is_refused_without_repeating_it(stored: str) -> None:
    with pytest.raises(BrokenFile) as caught:
        decrypt(stored, "a")
    assert str(caught.value) == "value: this is not a value that Hummingbot has encrypted"


def test_a_connector_file_has_a_banner_the_connector_and_its_fields(quick: None, tmp_path: Path) -> None:
    file = write_connector_file(tmp_path, "Binance", SECRETS, PASSWORD)
    lines = file.read_text().splitlines()
    assert lines[:5] == ["#" * 26, "###   binance config   ###", "#" * 26, "", "connector: binance"]
    assert [line.split(":")[0] for line in lines[5:]] == ["binance_api_key", "binance_api_secret"]
    assert not [secret for secret in SECRETS.values() if secret in file.read_text()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_many_values_share_a_derived_key_and_nothing_else(quick: None, tmp_path: Path) -> None:
    key = DerivedKey.of(PASSWORD)
    first, second = encrypt("the same", key), encrypt("the same", key)
    assert first != second
    assert decrypt(first, PASSWORD) == decrypt(second, PASSWORD) == "the same"
    write_password_file(tmp_path, key)
    check_password(tmp_path, PASSWORD)
    assert PASSWORD not in repr(key)
    assert key.key.hex() not in repr(key)


def test_a_connector_file_is_read_as_it_was_written(quick: None, tmp_path: Path) -> None:
    found = read_connector_file(write_connector_file(tmp_path, "binance", SECRETS, PASSWORD), PASSWORD)
    assert (found.connector_name, found.fields) == ("binance", SECRETS)
    assert "the-key-itself" not in repr(found)


def test_plain_fields_keep_their_types(quick: None, tmp_path: Path) -> None:
    fields = {
        "hyperliquid_address": "0x1",
        "hyperliquid_secret_key": "0x2",
        "hyperliquid_mode": "api_wallet",
        "use_vault": "True",
    }
    file = write_connector_file(tmp_path, "hyperliquid", fields, PASSWORD)
    assert "use_vault: true\n" in file.read_text()
    assert "hyperliquid_mode: api_wallet\n" in file.read_text()
    assert read_connector_file(file, PASSWORD).fields == fields | {"use_vault": "true"}


def test_the_connector_key_decides_not_the_name_of_the_file(quick: None, tmp_path: Path) -> None:
    file = write_connector_file(tmp_path, "binance", SECRETS, PASSWORD).rename(tmp_path / "renamed.yml")
    assert connector_name_of(file) == "binance"
    assert read_connector_file(file, PASSWORD).connector_name == "binance"


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("connector: binance\nbinance_api_key: left-unencrypted\n", BrokenFile, "not a value that Hummingbot"),
        ("connector: binance\nbinance_wallet: left-unencrypted\n", UnknownContent, "no field binance_wallet"),
        ("connector: binnance\n", UnknownContent, "Did you mean 'binance'"),
        ("binance_api_key: left-unencrypted\n", BrokenFile, "which connector"),
        ("- left-unencrypted\n", BrokenFile, "not a list of fields"),
        ("a: [left-unencrypted\n", BrokenFile, "not YAML"),
        ("", BrokenFile, "not a list of fields"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_name(
    tmp_path: Path, text: str, kind: type[HummingbotFileError], problem: str
) -> None:
    file = tmp_path / "binance.yml"
    file.write_text(text)
    with pytest.raises(kind) as caught:
        read_connector_file(file, PASSWORD)
    assert str(file) in str(caught.value)
    assert problem in str(caught.value)
    assert "left-unencrypted" not in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match=r"gone\.yml: there is no such file"):
        read_connector_file(tmp_path / "gone.yml", PASSWORD)
    (tmp_path / "bytes.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenFile, match=r"bytes\.yml: it cannot be read"):
        read_connector_file(tmp_path / "bytes.yml", PASSWORD)


def test_an_unknown_field_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownContent, match="there is no field wallet"):
        write_connector_file(tmp_path, "binance", {"wallet": "x"}, PASSWORD)
    assert list(tmp_path.iterdir()) == []


def test_the_password_is_recognised(quick: None, tmp_path: Path) -> None:
    write_password_file(tmp_path, PASSWORD)
    check_password(tmp_path, PASSWORD)
    with pytest.raises(WrongPassword, match="password_verification"):
        check_password(tmp_path, "another")
    (tmp_path / ".password_verification").write_text(encrypt("SomethingElse", PASSWORD))
    with pytest.raises(BrokenFile, match="the word"):
        check_password(tmp_path, PASSWORD)
