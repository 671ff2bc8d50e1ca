"""A generated demo, slice by slice. A slice is one transaction, or part of the caller's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from random import Random

from django.db import connection, transaction
from django.db.models import Max

from incidents.demo.generate.customers import Customers
from incidents.demo.generate.desk import Desk
from incidents.demo.generate.fates import live
from incidents.demo.generate.ledger import COLUMNS, Ledger
from incidents.demo.generate.life import Life
from incidents.demo.generate.plan import Home, Plan, Year
from incidents.demo.generate.ringing import remind
from incidents.demo.generate.setting import Kind, Person, Place, Setting, find_setting
from incidents.demo.generate.telling import choose_kind, choose_severity, choose_source, tell
from incidents.demo.generate.writing import finish
from incidents.models import Incident, ReferenceCounter

SLICE = 1000
WORTH_STATISTICS = 5000
WRITTEN_TWICE = 0.012


def make_plan(*, count: int, as_of: dt.datetime, seed: int = 0, run: str | None = None) -> Plan:
    """A plan for this database. Without a `run` of the caller's own, one follows from what is there."""
    if run is None:
        run = str(Incident.objects.aggregate(newest=Max("pk"))["newest"] or 0) if Incident.objects.exists() else ""
    return Plan(count=count, as_of=as_of.replace(microsecond=0), seed=seed, run=run)


def generate(*, count: int, as_of: dt.datetime, seed: int = 0, on_progress: Callable[[int], bool] | None = None) -> int:
    """Make `count` incidents of the year before `as_of`, slice by slice; returns how many were made.

    After each slice `on_progress(done)` is asked whether to go on. NobodyThere without places and staff.
    """
    plan, done = make_plan(count=count, as_of=as_of, seed=seed), 0
    while done < count:
        done += generate_slice(plan=plan, first=done, count=SLICE)
        if on_progress is not None and not on_progress(done):
            break
    if done >= WORTH_STATISTICS:
        refresh_statistics()
    return done


def generate_slice(*, plan: Plan, first: int, count: int) -> int:
    """Incidents `first` to `first + count` of the plan; returns how many that were, fewer at its end.

    The same numbers come out the same wherever they are made, once those before them are there.
    """
    with transaction.atomic():
        return _Slice(plan, find_setting()).make(range(first, min(first + count, plan.count)))


def refresh_statistics() -> None:
    """Let the planner know how much there is now."""
    with connection.cursor() as cursor:
        for table in (*COLUMNS, "account"):
            cursor.execute(f"ANALYZE incidents_{table}")


@lru_cache(maxsize=2)
def _year(plan: Plan, homes: tuple[Home, ...]) -> Year:
    return Year(plan, homes)


class _Slice:
    def __init__(self, plan: Plan, setting: Setting) -> None:
        self.plan = plan
        self.setting = setting
        self.year = _year(plan, tuple(Home(place.voice, place.zone) for place in setting.places))

    def make(self, numbers: range) -> int:
        ledger = Ledger(len(numbers))
        customers = Customers(self.plan, self.setting, self.year, ledger, numbers)
        newest: dict[int, Life] = {}
        last: Life | None = None
        for number in numbers:
            chance = self.plan.chance("incident", number)
            life = self._begin(number, customers, chance)
            _relate(life, newest, last, chance)
            live(Desk(life, self.setting.gifts, chance, self.plan.as_of))
            remind(life, self.plan.as_of)
            finish(life, life.created.astimezone(life.place.zone).year)
            last = life
            if life.who.pk is not None:
                newest[life.who.pk] = life
        customers.write()
        _write(ledger)
        return len(numbers)

    def _begin(self, number: int, customers: Customers, chance: Random) -> Life:
        told, where = self.year.told(number, chance)
        place = self.setting.places[where]
        who = customers.who(number, place, told, chance)
        kind = choose_kind(self.setting, place, chance)
        source, told_by = choose_source(place, who, chance)
        is_recent = told > self.plan.as_of - dt.timedelta(days=40)
        logger = place.logger(chance, busiest_last=is_recent and chance.random() < 0.6)
        lag = dt.timedelta(minutes=int(chance.lognormvariate(3, 1))) if chance.random() < 0.1 else dt.timedelta(0)
        life = Life(
            ledger=customers.ledger,
            key=self.plan.key("incident", number),
            place=place,
            kind=kind,
            severity=choose_severity(kind, chance),
            who=who,
            logger=logger,
            assignee=_first_assignee(kind, place, logger),
            source=source,
            told_by=told_by,
            reported=told - lag,
            now=told,
        )
        life.told |= tell(place, kind, who, life.reported, chance)
        if chance.random() < 0.4:
            life.finding = ("ours", "ours", "ours", "partly", "not_ours")[int(chance.random() * 5)]
        return life


def _first_assignee(kind: Kind, place: Place, logger: Person) -> Person:
    if kind.is_restricted and not logger.is_manager and place.fallback:
        return place.fallback
    return logger


def _relate(life: Life, newest: dict[int, Life], last: Life | None, chance: Random) -> None:
    """It happened to them before, or somebody has written it down already."""
    if life.who.pk is None:
        return
    other = newest.get(life.who.pk)
    if other is not None:
        if other.kind is life.kind and other.place is life.place:
            life.told["repeat_of"] = other.pk
        return
    if last is None or last.place is not life.place or last.twin is not None or chance.random() >= WRITTEN_TWICE:
        return
    if last.who.is_reachable and not life.who.is_new:
        life.who, life.kind, life.severity, life.twin = last.who, last.kind, last.severity, last.pk
        life.told |= {"story": last.told["story"], "public": last.told["public"], "private": {}}


def _write(ledger: Ledger) -> None:
    """Everything but the incidents first: their numbers are locked until the transaction ends."""
    ledger.write(*(table for table in COLUMNS if table != "incident"))
    years = sorted({year for year, _line in ledger.incidents})
    for year in years:
        ReferenceCounter.objects.get_or_create(year=year)
    rows = {
        row.year: row for row in ReferenceCounter.objects.select_for_update().filter(year__in=years).order_by("year")
    }
    counters = {year: row.last for year, row in rows.items()}
    ledger.refer(counters)
    for year, row in rows.items():
        row.last = counters[year]
        row.save(update_fields=["last"])
    ledger.write("incident")
