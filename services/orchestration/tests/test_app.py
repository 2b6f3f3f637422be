import httpx


async def test_the_service_becomes_ready(api: httpx.AsyncClient) -> None:
    answer = await api.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["dependencies"] == {"valkey": "ok", "database": "ok", "nats": "ok"}
