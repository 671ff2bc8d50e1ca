"""Logs for machines and for people, without personal data: codes and ids, never names, addresses or free text."""

import logging.config
import re
import sys
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict, Processor, WrappedLogger

log = structlog.get_logger("recovery.request")

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass(frozen=True)
class Options:
    """What `settings.LOGGING` says: the format, the level, and whether texts of exceptions may be written out."""

    as_json: bool
    level: str
    with_messages: bool


def configure(options: Options) -> None:
    """Set up logging and structlog alike; Django calls it through LOGGING_CONFIG."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(standard_logging(options))


def standard_logging(options: Options) -> dict[str, Any]:
    """The dictionary for `logging.config`."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([] if options.with_messages else [without_messages]),
            structlog.processors.JSONRenderer() if options.as_json else _for_people(),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"recovery": formatter},
        "filters": {"celery": {"()": CeleryWithoutTexts}, "quiet": {"()": WithoutWhatLeavesNoLine}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "recovery", "filters": ["celery", "quiet"]}
        },
        "root": {"handlers": ["console"], "level": options.level},
        "loggers": {
            "django": {"level": options.level, "propagate": True},
            # One line of our own per request instead, with the route's name where these write the address.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING", "propagate": True},
            "celery.beat": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker": {"level": "WARNING"},
            "celery.apps.worker": {"level": "INFO"},  # one line: ready
            "kombu": {"level": "WARNING"},
        },
    }


def _for_people() -> Processor:
    return structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False)


def without_messages(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Replace an exception by its types and places: database errors quote the rows people typed."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if exc_info and exc_info[1] is not None:
        event["exception"] = describe(exc_info[1])
    return event


def describe(problem: BaseException) -> str:
    """Types and code places of an exception and its causes, innermost last, without any message or value."""
    parts: list[str] = []
    seen: BaseException | None = problem
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)
        places = " > ".join(f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames)
        parts.append(f"{type(seen).__module__}.{type(seen).__qualname__} [{places}]")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return " < ".join(parts)


class CeleryWithoutTexts(logging.Filter):
    """Celery writes the text and the traceback of a failure into its message: keep the task's name, id and type."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drops one."""
        if record.name == "celery.app.trace" and isinstance(record.args, dict) and "exc" in record.args:
            told = {key: record.args.get(key) for key in ("name", "id", "description")}
            record.msg, record.args = "task %(name)s[%(id)s] %(description)s", (told,)
            record.args = told
        return True


def leaves_no_line(request: object) -> bool:
    """Whether nobody is to learn who asked for it, or when (`access.without_a_trace`): says the view, or its answer."""
    if getattr(request, "leaves_no_line", False):
        return True
    match = getattr(request, "resolver_match", None)
    return bool(getattr(getattr(match, "func", None), "leaves_no_line", False))


class WithoutWhatLeavesNoLine(logging.Filter):
    """Drops warnings about such a request (a token too old); what breaks is still told, without anybody's name."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or not leaves_no_line(getattr(record, "request", None))


class RequestLogMiddleware:
    """One line per request: method, route, status, milliseconds, who by id. Lines in between carry its id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with X-Request-ID: the proxy's own if it sent a plain one, else a new one."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            self._write(request, response.status_code, started)
        return response

    def _write(self, request: HttpRequest, status: int, started: float) -> None:
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "-"
        if route.startswith("health-") or leaves_no_line(request):
            return
        user = getattr(request, "_cached_user", None)  # set only when the view asked: no query for a log line
        milliseconds = round((time.monotonic() - started) * 1000)
        log.info(
            "request",
            method=request.method,
            route=route,
            status=status,
            ms=milliseconds,
            user=getattr(user, "pk", None),
        )
