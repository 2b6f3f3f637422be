"""Names of images as users and clients write them."""

import time

import pytest

from aviary_common.errors import BadRequest
from aviary_orchestration.engine.images import with_tag

DIGEST = f"@sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("name", "tag", "meant"),
    [
        ("hummingbot/hummingbot", None, "hummingbot/hummingbot:latest"),
        ("hummingbot/hummingbot", "development", "hummingbot/hummingbot:development"),
        ("hummingbot/hummingbot:v2", None, "hummingbot/hummingbot:v2"),
        ("hummingbot/hummingbot:v2:latest", None, "hummingbot/hummingbot:v2"),
        ("hummingbot/hummingbot:v2", "latest", "hummingbot/hummingbot:v2"),
        ("127.0.0.1:5000/bot", None, "127.0.0.1:5000/bot:latest"),
        ("127.0.0.1:5000/a/b_c.d--e:v1.2-rc_3:latest", None, "127.0.0.1:5000/a/b_c.d--e:v1.2-rc_3"),
        ("localhost/bot", "x", "localhost/bot:x"),
        (f"bot{DIGEST}", None, f"bot{DIGEST}"),
        (f"bot{DIGEST}:latest", None, f"bot{DIGEST}"),
    ],
)
def test_a_tag_is_found_or_added(name: str, tag: str | None, meant: str) -> None:
    assert with_tag(name, tag) == meant


@pytest.mark.parametrize(
    "name",
    [
        "",
        ":",
        ":latest",
        "Upper",
        "a b",
        "/a",
        "a/",
        "a//b",
        "a:",
        "-a",
        "a:b:c:d",
        "a@sha256:0",
        "é",
        "a\n",
        "b" * 256,
    ],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        with_tag(name)


@pytest.mark.parametrize("tag", ["a b", "-a", "a/b", "a:b", "t" * 129, "\x00"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(BadRequest):
        with_tag("bot", tag)


@pytest.mark.parametrize("name", ["a" + "_" * 200 + "!", "a" + "a_" * 120 + "!", "a." * 127, "A" * 254 + "/"])
def test_a_long_name_that_is_none_is_refused_at_once(name: str) -> None:
    began = time.process_time()
    with pytest.raises(BadRequest):
        with_tag(name)
    assert time.process_time() - began < 0.5
