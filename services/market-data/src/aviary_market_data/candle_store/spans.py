"""Half-open spans of time in seconds, and what sets of them have in common. Lists of spans are sorted and merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """``start_s`` belongs to it, ``end_s`` does not."""

    start_s: int
    end_s: int

    def __bool__(self) -> bool:
        return self.start_s < self.end_s

    def __and__(self, other: "Span") -> "Span":
        """What both have; false when that is nothing."""
        return Span(max(self.start_s, other.start_s), min(self.end_s, other.end_s))


@dataclass(frozen=True, order=True, slots=True)
class Gap:
    """Candles that are not there, and why."""

    span: Span
    reason: str


def union(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(filter(None, spans)):
        if merged and span.start_s <= merged[-1].end_s:
            merged[-1] = Span(merged[-1].start_s, max(merged[-1].end_s, span.end_s))
        else:
            merged.append(span)
    return merged


def minus(spans: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    left = union(spans)
    for hole in union(taken):
        left = [
            part
            for span in left
            for part in (
                Span(span.start_s, min(span.end_s, hole.start_s)),
                Span(max(span.start_s, hole.end_s), span.end_s),
            )
            if part
        ]
    return left


def within(spans: Iterable[Span], whole: Span) -> list[Span]:
    return [part for span in spans if (part := span & whole)]


def length(spans: Iterable[Span]) -> int:
    """In seconds, of spans that do not overlap."""
    return sum(span.end_s - span.start_s for span in spans)


def gaps_within(gaps: Iterable[Gap], whole: Span) -> list[Gap]:
    return [Gap(part, gap.reason) for gap in gaps if (part := gap.span & whole)]


def gaps_minus(gaps: Iterable[Gap], taken: Sequence[Span]) -> list[Gap]:
    return [Gap(part, gap.reason) for gap in gaps for part in minus([gap.span], taken)]


def gaps_union(gaps: Iterable[Gap]) -> list[Gap]:
    """Neighbours with the same reason become one."""
    merged: list[Gap] = []
    for gap in sorted(gaps):
        last = merged[-1] if merged else None
        if last is not None and last.reason == gap.reason and gap.span.start_s <= last.span.end_s:
            merged[-1] = Gap(Span(last.span.start_s, max(last.span.end_s, gap.span.end_s)), gap.reason)
        else:
            merged.append(gap)
    return merged
