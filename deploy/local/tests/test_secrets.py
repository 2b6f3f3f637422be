import stat
from pathlib import Path

import pytest

from aviary_local import secrets
from aviary_local.errors import WeakPassword
from aviary_local.topology import ACCOUNTS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secrets.env"


def test_first_start_makes_them_private_and_later_starts_keep_them(file: Path) -> None:
    first = secrets.load(file, {})
    assert first.created
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = secrets.load(file, {})
    assert not again.created
    assert again.values == first.values


def test_made_passwords_are_letters_and_digits_beginning_with_a_letter(file: Path) -> None:
    made = secrets.load(file, {})
    words = (made.password, made.config_password, made.valkey_password, made.nats_password(ACCOUNTS))
    assert all(word.isalnum() and word.isascii() and word[0].isalpha() and len(word) >= 20 for word in words)
    assert len(set(made.all_confidential())) == len(made.all_confidential())


def test_a_secret_added_later_is_made_up_and_the_others_stay(file: Path) -> None:
    first = secrets.load(file, {})
    kept = [line for line in file.read_text().splitlines() if not line.startswith("AVIARY_NATS_PASSWORD_TRADING")]
    file.write_text("\n".join(kept))
    again = secrets.load(file, {})
    changed = {name for name in first.values if first.values[name] != again.values[name]}
    assert changed == {"AVIARY_NATS_PASSWORD_TRADING"}
    assert secrets.load(file, {}).values == again.values


def test_the_environment_wins_and_is_kept_only_when_the_file_is_made(file: Path) -> None:
    chosen = {"AVIARY_USERNAME": "trader", "AVIARY_PASSWORD": "correct-horse-battery"}
    assert secrets.load(file, chosen).password == "correct-horse-battery"
    assert secrets.load(file, {}).username == "trader"
    other = {"AVIARY_PASSWORD": "another-horse-entirely"}
    assert secrets.load(file, other).password == "another-horse-entirely"
    assert secrets.load(file, {}).password == "correct-horse-battery"


def test_a_passphrase_of_gateway_is_kept_when_there_is_none_yet(file: Path) -> None:
    """Wallets are locked with it: another one after the next start would not open them."""
    secrets.load(file, {})
    lines = [each for each in file.read_text().splitlines() if not each.startswith("AVIARY_GATEWAY_PASSPHRASE")]
    file.write_text("\n".join(lines))
    chosen = {"AVIARY_GATEWAY_PASSPHRASE": "correct-horse-battery"}
    assert secrets.load(file, chosen).gateway_passphrase == "correct-horse-battery"
    assert secrets.load(file, {}).gateway_passphrase == "correct-horse-battery"


def test_a_weak_passphrase_of_gateway_is_refused(file: Path) -> None:
    with pytest.raises(WeakPassword, match=r"AVIARY_GATEWAY_PASSPHRASE .*locks Gateway's wallets"):
        secrets.load(file, {"AVIARY_GATEWAY_PASSPHRASE": "hummingbot"})


@pytest.mark.parametrize("password", ["admin", "password", "password123", "short", "trader", "aaaaaaaaaaaaaaaa"])
def test_a_weak_password_is_refused_with_what_to_do(file: Path, password: str) -> None:
    with pytest.raises(WeakPassword, match=r"AVIARY_PASSWORD .*Set it to at least 12 random characters") as refusal:
        secrets.load(file, {"AVIARY_USERNAME": "trader", "AVIARY_PASSWORD": password})
    assert not file.exists()
    assert "aaaaaaaaaaaaaaaa" not in str(refusal.value)


def test_secrets_do_not_show_in_a_representation(file: Path) -> None:
    made = secrets.load(file, {})
    assert made.password not in repr(made)
