"""A bot's folder as Hummingbot expects it. Everything here blocks."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aviary_orchestration.broker.service import BotLogin
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.configs.yaml_text import dump, load
from aviary_orchestration.deployments.keys import ExchangeKeys, write_keys
from aviary_orchestration.deployments.plan import Plan
from aviary_orchestration.folder import BotsFolder

CLIENT: Final = "conf_client.yml"
PROFILES: Final = "credentials"
"""An imported folder of Hummingbot's may bring client settings of an account."""


def build(
    folder: BotsFolder,
    bot_name: str,
    account_name: str,
    plan: Plan,
    keys: Sequence[ExchangeKeys],
    password: str,
    client: Mapping[str, Any],
) -> Path:
    """Under another name first, so that a folder with the bot's name is a whole one."""
    draft = folder.instance(f".{bot_name}")
    discard(draft)
    for each in ("", "conf", "conf/connectors", "conf/scripts", "conf/controllers", "data", "logs"):
        (draft / each).mkdir(mode=0o700)
    conf = draft / "conf"
    write_keys(conf, keys, password)
    if plan.script_config is not None and plan.script_config_name is not None:
        ConfigStore(conf / "scripts").write(plan.script_config_name, plan.script_config)
    for name, content in plan.controllers.items():
        ConfigStore(conf / "controllers").write(name, content)
    _write_client(folder.root / PROFILES / account_name, conf, client)
    return draft.rename(folder.instance(bot_name))


def discard(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)


def client_conf(bot_name: str, login: BotLogin, broker: str, *, gateway_tls: bool) -> dict[str, Any]:
    host, _, port = broker.rpartition(":")
    return {
        "instance_id": bot_name,
        "mqtt_bridge": {
            "mqtt_host": host,
            "mqtt_port": int(port),
            "mqtt_username": login.username,
            "mqtt_password": login.password,
            "mqtt_namespace": "hbot",
            "mqtt_ssl": False,
            "mqtt_logger": True,
            "mqtt_notifier": True,
            "mqtt_commands": True,
            "mqtt_events": True,
            "mqtt_external_events": True,
            "mqtt_autostart": True,
        },
        "gateway": {"gateway_use_ssl": gateway_tls},
    }


def _write_client(profile: Path, conf: Path, client: Mapping[str, Any]) -> None:
    """Ours over the account's own settings, section by section."""
    own = profile / CLIENT
    merged: dict[str, Any] = dict(load(own.read_text())) if own.is_file() else {}
    for key, value in client.items():
        before = merged.get(key)
        merged[key] = {**before, **value} if isinstance(value, dict) and isinstance(before, dict) else value
    file = conf / CLIENT
    file.touch(mode=0o600)
    file.write_text(dump(merged))
