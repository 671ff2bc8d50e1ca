"""What somebody has begun and not sent."""

from __future__ import annotations

from incidents.models import Draft, Staff


def newest_draft(staff: Staff, form: str) -> Draft | None:
    return Draft.objects.filter(staff=staff, form=form).order_by("-saved_at").first()
