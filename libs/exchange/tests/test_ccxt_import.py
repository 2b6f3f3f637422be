import json
import subprocess
import sys

import pytest

MEASURE = """
import json, sys, threading, time

from aviary_exchange import ccxt_import

def rss_mb():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 1e6

before = rss_mb()
began = time.perf_counter()
ccxt_import.exchange_class("binance")
took, cost = time.perf_counter() - began, rss_mb() - before
ids = ["binance", "binanceusdm", "okx", "kucoinfutures", "btcmarkets"]
classes = {}
def load(ccxt_id):
    classes[ccxt_id] = ccxt_import.exchange_class(ccxt_id)
threads = [threading.Thread(target=load, args=(ccxt_id,)) for ccxt_id in ids * 3]
for thread in threads: thread.start()
for thread in threads: thread.join()
errors = ccxt_import.errors()

import ccxt, ccxt.pro, ccxt.base.errors
raised = None
try:
    classes["binance"]({}).handle_errors(429, "", "", "GET", {}, "", {}, {}, "")
except errors.DDoSProtection as error:
    raised = type(error).__name__
print(json.dumps({
    "seconds": took,
    "rss_mb": cost,
    "modules": sum(name.split(".")[0] == "ccxt" for name in sys.modules),
    "loaded": sorted(classes),
    "same_errors": ccxt.NetworkError is errors.NetworkError is ccxt.base.errors.NetworkError,
    "same_again": ccxt_import.exchange_class("binance") is classes["binance"] is ccxt.pro.binance,
    "others": sorted(name for name in ("ccxt.async_support.kraken", "ccxt.binance") if name in sys.modules),
    "raised": raised,
}))
"""


@pytest.fixture(scope="module")
def measured() -> dict[str, object]:
    ran = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True, timeout=60)
    return dict(json.loads(ran.stdout))


def test_threads_loading_at_once_all_get_their_class(measured: dict[str, object]) -> None:
    assert measured["loaded"] == ["binance", "binanceusdm", "btcmarkets", "kucoinfutures", "okx"]
    assert measured["same_again"]


def test_errors_keep_their_identity(measured: dict[str, object]) -> None:
    assert measured["same_errors"]
    assert measured["raised"] == "DDoSProtection"


def test_only_the_classes_in_use_are_loaded(measured: dict[str, object]) -> None:
    assert measured["others"] == []
    assert isinstance(measured["modules"], int)
    assert measured["modules"] < 50  # all of ccxt is over 400


def test_it_costs_less_than_all_of_ccxt(measured: dict[str, object]) -> None:
    assert isinstance(measured["rss_mb"], float)
    assert measured["rss_mb"] < 75  # measured: 61; all of ccxt adds 100
