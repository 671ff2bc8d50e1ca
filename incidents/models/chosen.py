"""What the list of recoveries may be asked for, and how it stands in an address: read by list, board, saved views,
bulk changes and files alike. What nobody offered is left out; but somebody who left, a place that is not theirs or a
kind no longer in use is asked for as it stands: without it the same address would name more than it did.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.models.base import SHORT
from incidents.models.catalogue import Category
from incidents.models.prepared import ask
from incidents.models.staff import Location, Membership, Staff
from incidents.models.view import SavedView, ViewChoice
from incidents.vocabulary import Severity, Source, Stage

if TYPE_CHECKING:
    from incidents.models.looking import Found
    from incidents.models.terms import Terms

ALL, MINE, LATE, UNHAPPY, CLOSED = VIEW_NAMES = ("all", "mine", "late", "unhappy", "closed")
ME = "me"
RECEIPT, APPROVAL, APOLOGY, CALL, PERSON = "receipt", "approval", "apology", "call", "person"
TODAY = "today"
SEVERITIES: dict[str, int] = {severity.name.lower(): severity.value for severity in Severity}
OPEN_STAGES = tuple((stage.value, stage.label) for stage in Stage if stage != Stage.CLOSED)
LACKS = (
    (RECEIPT, _("A receipt")),
    (APPROVAL, _("A yes")),
    (APOLOGY, _("An apology")),
    (CALL, _("A call")),
    (PERSON, _("Somebody who is on it")),
)
QUIET = (("24", _("For 24 hours")), ("48", _("For 48 hours")), ("168", _("For a week")))
REPORTED = (
    (TODAY, _("Today")),
    ("7", _("In the last 7 days")),
    ("30", _("In the last 30 days")),
    ("90", _("In the last 90 days")),
)
# Of these the address has one value at most; the words are what a chip says.
ONCE: dict[str, tuple[tuple[str, Any], ...]] = {
    "call": ((TODAY, _("To be called today")),),
    "quiet": QUIET,
    "reported": REPORTED,
    "round": (("2", _("2nd try or more")),),
    "review": (("to_review", _("For the next meeting")),),
}
SWITCHES = ("overdue", "unhappy", "key", "restricted")
PATTERN = "pattern"
FIRST = ("overdue", "mine", "unhappy")  # on the bar of whoever has not chosen
LONGEST_NUMBER = 18
NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
ONCE_OFFERED = {"assignee": NUMBER, "location": NUMBER, "category": re.compile(r"[a-zA-Z0-9_-]{1,40}", re.ASCII)}
MOST_ONCE_OFFERED = 20
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Option:
    """Something to filter by: what stands in the address, and what people read."""

    value: str
    label: str


@dataclass(frozen=True)
class OnBar:
    """A saved view somebody has on their bar, or that opens first for them."""

    pk: int
    label: str
    query: str
    is_pinned: bool = True
    is_default: bool = False
    position: int = 0


@dataclass(frozen=True)
class Options:
    """What one person may choose from; `zone` is the clock on their wall."""

    locations: tuple[Option, ...] = ()
    people: tuple[Option, ...] = ()
    categories: tuple[Option, ...] = ()
    zone: str = "UTC"
    views: tuple[OnBar, ...] = ()

    @property
    def first(self) -> OnBar | None:
        """What opens when nothing is asked for."""
        return next((view for view in self.views if view.is_default), None)


class Offered(Protocol):
    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...


class OffersAll(Protocol):
    """What the reader may filter by."""

    @property
    def locations(self) -> tuple[Offered, ...]: ...
    @property
    def people(self) -> tuple[Offered, ...]: ...
    @property
    def categories(self) -> tuple[Offered, ...]: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True)
class Filters:
    """What was chosen; values nobody ever offered do not get here."""

    view: str = ALL
    q: str = ""
    location: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    severity: tuple[int, ...] = ()
    stage: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    overdue: bool = False
    unhappy: bool = False
    key: bool = False
    restricted: bool = False
    call: str = ""
    quiet: str = ""
    reported: str = ""
    round: str = ""
    review: str = ""
    pattern: str = ""
    zone: str = ""  # where a day begins and ends; empty while no day is asked for
    called: tuple[int, ...] | None = ()  # the customers that `q` names; None when they are too many to say
    has_names: bool = False  # they were asked for
    found: Found | None = None  # what `q` finds, where it is not more than can be named
    terms: Terms | None = None  # where `q` finds so much that reading in the order of the page comes upon it

    @property
    def is_open_only(self) -> bool:
        """Nothing closed can be among it."""
        stages = bool(self.stage and Stage.CLOSED not in self.stage)
        return self.overdue or stages or bool(self.lacks or self.call or self.quiet)


def known_values(offers: OffersAll) -> dict[str, list[tuple[str, Any]]]:
    """Of each filter of which several may be chosen: what there is, with its words."""
    return {
        "severity": [(severity.name.lower(), severity.label) for severity in Severity],
        "stage": list(OPEN_STAGES),
        "category": _pairs(offers.categories),
        "source": list(Source.choices),
        "location": _pairs(offers.locations),
        "assignee": [(ME, _("Me")), *_pairs(offers.people)],
        "lacks": list(LACKS),
    }


def _pairs(offered: Iterable[Offered]) -> list[tuple[str, Any]]:
    return [(each.value, each.label) for each in offered]


def read_values(sent: QueryDict, offers: OffersAll) -> dict[str, Any]:
    """What can be understood of an address, filter by filter."""
    values: dict[str, Any] = {"q": " ".join(sent.get("q", "").split())[:SHORT]}
    values |= {name: sent.get(name) == "1" for name in SWITCHES}
    for name, known in known_values(offers).items():
        asked = sent.getlist(name)
        values[name] = [value for value, _label in known if value in asked] if asked else []
        values[name] += _once_offered(name, asked, values[name])
    for name, choices in ONCE.items():
        values[name] = sent.get(name, "") if sent.get(name) in dict(choices) else ""
    number = sent.get(PATTERN, "")
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return values | {PATTERN: number.lstrip("0") if is_number else ""}


def _once_offered(name: str, asked: list[str], known: list[str]) -> list[str]:
    """What may have been among the choices, and would be filtered by; what no row can be called is none of it."""
    shape = ONCE_OFFERED.get(name)
    if shape is None:
        return []
    others = [value for value in dict.fromkeys(asked) if value not in known and shape.fullmatch(value)]
    return others[:MOST_ONCE_OFFERED]


def read_view(sent: QueryDict, views: tuple[str, ...] = VIEW_NAMES) -> str:
    asked = sent.get("view", "")
    return asked if asked in views else views[0]


def chosen_of(values: dict[str, Any], *, view: str, zone: str) -> dict[str, Any]:
    """The same as `Filters` want it."""
    chosen = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    chosen["severity"] = tuple(SEVERITIES[name] for name in chosen["severity"])
    has_days = bool(chosen["call"] or chosen["reported"])
    return {**chosen, "view": view, "zone": zone if has_days else ""}


def stored_query(chosen: Filters) -> str:
    """The address that says the same, to be kept. Words are left out: they may name somebody."""
    names = {value: name for name, value in SEVERITIES.items()}
    query = QueryDict(mutable=True)
    if chosen.view != ALL:
        query["view"] = chosen.view
    for name in ("severity", "stage", "lacks", "category", "source", "location", "assignee"):
        values = getattr(chosen, name)
        query.setlist(name, [names[value] for value in values] if name == "severity" else list(values))
    for name in SWITCHES:
        if getattr(chosen, name):
            query[name] = "1"
    for name in (*ONCE, PATTERN):
        if getattr(chosen, name):
            query[name] = getattr(chosen, name)
    return query.urlencode()


def chosen_from(query: str, staff: Staff, offers: Options | None = None) -> Filters:
    """What a stored address asks for, as `staff` would have it on the screen. One statement, or none with `offers`."""
    sent = QueryDict(query.removeprefix("?"))
    offers = offers or options_for(staff)
    return Filters(**chosen_of(read_values(sent, offers), view=read_view(sent), zone=offers.zone))


def options_for(staff: Staff) -> Options:
    """Places, people and kinds of mistake to filter by, and the views on their bar; one statement."""
    found = ask(_offers, staff=staff, now=BEGINNING)  # of somebody without a place nothing, not even an empty list
    return Options(
        locations=tuple(Option(str(row["value"]), row["label"]) for row in found["places"] or ()),
        people=tuple(Option(str(row["value"]), row["label"]) for row in found["people"] or ()),
        categories=tuple(Option(row["value"], gettext(row["label"])) for row in found["kinds"]),
        zone=staff.zone.key,
        views=on_bar(found["bar"], found["choices"]),
    )


def on_bar(views: list[dict[str, Any]], choices: list[dict[str, Any]]) -> tuple[OnBar, ...]:
    """The views of a bar in its order; whoever has chosen nothing yet has those that were shipped for it."""
    if not choices:
        first = sorted((view for view in views if view["key"] in FIRST), key=lambda view: FIRST.index(view["key"]))
        return tuple(OnBar(view["pk"], gettext(view["name"]), view["query"]) for view in first)
    named = {view["pk"]: view for view in views}
    mine = [choice for choice in choices if choice["view"] in named and (choice["pinned"] or choice["default"])]
    return tuple(
        OnBar(
            pk=choice["view"],
            label=gettext(view["name"]) if view["key"] else view["name"],
            query=view["query"],
            is_pinned=choice["pinned"],
            is_default=choice["default"],
            position=choice["position"],
        )
        for choice in sorted(mine, key=lambda choice: (choice["position"], choice["view"]))
        for view in (named[choice["view"]],)
    )


def _offers(staff: Staff, now: dt.datetime) -> Any:
    """No part of it depends on the clock."""
    people = Staff.objects.filter(is_active=True)
    if not staff.sees_all:
        people = people.filter(pk__in=Membership.objects.filter(location__in=staff.location_ids).values("staff"))
    kinds = Category.objects.filter(is_active=True).order_by("position", "id")
    choices = ViewChoice.objects.filter(staff=staff)
    chosen = choices.filter(Q(is_pinned=True) | Q(is_default=True)).values("view")
    views = SavedView.objects.open_to(staff).filter(Q(key__in=FIRST) | Q(pk__in=chosen)).order_by("position", "id")
    return Staff.objects.filter(pk=staff.pk).values(
        bar=ArraySubquery(views.values(row=JSONObject(pk="pk", key="key", name="name", query="query"))),
        choices=ArraySubquery(
            choices.order_by("id").values(
                row=JSONObject(view="view_id", pinned="is_pinned", default="is_default", position="position")
            )
        ),
        places=_named(Location.objects.open_to(staff).order_by("name"), "pk"),
        people=_named(people.order_by("sort_name", "id"), "pk"),
        kinds=_named(kinds, "key"),
    )


def _named(rows: Any, value: str) -> ArraySubquery:
    return ArraySubquery(rows.values(pair=JSONObject(value=value, label="name")))
