import pytest

from aviary_common.secrets import weak_password


@pytest.mark.parametrize(
    ("password", "username", "reason"),
    [
        ("", "trader", "is missing"),
        ("admin", "trader", "tries first"),
        ("Password123!", "trader", "tries first"),
        ("short-one", "trader", "shorter than 12"),
        ("a-long-username", "A-long-username", "same as the username"),
        ("abababababababab", "trader", "same few characters"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, username: str, reason: str) -> None:
    assert reason in (weak_password(password, username) or "")


def test_a_random_password_is_accepted() -> None:
    assert weak_password("kR4t9vQz2LmX", "trader") is None
