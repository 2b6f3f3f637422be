"""Whether a passphrase opens the wallets that Gateway has kept.

They are Web3 secret storage, version 3 (https://ethereum.org/en/developers/docs/data-structures-and-encoding/
web3-secret-storage): the second half of the scrypt key and the ciphertext hash to ``mac``. Everything here blocks, and
as Gateway's own wallets are made it takes 128 MB and half a second.
"""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any, Final

from Crypto.Hash import keccak

from aviary_common import logs

log = logs.get(__name__)

MAX_FILE: Final = 64 * 1024
MAX_MEMORY: Final = 512 * 1024**2


def opens_wallets(conf: Path, passphrase: str) -> bool:
    """By the newest EVM wallet. True also when there is none, or none that can be judged."""
    try:
        files = sorted((conf / "wallets" / "ethereum").glob("0x*.json"), key=lambda each: each.stat().st_mtime)
        return not files or _opens(files[-1].read_text()[:MAX_FILE], passphrase)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("a wallet of gateway could not be judged", kind=type(error).__name__)
        return True


def _opens(text: str, passphrase: str) -> bool:
    """ValueError, KeyError or TypeError for what is no such wallet."""
    fields: dict[str, Any] = {name.lower(): value for name, value in json.loads(text).items()}
    sealed = fields["crypto"]
    how = sealed["kdfparams"]
    if sealed["kdf"] != "scrypt":
        raise ValueError("another way to derive the key")
    key = hashlib.scrypt(
        passphrase.encode(),
        salt=bytes.fromhex(how["salt"]),
        n=how["n"],
        r=how["r"],
        p=how["p"],
        dklen=how["dklen"],
        maxmem=MAX_MEMORY,
    )
    mac = keccak.new(digest_bits=256, data=key[16:32] + bytes.fromhex(sealed["ciphertext"])).digest()
    return hmac.compare_digest(mac, bytes.fromhex(sealed["mac"]))
