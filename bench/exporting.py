"""`python3 -m bench.exporting [--rows N]`: how long files of many rows take, and how much memory.

Needs DATABASE_URL of a database of your own, filled by `manage.py demo --incidents 100000`. Each form is written by the
job that a browser asks for, in a process of its own: its peak, and beside it what it took before the first row.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any
from uuid import uuid4

MEGABYTE = 1024  # ru_maxrss counts kilobytes
FORMS = ("csv", "xlsx")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m bench.exporting", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, metavar="N", help="how many rows at most")
    parser.add_argument("--form", choices=FORMS, help="write this one here, and print its figures as JSON")
    wanted = parser.parse_args()
    if wanted.form:
        print(json.dumps(_write(wanted.form, wanted.rows)))
        return 0
    print("| form | rows | asked, s | written, s | of it CPU, s | file, MB | peak, MB | before, MB |")
    print("|---|---|---|---|---|---|---|---|")
    for form in FORMS:
        print(_line(form, _apart(form, wanted.rows)))
    return 0


def _apart(form: str, rows: int) -> dict[str, Any]:
    """In a process of its own, with a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="recovery-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.exporting", "--form", form, "--rows", str(rows)],
            env=os.environ | {"MEDIA_ROOT": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _line(form: str, found: dict[str, Any]) -> str:
    told = [f"{found[name]:.1f}" for name in ("asked", "written", "cpu", "size", "peak", "before")]
    return f"| {form} | {found['rows']} | {' | '.join(told)} |"


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def _write(form: str, most: int) -> dict[str, Any]:
    """As the view and the worker do it, one after the other."""
    import django

    django.setup()
    from array import array

    from django.utils import timezone

    from incidents.access import Role
    from incidents.actions import exports, jobs
    from incidents.models import ExportFile, Incident, Staff

    owner = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")[0]
    began, now = time.monotonic(), timezone.now()
    rows = Incident.objects.visible_to(owner).order_by("-reported_at", "-id").values_list("pk", flat=True)
    numbers = array("q", rows[:most].iterator(chunk_size=10_000))
    job = exports.ask_for_export(
        listing="incidents", form=form, numbers=numbers, filters={}, by=owner, now=now, submit_key=uuid4()
    )
    asked, before = time.monotonic() - began, _peak()
    began, cpu = time.monotonic(), time.process_time()
    while not job.is_over:
        jobs.work()
        job.refresh_from_db()
    written, cpu = time.monotonic() - began, time.process_time() - cpu
    file = ExportFile.objects.get(job=job)
    figures = {"rows": file.rows, "asked": asked, "written": written, "cpu": cpu, "size": file.size / 1e6}
    return figures | {"peak": _peak(), "before": before}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")
    sys.exit(main())
