"""The task of the confined worker that has a controller decide."""

from typing import cast

from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.run import run
from aviary_strategies.user_code.causality import foresight
from aviary_strategies.user_code.columns import packed, unpacked_candles
from aviary_strategies.user_code.describing import asked_for
from aviary_strategies.user_code.kernels_inside import keep_no_kernels
from aviary_strategies.user_code.payloads import Json, setup_of
from aviary_strategies.user_code.recording import Recorder
from aviary_strategies.user_code.reference.shim import ReferenceController


def play(payload: object) -> Json:
    """The features and every decision."""
    keep_no_kernels()
    given = cast("Json", payload)
    recorder = Recorder(asked_for(given))
    run(setup_of(given, recorder), unpacked_candles(given["candles"]), stepping=True)
    warning = None if given["mode"] == Mode.COMPAT else _foresight(recorder)
    return {
        "features": {name: packed(column) for name, column in recorder.told_features.items()},
        "decisions": recorder.decisions,
        "warnings": [warning] if warning else [],
    }


def _foresight(recorder: Recorder) -> str | None:
    watched = recorder.watched
    compute = watched.whole_features if isinstance(watched, ReferenceController) else watched.features
    return foresight(compute, recorder.seen) if recorder.told_features else None
