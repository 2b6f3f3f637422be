from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import pytest
from pydantic import BaseModel, ValidationError

from aviary_common.models import Amount, DecimalNumber, DecimalText, Name, Tolerant, TradingPair, aliases, case_blind


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class Request(Tolerant):
    side: Annotated[Side, case_blind(Side)] = Side.BUY
    amount: Amount = Decimal(1)
    pair: TradingPair = "BTC-USDT"
    name: Name = "master_account"
    connector_names: list[str] | None = aliases("connector_names", "connectors", default=None)


@pytest.mark.parametrize("text", ["buy", "Buy", "BUY", " buy "])
def test_enums_are_compared_without_case(text: str) -> None:
    assert Request(side=text).side is Side.BUY  # type: ignore[arg-type]


def test_both_names_of_a_field_work_and_unknown_keys_are_ignored() -> None:
    assert Request.model_validate({"connectors": ["a"], "other": 1}).connector_names == ["a"]
    assert Request.model_validate({"connector_names": ["a"]}).connector_names == ["a"]


def test_floats_become_the_decimal_they_are_written_as() -> None:
    assert Request(amount=0.1).amount == Decimal("0.1")  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", 0, -1, "1e-19", "1" * 37, "1e40", "ten", True])
def test_amounts_that_are_none_are_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        Request.model_validate({"amount": bad})


@pytest.mark.parametrize("bad", ["../etc", "a b", "", "a/b", "ä", "x" * 65])
def test_names_stay_plain(bad: str) -> None:
    with pytest.raises(ValidationError):
        Request(name=bad)


def test_pairs_are_folded_to_upper_case() -> None:
    assert Request(pair="btc-usdt").pair == "BTC-USDT"


def test_decimals_leave_as_exact_text_or_as_numbers() -> None:
    class Answer(BaseModel):
        text: DecimalText
        number: DecimalNumber

    answer = Answer(text=Decimal("1E-8"), number=Decimal("99318.18930000"))
    assert answer.model_dump_json() == '{"text":"0.00000001","number":99318.1893}'
