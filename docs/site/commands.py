"""Every command with its help, from the commands themselves."""

import re
from pathlib import Path

import typer
from docs.site.tables import code, table
from typer.cli import get_docs_for_click

from aviary_local.cli import app

MAKEFILE = Path(__file__).parents[2] / "Makefile"


def page() -> str:
    command = typer.main.get_command(app)
    told = get_docs_for_click(obj=command, ctx=typer.Context(command), name="aviary")
    _, _, after_title = told.partition("\n")
    return after_title.replace("\n##", "\n###").replace("\n### `aviary`", "\n## `aviary`")


def make_page() -> str:
    targets = re.findall(r"^([a-z-]+):.*?## (.*)$", MAKEFILE.read_text(), re.MULTILINE)
    return table(("command", "what it does"), [(code(f"make {name}"), text) for name, text in targets])
