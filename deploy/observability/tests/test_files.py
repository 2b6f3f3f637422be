"""The files that Prometheus and Grafana read."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aviary_local.topology import SANDBOX, SERVICES

HERE = Path(__file__).parents[1]
DOCUMENT = HERE.parents[1] / "docs" / "observability.md"
DASHBOARDS = sorted((HERE / "grafana" / "dashboards").glob("*.json"))
PROMTOOL = shutil.which("promtool")
MAX_BYTES = 40_000


def test_dashboards_are_as_written(tmp_path: Path) -> None:
    copied = tmp_path / "observability"
    shutil.copytree(HERE, copied, ignore=shutil.ignore_patterns("*.json"))
    (copied / "grafana" / "dashboards").mkdir(exist_ok=True)
    subprocess.run([sys.executable, str(copied / "dashboards.py")], check=True)
    written = {path.name: path.read_text() for path in (copied / "grafana" / "dashboards").iterdir()}
    assert written == {path.name: path.read_text() for path in DASHBOARDS}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_is_small_and_whole(path: Path) -> None:
    assert path.stat().st_size < MAX_BYTES
    panels = json.loads(path.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    sources = yaml.safe_load((HERE / "grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in panels} == {source["uid"] for source in sources}


def test_every_service_is_scraped() -> None:
    jobs = {each["job_name"] for each in yaml.safe_load((HERE / "prometheus.yml").read_text())["scrape_configs"]}
    assert jobs == {service.name for service in SERVICES if service is not SANDBOX} | {"traefik"}


def test_every_alert_has_a_section_and_every_section_an_alert() -> None:
    rules = [rule for group in yaml.safe_load((HERE / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
    for rule in rules:
        assert rule["annotations"]["runbook_url"] == f"docs/observability.md#{rule['alert'].lower()}"
    _, _, runbook = DOCUMENT.read_text().partition("\n## What to do\n")
    assert re.findall(r"^### (\w+)$", runbook, re.MULTILINE) == [rule["alert"] for rule in rules]


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool (Debian: apt-get install prometheus)")
@pytest.mark.parametrize(
    "check",
    [("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")],
    ids=" ".join,
)
def test_promtool_agrees(check: tuple[str, ...]) -> None:
    done = subprocess.run([str(PROMTOOL), *check], cwd=HERE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
