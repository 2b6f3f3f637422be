"""The documentation's site: it builds, everything in it can be found, and what its pages name exists."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import typer
from docs.site import openapi, settings
from docs.site.meanings import MEANINGS

from aviary_local import cli

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = sorted(path for path in (ROOT / "docs").rglob("*.md") if "decisions" not in path.parts)
OF_THE_LAUNCHER: Final = {
    "AVIARY_PORT",
    "AVIARY_PORT_BASE",
    "AVIARY_HOME",
    "AVIARY_BACKUP_PASSPHRASE",
    "AVIARY_BACKUP_PASSPHRASE_FILE",
    "AVIARY_URL",
    "AVIARY_GRAFANA_PASSWORD",
    "AVIARY_NEW_CONFIG_PASSWORD",
}
"""Read before any service starts: no settings class has them."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def pages_of(site: Path) -> list[Path]:
    return sorted(site.rglob("index.html"))


def test_every_page_is_in_the_navigation(site: Path) -> None:
    start = (site / "tutorial" / "index.html").read_text()
    linked = {
        (site / "tutorial" / href).resolve() / "index.html"
        for href in re.findall(r'<a href="([^"#:]+)" class="md-nav__link', start)
    }
    own = {site / "tutorial" / "index.html"}  # its entry links to the page's own headings
    assert [page for page in pages_of(site) if page.resolve() not in linked | own] == []


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    outside = re.compile(r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="?(?:https?:)?//')
    assert [page for page in pages_of(site) if outside.search(page.read_text())] == []


def test_nothing_generated_was_left_out(site: Path) -> None:
    assert [page for page in pages_of(site) if re.search(r"\{\{ ?\w+ ?\}\}", page.read_text())] == []


def test_every_variable_that_is_named_exists() -> None:
    of_compose = set(re.findall(r"\$\{(AVIARY_[A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    known = settings.defaults().keys() | OF_THE_LAUNCHER | of_compose
    named = {name for page in PAGES for name in re.findall(r"\bAVIARY_[A-Z0-9_]*[A-Z0-9]\b", page.read_text())}
    assert named - known == set()


def test_every_setting_says_what_it_means() -> None:
    assert {name for name, meaning in settings.meanings().items() if not meaning} == set()
    assert MEANINGS.keys() - settings.defaults().keys() == set()


def test_every_route_that_is_called_exists() -> None:
    known = [(method, re.compile(_pattern(path))) for path, method, _ in openapi.operations(openapi.read())]
    missing = {
        f"{page.name}: {method} {path}"
        for page in PAGES
        for method, path in _calls(page.read_text())
        if not any(method == each and pattern.fullmatch(path) for each, pattern in known)
    }
    assert missing == set()


def test_every_command_that_is_given_exists() -> None:
    command = typer.main.get_command(cli.app)
    known = set(command.list_commands(typer.Context(command)))  # type: ignore[attr-defined]
    named = {name for page in PAGES for name in re.findall(r"^aviary ([a-z-]+)", page.read_text(), re.MULTILINE)}
    assert named - known == set()


def _calls(text: str) -> Iterator[tuple[str, str]]:
    """Methods and paths of the `api` commands in a page."""
    for path, rest in re.findall(r"^\s*(?:.*[;$(] ?)?api ['\"]?(/[^\s'\"?]+)([^\n]*)", text, re.MULTILINE):
        told = re.search(r"-X ([A-Z]+)", rest)
        yield (told[1].lower() if told else "post" if " -d " in rest else "get"), path.rstrip("/")


def _pattern(path: str) -> str:
    """Of a database's path the slashes are a part; of no other parameter."""
    return re.sub(r"\{(\w+)\}", lambda found: ".+" if found[1] == "db_path" else "[^/]+", path.rstrip("/"))
