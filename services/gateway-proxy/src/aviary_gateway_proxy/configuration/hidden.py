"""Keys of providers, hidden in answers. Plain rules on plain values."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

HIDDEN: Final = "***"
SECRET_NAME: Final = re.compile(
    r"(key|secret|passw(or)?d|passphrase|mnemonic|(api|auth|access|bearer)_?token)s?$", re.IGNORECASE
)
URL_NAME: Final = re.compile(r"ur[li]s?$", re.IGNORECASE)
URL: Final = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
LONG_LABEL: Final = 20
"""A part of a host's name this long is a provider's key and no name."""


def hidden(settings: Mapping[str, Any], *, all_secret: bool = False) -> dict[str, Any]:
    """A copy in which keys are ``***`` and addresses of nodes end after their host; what is not set stays empty."""
    return {name: hidden_value(name, value, is_secret=all_secret) for name, value in settings.items()}


def hidden_value(name: str, value: Any, *, is_secret: bool = False) -> Any:
    if isinstance(value, Mapping):
        return hidden(value, all_secret=is_secret)
    if isinstance(value, list):
        return [hidden_value(name, each, is_secret=is_secret) for each in value]
    if not isinstance(value, str) or not value:
        return value
    if is_secret or SECRET_NAME.search(name):
        return HIDDEN
    return hidden_url(value) if URL_NAME.search(name) or URL.match(value) else value


def hidden_url(url: str) -> str:
    """Scheme, host and port; most providers write their key into the path, some into the host's name."""
    parts = urlsplit(url)
    if not parts.hostname:
        return HIDDEN
    labels = (HIDDEN if len(label) >= LONG_LABEL else label for label in parts.hostname.split("."))
    host = ".".join(labels) + (f":{_port(url)}" if _port(url) else "")
    beyond = f"/{HIDDEN}" if parts.path.strip("/") or parts.query or parts.fragment else parts.path
    user = f"{HIDDEN}@" if parts.username or parts.password else ""
    return f"{parts.scheme}://{user}{host}{beyond}"


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def holds_hidden(value: Any) -> bool:
    """Whether a value to be written is one that was shown, or a part of it."""
    if isinstance(value, list):
        return any(holds_hidden(each) for each in value)
    return isinstance(value, str) and HIDDEN in value
