"""`aviary doctor`: is this machine fit, and is what runs here well? Never shows a secret."""

import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rich.table import Table
from rich.text import Text

from aviary_local import machine, postgres_binaries, secrets, settings, state, valkey
from aviary_local.errors import LaunchError
from aviary_local.home import Home
from aviary_local.nats import bundled
from aviary_local.ports import Ports, refuse_taken, wanted
from aviary_local.stack import Stack


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """`advice` says what to do; empty when there is nothing to do."""

    check: str
    verdict: Verdict
    found: str
    advice: str = ""


_STYLES = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}


def examine(home: Home, environment: Mapping[str, str]) -> list[Finding]:
    running = state.launcher_pid(home) is not None
    return [
        *_machine(home),
        *_binaries(),
        *_permissions(home),
        *(_components(home, environment) if running else _ports(environment)),
        _docker(environment),
    ]


def table(findings: list[Finding]) -> Table:
    found = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("", "CHECK", "FOUND", "WHAT TO DO"):
        found.add_column(column, overflow="fold")
    for finding in findings:
        found.add_row(Text(finding.verdict, _STYLES[finding.verdict]), finding.check, finding.found, finding.advice)
    return found


def _machine(home: Home) -> Iterator[Finding]:
    yield _judge("Python", machine.python_version(), machine.python_is_supported(), "Use Python 3.11 to 3.13.")
    strangers = machine.packages_unlike_lock(home.root / "requirements.lock")
    yield _judge(
        "packages", "as locked" if not strangers else f"unlike the lock: {', '.join(strangers[:5])}",
        not strangers, "Run `make install`.", Verdict.WARN,
    )  # fmt: skip
    free_gb = machine.free_disk_gb(home.root)
    yield _judge("disk", f"{free_gb:.0f} GB free", free_gb >= 2, "Free at least 2 GB.")
    memory_gb = machine.free_memory_gb()
    yield _judge("memory", f"{memory_gb:.1f} GB available", memory_gb >= 1, "Aviary needs about 1 GB.", Verdict.WARN)
    clock = machine.clock_problem()
    yield _judge("clock", clock or "in this age, and ticking", not clock, "Set it: exchanges refuse wrong times.")


def _binaries() -> Iterator[Finding]:
    finders: dict[str, Callable[[], str]] = {
        "PostgreSQL": lambda: postgres_binaries.find().program("postgres"),
        "Valkey": valkey.binary,
        "NATS": lambda: bundled("nats-server"),
        "Traefik": lambda: bundled("traefik"),
    }
    for name, find in finders.items():
        try:
            yield Finding(name, Verdict.OK, machine.program_version(find()))
        except LaunchError as missing:
            yield Finding(name, Verdict.FAIL, "not found", str(missing))


def _permissions(home: Home) -> Iterator[Finding]:
    if not home.secrets.exists():
        yield Finding("secrets", Verdict.OK, "made at the first start")
        return
    for path, name in ((home.data, ".aviary"), (home.secrets, "secrets.env"), (home.logs, "logs"), (home.run, "run")):
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        # 0711 is ours: PostgreSQL's user may pass through, nobody may look.
        private = not mode & (0o066 if path == home.data else 0o077)
        yield _judge(name, f"{mode:04o}", private, f"chmod go-rwx {path.relative_to(home.root)}")


def _ports(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        refuse_taken(wanted(settings.ports(environment), {}))
    except LaunchError as taken:
        yield Finding("ports", Verdict.FAIL, *str(taken).rsplit("\n", 1))
    else:
        yield Finding("ports", Verdict.OK, "all free")


def _components(home: Home, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Asks each part itself, not the launcher's opinion of it."""
    ports: Ports = settings.ports(environment)
    stack = Stack(home, ports, secrets.load(home.secrets, environment), environment, {})
    for part in stack.parts():
        advice = f"aviary logs {part.name}"
        answers = part.probe()
        yield _judge(part.name, f"answers on {part.port}" if answers else "no answer", answers, advice)


def _docker(environment: Mapping[str, str]) -> Finding:
    version = machine.docker_version(environment)
    advice = "Only bots need it: start a Docker engine."
    return _judge("Docker", version or "no engine answers", bool(version), advice, Verdict.WARN)


def _judge(check: str, found: str, good: bool, advice: str, otherwise: Verdict = Verdict.FAIL) -> Finding:
    return Finding(check, Verdict.OK, found) if good else Finding(check, otherwise, found, advice)
