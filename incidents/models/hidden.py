"""What an incident tells without its names: on the wall, in minutes, in practice.

Read by pages and by actions alike, so it stands here; pages take it from `incidents.story.hidden`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BigIntegerField, CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from incidents.access import Role
from incidents.hiding import Names, is_a_job, names_with_parts, parts_of
from incidents.models.customer import Customer
from incidents.models.followup import FollowUp
from incidents.models.handover import Handover
from incidents.models.incident import Concern, Incident
from incidents.models.prepared import find_about, rows_about
from incidents.models.promise import PromiseMade
from incidents.models.recovery import Apology, Remedy
from incidents.models.review import BlackedOut
from incidents.models.staff import Membership, Staff
from incidents.models.thanks import Thanks
from incidents.models.timeline import Event

if TYPE_CHECKING:
    from incidents.models.staff import Location

NOBODY = 0  # no customer's key; of an empty list Django would ask nothing at all
MOST = 500  # other customers of one account whose names are known


@dataclass(frozen=True)
class Hidden:
    """The names of one incident, and what is said instead of each."""

    names: Names
    roles: dict[int, str] = field(default_factory=dict)  # of members of staff
    blacked: tuple[BlackedOut, ...] = ()  # what somebody blacked out besides, the oldest first

    def words(self, text: str) -> str:
        return self.names.hide(text)

    def who(self, person: Staff | str | None, role: str = "") -> str:
        """The role of `person`. Of a typed name, `role` unless it is a title ("the sales manager") and no name."""
        if isinstance(person, Staff):
            return self.roles.get(person.pk) or role_words(person.role)
        if not person:
            return role
        if is_a_job(person):
            return person
        hidden = self.words(person)
        known = {*self.roles.values(), _("the customer"), _("another customer"), _("a colleague")}
        return hidden[:1].lower() + hidden[1:] if hidden.lower() in known else role or _("a colleague")


def role_words(role: str) -> str:
    return _("a colleague at the desk") if role == Role.FRONT_DESK else _("a manager")


def hidden_for(incident: Incident) -> Hidden:
    """Three statements."""
    return hidden_for_all([incident])[incident.pk]


def hidden_for_all(incidents: Collection[Incident]) -> dict[int, Hidden]:
    """By the incidents' ids. The same three statements, however many they are."""
    known = _Known.about(incidents)
    return {incident.pk: known.of([incident]) for incident in incidents}


def hidden_together(incidents: Collection[Incident], location: Location) -> Hidden:
    """For words that may speak of any of them, and of anybody at the place. Three statements."""
    return _Known.about(incidents, location).of(incidents)


class _Named(NamedTuple):
    """Somebody whom an incident names: one of ours, or words that somebody typed."""

    incident: int
    staff: int | None
    typed: str
    is_theirs: bool
    blacked: int | None = None  # the row that takes these words out
    instead: str = ""


@dataclass(frozen=True)
class _Known:
    customers: dict[int, Customer]
    staff: list[Staff]  # `is_here`: of one of the places
    named: dict[int, list[_Named]]
    blacked: dict[int, list[BlackedOut]]

    @classmethod
    def about(cls, incidents: Collection[Incident], location: Location | None = None) -> _Known:
        named: dict[int, list[_Named]] = defaultdict(list)
        blacked: dict[int, list[BlackedOut]] = defaultdict(list)
        is_one = len(incidents) == 1 and location is None
        customers, staff, rows = _of_one(*incidents) if is_one else _of(incidents, location)
        for row in map(_Named._make, rows):
            if row.blacked is None:
                named[row.incident].append(row)
            else:
                out = BlackedOut(row.blacked, incident_id=row.incident, words=row.typed, instead=row.instead)
                blacked[row.incident].append(out)
        return cls({each.pk: each for each in customers}, list(staff), named, blacked)

    def of(self, incidents: Collection[Incident]) -> Hidden:
        blacked = sorted((row for each in incidents for row in self.blacked[each.pk]), key=lambda row: row.pk)
        always = {row.words: row.instead or _("[blacked out]") for row in blacked}
        ours = [pk for each in incidents for pk in self._ours(each)]
        roles = {person.pk: role_words(person.role) for person in self.staff}
        near = [(p.name, roles[p.pk]) for p in self.staff if p.is_here or p.pk in ours]  # type: ignore[attr-defined]
        own = {each.customer_id for each in incidents if each.customer_id}
        names = names_with_parts((self.customers[pk].name, _("the customer")) for pk in own if pk in self.customers)
        careful: dict[str, str] = {}
        for incident in incidents:
            names |= {number: words for number, words in self._numbers(incident) if number not in names}
            _learn_hint(incident.customer_hint, names, careful)
        for name, instead in names_with_parts([*near, *self._others(own)]).items():
            names.setdefault(name, instead)
        for person in self.staff:
            names.setdefault(person.name, roles[person.pk])
        for incident in incidents:
            for row in self.named[incident.pk]:
                _learn_typed(row, names, careful)
        for pk in own & self.customers.keys():
            if (account := self.customers[pk].account) is not None:
                names.setdefault(account.name, _("their company"))
                careful |= {part: _("their company") for part in parts_of(account.name) if part not in names}
        return Hidden(Names(names, always, careful), roles, tuple(blacked))

    def _ours(self, incident: Incident) -> Iterator[int]:
        yield from (incident.assignee_id, incident.logged_by_id)
        yield from (row.staff for row in self.named[incident.pk] if row.staff)

    def _others(self, own: Collection[int | None]) -> Iterator[tuple[str, str]]:
        """Whom one account, one contact or a record put together with theirs may bring into the words."""
        for pk, customer in self.customers.items():
            if pk not in own:
                yield customer.name, _("the customer") if customer.merged_into_id in own else _("another customer")

    def _numbers(self, incident: Incident) -> Iterator[tuple[str, str]]:
        customer = self.customers.get(incident.customer_id or 0)
        if any(c.isdigit() for c in incident.order_reference):
            yield incident.order_reference, _("a number")
        if customer and any(c.isdigit() for c in customer.loyalty_number):
            yield customer.loyalty_number, _("a number")
        if customer and customer.address:
            yield customer.address, _("an address")
            yield customer.address.partition(",")[0].partition("\n")[0], _("an address")


