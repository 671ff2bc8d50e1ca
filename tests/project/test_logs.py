"""A canary name never reaches a log line."""

import io
import json
import logging
from typing import Any

import pytest
import structlog
from django.test import Client

from recovery import logs

CANARY = "Tweety"


@pytest.fixture
def written() -> Any:
    """A stream that gets what production would write."""
    stream = io.StringIO()
    options = logs.Options(as_json=True, level="INFO", with_messages=False)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(options))
    handler.addFilter(logs.CeleryWithoutTexts())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def _formatter(options: logs.Options) -> logging.Formatter:
    made: dict[str, Any] = dict(logs.standard_logging(options)["formatters"]["recovery"])
    formatter: type[logging.Formatter] = made.pop("()")
    return formatter(**made)


def fail() -> None:
    people: dict[str, int] = {}
    try:
        people[CANARY] += 1
    except KeyError as problem:
        raise ValueError(f"Key (name)=({CANARY}) already exists") from problem


def test_an_exception_is_told_without_its_words(written: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error")
        structlog.get_logger("ours").exception("sweep-failed", reminder=7)
    assert CANARY not in written.getvalue()
    first, second = map(json.loads, written.getvalue().splitlines())
    assert first["exception"].startswith("builtins.ValueError [")
    assert "builtins.KeyError" in first["exception"]
    assert "test_logs.py" in first["exception"]
    assert second["reminder"] == 7


def test_celery_tells_the_task_without_its_words(written: io.StringIO) -> None:
    told = {
        "name": "incidents.sweep",
        "id": "1",
        "description": "raised unexpected",
        "exc": CANARY,
        "traceback": CANARY,
    }
    logging.getLogger("celery.app.trace").error("Task %(name)s: %(exc)s\n%(traceback)s", told)
    assert CANARY not in written.getvalue()
    assert json.loads(written.getvalue())["event"] == "task incidents.sweep[1] raised unexpected"


@pytest.mark.django_db
def test_a_request_is_told_by_its_route(written: io.StringIO, client: Client) -> None:
    answer = client.get(f"/accounts/login/?next=/customers/{CANARY}", headers={"X-Request-ID": "from-the-proxy-1"})
    client.get(f"/{CANARY}/")
    assert CANARY not in written.getvalue()
    line = json.loads(written.getvalue().splitlines()[0])
    assert line["route"] == "account_login"
    assert line["request_id"] == answer.headers["X-Request-ID"] == "from-the-proxy-1"


@pytest.mark.django_db
def test_a_request_id_that_is_no_plain_word_is_replaced(client: Client) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": "two words\t<script>"})
    assert len(answer.headers["X-Request-ID"]) == 32
