"""The chart, rendered by Helm's own engine (``helm-python-sdk`` carries it)."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

helm = pytest.importorskip("helm_python", reason="Helm's engine comes as a wheel for x86_64 only")

HELM = Path(__file__).resolve().parents[1]
CHART = HELM / "aviary"
RELEASE = "aviary"
NAMESPACE = "trading"
Object = dict[str, Any]

EXAMPLES: dict[str, dict[str, Any]] = {
    "as it is": {},
    **{path.stem: yaml.safe_load(path.read_text()) for path in sorted((HELM / "examples").glob("*.yaml"))},
}


def render(values: dict[str, Any], release: str = RELEASE) -> list[Object]:
    """What ``helm template`` gives, as objects."""
    return list(_parsed(json.dumps(values), release))


def manifests(values: dict[str, Any], release: str = RELEASE) -> dict[str, str]:
    return dict(_rendered(json.dumps(values), release))


@cache
def _rendered(values: str, release: str) -> tuple[tuple[str, str], ...]:
    with helm.Chart.load(CHART) as chart:
        chart.validate_schema(json.loads(values))
        rendered = chart.render(json.loads(values), name=release, namespace=NAMESPACE, revision=1, is_install=True)
    return tuple((path, text) for path, text in rendered.items() if path.endswith(".yaml"))


@cache
def _parsed(values: str, release: str) -> tuple[Object, ...]:
    texts = (text for _, text in _rendered(values, release))
    return tuple(found for text in texts for found in yaml.load_all(text, Loader=yaml.CSafeLoader) if found)


def of_kind(objects: list[Object], kind: str) -> dict[str, Object]:
    return {found["metadata"]["name"]: found for found in objects if found["kind"] == kind}


def pod_templates(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    for found in objects:
        if found["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield found["metadata"]["name"], found["spec"]["template"]


def selects(selector: Object, labels: dict[str, str]) -> bool:
    return all(labels.get(name) == value for name, value in selector.get("matchLabels", selector).items())