_Read = tuple[Iterable[Customer], Iterable[Staff], Iterable[Any]]
_LINKS = ("repeat_of_id", "duplicate_of_id", "told_with_id", "arose_from_id")


def _of(incidents: Collection[Incident], location: Location | None) -> _Read:
    """What their names are read from: customers, members of staff, and rows of `_Named`."""
    ids = [incident.pk for incident in incidents]
    places = {incident.location_id for incident in incidents} | ({location.pk} if location else set())
    if not ids:
        return (), _staff(*places), ()
    own = {incident.customer_id for incident in incidents} - {None} or {NOBODY}
    linked = {getattr(incident, link) for incident in incidents for link in _LINKS} - {None}
    return _customers(ids, own, linked), _staff(*places), _rows_naming(*ids)


def _of_one(one: Incident) -> _Read:
    """The same of one, in statements that are kept."""
    customers = find_about(_customers_near, one.pk, one.customer_id, *(getattr(one, link) for link in _LINKS))
    return customers, find_about(_staff, one.location_id), rows_about(_rows_naming, one.pk)


def _staff(*places: int) -> QuerySet[Staff]:
    here = Exists(Membership.objects.filter(staff=OuterRef("pk"), location__in=places))
    return Staff.objects.annotate(is_here=here).only("name", "role", "sort_name").order_by("id")


def _customers_near(pk: int, customer_id: int, *linked: int) -> QuerySet[Customer]:
    return _customers([pk], [customer_id], linked)


def _customers(ids: Collection[int], own: Collection[int | None], linked: Collection[int]) -> QuerySet[Customer]:
    """Theirs, those told of with them, those of the same account, and records put together with theirs.

    Each kind by an index of its own: asked for all at once, PostgreSQL reads all customers.
    """
    near = Q(pk__in=linked) | Q(told_with__in=[*ids, *linked]) | Q(repeat_of__in=ids) | Q(arose_from__in=ids)
    accounts = Customer.objects.filter(pk__in=own, account__isnull=False).values("account")
    theirs = Customer.objects.filter(pk__in=own).values("pk")
    whose = theirs.union(
        Incident.objects.filter(near).order_by().values("customer"),
        Customer.objects.filter(account__in=accounts).order_by().values("pk"),
        Customer.objects.filter(merged_into__in=own).order_by().values("pk"),
    )
    mine = ExpressionWrapper(Q(pk__in=own), BooleanField())
    found = Customer.objects.filter(pk__in=whose).select_related("account")
    return found.order_by(mine.desc(), "id")[: MOST + len(own)]


def _rows_naming(*ids: int) -> QuerySet[Any, Any]:
    """Everybody whom something of the incidents names, in one statement."""
    nobody, nothing = Cast(Value(None), BigIntegerField()), Value("", output_field=CharField())

    def rows(model: Any, staff: Any, typed: Any = nothing, *, theirs: bool = False) -> QuerySet[Any, Any]:
        found: QuerySet[Any, Any] = model.objects.order_by().filter(incident__in=ids)
        return found.values_list(F("incident_id"), staff, typed, Value(value=theirs), nobody, nothing)

    every = [
        rows(Event, F("by_id")),
        rows(Apology, F("author_id"), F("author_name")),
        rows(Apology, nobody, F("to_whom"), theirs=True),
        rows(Remedy, F("assignee_id"), F("done_by_name")),
        rows(PromiseMade, F("assignee_id")),
        rows(FollowUp, F("assignee_id")),
        rows(Handover, F("to_staff_id")),
        rows(Concern, F("staff_id")),
        rows(Thanks, F("staff_id"), F("name")),
    ]
    blacked = BlackedOut.objects.order_by().filter(incident__in=ids)
    out = blacked.values_list(F("incident_id"), nobody, F("words"), Value(value=False), F("pk"), F("instead"))
    return every[0].union(*every[1:], out)


def _learn_hint(hint: str, names: dict[str, str], careful: dict[str, str]) -> None:
    """An unknown guest is described ("Mr. Peters? red coat"): what is written like a name counts as one."""
    if hint and not is_a_job(hint):
        names.setdefault(hint, _("the customer"))
        _learn_capitals(hint, _("the customer"), names, careful)


def _learn_typed(row: _Named, names: dict[str, str], careful: dict[str, str]) -> None:
    if not row.typed or is_a_job(row.typed):
        return
    instead = _("somebody with them") if row.is_theirs else _("a colleague")
    if not any(part in names for part in parts_of(row.typed)):
        names[row.typed] = instead
    _learn_capitals(row.typed, instead, names, careful)


def _learn_capitals(words: str, instead: str, names: Iterable[str], careful: dict[str, str]) -> None:
    for part in parts_of(words)[1:]:
        if part[:1].isupper() and part not in names and not is_a_job(part):
            careful.setdefault(part, instead)
