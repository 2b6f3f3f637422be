"""Which passphrase opens what Gateway has kept."""

import json
import os
from pathlib import Path

import pytest

from aviary_gateway_proxy.lifecycle.keystores import opens_wallets

from . import keystore

GETHS = {
    "address": "7ef5a6135f1fd6a02593eedc869c6d41d934aef8",
    "crypto": {
        "cipher": "aes-128-ctr",
        "ciphertext": "1d0839166e7a15b9c1333fc865d69858b22df26815ccf601b28219b6192974e1",
        "cipherparams": {"iv": "8df6caa7ff1b00c4e871f002cb7921ed"},
        "kdf": "scrypt",
        "kdfparams": {
            "dklen": 32,
            "n": 8,
            "p": 16,
            "r": 8,
            "salt": "e5e6ef3f4ea695f496b643ebd3f75c0aa58ef4070e90c80c5d3fb0241bf1595c",
        },
        "mac": "6d16dfde774845e4585357f24bce530528bc69f4f84e1e22880d34fa45c273e5",
    },
    "id": "950077c7-71e3-4c44-a4a1-143919141ed4",
    "version": 3,
}
"""From the tests of go-ethereum (accounts/keystore/testdata); its password is ``foobar``."""


@pytest.fixture
def wallets(tmp_path: Path) -> Path:
    folder = tmp_path / "wallets" / "ethereum"
    folder.mkdir(parents=True)
    return folder


def test_a_wallet_of_geth_opens_by_its_password_only(wallets: Path, tmp_path: Path) -> None:
    (wallets / "0x7ef5.json").write_text(json.dumps(GETHS))
    assert opens_wallets(tmp_path, "foobar") is True
    assert opens_wallets(tmp_path, "foobaz") is False


def test_the_newest_decides(tmp_path: Path) -> None:
    older, newer = keystore.write(tmp_path, "the old one"), keystore.write(tmp_path, "the new one")
    os.utime(older, (1, 1))
    os.utime(newer, (2, 2))
    assert opens_wallets(tmp_path, "the new one") is True
    assert opens_wallets(tmp_path, "the old one") is False


def test_without_wallets_any_passphrase_will_do(tmp_path: Path) -> None:
    assert opens_wallets(tmp_path, "anything") is True


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"crypto": 1}', '{"crypto": {"kdf": "pbkdf2", "kdfparams": {}}}'])
def test_what_cannot_be_judged_is_not_refused(wallets: Path, tmp_path: Path, text: str) -> None:
    (wallets / "0xstrange.json").write_text(text)
    assert opens_wallets(tmp_path, "anything") is True
