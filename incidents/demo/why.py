"""Why it happened: what managers of the demo said of mistakes that were closed lately."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from incidents.actions import causes
from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.scene import Scene, Story
from incidents.models import Incident, RootCause

# Those of which no change of the demo counts how often they come.
CAUSE_OF = {
    "no_call": "hand_over",
    "price": "wording",
    "wrong_item": "step_missed",
    "reservation": "overload",
    "defective": "product",
    "routine": "no_procedure",
    "in_the_wrong": "training",
    "basics": "training",
    "agreement": "wording",
}
DAYS, MOST = -80, 30


def _said_why(where: str, by: str, scene: Scene) -> Story:
    """In one sitting. A story for each place: it may be the day before at one of them."""
    known = {cause.key: cause for cause in RootCause.objects.filter(is_active=True)}
    yield scene.at((-2, "16:10"), where)
    rows = Incident.objects.filter(location=scene.places[where], root_cause=None, is_restricted=False)
    rows = rows.filter(category__key__in=CAUSE_OF, reported_at__gte=scene.at((DAYS, "09:00"), where))
    for incident in rows.exclude(closed_at=None).select_related("category").order_by("pk")[:MOST]:
        cause = known.get(CAUSE_OF[incident.category.key])
        causes.set_cause(incident_id=incident.pk, root_cause=cause, by=scene.people[by], now=scene.now)


WHY: tuple[Callable[[Scene], Story], ...] = (partial(_said_why, HOTEL, "manager"), partial(_said_why, SHOP, "sam"))
