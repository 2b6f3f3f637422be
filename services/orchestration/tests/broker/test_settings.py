import os
from unittest.mock import patch

import pytest

from aviary_common.settings import SettingsError, load
from aviary_orchestration.broker.settings import BrokerSettings

GIVEN = {
    "AVIARY_NATS_SERVERS": "nats://127.0.0.1:1",
    "AVIARY_NATS_USER": "orchestration",
    "AVIARY_NATS_PASSWORD": "nothing",
    "AVIARY_NATS_AUTH_PASSWORD": "nothing",
    "AVIARY_NATS_OPS_PASSWORD": "nothing",
}


def test_a_seed_that_cannot_sign_stops_the_start_and_is_not_shown() -> None:
    seed = "SAnotTheSeedOfAnyAccount"
    with patch.dict(os.environ, {**GIVEN, "AVIARY_NATS_CALLOUT_SEED": seed}), pytest.raises(SettingsError) as refusal:
        load(BrokerSettings)
    assert "AVIARY_NATS_CALLOUT_SEED" in str(refusal.value)
    assert seed not in str(refusal.value)
