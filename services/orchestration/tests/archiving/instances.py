"""Instances as bots leave them."""

import stat
from pathlib import Path

from aviary_orchestration.folder import BotsFolder

SECRET = b"an encrypted exchange key"


def make_instance(folder: BotsFolder, name: str = "bot", *, data: bytes = b"trades") -> Path:
    root = folder.instance(name)
    files = {
        "conf/conf_client.yml": b"instance_id: bot",
        "conf/.password_verification": SECRET,
        "conf/connectors/binance.yml": SECRET,
        "conf/connectors/deeper/kraken.yml": SECRET,
        "conf/controllers/main.yml": b"id: main",
        "data/bot.sqlite": data,
        "logs/logs_bot.log": b"it traded",
    }
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (root / "data" / "latest.sqlite").symlink_to("bot.sqlite")
    return root


def files_of(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def kept(data: bytes = b"trades") -> dict[str, bytes]:
    return {
        "conf/conf_client.yml": b"instance_id: bot",
        "conf/controllers/main.yml": b"id: main",
        "data/bot.sqlite": data,
        "data/latest.sqlite": data,
        "logs/logs_bot.log": b"it traded",
    }


def is_closed(path: Path) -> bool:
    """To everybody but its owner."""
    return stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
