"""The demo's business, its two places, the people who work there and the customers."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import uuid4

from incidents.access import Role
from incidents.actions import customers, hours, people
from incidents.demo.advice import set_limits, write_playbooks
from incidents.demo.scene import Scene
from incidents.models import Customer, Job, Location, Staff

PASSWORD = "recovery-demo"  # noqa: S105 - the demo's password is public; production refuses these accounts
BUSINESS = "Finch & Alder"
HOTEL, SHOP = "hotel", "shop"


class Person(NamedTuple):
    key: str
    name: str
    role: Role
    places: tuple[str, ...]
    phone: str


class Guest(NamedTuple):
    key: str
    name: str
    phone: str
    email: str = ""
    account: str = ""
    job_title: str = ""
    note: str = ""


PEOPLE = (
    Person("manager", "Marcus Bellamy", Role.MANAGER, (HOTEL, SHOP), "+1 212 555 0102"),
    Person("desk", "Dana Whitlock", Role.FRONT_DESK, (HOTEL, SHOP), "+1 212 555 0103"),
    Person("priya", "Priya Raman", Role.FRONT_DESK, (HOTEL,), "+1 212 555 0104"),
    Person("joel", "Joel Santos", Role.FRONT_DESK, (HOTEL,), "+1 212 555 0105"),
    Person("wen", "Wen Castillo", Role.FRONT_DESK, (SHOP,), "+1 312 555 0106"),
    Person("sam", "Sam Okoro", Role.MANAGER, (SHOP,), "+1 312 555 0107"),
)

LIBRARIANS = "Lakeshore Librarians' Circle"
GUESTS = (
    Guest("marta", "Marta Lindqvist", "+1 212 555 0110", "marta@lakeshore.example", LIBRARIANS, "Coordinator"),
    Guest("ruth", "Ruth Abara", "+1 212 555 0111", "", LIBRARIANS, "President", "Books the autumn meeting with us."),
    Guest("tomas", "Tomas Aldana", "+1 312 555 0112", "tomas@brightwater.example", "Brightwater Dental", "Office lead"),
    Guest("imogen", "Imogen Pell", "+1 312 555 0113", "imogen@pell.example", "Pell & Daughters, Architects"),
    Guest("elliot", "Elliot Varga", "+1 646 555 0114", note="Travels late. Call the mobile, not the office."),
    Guest("hana", "Hana Brodeur", "+1 312 555 0115", "hana@greenway.example", "Greenway Community Fund", "Director"),
    Guest("nadia", "Nadia Soler", "+1 646 555 0116"),
    Guest("george", "George Whitcombe", "+1 917 555 0117", "george.whitcombe@mail.example"),
    Guest("yuki", "Yuki Tanabe", "+1 646 555 0118", note="Stays every second week, quiet room."),
    Guest("farid", "Farid Haddad", "+1 312 555 0119", "farid@cornerclinic.example", "Corner Clinic"),
    Guest("lena", "Lena Krause", "+1 917 555 0120"),
    Guest("owen", "Owen Pryce", "+1 312 555 0121", "", "Pryce Upholstery"),
    Guest("celeste", "Celeste Moreau", "+1 646 555 0122", "celeste@mail.example"),
    Guest("ben", "Ben Achterberg", "+1 312 555 0123"),
    Guest(
        "ines", "Inês Carvalho", "+1 312 555 0124", "ines@northside.example", "Northside Primary School", "Secretary"
    ),
    Guest("theo", "Theo Marchetti", "+1 917 555 0125"),
)


def assemble(as_of: dt.datetime) -> Scene:
    """The business as it stood a year and a bit before `as_of`, before anything went wrong."""
    began = as_of - dt.timedelta(days=380)
    admin = people.start_business(
        now=began,
        business=BUSINESS,
        location="Finch House Hotel",
        time_zone="America/New_York",
        currency="USD",
        country="US",
        name="Alma Finch",
        email="admin@example.com",
        password=PASSWORD,
    )
    hotel = Location.objects.get()
    shop = people.save_location(
        by=admin,
        now=began,
        name="Alder Office Supply",
        time_zone="America/Chicago",
        currency="USD",
        country="US",
        fallback_assignee=None,
    )
    _open_shop(shop, admin, began)
    places = {HOTEL: hotel, SHOP: shop}
    write_playbooks(places, by=admin, now=began)
    set_limits(places, by=admin, now=began)
    staff = {"admin": admin} | {person.key: _hire(person, places, admin, began) for person in PEOPLE}
    for place, fallback, ends in ((hotel, "manager", (7, 15, 23)), (shop, "sam", (18,))):
        _settle_in(place, staff[fallback], ends, admin, began)
    customers = {guest.key: _welcome(guest, began) for guest in GUESTS}
    return Scene(as_of=as_of, now=began, places=places, people=staff, customers=customers)


def _open_shop(shop: Location, admin: Staff, now: dt.datetime) -> None:
    """Closed at noon, on Saturday afternoon, on Sundays and on holidays; the hotel never closes."""
    noon, evening = dt.time(12, 30), dt.time(17, 30)
    week = [(day, *span) for day in range(5) for span in ((dt.time(9), noon), (dt.time(13, 30), evening))]
    week.append((5, dt.time(10), dt.time(14)))
    hours.set_hours(location_id=shop.pk, week=week, expected_version=shop.version, by=admin, now=now)
    shop.refresh_from_db()
    hours.set_holiday_region(location_id=shop.pk, region="US", expected_version=shop.version, by=admin, now=now)
    shop.refresh_from_db()
    Job.objects.all().delete()  # nothing was open yet, so there is nothing to work out anew


def _hire(person: Person, places: dict[str, Location], admin: Staff, now: dt.datetime) -> Staff:
    staff = people.add_staff(
        by=admin,
        now=now,
        name=person.name,
        email=f"{person.key}@example.com",
        role=person.role,
        locations=[places[key] for key in person.places],
        phone=person.phone,
        submit_key=uuid4(),
    )
    # One hash for all: making a password slow to guess makes it slow to set.
    staff.password = admin.password
    staff.save(update_fields=["password"])
    return staff


def _settle_in(place: Location, fallback: Staff, ends: tuple[int, ...], admin: Staff, now: dt.datetime) -> None:
    """Who takes what nobody has, and when the shifts end."""
    place.refresh_from_db()
    people.save_location(
        by=admin,
        now=now,
        name=place.name,
        time_zone=place.time_zone,
        currency=place.currency,
        country=place.country,
        fallback_assignee=fallback,
        shift_ends=[dt.time(hour) for hour in ends],
        location_id=place.pk,
        expected_version=place.version,
    )
    place.refresh_from_db()


def _welcome(guest: Guest, now: dt.datetime) -> Customer:
    customer = customers.add_customer(
        now=now, name=guest.name, phone=guest.phone, email=guest.email, account=guest.account
    )
    if not (guest.job_title or guest.note):
        return customer
    return customers.change_customer(
        customer_id=customer.pk,
        now=now,
        name=guest.name,
        job_title=guest.job_title,
        note=guest.note,
        account=guest.account,
    )
