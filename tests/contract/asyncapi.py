"""``python -m tests.contract.asyncapi`` prints ``docs/asyncapi.yaml``."""

import sys
from pathlib import Path
from typing import Any, Final

import yaml

from aviary_messages.asyncapi import document

PATH: Final = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
WIDTH: Final = 120


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        """What stands in several places is written there."""
        return True


def as_text(made: dict[str, Any]) -> str:
    return yaml.dump(made, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=WIDTH)


if __name__ == "__main__":
    sys.stdout.write(as_text(document()))
