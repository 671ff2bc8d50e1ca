"""Two addresses for machines: is the process alive, and can it do its work."""

import time
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.actions.remind import SWEEP
from incidents.models import Heartbeat

SWEEP_IS_LATE_AFTER = timedelta(seconds=30)  # three periods of the sweep
GRACE = 120.0  # seconds in which a worker that never swept may still be starting

_started = time.monotonic()
_applied: set[str] = set()


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, is migrated, and the worker swept lately; else 503 and what is missing.

    On a fresh installation the web server starts before the worker: for two minutes that counts as ready.
    """
    found = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            now = cursor.fetchone()[0]
        found["database"] = "ok"
        found["migrations"] = _migrations()
        found["worker"] = _worker(now)
    except DatabaseError:
        pass
    good = {"ok", "starting"}
    is_ready = all(value in good for value in found.values())
    return JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503)


def _migrations() -> str:
    """ "ok" or "missing". Found complete once, it stays so while this process lives."""
    database = connection.settings_dict["NAME"]
    if database not in _applied:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "missing"
        _applied.add(database)
    return "ok"


def _worker(now: datetime) -> str:
    """When the worker last swept, by the database's clock: "ok", "late", "starting" or "never seen"."""
    at = Heartbeat.objects.filter(name=SWEEP).values_list("at", flat=True).first()
    if at is not None:
        return "ok" if now - at < SWEEP_IS_LATE_AFTER else "late"
    return "starting" if time.monotonic() - _started < GRACE else "never seen"
