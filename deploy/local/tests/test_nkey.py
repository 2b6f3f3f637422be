import base64
import binascii

from aviary_local.nkey import new_account_key


def test_keys_have_nats_form_and_checksum() -> None:
    key = new_account_key()
    assert key.seed.startswith("SA")
    assert key.public.startswith("A")
    assert (len(key.seed), len(key.public)) == (58, 56)
    for text in key:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
        assert binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little")
