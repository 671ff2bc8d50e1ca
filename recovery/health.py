"""Two addresses for machines: is the process alive, and can it do its work."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SWEEP = "worker_sweep"
SWEEP_IS_LATE_AFTER = timedelta(seconds=30)  # three periods of the sweep


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, is migrated, and the worker swept lately; else 503 and what is missing.

    A worker that was never seen does not count against a fresh installation: the web server starts first.
    """
    found = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = "ok"
        found["migrations"] = _migrations()
        found["worker"] = _worker()
    except DatabaseError:
        pass
    is_ready = found["database"] == found["migrations"] == "ok" and found["worker"] in {"ok", "not yet seen"}
    return JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503)


_all_applied = False


def _migrations() -> str:
    """ "ok" or "missing". Asked once: what was applied stays applied while this process lives."""
    global _all_applied
    if not _all_applied:
        executor = MigrationExecutor(connection)
        _all_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _all_applied else "missing"


def _worker() -> str:
    """When the worker last swept: "ok", "late" or "not yet seen"."""
    try:
        heartbeat: Any = apps.get_model("incidents", "Heartbeat")
    except LookupError:
        return "not yet seen"
    at = heartbeat.objects.using(DEFAULT_DB_ALIAS).filter(name=SWEEP).values_list("at", flat=True).first()
    if at is None:
        return "not yet seen"
    return "ok" if timezone.now() - at < SWEEP_IS_LATE_AFTER else "late"
