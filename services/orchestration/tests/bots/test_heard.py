"""What is kept of one bot's words."""

from aviary_orchestration.bots.heard import KEPT_LINES, Heard
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.bots.payloads import LogLine


def line(msg: str, at: float = 1.0, level_no: int = 20) -> LogLine:
    return LogLine(at, level_no, "INFO", "bot", msg)


def words(heard: Heard) -> tuple[list[str], list[str]]:
    return [each.msg for each in heard.errors], [each.msg for each in heard.lines]


def test_errors_are_kept_apart() -> None:
    heard = Heard("bot")
    heard.take_line(line("fine"))
    heard.take_line(line("broken", level_no=40))
    assert words(heard) == (["broken"], ["fine"])


def test_a_line_that_comes_twice_is_kept_once() -> None:
    heard = Heard("bot")
    for at in (1.0, 1.9, 2.0):
        heard.take_line(line("again", at))
    assert [each.at for each in heard.lines] == [1.0, 2.0]


def test_only_the_newest_lines_are_kept() -> None:
    heard = Heard("bot")
    for number in range(10 * KEPT_LINES):
        heard.take_line(line(f"{number}", float(number)))
    newest = [str(number) for number in range(9 * KEPT_LINES, 10 * KEPT_LINES)]
    assert words(heard) == ([], newest)


def test_what_was_written_down_before_stands_before() -> None:
    heard = Heard("bot")
    heard.take_line(line("new", 3.0))
    heard.take_line(line("wrong", 4.0, 40))
    heard.recall([line("old", 1.0), line("new", 3.0), line("older wrong", 2.0, 40)])
    assert words(heard) == (["older wrong", "wrong"], ["old", "new"])


def test_reports_are_the_newest_and_end_with_the_bot_s_stop() -> None:
    heard = Heard("bot")
    assert heard.reports == {}
    heard.take_reports(b'{"c": {"performance": {"pnl": 1}}}')
    assert heard.reports == {"c": {"performance": {"pnl": 1}, "custom_info": {}}}
    heard.take_reports(b'{"c": {}}')
    assert heard.reports == {}


def test_a_bot_is_active_when_it_has_been_heard_lately() -> None:
    heard = Heard("bot")
    assert not heard.recently_active
    heard.touch()
    assert heard.recently_active


def test_only_what_bots_say_themselves_makes_them_known() -> None:
    hearing = Hearing()
    for subject in ("hbot.bot.stop", "hbot.bot.balance.limit", "hbot.bot", "hbot", "other.bot.hb", "hbot.bot.reply.1"):
        hearing.take(subject, b"{}")
    assert hearing.bots == {}
    hearing.take("hbot.bot.hb", b"nonsense")
    assert hearing.of("bot").recently_active


def test_garbage_does_not_stop_the_hearing() -> None:
    hearing = Hearing()
    for topic in ("log", "performance", "notify", "events", "status_updates", "hb"):
        for raw in (b"", b"\xff", b"[" * 100_000, b'{"timestamp": 1e999}', b'{"timestamp": 1e300, "msg": "late"}'):
            hearing.take(f"hbot.bot.{topic}", raw)
    assert hearing.of("bot").reports == {}
    assert [each.msg for each in hearing.of("bot").lines] == ["", "late"]


async def test_an_answer_reaches_who_asked_once() -> None:
    hearing = Hearing()
    reply = hearing.expect("one")
    for raw in (b"nonsense", b"[]", b'{"data": 1}', b'{"data": 2}'):
        hearing.take("hbot.bot.reply.one", raw)
    assert await reply == {"data": 1}
    hearing.expect_no_more("one")
    hearing.take("hbot.bot.reply.one", b'{"data": 3}')
    assert hearing.bots == {}
