"""A wallet's file as Gateway writes it, but quick to open."""

import hashlib
import json
import secrets
from pathlib import Path

from Crypto.Hash import keccak


def write(conf: Path, passphrase: str) -> Path:
    """What it holds is random: only the passphrase matters."""
    salt, ciphertext = secrets.token_bytes(32), secrets.token_bytes(32)
    key = hashlib.scrypt(passphrase.encode(), salt=salt, n=1024, r=8, p=1, dklen=32)
    mac = keccak.new(digest_bits=256, data=key[16:32] + ciphertext).hexdigest()
    address = secrets.token_hex(20)
    crypto = {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": secrets.token_hex(16)},
        "ciphertext": ciphertext.hex(),
        "kdf": "scrypt",
        "kdfparams": {"salt": salt.hex(), "n": 1024, "dklen": 32, "p": 1, "r": 8},
        "mac": mac,
    }
    path = conf / "wallets" / "ethereum" / f"0x{address}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"address": address, "id": "x", "version": 3, "Crypto": crypto}))
    return path
