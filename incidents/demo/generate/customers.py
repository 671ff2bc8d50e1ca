"""The customers of a generated demo. A few come again and again; each is made with their first incident."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import NamedTuple

from django.db import connection

from incidents.demo.generate.ledger import Ledger
from incidents.demo.generate.names import MAILBOXES, PREFERENCES, TITLES, company, full_name, phone
from incidents.demo.generate.plan import Plan, Year
from incidents.demo.generate.rows import Who
from incidents.demo.generate.setting import Place, Setting
from incidents.demo.generate.telling import staff_words
from incidents.models import Incident
from incidents.models.base import sort_key

UNKNOWN = 0.035
# The higher, the more of all incidents belong to the few who came first.
SKEW = 1.6
DRAWS = 3
HAS_PHONE, HAS_MAIL = 0.93, 0.55
HAS_COMPANY = {"hotel": 0.12, "shop": 0.6}


# Names the old ones too; in the order of their names, so that two of us cannot wait for each other.
_ACCOUNTS = """
    INSERT INTO incidents_account (name, sort_name, is_key, created_at)
    SELECT name, sort_name, false, created_at
    FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS new (name, sort_name, created_at)
    ON CONFLICT (sort_name) DO UPDATE SET name = incidents_account.name
    RETURNING sort_name, id
"""


class Fresh(NamedTuple):
    """A customer nobody has written down yet."""

    pk: int
    name: str
    account: str
    title: str
    note: str
    now: dt.datetime


class Customers:
    """Who tells each incident of one slice. Those of earlier slices are found by the incident they came with."""

    def __init__(self, plan: Plan, setting: Setting, year: Year, ledger: Ledger, numbers: range) -> None:
        self.plan = plan
        self.setting = setting
        self.year = year
        self.ledger = ledger
        self.chosen = {number: self._choose(number) for number in numbers}
        self.known = self._find({c for c in self.chosen.values() if c is not None and plan.first_of(c) < numbers.start})
        self.fresh: list[Fresh] = []

    def _choose(self, number: int) -> int | None:
        """The number of the customer; None for somebody nobody knows."""
        plan = self.plan
        if plan.is_first_of_customer(number):
            return plan.began_by(number) - 1
        chance = plan.chance("whose", number)
        if chance.random() < UNKNOWN:
            return None
        so_far = plan.began_by(number)
        _told, place = self.year.told(number, plan.chance("incident", number))
        found = 0
        for _draw in range(DRAWS):
            found = int(chance.random() ** SKEW * so_far)
            first = plan.first_of(found)
            if self.year.told(first, plan.chance("incident", first))[1] == place:
                break
        return found

    def _find(self, customers: set[int]) -> dict[int, Who]:
        keys = {f"{self.plan.key('incident', self.plan.first_of(c)):032x}": c for c in customers}
        rows = Incident.objects.filter(submit_key__in=list(keys), customer__isnull=False)
        found = rows.values_list("submit_key", "customer_id", "customer__name")
        return {keys[key.hex]: Who(pk, name) for key, pk, name in found}

    def who(self, number: int, place: Place, told: dt.datetime, chance: Random) -> Who:
        chosen = self.chosen[number]
        if chosen is None:
            return Who(None, "", staff_words().tell("hint", chance, {}), is_reachable=False)
        found = self.known.get(chosen)
        if found is None:
            found = self.known[chosen] = self._welcome(chosen, place, told)
            return found
        found.is_new = False
        return found

    def _welcome(self, customer: int, place: Place, now: dt.datetime) -> Who:
        chance = self.plan.chance("customer", customer)
        name = full_name(chance)
        account = company(chance) if chance.random() < HAS_COMPANY[place.voice] else ""
        pk = self.ledger.new_id("customer")
        title = TITLES[int(chance.random() * len(TITLES))] if account else ""
        note = PREFERENCES[int(chance.random() * len(PREFERENCES))] if chance.random() < 0.08 else ""
        self.fresh.append(Fresh(pk, name, account, title, note, now))
        mark = chance.random()
        if mark < HAS_PHONE:
            typed, dialled = phone(chance, place.country)
            self.ledger.add("contactpoint", pk, "phone", typed, dialled, now)
        if mark > HAS_PHONE or chance.random() < HAS_MAIL:
            mail = _mail(name, account, chance)
            self.ledger.add("contactpoint", pk, "email", mail, mail, now)
        return Who(pk, name, is_new=True)

    def write(self) -> None:
        """The new customers and their companies, which may be there already."""
        named = {sort_key(each.account): each for each in self.fresh if each.account}
        accounts: dict[str, int] = {}
        if named:
            rows = [[each.account, key, each.now] for key, each in sorted(named.items())]
            with connection.cursor() as cursor:
                cursor.execute(_ACCOUNTS, [list(column) for column in zip(*rows, strict=True)])
                accounts = dict(cursor.fetchall())
        for new in self.fresh:
            account = accounts[sort_key(new.account)] if new.account else None
            self.ledger.add("customer", new.pk, new.name, sort_key(new.name), account, new.title, new.note, new.now, 0)


def _mail(name: str, account: str, chance: Random) -> str:
    box = f"{_plain(account)}.example" if account else MAILBOXES[int(chance.random() * len(MAILBOXES))]
    return f"{_plain(name, '.')}@{box}"


def _plain(words: str, between: str = "") -> str:
    """`words` as they stand in an address."""
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in sort_key(words))
    return between.join(kept.split())[:60]
