"""What there may be at most, with the numbers that the settings have now."""

from collections.abc import Mapping

from docs.site.settings import defaults
from docs.site.tables import code, table

LIMITS: Mapping[str, str] = {
    "AVIARY_LOGIN_ATTEMPTS": "wrong logins from one address within the window below; then 429, whatever the password",
    "AVIARY_LOGIN_WINDOW_S": "seconds of that window",
    "AVIARY_EXCHANGE_TIMEOUT_S": "seconds after which a call to a venue is given up",
    "AVIARY_FEEDS_MAX": "live feeds (books, candles, trades); what is beyond is asked of the venue each time",
    "AVIARY_FEED_TIMEOUT_S": "seconds without a reader after which a feed ends",
    "AVIARY_CANDLE_IMPORT_BYTES": "bytes of one upload of candles to the store",
    "AVIARY_CANDLE_DOWNLOADS_AT_ONCE": "downloads of candles at once, in one replica",
    "AVIARY_BACKTEST_MAX_CANDLES": "candles of one backtest, of all markets and intervals together",
    "AVIARY_BACKTEST_RUN_S": "seconds that one backtest may compute",
    "AVIARY_BACKTEST_WAIT_S": "seconds that an answer waits for its backtest; then 202 with the run's id",
    "AVIARY_BACKTEST_UPLOAD_BYTES": "bytes of candles sent with a backtest",
    "AVIARY_BACKTEST_UPLOAD_ROWS": "candles sent with a backtest",
    "AVIARY_BACKTEST_KEEP_RUNS": "backtests kept, the newest",
    "AVIARY_BACKTEST_SWEEP_CONFIGS": "configs of one sweep",
    "AVIARY_BACKTEST_SWEEP_ASKED": "configs that a guided search may choose",
    "AVIARY_BACKTEST_KEEP_SWEEPS": "sweeps kept, the newest",
    "AVIARY_BACKTEST_USER_CODE_S": "seconds that a controller of your own may use in one backtest",
    "AVIARY_BACKTEST_USER_CODE_BYTES": "bytes of memory for it",
    "AVIARY_BOT_MEMORY_MB": "megabytes of memory of one bot",
    "AVIARY_BOT_CPUS": "processors of one bot",
    "AVIARY_BOT_RESTARTS": "times that Docker starts a crashed bot again",
    "AVIARY_MQTT_CONNECTIONS_MAX": "bots and other clients connected to the bots' broker",
    "AVIARY_GATEWAY_REQUESTS_PER_MIN": "requests a minute to Gateway, of all replicas together",
    "AVIARY_SNAPSHOT_KEEP_ALL_DAYS": "days for which every portfolio snapshot is kept; then one an hour",
    "AVIARY_SNAPSHOT_KEEP_HOURLY_DAYS": "days for which one an hour is kept; then one a day",
}


def page() -> str:
    known = defaults()
    return table(("at most", "of what", "set by"), [(known[name], text, code(name)) for name, text in LIMITS.items()])
