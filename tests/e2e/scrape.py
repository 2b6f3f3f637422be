"""What Prometheus would see of the local stack, and what a query asks of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import promql_parser
from prometheus_client.parser import text_string_to_metric_families

from tests.stack import Stack

ADDED = frozenset({"job", "instance"})
"""Labels that Prometheus adds to what it scrapes."""
WITHOUT_METRICS = frozenset({"postgres", "valkey", "nats", "sandbox-exchange"})
TRAEFIK_ADMIN = 1


@dataclass(frozen=True)
class Sample:
    name: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True)
class Selector:
    """A series that a query asks for; ``labels`` are those that it groups by."""

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    labels: frozenset[str]

    def matches(self, sample: Sample) -> bool:
        return sample.name == self.name and all(_matches(each, sample.labels) for each in self.matchers)


def targets(stack: Stack) -> Iterator[tuple[str, str]]:
    """Each replica's job and address."""
    for part in stack.report().processes:
        if part.name == "traefik":
            yield "traefik", f"127.0.0.1:{stack.port_base + TRAEFIK_ADMIN}"
        elif part.group not in WITHOUT_METRICS:
            yield part.group, f"127.0.0.1:{part.port}"


async def scrape(stack: Stack) -> tuple[list[Sample], dict[str, str]]:
    """All samples, and what each of our metrics says about itself."""
    samples: list[Sample] = []
    ours: dict[str, str] = {}
    async with httpx.AsyncClient(timeout=5) as client:
        for job, address in targets(stack):
            answer = (await client.get(f"http://{address}/metrics")).raise_for_status()
            samples.append(Sample("up", {"job": job}, 1.0))
            for family in text_string_to_metric_families(answer.text):
                if family.name.startswith("aviary_"):
                    name = f"{family.name}_total" if family.type == "counter" else family.name
                    ours[name] = family.documentation
                samples.extend(Sample(each.name, {"job": job, **each.labels}, each.value) for each in family.samples)
    return samples, ours


def selectors(expression: str) -> list[Selector]:
    return list(_selectors(promql_parser.parse(expression.replace("$__rate_interval", "1m")), frozenset()))


def _selectors(node: Any, labels: frozenset[str]) -> Iterator[Selector]:
    match node:
        case promql_parser.VectorSelector():
            matchers = tuple((each.name, str(each.op), each.value) for each in node.matchers.matchers)
            yield Selector(node.name, matchers, labels - ADDED)
        case promql_parser.MatrixSelector():
            yield from _selectors(node.vector_selector, labels)
        case promql_parser.AggregateExpr():
            by = frozenset(node.modifier.labels) if node.modifier else frozenset()
            yield from _selectors(node.expr, by or labels)
        case promql_parser.BinaryExpr():
            yield from _selectors(node.lhs, labels)
            yield from _selectors(node.rhs, labels)
        case promql_parser.Call():
            for argument in node.args:
                yield from _selectors(argument, labels)
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr():
            yield from _selectors(node.expr, labels)


def _matches(matcher: tuple[str, str, str], labels: Mapping[str, str]) -> bool:
    name, operator, wanted = matcher
    value = labels.get(name, "")
    found = {
        "MatchOp.Equal": value == wanted,
        "MatchOp.NotEqual": value != wanted,
        "MatchOp.Re": re.fullmatch(wanted, value) is not None,
        "MatchOp.NotRe": re.fullmatch(wanted, value) is None,
    }
    return found[operator]
