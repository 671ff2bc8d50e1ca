"""The addresses of minutes and names, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any

from incidents.models import Incident, Meeting
from tests import make
from tests.views.minutes import past

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
meeting-minutes          200 200 200 404            405 405 405 405
meeting-minutes-pdf      200 200 200 404            405 405 405 405
meeting-minutes-read     405 405 405 405            422 422 422 404
meeting-minutes-correct  403 200 200 404            403 422 422 404
meeting-minutes-draft    405 405 405 405            403 204 204 404
meeting-names            403 200 200 404            403 422 422 404
meeting-names-undo       405 405 405 405            403 422 422 404
"""
FILTERS: dict[str, list[str]] = {
    "meeting-minutes": ["version"],
    "meeting-minutes-pdf": ["version", "form"],
    "meeting-names": ["incident"],
}
FORMS: dict[str, dict[str, Any]] = {
    "meeting-minutes-read": {"number": "1"},
    "meeting-minutes-correct": {"number": "1", "remark": "Said otherwise"},
    "meeting-names": {"incident": "1", "words": "Boston", "instead": None},
    "meeting-names-undo": {"incident": "1", "word": "1"},
}
NO_FIELDS = {"meeting-minutes-draft"}
OF_MINUTES = [line.split()[0] for line in TABLE.strip().splitlines()]


def numbers(incident: Incident, cast: make.Cast) -> dict[str, int]:
    """A meeting that talked about it and has minutes, by the names of the addresses."""
    meeting = Meeting.objects.filter(items__incident=incident, ended_at__isnull=False).first()
    if meeting is None:
        meeting = past.meeting_of(incident.location, cast.manager, cast.manager, cast.desk, cast.owner)
        past.talk_about(meeting, incident, cast.manager)
        past.end(meeting, cast.manager)
    return dict.fromkeys(OF_MINUTES, meeting.pk)
