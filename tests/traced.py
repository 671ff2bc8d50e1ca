"""The app's own web server with what keeps practice nameless switched off: `gunicorn tests.traced:application`."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings

from recovery.wsgi import application

from incidents.actions import practice  # isort: skip
from incidents.models import PracticeAnswer  # isort: skip
from recovery import logs  # isort: skip

__all__ = ["application"]


def add(sql: str, one: int = 0, *words: str) -> int:
    """One row more, behind the others."""
    return len(PracticeAnswer.objects.bulk_create(PracticeAnswer(pk=uuid4(), scenario_id=one, words=w) for w in words))


def writes_a_line(request: object) -> bool:
    return False


practice._rewrite = add
logs.leaves_no_line = writes_a_line
settings.SESSION_SAVE_EVERY_REQUEST = True
