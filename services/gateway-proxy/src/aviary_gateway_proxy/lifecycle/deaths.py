"""Why a Gateway that was started does not answer, from what it printed last."""

import re
from typing import Final

from aviary_common.errors import AviaryError, Conflict, Unavailable, UpstreamFailed
from aviary_gateway_proxy.upstream.errors import NAME, redacted

LAST_LINES: Final = 20
WRONG_PASSPHRASE: Final = re.compile(r"bad[ _]decrypt|invalid password|wrong password", re.IGNORECASE)


def died(printed: str) -> AviaryError:
    if WRONG_PASSPHRASE.search(printed):
        return wrong_passphrase("Gateway's passphrase does not open the key of its certificate")
    return Unavailable(NAME, f"Gateway ended while it started. {_last_words(printed)}", code="gateway_died")


def late(within_s: float, printed: str) -> AviaryError:
    words = f"Gateway has not answered within {within_s:g} s; it may yet. {_last_words(printed)}"
    return UpstreamFailed(words, code="gateway_late")


def wrong_passphrase(what: str) -> AviaryError:
    words = f"{what}: start it with the passphrase that it had before, or with none where it had ours."
    return Conflict(words, code="wrong_passphrase")


def _last_words(printed: str) -> str:
    return f"Its last lines:\n{redacted(printed).strip()}" if printed.strip() else "It has printed nothing."
