import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from aviary_local.nkey import new_account_key
from aviary_orchestration.broker import jwt
from aviary_orchestration.broker.keys import AccountKey

from .tokens import SERVER, body_of, claims, public_of, token

KEY = Ed25519PrivateKey.generate()
ME = public_of(KEY)
ACCOUNT = AccountKey.from_seed(new_account_key().seed)


def test_a_servers_question_is_read() -> None:
    question = jwt.read_question(token(KEY, claims(ME)))
    assert (question.user_nkey, question.server_id.id) == ("UABC", ME)
    assert (question.client_info.type, question.client_info.mqtt_id) == ("mqtt", "bot/x")
    assert question.connect_opts.password.get_secret_value() == "the password"
    assert "the password" not in repr(question)


OTHER = Ed25519PrivateKey.generate()
FORGED = {
    "signed by another": token(OTHER, claims(ME)),
    "from another server": token(OTHER, claims(public_of(OTHER), nats=claims(ME)["nats"])),
    "signed by an account": token(KEY, claims(public_of(KEY, 0))),
    "for another audience": token(KEY, claims(ME, aud="APP")),
    "no signature wanted": token(KEY, claims(ME), {"typ": "JWT", "alg": "none"}),
    "no server's key": token(KEY, claims("NOPE")),
    "without a question": token(KEY, claims(ME, nats={})),
    "not JSON": b"a.b.c",
    "nothing": b"",
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_forged_question_is_refused_without_quoting_it(forged: bytes) -> None:
    with pytest.raises(jwt.BadToken) as refusal:
        jwt.read_question(forged)
    assert "password" not in str(refusal.value)


@given(st.binary())
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(jwt.BadToken):
        jwt.read_question(noise)


def test_a_changed_question_is_refused() -> None:
    header, body, signature = token(KEY, claims(ME)).split(b".")
    changed = json.loads(base64.urlsafe_b64decode(body + b"=="))
    changed["nats"]["connect_opts"]["user"] = "another"
    body = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=")
    with pytest.raises(jwt.BadToken):
        jwt.read_question(b".".join((header, body, signature)))


def test_an_admission_is_for_this_client_over_mqtt_with_the_bots_rights_only() -> None:
    question = jwt.read_question(token(KEY, claims(ME)))
    answer = body_of(jwt.admission(ACCOUNT, question, "bot", 1_700_000_000))
    user = body_of(answer["nats"]["jwt"].encode())
    assert (answer["iss"], answer["aud"], answer["sub"]) == (ACCOUNT.public, ME, "UABC")
    assert (user["iss"], user["aud"], user["sub"], user["iat"]) == (ACCOUNT.public, "APP", "UABC", 1_700_000_000)
    assert user["nats"]["allowed_connection_types"] == ["MQTT"]
    assert user["nats"]["pub"] == {"allow": ["hbot.bot.>", "hummingbot-api.response.*"]}
    assert user["nats"]["sub"] == {"allow": ["hbot.bot.>", "hbot.bot"]}


def test_a_refusal_names_a_reason_and_admits_nobody() -> None:
    answer = body_of(jwt.refusal(ACCOUNT, jwt.read_question(token(KEY, claims(ME))), "unknown_bot", 1))
    assert answer["nats"] == {"type": "authorization_response", "version": 2, "error": "unknown_bot"}


NO_SEEDS = {
    "nothing": "",
    "short": "SA",
    "padded": "SAAA====",
    "public": new_account_key().public,
    "a server's": public_of(KEY, SERVER),
    "not ASCII": "é",
}


@pytest.mark.parametrize("seed", NO_SEEDS.values(), ids=NO_SEEDS.keys())
def test_what_is_no_seed_of_an_account_cannot_sign(seed: str) -> None:
    with pytest.raises(ValueError, match="NATS key") as refusal:
        AccountKey.from_seed(seed)
    assert not seed or seed not in str(refusal.value)


def test_a_seed_gives_the_public_key_that_nats_was_told() -> None:
    made = new_account_key()
    assert AccountKey.from_seed(made.seed).public == made.public
