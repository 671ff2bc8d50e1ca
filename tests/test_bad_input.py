"""What no keyboard types: in every filter and every form it is 400, 404 or 422, never our fault (500)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from incidents.models import RemedyType
from tests.views.catalogue import addresses
from tests.world import World, ask, parameters, signed_in

# As they stand on the wire, percent-encoded.
NOT_TEXT = ("%00", "a%00b", "%FF%FE", "%ED%A0%80", "%C0%AF")
STRANGE = (
    "9" * 5000,
    "-" + "9" * 30,
    "1" + "0" * 30,
    "1e30",
    "NaN",
    "Infinity",
    "-1",
    "1.005",
    "%D9%A1",  # the Arabic digit one
    "%C2%B2",  # a superscript two: a digit that is no number
    "9999-12-31T23:59",
    "9999-12-31",
    "0000-00-00",
    "2026-02-30T25:61",
    "R-9999-99999",
    "%E2%80%AE%F0%9F%98%80",  # right to left, and a face
    "%27%3B--",
    "%5B%5D%7B%7D%25s",
)
HUGE = "x" * 200_000
WORST = ("9" * 5000, "1" + "0" * 30, "9999-12-31T23:59", "x" * 10_000)

FILTERS = {
    "home": [],
    "incident-list": [
        *("q", "view", "overdue", "severity", "stage", "category", "source", "location", "assignee"),
        *("after", "before"),
    ],
    "log-new": ["arose", "location", "with", "again", "draft", "category", "customer"],
    "log-fields": ["category", "location"],
    "log-open": ["customer"],
    "recover-show": ["give"],
    "call-list": ["who", "after"],
    "recover-follow-up": ["next"],
    "customer-list": ["q", "after"],
    "customer-suggest": ["q"],
    "customer-show": ["after", "before"],
    "notice-list": ["after", "before"],
    "approval-list": ["view", "after", "before"],
    "approval-show": ["view"],
    "delivery-list": ["what", "state", "kind", "place", "after", "before"],
    "job-list": ["after", "before"],
    "staff-list": ["q", "after"],
}
# Every form with something that it accepts; the answer to that is a redirect.
KEY = {"submit_key": ""}
FORMS: dict[str, dict[str, Any]] = {
    "log-new": KEY
    | {
        "draft_key": "",
        "what_happened": "Cold shower.",
        "category": "room",
        "customer_hint": "A man with a hat",
        "source": "customer",
        "told_by": "in_person",
        "customer": None,
        "customer_name": None,
        "pick": None,
        "new_name": None,
        "new_phone": None,
        "new_email": None,
        "new_account": None,
        "location": None,
        "severity": None,
        "place": None,
        "remedy_sought": None,
        "reach_at": None,
        "reach_until": None,
        "occurred_day": None,
        "occurred_on": None,
        "occurred_time": None,
        "reported_at": None,
        "minutes": None,
        "amount": None,
        "remedy_type": None,
    },
    "recover-apologize": KEY
    | {"channel": "phone", "author": None, "author_name": None, "to_whom": None, "made_at": None, "words": None}
    | {"travels_with": None, "kind": None, "coached": None, "promise_what": None, "promise_due_at": None},
    "recover-coach": {"words": None, "author": None, "author_name": None, "to_whom": None, "made_at": None},
    "recover-finding": {"finding": "ours"},
    "recover-remedy": KEY
    | {"type": "TYPE", "what": None, "estimated_amount": None, "assignee": None, "done_by_name": None, "due_at": None}
    | {"minutes": None, "replaces": None, "asks_words": None, "promise_what": None, "promise_due_at": None},
    "recover-deliver": {"actual_amount": None, "minutes": None, "delivered_at": None, "paid_on": None},
    "recover-end-remedy": {"state": "failed", "note": None},
    "recover-wants-nothing": {"note": None},
    "recover-no-remedy-due": {"note": "Not ours", "is_told": "on"},
    "recover-decline": {"declined_as": "not_enough", "note": None},
    "recover-change-remedy": {"version": "0", "what": None, "estimated_amount": "5", "assignee": None}
    | {"done_by_name": None, "due_at": None, "minutes": None},
    "recover-waive-receipt": {"note": "Lost"},
    "recover-let-go": {"note": None},
    "recover-ask-again": {"words": None},
    "recover-go-ahead": {"reason": "She leaves now"},
    "approval-decide": {"is_approved": "no", "reason": "Too much", "view": None, "next": None},
    "approval-review": {"was_right": "yes", "note": None, "view": None, "next": None},
    "recover-follow-up": KEY
    | {"outcome": "no_answer", "channel": None, "score": None, "words": None, "call_back_at": None}
    | {"missing_remedy": None, "wrong_contact": None, "next": None}
    | {"promise_what": None, "promise_due_at": None},
    "recover-reach": {"reach_at": None, "reach_until": "2030-01-02T10:00"},
    "call-unanswered": {"pick": None},
    "customer-mark-contact": {"is_wrong": "yes"},
    "customer-wish": {"is_wanted": "yes"},
    "recover-promise": KEY | {"what": "A letter", "due_at": "2030-01-02T10:00", "assignee": None},
    "recover-settle-promise": {"kept": "yes", "note": None, "at": None},
    "recover-move-promise": {"expected_due_at": "2030-01-02T10:00", "due_at": "2030-01-03T10:00", "note": None}
    | {"assignee": None},
    "recover-give-back": {"note": "Not mine"},
    "recover-note": KEY | {"words": "A note"},
    "file-add": {"file": None, "kind": None, "remedy": None},
    "recover-go-back": {"reason": "second_thought", "untrue": None, "expected_round": None},
    "recover-close": {"reason": None, "note": None, "duplicate_of": None, "is_told": None},
    "recover-second-failure": {"words": None},
    "recover-undo-last": {"event": None},
    "recover-hand-over": {"to": "COLLEAGUE", "note": None, "expected_assignee": None}
    | {"promise_what": None, "promise_due_at": None},
    "log-draft": {"draft_key": "", "what_happened": "Cold", "category": None, "f_place": None},
    "log-change": {
        "version": None,
        "customer_name": None,
        "customer": None,
        "customer_hint": None,
        "what_happened": None,
        "category": None,
        "severity": None,
        "place": None,
        "reach_at": None,
        "reach_until": None,
        "occurred_on": None,
        "occurred_time": None,
    },
    "customer-change": {"version": None, "name": None, "account": None, "job_title": None, "note": None}
    | {"preferred_channel": None, "reach_from": None, "reach_until": None, "wants_no_contact": None},
    "customer-contact": {"kind": "phone", "value": "+1 312 555 0123"},
    "notice-read-all": {"up_to": "1"},
    "job-demo": KEY | {"number": "5"},
    "delivery-retry-all": {"what": "mails", "state": "failed"},
    "delivery-release": {"waiting": "send"},
    "profile": {"name": None, "phone": None, "theme": None, "has_letter_keys": None, "wants_mail": None}
    | {"reachable_from": None, "reachable_until": None, "reachable_days": None},
    "profile-duty": {"hours": "2"},
    "profile-away": {"until": "2030-01-02T10:00", "stand_in": None},
    "staff-new": {"name": None, "email": None, "phone": None, "role": None, "locations": None, "how": None}
    | {"password": None, "submit_key": None},
    "staff-change": {"name": None, "email": None, "phone": None, "role": None, "locations": None, "version": None},
    "location-new": {"name": None, "time_zone": None, "currency": None, "country": None, "fallback_assignee": None}
    | {"shift_ends": None},
    "location-change": {"name": None, "time_zone": None, "currency": None, "country": None, "version": None}
    | {"shift_ends": "07:00"},
}
NO_FIELDS = {
    *("log-undo", "recover-accept", "recover-drop-second-failure", "job-cancel", "job-retry", "staff-deactivate"),
    *("staff-reactivate", "delivery-hold", "delivery-retry-reminder", "delivery-retry-mail"),
    *("recover-offer", "recover-take", "recover-start"),
}
FILTERS |= addresses.FILTERS
FORMS |= addresses.FORMS
NO_FIELDS |= addresses.NO_FIELDS
ACCEPTED = ("log-new", "recover-apologize", "recover-remedy", "recover-follow-up", "recover-promise", "recover-note")


def test_every_filter_that_a_view_reads_is_listed() -> None:
    sources = Path(django_settings.BASE_DIR, "incidents").rglob("*.py")
    read = {found for path in sources for found in re.findall(r'GET\.get(?:list)?\("(\w+)"', path.read_text())}
    assert read <= {name for wanted in FILTERS.values() for name in wanted}


def test_every_form_is_listed(world: World) -> None:
    client, posted = signed_in(world.cast.owner), set()
    for name in parameters():
        if not name.startswith(("account", "usersessions", "health", "start")):
            status, _text = ask(client, "POST", world.address(name))
            if status != 405:
                posted.add(name)
    assert posted == FORMS.keys() | NO_FIELDS


@pytest.mark.parametrize("page", FILTERS)
def test_no_filter_breaks_its_page(world: World, page: str) -> None:
    client, wrong = signed_in(world.cast.owner), []
    address, asked = world.address(page).partition("?")[0], [*FILTERS[page], "utm"]
    queries = [f"{name}={value}" for name in asked for value in (NOT_TEXT[0], *WORST)]
    queries += ["&".join(f"{name}={value}" for name in asked) for value in (*NOT_TEXT, *STRANGE)]
    for query in queries:
        status, _text = ask(client, "GET", f"{address}?{query}")
        fits = status == 400 if any(value in query for value in NOT_TEXT) else status in {200, 400, 404}
        if not fits:
            wrong.append(f"{query[:60]}: {status}")
    assert "\n".join(wrong) == ""


def body(world: World, form: str, **instead: str) -> bytes:
    """The form as a browser encodes it, with some fields replaced by what is already encoded."""
    values = {"TYPE": str(RemedyType.objects.get(key="put_right").pk), "COLLEAGUE": str(world.cast.colleague.pk)}
    sent = {}
    for name, value in FORMS[form].items():
        if name in {"submit_key", "draft_key"} and value == "":
            sent[name] = str(uuid4())
        elif value is not None:
            sent[name] = quote_plus(values.get(value, value))
    return "&".join(f"{name}={value}" for name, value in (sent | instead).items()).encode()


def send(client: Client, address: str, content: bytes) -> int:
    return ask(client, "POST", address, content)[0]


@pytest.mark.parametrize("form", ACCEPTED)
def test_without_bad_input_the_forms_are_taken(world: World, form: str) -> None:
    assert send(signed_in(world.cast.desk), world.address(form), body(world, form)) == 302


@pytest.mark.parametrize("form", FORMS)
def test_no_form_breaks(world: World, form: str) -> None:
    client, address, wrong = signed_in(world.cast.owner), world.address(form), []
    for value in (*NOT_TEXT, *STRANGE):
        status = send(client, address, body(world, form, **dict.fromkeys(FORMS[form], value)))
        if status >= 500 or status == 200:
            wrong.append(f"{value[:40]}: {status}")
    assert "\n".join(wrong) == ""


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_no_field_breaks_its_form(world: World, form: str) -> None:
    """One bad value among good ones gets further in than all bad ones together."""
    client, address, wrong = signed_in(world.cast.owner), world.address(form), []
    for value in ("%00", *WORST):
        for name in FORMS[form]:
            status = send(client, address, body(world, form, **{name: value}))
            if status >= 500 or status == 200:
                wrong.append(f"{name}={value[:40]}: {status}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("form", FORMS)
def test_no_form_keeps_a_nul_or_a_book(world: World, form: str) -> None:
    """Everything bad at once is never a success, except where it is left out (drafts)."""
    client, address = signed_in(world.cast.owner), world.address(form)
    for value in ("%00", HUGE):
        status = send(client, address, body(world, form, **dict.fromkeys(FORMS[form], value)))
        assert status in {400, 404, 409, 422}, f"{value[:10]}: {status}"


@pytest.mark.parametrize(
    "path",
    [
        "/incidents/R-2026-00001%00/",
        "/incidents/%FF%FE/",
        "/incidents/R-2026-99999999999999/",
        "/customers/" + "9" * 5000 + "/",
        "/customers/" + "9" * 4000 + "/",
        "/customers/99999999999999999999/",
        "/notices/99999999999999999999/",
        "/jobs/99999999999999999999/",
        "/staff/99999999999999999999/",
        "/locations/99999999999999999999/",
        "/customers/-1/",
        "/%E2%80%AE/",
        "/" + "x" * 20_000,
        "/admin/%00/",
    ],
)
def test_no_address_breaks(world: World, path: str) -> None:
    assert ask(signed_in(world.cast.owner), "GET", path)[0] in {302, 400, 404}


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "text/x"]
)
@pytest.mark.parametrize("content", [b"", b"{", b"--x\r\n\r\n", b"\xff\x00", b'["a"]', b"[" * 10_000])
def test_no_body_of_another_kind_breaks(world: World, kind: str, content: bytes) -> None:
    client = signed_in(world.cast.desk)
    for name in ("log-new", "log-draft", "recover-note", "file-add"):
        response = client.generic("POST", world.address(name), content, content_type=kind)
        assert response.status_code in {400, 422}, name


def test_too_much_of_everything_is_400(world: World) -> None:
    client = signed_in(world.cast.desk)
    many = "&".join(f"f{number}=1" for number in range(600)).encode()
    assert send(client, reverse("log-new"), many) == 400
    assert send(client, reverse("log-new"), b"what_happened=" + b"x" * 1_100_000) in {400, 413}


@pytest.mark.parametrize("value", ["%00", "a%00@b.c", "%FF", HUGE, "9" * 5000])
def test_signing_in_does_not_break(db: None, value: str) -> None:
    client = Client(raise_request_exception=False)
    assert send(client, reverse("account_login"), f"login={value}&password={value}".encode()) in {200, 400, 422}
    assert ask(client, "GET", f"{reverse('account_login')}?next={value[:20_000]}")[0] in {200, 400}


@pytest.mark.parametrize(
    "header", ["HX-Request", "HX-PTag", "If-None-Match", "Referer", "Accept-Language", "X-Request-ID"]
)
def test_no_header_breaks(world: World, header: str) -> None:
    client = signed_in(world.cast.desk)
    for value in ("\x00", "\u00ff\u00fe", "9" * 5000, "//evil.example/", "x" * 20_000):
        for name in ("home", "notice-bell", "recover-note"):
            method = "POST" if name == "recover-note" else "GET"
            response = client.generic(method, world.address(name), headers={header: value})
            assert response.status_code in {200, 304, 400, 422}, f"{name} {value[:10]!r}"
