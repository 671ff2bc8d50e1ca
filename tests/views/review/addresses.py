"""The addresses of meetings and thanks, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from incidents.actions import meetings, series, thanks
from incidents.models import Incident, Meeting, MeetingSeries, Thanks
from tests import make
from tests.views.review import room_addresses as room

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
learn                    200 200 200 200            405 405 405 405
meeting-list             200 200 200 200            405 405 405 405
meeting-new              403 200 200 403            403 422 422 403
meeting-show             200 200 200 404            405 405 405 405
meeting-change           403 200 200 404            403 422 422 404
meeting-cancel           405 405 405 405            403 302 302 404
meeting-series           403 200 200 403            403 422 422 403
meeting-series-end       403 405 405 403            403 302 302 403
agenda-add               405 405 405 405            422 422 422 404
agenda-topic             405 405 405 405            422 422 422 404
agenda-fill              405 405 405 405            403 302 302 404
agenda-up                405 405 405 405            403 302 302 404
agenda-down              405 405 405 405            403 302 302 404
agenda-remove            405 405 405 405            403 302 302 404
agenda-later             405 405 405 405            403 302 302 404
thanks-list              200 200 200 200            405 405 405 405
thanks-new               200 200 200 200            422 422 422 422
thanks-answer            200 403 404 404            422 403 404 404
"""
TABLE += room.TABLE.lstrip()
FILTERS: dict[str, list[str]] = room.FILTERS | {
    "meeting-list": ["place", "after", "before"],
    "meeting-new": ["place"],
    "thanks-list": ["after", "before"],
    "thanks-new": ["incident"],
}
_WHEN = {"day": "2030-01-02", "time": "14:00", "minutes": "30", "facilitator": None}
FORMS: dict[str, dict[str, Any]] = room.FORMS | {
    "meeting-new": {"submit_key": "", "location": None, "repeats": "0"} | _WHEN,
    "meeting-change": _WHEN | {"writer": None, "people": None, "version": None},
    "meeting-series": _WHEN | {"every_weeks": "1", "version": None},
    "agenda-add": {"incident": None, "kind": "thanks"},
    "agenda-topic": {"topic": "The new key cards"},
    "thanks-new": {"submit_key": "", "location": None, "staff": None, "name": "The caretaker", "may_name": None}
    | {"words": "Stayed until midnight.", "minutes": "90"},
    "thanks-answer": {"consent": "named"},
}
NO_FIELDS = room.NO_FIELDS | {
    *("meeting-cancel", "meeting-series-end", "agenda-fill"),
    *("agenda-up", "agenda-down", "agenda-remove", "agenda-later"),
}


def numbers(incident: Incident, cast: make.Cast) -> dict[str, int]:
    """A meeting, what is on it, and thanks to the desk, by the names of the addresses."""
    meeting = Meeting.objects.filter(location=cast.here).first()
    if meeting is None:
        made: dict[str, Any] = {"location": cast.here, "facilitator": cast.manager, "minutes": 30, "by": cast.manager}
        now = timezone.now()
        meeting = meetings.make_meeting(starts_at=now + make.DAY, now=now, submit_key=uuid4(), **made)
        day = (now + 2 * make.DAY).date()
        series.make_series(starts_on=day, at=make.NOW.time(), every_weeks=1, now=now, submit_key=uuid4(), **made)
        said: dict[str, Any] = {"location": cast.here, "staff": cast.desk, "words": "Stayed late."}
        thanks.give_thanks(by=cast.manager, now=now, submit_key=uuid4(), **said)
    item = meeting.items.filter(added_by=None).latest("position")
    return {
        "meeting": meeting.pk,
        **dict.fromkeys(("meeting-series", "meeting-series-end"), MeetingSeries.objects.get(location=cast.here).pk),
        **dict.fromkeys(("agenda-add", "agenda-topic", "agenda-fill"), meeting.pk),
        "agenda": item.pk,
        **room.numbers(incident, cast.manager, meeting),
        "thanks": Thanks.objects.get(staff=cast.desk).pk,
    }
