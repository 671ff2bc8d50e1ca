"""What somebody typed on the page of an incident and has not sent: theirs alone, one of each form."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Model

from incidents.actions.log import drop_draft, save_draft
from incidents.models import Apology, Attempt, Incident, Note, PromiseMade, Remedy, Staff
from incidents.models.timeline import draft_name, draft_of

# What a form became once it was sent, found by its key. The others are dropped when they are sent, and that is all.
_BECAME: dict[str, type[Model]] = {
    "apology": Apology,
    "remedy": Remedy,
    "promise": PromiseMade,
    "note": Note,
    "call": Attempt,
}


def keep_words(
    *, incident: Incident, form: str, values: dict[str, Any], submit_key: UUID | None, by: Staff, now: dt.datetime
) -> None:
    """The newest text wins; what arrives after its own submit, or meanwhile, is not kept.

    Looked for when the words are written down: who sends them later drops them.
    """
    save_draft(by=by, form=draft_name(form), key=draft_of(incident.pk), values=values, now=now)
    became: Any = _BECAME.get(form)
    if became and submit_key and became.objects.filter(submit_key=submit_key).exists():
        drop_words(incident_id=incident.pk, form=form, by=by)


def drop_words(*, incident_id: int, form: str, by: Staff) -> None:
    drop_draft(by=by, form=draft_name(form), key=draft_of(incident_id))
