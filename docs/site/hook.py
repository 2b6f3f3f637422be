"""MkDocs' hook: fills in what is made from the code.

A page says where by a line of its own, ``{{ settings }}``. The pages of the HTTP API are made whole.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docs.site import commands, connectors, errors, limits, openapi, orders, settings
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).parents[2]
PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "settings": settings.page,
    "errors": errors.page,
    "commands": commands.page,
    "make": commands.make_page,
    "connectors": connectors.page,
    "orders": orders.page,
    "limits": limits.page,
    "answers": openapi.common_answers,
    "security": lambda: (ROOT / "SECURITY.md").read_text().replace("](docs/", "]("),
}
MARK: Final = re.compile(r"^\{\{ (\w+) \}\}$", re.MULTILINE)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    for name, text in openapi.pages().items():
        files.append(File.generated(config, f"reference/api/{name}", content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    return MARK.sub(lambda found: PARTS[found[1]](), markdown)
