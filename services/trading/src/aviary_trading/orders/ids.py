"""Client order ids: ours when the caller gives none."""

import secrets
from typing import Annotated, Final

from pydantic import StringConstraints

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"

ClientOrderId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,36}$")]


def new_client_order_id() -> str:
    """26 letters and digits, 120 random bits: accepted by every venue's alphabet."""
    return "av" + "".join(_ALPHABET[byte % 32] for byte in secrets.token_bytes(24))
