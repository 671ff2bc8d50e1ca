"""Records of one person: put together, alike, added once. Each constraint, and a write it refuses."""

from __future__ import annotations

from uuid import uuid4

from django.db.models import F

from incidents.models import Customer, Merge, Resemblance
from tests.make import NOW
from tests.models.writes import TOO_EARLY, TOO_LATE, World, Write, change, copy, same_key


def undone_copy(world: World) -> object:
    """From the form that made the standing one."""
    return copy(Merge, undone_at=NOW, undone_by=world.cast.manager)(world)


MERGES: list[tuple[str, Write]] = [
    ("merge_standing_once", copy(Merge, submit_key=uuid4)),
    ("incidents_merge_submit_key_key", undone_copy),
    ("merge_of_two", change(Merge, kept=F("dropped"))),
    ("merge_undone_by_somebody", change(Merge, undone_at=NOW)),
    ("merge_undone_by_somebody", lambda world: Merge.objects.update(undone_by=world.cast.manager)),
    ("merge_dates_2000_to_2100", change(Merge, at=TOO_EARLY)),
    ("merge_dates_2000_to_2100", lambda w: Merge.objects.update(undone_by=w.cast.manager, undone_at=TOO_LATE)),
    ("resemblance_once", copy(Resemblance)),
    ("resemblance_in_order", change(Resemblance, first=F("second"), second=F("first"))),
    ("resemblance_in_order", change(Resemblance, second=F("first"))),
    ("resemblance_score_of_100", change(Resemblance, score=101)),
    ("resemblance_dismissed_by_somebody", change(Resemblance, dismissed_at=NOW)),
    ("resemblance_dismissed_by_somebody", lambda w: Resemblance.objects.update(dismissed_by=w.cast.manager)),
    ("resemblance_dates_2000_to_2100", change(Resemblance, found_at=TOO_LATE)),
    ("customer_merged_into_another", change(Customer, merged_into=F("id"))),
    ("customer_added_once", same_key(Customer)),
]
