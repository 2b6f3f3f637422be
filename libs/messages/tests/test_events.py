import re
from pathlib import Path

import pytest

from aviary_common.bus import Event
from aviary_messages import events
from aviary_messages.document import document

PAGE = Path(__file__).parents[3] / "docs" / "events.md"


def test_the_page_of_events_is_up_to_date() -> None:
    assert PAGE.read_text() == document(), "run `make events`"


def test_every_event_is_listed_once() -> None:
    defined = {kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)}
    assert {kind for kind in defined if hasattr(kind, "subject")} == set(events.ALL)
    assert len({kind.subject for kind in events.ALL}) == len(events.ALL)


@pytest.mark.parametrize("kind", events.ALL)
def test_subjects_name_area_thing_and_past_tense(kind: type[Event]) -> None:
    assert re.fullmatch(r"aviary\.[a-z-]+\.[a-z-]+\.([a-z]+(ed|en)|stale)", kind.subject)
