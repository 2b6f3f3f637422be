"""What a search learns from, and what it is judged by."""

import pytest

from aviary_strategies.search.segments import Fold, Segment, holdout, walk_forward, whole


def test_the_end_is_kept_apart() -> None:
    split = holdout(60.0, 60.0 + 6000.0, 60.0, 0.3)
    assert split.ranges == (Segment(60.0, 60.0 + 4200.0), Segment(60.0 + 4200.0, 6060.0))
    assert split.learned == Fold(0, 1)


def test_cuts_lie_on_whole_candles() -> None:
    assert holdout(0.0, 1000.0, 60.0, 0.3).ranges[1].start_s == 660.0


def test_a_gap_keeps_the_first_test_candle_out_of_the_training() -> None:
    assert holdout(0.0, 6000.0, 60.0, 0.5, gap_s=60.0).ranges == (Segment(0.0, 2940.0), Segment(3000.0, 6000.0))


@pytest.mark.parametrize("anchored", [True, False])
@pytest.mark.parametrize("folds", [1, 2, 5])
def test_every_test_follows_its_training_at_once(anchored: bool, folds: int) -> None:
    split = walk_forward(0.0, 60_000.0, 60.0, folds, anchored=anchored)
    assert len(split.folds) == folds
    for fold in split.folds:
        assert fold.test is not None
        train, test = split.ranges[fold.train], split.ranges[fold.test]
        assert train.end_s == test.start_s
        assert train.start_s == 0.0 if anchored else train.end_s - train.start_s <= 60_000.0 / (folds + 1) + 60.0
    assert split.ranges[split.learned.test or 0].end_s == 60_000.0
    assert len(set(split.ranges)) == len(split.ranges)


def test_without_a_split_everything_is_learned_from() -> None:
    assert whole(0.0, 60.0).learned == Fold(0, None)


def test_too_short_a_range_is_not_split() -> None:
    with pytest.raises(ValueError, match="too short"):
        walk_forward(0.0, 600.0, 60.0, 9)
    with pytest.raises(ValueError, match="between 0 and 1"):
        holdout(0.0, 600.0, 60.0, 1.0)
    with pytest.raises(ValueError, match="folds"):
        walk_forward(0.0, 600.0, 60.0, 0)
