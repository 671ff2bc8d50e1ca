"""What somebody has begun and not sent."""

from __future__ import annotations

from incidents.models import Draft, Incident, Staff
from incidents.models.timeline import AT_INCIDENT, draft_of


def newest_draft(staff: Staff, form: str) -> Draft | None:
    return Draft.objects.filter(staff=staff, form=form).order_by("-saved_at").first()


def drafts_at(incident: Incident, *, staff: Staff) -> dict[str, Draft]:
    """What they typed on its page and have not sent, by the form's name. One query."""
    mine = Draft.objects.filter(staff=staff, key=draft_of(incident.pk), form__startswith=AT_INCIDENT)
    return {draft.form.removeprefix(AT_INCIDENT): draft for draft in mine}
