"""What a command asks for, read from a file and from its options."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from aviary_local.errors import LaunchError

UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LATELY: Final = "30d"
AGO: Final = re.compile(r"(\d{1,5})([mhdw])")


def read(path: Path) -> dict[str, Any]:
    """A YAML file with a mapping in it."""
    try:
        found = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise LaunchError(f"{path} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        raise LaunchError(f"{path} is not YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(found, dict):
        raise LaunchError(
            f"{path} has no fields: a config has one on each line, such as controller_name: bollinger_v1."
        )
    return {str(name): value for name, value in found.items()}


def write(path: Path, text: str) -> None:
    """Whole, or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(text)
        draft.replace(path)
    except OSError as error:
        raise LaunchError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def moment(told: str, now: datetime) -> str:
    """``90d`` is so long ago; ``now``; everything else goes to the API as it is."""
    text = told.strip()
    if text == "now":
        return _whole(now).isoformat()
    if (ago := AGO.fullmatch(text)) is None:
        return text
    return _whole(now - timedelta(**{UNITS[ago[2]]: int(ago[1])})).isoformat()


def times(start: str | None, end: str | None, told: Mapping[str, Any]) -> dict[str, str]:
    """Options go before what the file says."""
    now = datetime.now(UTC)
    first = start or told.get("start_time") or told.get("start") or LATELY
    last = end or told.get("end_time") or told.get("end") or "now"
    return {"start_time": moment(_text(first), now), "end_time": moment(_text(last), now)}


def plain(value: Any) -> Any:
    """YAML has times and dates, JSON has texts."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | float | bool) else _text(value)


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def sweep_of(path: Path, start: str | None, end: str | None) -> dict[str, Any]:
    """A sweep's file; its config may be a file beside it, or the name of a stored config."""
    told = read(path)
    config = told.get("config")
    if isinstance(config, str) and (beside := path.parent / config).is_file():
        config = read(beside)
    if config is None:
        raise LaunchError(f"{path} has no config: give it there, or name its file.")
    left = {name: value for name, value in told.items() if name not in ("config", "start", "end")}
    return {**plain(left), "config": plain(config), **times(start, end, told)}
