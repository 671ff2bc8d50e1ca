"""Crash points and guards of the web server."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.faults.rigs import die_once, part, rig, wait_at


@rig("die-before-commit")
def die_before_commit() -> None:
    """Everything of the incident is written and nothing committed."""
    log = part("actions.log")

    real = log._tell

    def tell(*incident: Any, **more: Any) -> None:
        real(*incident, **more)
        die_once()

    log._tell = tell


@rig("die-after-commit")
def die_after_commit() -> None:
    """It is saved, and nobody hears of it."""
    log = part("actions.log")

    real = log.log_incident

    def log_incident(**told: Any) -> Any:
        incident = real(**told)
        die_once()
        return incident

    log.log_incident = log_incident


@rig("pause-before-commit")
def pause_before_commit() -> None:
    log = part("actions.log")

    real = log._tell

    def tell(*incident: Any, **more: Any) -> None:
        real(*incident, **more)
        wait_at("writing")

    log._tell = tell


@rig("no-transaction")
def no_transaction() -> None:
    """Guard off: each statement commits for itself."""
    from contextlib import nullcontext

    advance = part("actions.advance")
    log = part("actions.log")

    class Bare:
        def __init__(self, module: Any) -> None:
            self.real = module.transaction

        def __getattr__(self, name: str) -> Any:
            return nullcontext if name == "atomic" else getattr(self.real, name)

    from django.db import models

    for module in (log, advance):
        module.transaction = Bare(module)
    # A row lock needs a transaction.
    models.QuerySet.select_for_update = lambda rows, **_how: rows  # type: ignore[method-assign]


@rig("no-submit-key")
def no_submit_key() -> None:
    """Guard off: every submit is a new one."""
    log = part("actions.log")

    real = log.log_incident

    def log_incident(**told: Any) -> Any:
        return real(**told | {"submit_key": uuid4()})

    log.log_incident = log_incident


@rig("no-draft")
def no_draft() -> None:
    """Guard off: what is typed lives in the browser only."""
    log = part("actions.log")

    log.save_draft = lambda **_typed: None


@rig("web-speaks-to-broker")
def web_speaks_to_broker() -> None:
    """Guard off: what measured fact 2 is about."""
    log = part("actions.log")
    from incidents.tasks import sweep_reminders
    from recovery.celery import app

    real = log.log_incident

    def log_incident(**told: Any) -> Any:
        incident = real(**told)
        app.tasks[sweep_reminders.name].delay()
        return incident

    log.log_incident = log_incident


@rig("small-disk")
def small_disk() -> None:
    """The kernel refuses to let a file grow beyond this: half of a picture is written, then no more."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@rig("careless-files")
def careless_files() -> None:
    """Guard off: the row first, then the file, as a plain FileField would have it."""
    uploads = part("uploads")
    attach = part("actions.attach")

    def keep(file: Any) -> str:
        name = f"aa/{uuid4().hex}.png"
        path = uploads.place_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.write_bytes(file.content)
        except OSError as problem:
            raise uploads.NotStored from problem
        return name

    attach.uploads.keep = keep


@rig("die-half-way")
def die_half_way() -> None:
    """Its number is taken, no row of it is written."""
    log = part("actions.log")

    log._begin = lambda *_incident, **_more: die_once()


@rig("pause-half-way")
def pause_half_way() -> None:
    log = part("actions.log")

    real = log._begin

    def begin(*incident: Any, **more: Any) -> None:
        wait_at("writing")
        real(*incident, **more)

    log._begin = begin


@rig("no-words-for-it")
def no_words_for_it() -> None:
    """Guard off, together with the settings' part: a database that is away is an error like any other."""
    public = part("views.public")
    public.OperationalError = public.InterfaceError = ZeroDivisionError


@rig("list-what-was-said")
def list_what_was_said() -> None:
    """Guard off: "calls due" are those that a reminder spoke of."""
    from incidents.models import Notice

    calls = part("story.calls")

    real = calls._calls
    calls._calls = lambda staff: real(staff).filter(
        pk__in=Notice.objects.filter(kind="follow_up_due").values("subject_id")
    )
