from pathlib import Path

from aviary_local.logs import KEPT, Journal, LineSplitter, RotatingFile, tail
from aviary_local.reading_logs import read


def test_a_log_rotates_and_keeps_three(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / "x.log", max_bytes=10)
    for number in range(6):
        file.write(f"line number {number}")
    file.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"x.log.{number}" for number in range(1, KEPT + 1)]
    assert (tmp_path / "x.log.1").read_text() == "line number 5\n"
    assert (tmp_path / "x.log.3").read_text() == "line number 3\n"


def test_the_journal_takes_secrets_out(tmp_path: Path) -> None:
    seen: list[str] = []
    journal = Journal(tmp_path, ["topsecret", "topsecret-and-longer"])
    journal.listener = lambda name, line: seen.append(f"{name}: {line}")
    journal.write("trading", "url redis://:topsecret-and-longer@host topsecret")
    journal.close()
    assert seen == ["trading: url redis://:***@host ***"]
    assert "topsecret" not in (tmp_path / "trading.log").read_text()


def test_lines_are_cut_where_they_end() -> None:
    splitter = LineSplitter()
    assert list(splitter.feed(b"one\r\ntw")) == ["one"]
    assert list(splitter.feed(b"o\n\xff\n")) == ["two", "\ufffd"]
    assert list(splitter.feed(b"rest")) == []
    assert list(splitter.end()) == ["rest"]


def test_tail_reads_the_end(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("".join(f"{number}\n" for number in range(10_000)))
    assert tail(log, 2) == ["9998", "9999"]
    assert tail(tmp_path / "none.log", 2) == []


def test_reading_a_service_shows_its_replicas_only(tmp_path: Path) -> None:
    for name in ("trading", "trading-2", "market-data"):
        (tmp_path / f"{name}.log").write_text(f"of {name}\n")
    lines = "".join(read(tmp_path, "trading", 5, follow=False))
    assert "of trading-2" in lines
    assert "of market-data" not in lines
