"""What a run has seen, in numbers that can be added up and sent from process to process."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from tests.chaos.rounds import Failure, Outcome
from tests.chaos.schedule import POINTS, Arm, Cancel, Place, Schedule, StreamFault, VenueFault


@dataclass
class Summary:
    schedules: int = 0
    rounds: int = 0
    seconds: float = 0.0
    """Of all rounds together, whichever world they ran in."""
    faults: Counter[str] = field(default_factory=Counter)
    """How many schedules met each kind."""
    kills: Counter[str] = field(default_factory=Counter)
    """Processes ended by ``kill -9`` from outside, by kind."""
    deaths: Counter[str] = field(default_factory=Counter)
    """By ``path number place``."""
    answers: Counter[str] = field(default_factory=Counter)
    failed_seeds: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        faults: Counter[str] = Counter()
        for trip in outcome.trips:
            faults.update(_kinds(trip.schedule) | {f"{incident.kind}" for incident in outcome.round.incidents})
        return cls(
            schedules=len(outcome.trips),
            rounds=1,
            seconds=outcome.seconds,
            faults=faults,
            kills=outcome.kills,
            deaths=Counter(f"{death.path} {death.number} {death.at}" for death in outcome.deaths),
            answers=Counter(str(answer.status or "none") for trip in outcome.trips for answer in trip.answers),
            failed_seeds=[failure.trip.schedule.seed for failure in outcome.failures],
            failures=[describe(failure, outcome) for failure in outcome.failures],
        )

    def add(self, other: "Summary") -> None:
        self.schedules += other.schedules
        self.rounds += other.rounds
        self.seconds += other.seconds
        self.faults += other.faults
        self.kills += other.kills
        self.deaths += other.deaths
        self.answers += other.answers
        self.failed_seeds += other.failed_seeds
        self.failures += other.failures

    def to_json(self) -> str:
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        told = json.loads(text)
        counters = {name: Counter(told[name]) for name in ("faults", "kills", "deaths", "answers")}
        return cls(**{**told, **counters})

    def unreached(self) -> list[str]:
        """The awaits at which no replica has died."""
        reached = {tuple(death.split(" ")[:2]) for death in self.deaths}
        return [f"{path} {number}" for path, number in POINTS if (path, str(number)) not in reached]


def describe(failure: Failure, outcome: Outcome) -> str:
    """What differs, what was done, and how to do it again."""
    seed = failure.trip.schedule.seed
    lines = [
        f"seed {seed} ({failure.trip.schedule.connector}), {len(failure.differences)} differences:",
        *(f"  {line}" for line in failure.differences),
        "its steps and answers (the seconds count from the round's beginning):",
        *(f"  {line}" for line in failure.trip.log),
        f"what happened to everybody in round {outcome.round.number}:",
        *(f"  after step {incident.after}: {incident}" for incident in outcome.round.incidents),
        *(f"  a replica died: {death}" for death in outcome.deaths),
        "what the services logged about the account:",
        *(f"  {line[:600]}" for line in failure.logs[-12:]),
        f"replay it with: make chaos SEED={seed}",
    ]
    return "\n".join(lines)


def _kinds(schedule: Schedule) -> set[str]:
    kinds = set()
    for step in schedule.steps:
        match step:
            case VenueFault(kind, method):
                kinds.add(f"{method} {kind}")
            case StreamFault(kind) if kind != "quiet":
                kinds.add(f"stream {kind}")
            case Arm():
                kinds.add("kill at an await")
            case Place(again=again) | Cancel(again=again) if again:
                kinds.add("sent again")
    return kinds
