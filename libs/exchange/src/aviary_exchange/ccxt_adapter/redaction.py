"""Text that is safe to show: nothing of a URL, a signature or a key in it."""

import re
from collections.abc import Sequence

LONGEST = 300
_SHORTEST_SECRET = 4
_PATTERNS = (
    re.compile(r"\b\w+://\S+"),
    re.compile(r"\b(?:GET|POST|PUT|DELETE)\s+\S+"),
    re.compile(r"\S*\b(?:signature|sign|api_?key|secret|timestamp|recvWindow|passphrase)=\S+", re.IGNORECASE),
    re.compile(r"\b[0-9a-fA-F]{32,}\b"),
)


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    for pattern in _PATTERNS:
        text = pattern.sub("…", text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
