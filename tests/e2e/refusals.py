"""What every refusal looks like."""

import httpx


def refused(answer: httpx.Response, status: int, *words: str) -> str:
    """The code of an answer in our form: this status, and each word in its detail."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body.keys() == {"detail", "code"}, body
    for word in words:
        assert word in body["detail"], body
    assert answer.headers["x-request-id"]
    code: str = body["code"]
    return code


def field_refused(answer: httpx.Response, *field: str) -> None:
    """422 as FastAPI gives it, with the field among those that it names."""
    assert answer.status_code == 422, f"{answer.status_code}: {answer.text}"
    assert list(field) in [problem["loc"] for problem in answer.json()["detail"]], answer.text
