"""Client order ids: ours when the caller gives none."""

import secrets
from typing import Annotated, Final

from pydantic import StringConstraints

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"

ClientOrderId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._:@|~+=-]{0,63}$")]
"""More than most venues allow: where one does not, another id stands for it there."""


def new_client_order_id() -> str:
    """26 letters and digits, 120 random bits: accepted by every venue's alphabet."""
    return "av" + "".join(_ALPHABET[byte % 32] for byte in secrets.token_bytes(24))
