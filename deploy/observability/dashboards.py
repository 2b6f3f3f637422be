"""Writes the Grafana dashboards: ``python deploy/observability/dashboards.py``.

A panel is its title, its unit and its queries; everything else is alike. The JSON is committed, because Grafana reads
files, and a test compares it with what this writes.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "grafana" / "dashboards"
WIDTH, HEIGHT = 8, 8
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}
RATE = "[$__rate_interval]"


class Query(NamedTuple):
    expr: str
    legend: str


class Panel(NamedTuple):
    title: str
    unit: str
    queries: tuple[Query, ...]
    about: str = ""


def rate(metric: str, by: str, where: str = "") -> str:
    return f"sum by ({by}) (rate({metric}{where}{RATE}))"


def quantile(q: float, metric: str, by: str = "", where: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({q}, sum by ({labels}) (rate({metric}_bucket{where}{RATE})))"


def plain(title: str, unit: str, expr: str, legend: str, about: str = "") -> Panel:
    return Panel(title, unit, (Query(expr, legend),), about)


def quantiles(title: str, metric: str, by: str = "", where: str = "") -> Panel:
    name = f"{{{{{by}}}}} " if by else ""
    queries = tuple(Query(quantile(q, metric, by, where), f"{name}p{q * 100:.0f}") for q in (0.5, 0.99))
    return Panel(title, "s", queries)


HTTP = "aviary_http_request_duration_seconds"
ERRORS = '{status=~"5.."}'
OVERVIEW = (
    plain("Requests", "reqps", rate(f"{HTTP}_count", "job"), "{{job}}"),
    plain(
        "Share of requests answered with 5xx",
        "percentunit",
        f"({rate(f'{HTTP}_count', 'job', ERRORS)} or 0 * {rate(f'{HTTP}_count', 'job')})"
        f" / {rate(f'{HTTP}_count', 'job')}",
        "{{job}}",
    ),
    plain("Time to answer, p99", "s", quantile(0.99, HTTP, "job"), "{{job}}"),
    plain("Slowest routes, p99", "s", f"topk(8, {quantile(0.99, HTTP, 'job, route')})", "{{job}} {{route}}"),
    plain(
        "At the edge",
        "reqps",
        rate("traefik_service_requests_total", "service, code"),
        "{{service}} {{code}}",
        "As Traefik counts, also where no service answered",
    ),
    plain(
        "At the edge, p99", "s", quantile(0.99, "traefik_service_request_duration_seconds", "service"), "{{service}}"
    ),
    plain("Replicas that answer", "short", "sum by (job) (up)", "{{job}}"),
    plain("Dependencies", "short", "min by (job, dependency) (aviary_dependency_up)", "{{job}} {{dependency}}"),
    plain("Versions", "short", "count by (service, version) (aviary_build_info)", "{{service}} {{version}}"),
    plain("Memory", "bytes", "sum by (job) (process_resident_memory_bytes)", "{{job}}"),
    plain("Processor", "percentunit", rate("process_cpu_seconds_total", "job"), "{{job}}", "1 is a whole core"),
    plain(
        "Database connections at work",
        "percentunit",
        "max by (job, pool) (aviary_database_connections_used / aviary_database_connections_max)",
        "{{job}} {{pool}}",
    ),
    plain("Database unavailable", "short", rate("aviary_database_unavailable_total", "job"), "{{job}}"),
    plain(
        "Disk left",
        "percentunit",
        "min by (job, directory) (aviary_disk_free_bytes / aviary_disk_size_bytes)",
        "{{job}} {{directory}}",
    ),
    plain("Logins refused", "reqps", rate("aviary_login_failures_total", "reason"), "{{reason}}"),
    plain("Unforeseen errors", "short", "sum by (job) (increase(aviary_http_crashes_total[10m]))", "{{job}}"),
    plain("Leases held", "short", "sum by (job, work) (aviary_leases_held)", "{{job}} {{work}}"),
    plain(
        "Leases taken and lost",
        "short",
        "sum by (work, how) (increase(aviary_leases_acquired_total[10m]))"
        ' or label_replace(sum by (work) (increase(aviary_leases_lost_total[10m])), "how", "lost", "", "")',
        "{{work}} {{how}}",
    ),
)
VENUE = "aviary_venue_call_duration_seconds"
ORDERS = (
    plain("Orders by outcome", "reqps", rate("aviary_orders_total", "outcome"), "{{outcome}}"),
    plain("Orders by connector", "reqps", rate("aviary_orders_total", "connector"), "{{connector}}"),
    plain("Changes of orders", "reqps", rate("aviary_order_changes_total", "status"), "{{status}}"),
    plain(
        "Unresolved orders",
        "short",
        "max by (connector, state) (aviary_orders_unresolved)",
        "{{connector}} {{state}}",
        "Being placed or cancelled; nobody knows their fate",
    ),
    plain(
        "Oldest unresolved order",
        "s",
        "max by (connector, state) (aviary_orders_unresolved_oldest_age_seconds)",
        "{{connector}} {{state}}",
    ),
    quantiles("From the intent to knowing the fate", "aviary_order_known_after_seconds"),
    quantiles("Placing an order: ours, and the venue's part", "aviary_order_duration_seconds", "part"),
    plain("Fills", "reqps", rate("aviary_fills_total", "connector"), "{{connector}}"),
    plain("Sessions", "short", "sum by (connector, state) (aviary_sessions)", "{{connector}} {{state}}"),
    plain("Most silent session", "s", "max by (connector) (aviary_session_silent_seconds)", "{{connector}}"),
    plain(
        "Streams that became live",
        "short",
        "sum by (connector) (increase(aviary_session_streams_total[10m]))",
        "{{connector}}",
        "More than the number of sessions: they reconnect",
    ),
    plain("Calls to venues", "reqps", rate(f"{VENUE}_count", "connector, outcome"), "{{connector}} {{outcome}}"),
    plain("Calls to venues, p99", "s", quantile(0.99, VENUE, "connector, purpose"), "{{connector}} {{purpose}}"),
    plain(
        "Waiting for the rate budget",
        "short",
        rate("aviary_rate_budget_wait_seconds_sum", "connector, purpose"),
        "{{connector}} {{purpose}}",
        "Seconds of waiting in a second",
    ),
    plain(
        "Refused by the rate budget",
        "reqps",
        rate("aviary_rate_budget_refusals_total", "connector, purpose"),
        "{{connector}} {{purpose}}",
    ),
)
MARKET_DATA = (
    plain("Feeds", "short", "sum by (connector, kind, state) (aviary_feeds)", "{{connector}} {{kind}} {{state}}"),
    plain("Oldest feed", "s", "max by (connector, kind) (aviary_feed_age_seconds)", "{{connector}} {{kind}}"),
    plain("Updates", "reqps", rate("aviary_feed_updates_total", "connector, kind"), "{{connector}} {{kind}}"),
    plain(
        "Interruptions",
        "short",
        "sum by (connector, kind) (increase(aviary_feed_interruptions_total[10m]))",
        "{{connector}} {{kind}}",
    ),
    plain(
        "Calls to venues",
        "reqps",
        rate(f"{VENUE}_count", "connector, outcome", '{job="market-data"}'),
        "{{connector}} {{outcome}}",
    ),
    plain("Calls to venues, p99", "s", quantile(0.99, VENUE, "connector", '{job="market-data"}'), "{{connector}}"),
    plain("Requests", "reqps", rate(f"{HTTP}_count", "route", '{job="market-data"}'), "{{route}}"),
    plain("Time to answer, p99", "s", quantile(0.99, HTTP, "route", '{job="market-data"}'), "{{route}}"),
    plain(
        "Candle downloads",
        "short",
        'max by (state) (aviary_jobs_unfinished{queue="candle_download"})',
        "{{state}}",
    ),
)
BUS = (
    plain("Events that wait to be published", "short", "max by (job) (aviary_outbox_events)", "{{job}}"),
    plain("Oldest of them", "s", "max by (job) (aviary_outbox_oldest_age_seconds)", "{{job}}"),
    plain(
        "From writing an event to its publication, p99",
        "s",
        quantile(0.99, "aviary_outbox_delay_seconds", "job"),
        "{{job}}",
    ),
    plain("Published", "reqps", rate("aviary_bus_published_total", "subject, outcome"), "{{subject}} {{outcome}}"),
    plain("Consumed", "reqps", rate("aviary_bus_consumed_total", "consumer, outcome"), "{{consumer}} {{outcome}}"),
    plain("Delivered again", "reqps", rate("aviary_bus_redelivered_total", "consumer"), "{{consumer}}"),
    plain("Consumers behind", "short", "max by (consumer) (aviary_bus_consumer_pending)", "{{consumer}}"),
    plain("Under way", "short", "max by (consumer) (aviary_bus_consumer_unacknowledged)", "{{consumer}}"),
    plain("JetStream answers", "short", "min by (job) (aviary_bus_jetstream_up)", "{{job}}"),
    plain(
        "Questions",
        "reqps",
        rate("aviary_bus_ask_duration_seconds_count", "subject, outcome"),
        "{{subject}} {{outcome}}",
    ),
    plain("Questions, p99", "s", quantile(0.99, "aviary_bus_ask_duration_seconds", "subject"), "{{subject}}"),
    plain("Answers", "reqps", rate("aviary_bus_answers_total", "subject, status"), "{{subject}} {{status}}"),
    plain("Connections made again", "short", "sum by (job) (increase(aviary_bus_reconnects_total[10m]))", "{{job}}"),
    plain(
        "Background tasks that died",
        "short",
        "sum by (job, task) (increase(aviary_task_restarts_total[10m])) or sum by (job) (up) * 0",
        "{{job}} {{task}}",
    ),
)
BOTS = (
    plain("Bots", "short", "max by (state) (aviary_bots)", "{{state}}"),
    plain("Problems", "short", "max by (kind) (aviary_bot_problems)", "{{kind}}"),
    plain("Docker answers", "short", "min(aviary_docker_up)", "docker"),
    plain("Last heard", "s", "min by (bot) (aviary_bot_silent_seconds)", "{{bot}}"),
    plain("Restarts by Docker", "short", "max by (bot) (aviary_bot_restarts)", "{{bot}}"),
    plain("Calls to Docker", "reqps", rate("aviary_docker_call_duration_seconds_count", "outcome"), "{{outcome}}"),
    plain("Calls to Docker, p99", "s", quantile(0.99, "aviary_docker_call_duration_seconds"), "p99"),
    plain("Connections at the bots' broker", "short", "sum(aviary_mqtt_edge_connections)", "open"),
    plain("Logins at the bots' broker", "short", "sum(increase(aviary_bots_admitted_total[10m]))", "admitted"),
    plain(
        "Refused at the bots' broker",
        "short",
        "sum by (reason) (increase(aviary_bots_refused_total[10m]))"
        " or sum by (reason) (increase(aviary_mqtt_edge_refused_total[10m])) or sum(aviary_mqtt_edge_connections) * 0",
        "{{reason}}",
    ),
    plain(
        "What bots said and is not written down yet",
        "short",
        'max(aviary_bus_consumer_pending{consumer=~"orchestration-.*"})',
        "messages",
    ),
    plain("Archiving", "short", 'max by (state) (aviary_jobs_unfinished{queue="bot_archive"})', "{{state}}"),
)
JOBS = (
    plain("Jobs", "short", "max by (queue, state) (aviary_jobs_unfinished)", "{{queue}} {{state}}"),
    plain("Oldest job", "s", "max by (queue, state) (aviary_job_oldest_age_seconds)", "{{queue}} {{state}}"),
    plain(
        "Jobs that ended",
        "short",
        "sum by (queue, outcome) (increase(aviary_jobs_ended_total[10m]))",
        "{{queue}} {{outcome}}",
    ),
    plain("How long they took, p99", "s", quantile(0.99, "aviary_job_duration_seconds", "queue"), "{{queue}}"),
    plain(
        "Runs over user code",
        "short",
        "sum by (task, outcome) (increase(aviary_confined_run_duration_seconds_count[10m]))",
        "{{task}} {{outcome}}",
    ),
    plain("Runs over user code, p99", "s", quantile(0.99, "aviary_confined_run_duration_seconds", "task"), "{{task}}"),
    plain("Calls to Gateway", "reqps", rate("aviary_gateway_call_duration_seconds_count", "outcome"), "{{outcome}}"),
    plain("Calls to Gateway, p99", "s", quantile(0.99, "aviary_gateway_call_duration_seconds"), "p99"),
    plain("Memory of workers", "bytes", 'process_resident_memory_bytes{job="backtesting-worker"}', "{{instance}}"),
)
DASHBOARDS = {
    "overview": OVERVIEW,
    "orders": ORDERS,
    "market-data": MARKET_DATA,
    "bus": BUS,
    "bots": BOTS,
    "jobs": JOBS,
}


def dashboard(name: str) -> str:
    document = {
        "uid": f"aviary-{name}",
        "title": f"Aviary: {name.replace('-', ' ')}",
        "tags": ["aviary"],
        "schemaVersion": 39,
        "refresh": "15s",
        "time": {"from": "now-1h", "to": "now"},
        "links": [{"type": "dashboards", "tags": ["aviary"], "title": "Aviary", "asDropdown": True, "keepTime": True}],
        "panels": [_panel(place, panel) for place, panel in enumerate(DASHBOARDS[name])],
    }
    return json.dumps(document, indent=1) + "\n"


def _panel(place: int, panel: Panel) -> dict[str, Any]:
    return {
        "id": place + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.about,
        "datasource": DATASOURCE,
        "gridPos": {"x": place % 3 * WIDTH, "y": place // 3 * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "table", "calcs": ["lastNotNull", "max"]}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + place), "expr": query.expr, "legendFormat": query.legend}
            for place, query in enumerate(panel.queries)
        ],
    }


if __name__ == "__main__":
    for each in DASHBOARDS:
        (FOLDER / f"{each}.json").write_text(dashboard(each))
