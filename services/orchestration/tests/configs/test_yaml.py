"""YAML in and out."""

from decimal import Decimal

import pytest

from aviary_common.errors import AviaryError
from aviary_orchestration.configs.content import MAX_BYTES, Content, plain, read_json
from aviary_orchestration.configs.yaml_text import Malformed, dump, load


@pytest.mark.parametrize(
    "text",
    [
        '{"b": 1, "a": 2}',
        '{"number": 0.10, "small": 0.0000001, "long": 0.123456789012345678901234567890, "whole": 5.0}',
        '{"tiny": 1e-300, "huge": 1.5e300, "exponent": 1E5, "negative": -0.5}',
        '{"text": "0.1", "yes": "yes", "null": "null", "date": "2026-01-02", "time": "12:30", "empty": ""}',
        '{"unicode": "naïve ☂ 日本", "lines": "a\\n  b\\n", "colon": "a: b # c", "quote": "\\"\'"}',
        '{"list": [1, [2, {"x": null}]], "none": null, "true": true, "empty": {}, "nothing": []}',
        '{"big": 123456789012345678901234567890, "key with: colon": 1, "1": "one"}',
    ],
)
def test_what_is_written_is_read_again(text: str) -> None:
    content = read_json(text.encode())
    assert isinstance(content, dict)
    assert load(dump(content)) == content
    assert list(load(dump(content))) == list(content)


def test_digits_and_order_stay_as_given() -> None:
    assert dump({"z": Decimal("0.10"), "a": Decimal("1E-7"), "m": [1, "0.1"], "u": "☂"}) == (
        "z: 0.10\na: 0.0000001\nm:\n- 1\n- '0.1'\nu: ☂\n"
    )


def test_what_json_does_not_know_comes_as_text() -> None:
    content = load("date: 2026-01-02\nwhen: 2026-01-02 03:04:05\nover: .inf\nnone: .nan\n1: one\nnested: {0.5: half}\n")
    assert content == {
        "date": "2026-01-02",
        "when": "2026-01-02 03:04:05",
        "over": ".inf",
        "none": ".nan",
        "1": "one",
        "nested": {0.5: "half"},
    }
    assert plain(content)["nested"] == {"0.5": "half"}


def test_aliases_are_fine_within_reason() -> None:
    assert load("a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}") == {"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1, "y": 2}}
    assert dump(load("a: &a {x: 1}\nb: *a")) == "a:\n  x: 1\nb:\n  x: 1\n"


BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        BILLION_LAUGHS,
        "a: &a " + "x" * 100_000 + "\nb: [" + "*a, " * 1000 + "]",
        "a: &a [*a]",
        "a: &a 1\nb: &a [*a]",
        "a: *b",
        "[" * 300_000,
        "a: " + "{a: " * 1000 + "1" + "}" * 1000,
        "a: [" + "1," * 400_000 + "]",
        "a: !!python/object/apply:os.system [id]",
        "a: !!binary aGk=",
        "a: !!set {b}",
        "!!python/name:os.system {}",
        "? [a, b]\n: 1",
        "- a",
        "just text",
        "",
        "a: b: c",
        "a: 'open",
        "a: " + "9" * 5000,
        "a: \x01",
        "a: 1.0e-99999999999999999999",
        "a: " + "x" * MAX_BYTES,
        "a: 1\n---\nb: 2",
    ],
)
def test_what_is_no_config_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        load(text)
    assert len(caught.value.detail) < 2000
    assert "\n" not in caught.value.detail


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": 1e999}', '{"a": -Infinity}', "{", "[" * 100_000, '{"a": ' + "9" * 5000 + "}", "\xff"]
)
def test_json_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(AviaryError) as caught:
        read_json(text.encode("latin-1"))
    assert caught.value.status == 422


@pytest.mark.parametrize(("content", "status"), [({"a": "\ud800"}, 400), ({"a": "x" * MAX_BYTES}, 413)])
def test_what_cannot_be_written_is_refused(content: Content, status: int) -> None:
    with pytest.raises(AviaryError) as caught:
        dump(content)
    assert caught.value.status == status
