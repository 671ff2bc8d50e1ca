"""Two addresses for machines: is the process alive, and can it do its work."""

import time

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.models.pulse import Pulse, read_pulse

GRACE = 120.0  # seconds in which a clock process that never ran may still be starting
GOOD = {"ok", "starting", "on hold", "off"}

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
    """200 when the database answers, is migrated, the clock process ran lately and nothing is late; else 503 and why.

    On a fresh installation the web server starts before the clock process: for two minutes that counts as ready.
    Mail that is on hold, or not set up, is told and is no fault.
    """
    found = dict.fromkeys(("database", "migrations", "clock", "deliveries", "mail"), "unknown")
    found["database"] = "unreachable"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = "ok"
        found["migrations"] = _migrations()
        pulse = read_pulse()
        found["clock"] = _clock(pulse)
        found["deliveries"] = "late" if pulse and pulse.is_behind else "ok"
        found["mail"] = _mail(pulse)
    except DatabaseError:
        pass
    is_ready = GOOD.issuperset(found.values())
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


def _clock(pulse: Pulse | None) -> str:
    """When a clock process last ran, by the database's clock: "ok", "late", "starting" or "never seen"."""
    if pulse and pulse.beat:
        return "late" if pulse.is_late else "ok"
    return "starting" if time.monotonic() - _started < GRACE else "never seen"


def _mail(pulse: Pulse | None) -> str:
    if settings.MAIL == "off":
        return "off"
    return "on hold" if pulse and pulse.held_since else "ok"
