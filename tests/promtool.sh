# Sourced: Prometheus' own checker for the tests of alert rules. Debian's package is unpacked, not installed, so that no
# server starts. Without it those tests are skipped, and say so.

fetch_promtool() {
    command -v promtool >/dev/null && return
    command -v apt-get >/dev/null || return 0
    mkdir -p .venv/promtool
    (cd .venv/promtool && apt-get update && apt-get download prometheus && dpkg-deb -x prometheus_*.deb .) >/dev/null 2>&1 || true
    export PATH="$PWD/.venv/promtool/usr/bin:$PATH"
}
