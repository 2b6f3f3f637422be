# Sourced: a Docker engine for the tests that need one. An engine that is there is used; else one is installed and
# started where that is possible (Debian, root), with a folder of its own, and ends with the shell. Without one those
# tests are skipped, and say so.

start_engine() {
    [ -n "${DOCKER_HOST:-}" ] || [ -S /var/run/docker.sock ] && return
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "No Docker engine: tests with containers are skipped."
        return
    fi
    if ! command -v dockerd >/dev/null; then
        { apt-get update -qq && apt-get install -qq -y --no-install-recommends docker.io; } >/dev/null 2>&1 || true
    fi
    engine=$(mktemp -d /tmp/aviary-engine.XXXXXX)
    dockerd --host "unix://$engine/docker.sock" --data-root "$engine/data" --exec-root "$engine/exec" \
        --pidfile "$engine/pid" --bridge=none --iptables=false --ip6tables=false >"$engine/log" 2>&1 &
    engine_pid=$!
    trap end_engine EXIT
    for _ in $(seq 60); do
        [ -S "$engine/docker.sock" ] && break
        kill -0 "$engine_pid" 2>/dev/null || break
        sleep 0.5
    done
    if kill -0 "$engine_pid" 2>/dev/null; then
        export DOCKER_HOST="unix://$engine/docker.sock"
    else
        echo "No Docker engine could be started: tests with containers are skipped. $(tail -n 1 "$engine/log")"
    fi
}

end_engine() {
    kill "$engine_pid" 2>/dev/null || true
    wait "$engine_pid" 2>/dev/null || true
    awk -v inside="$engine/" 'index($2, inside) == 1 { print $2 }' /proc/mounts | xargs -r umount -l
    rm -rf "$engine"
}
