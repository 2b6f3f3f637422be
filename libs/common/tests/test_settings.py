import pytest
from pydantic import SecretStr

from aviary_common.settings import ServiceSettings, SettingsError, VaultSettings, load

GOOD = {
    "AVIARY_SERVICE": "market-data",
    "AVIARY_USERNAME": "trader",
    "AVIARY_PASSWORD": "kR4t9vQz2LmX",
    "AVIARY_VALKEY_URL": "redis://:valkeypass@127.0.0.1:1/0",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_settings_load(environment: pytest.MonkeyPatch) -> None:
    settings = load(ServiceSettings)
    assert settings.schema_name == "market_data"
    assert settings.password == SecretStr("kR4t9vQz2LmX")


def test_a_missing_password_stops_the_start_and_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AVIARY_PASSWORD")
    with pytest.raises(SettingsError, match="AVIARY_PASSWORD is missing"):
        load(ServiceSettings)


def test_a_weak_password_stops_the_start_without_being_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AVIARY_PASSWORD", "hunter2hunt")
    with pytest.raises(SettingsError, match="AVIARY_PASSWORD is shorter than 12 characters") as stopped:
        load(ServiceSettings)
    assert "hunter2" not in str(stopped.value)


def test_a_weak_config_password_stops_the_start(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AVIARY_CONFIG_PASSWORD", "a")
    with pytest.raises(SettingsError, match="AVIARY_CONFIG_PASSWORD is shorter"):
        load(VaultSettings)


def test_every_problem_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AVIARY_VALKEY_URL")
    environment.setenv("AVIARY_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as stopped:
        load(ServiceSettings)
    assert "AVIARY_VALKEY_URL" in str(stopped.value)
    assert "AVIARY_LOG_LEVEL" in str(stopped.value)
