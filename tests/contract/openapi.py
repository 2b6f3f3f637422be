"""``python -m tests.contract.openapi`` prints ``docs/openapi.json``: what the portal serves of all services."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from aviary_local.topology import PORTAL
from aviary_portal.documents import merge

from .apps import make_all

PATH: Final = Path(__file__).parents[2] / "docs" / "openapi.json"


def merged(apps: Mapping[str, FastAPI]) -> dict[str, Any]:
    """The portal's own part comes first, as it does there."""
    ordered = sorted(apps, key=lambda name: name != PORTAL.name)
    return merge([apps[name].openapi() for name in ordered])


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text(merged(make_all())))
