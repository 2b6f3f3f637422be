"""``python -m tests.contract.openapi`` prints ``docs/openapi.json``: what the portal serves of all services."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from aviary_portal.documents import merge

from .apps import make_all

PATH: Final = Path(__file__).parents[2] / "docs" / "openapi.json"


def merged() -> dict[str, Any]:
    own, *others = sorted(make_all().items(), key=lambda item: item[0] != "portal")
    return merge([app.openapi() for _, app in (own, *others)])


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text(merged()))
