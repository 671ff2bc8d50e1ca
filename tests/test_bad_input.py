"""What no keyboard types: in every filter and every form it is 400, 404 or 422, never our fault (500)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from incidents.models import RemedyType
from tests.bad_input import (
    ACCEPTED,
    ANSWERED,
    FILTERS,
    FORMS,
    HARDEST,
    HUGE,
    NO_FIELDS,
    NOT_TEXT,
    STRANGE,
    STRANGE_ADDRESSES,
    WORST,
)
from tests.world import World, ask, parameters, signed_in


def test_every_filter_that_a_view_reads_is_listed() -> None:
    sources = Path(django_settings.BASE_DIR, "incidents").rglob("*.py")
    read = {found for path in sources for found in re.findall(r'GET\.get(?:list)?\("(\w+)"', path.read_text())}
    assert read <= {name for wanted in FILTERS.values() for name in wanted}


def test_every_form_is_listed(lasting: World) -> None:
    client, posted = signed_in(lasting.cast.owner), set()
    for name in parameters():
        if not name.startswith(("account_", "usersessions", "health", "start")):
            status, _text = ask(client, "POST", lasting.address(name))
            if status != 405:
                posted.add(name)
    assert posted == FORMS.keys() | NO_FIELDS


def shares(names: Iterable[str], size: int = 6) -> list[Any]:
    """A few names at a time: one world serves them all, because nothing written stays."""
    every = list(names)
    parts = [every[start : start + size] for start in range(0, len(every), size)]
    return [pytest.param(part, id=f"{part[0]}..{part[-1]}") for part in parts]


def in_turn(names: Collection[str], turn: int, values: Sequence[str] = STRANGE) -> dict[str, str]:
    """Another strange value for each."""
    return {name: values[(turn + number) % len(values)] for number, name in enumerate(names)}


def first_read_by(page: str) -> list[str]:
    """Its filters that no page before it in the list has: many pages read the same in the same way."""
    before = {name for other in list(FILTERS)[: list(FILTERS).index(page)] for name in FILTERS[other]}
    return [name for name in FILTERS[page] if name not in before]


def queries(page: str, turn: int) -> Iterator[str]:
    """Another bad value in each, and each filter alone on one page; every value in every one at length only."""
    asked = [*FILTERS[page], "utm"]
    yield from (f"{name}={WORST[number % len(WORST)]}" for number, name in enumerate(first_read_by(page)))
    yield "&".join(f"{name}={NOT_TEXT[turn % len(NOT_TEXT)]}" for name in asked)
    for values in (HARDEST, STRANGE):
        yield "&".join(f"{name}={value}" for name, value in in_turn(asked, turn, values).items())


@pytest.mark.parametrize("pages", shares(FILTERS))
def test_no_filter_breaks_its_page(lasting: World, pages: list[str]) -> None:
    client, wrong = signed_in(lasting.cast.owner), []
    for page in pages:
        address = lasting.address(page).partition("?")[0]
        for query in queries(page, list(FILTERS).index(page)):
            status, _text = ask(client, "GET", f"{address}?{query}")
            fits = status == 400 if any(value in query for value in NOT_TEXT) else status in {200, 400, 404}
            if not fits:
                wrong.append(f"{page} {query[:60]}: {status}")
    assert "\n".join(wrong) == ""


def body(world: World, form: str, /, **instead: str) -> bytes:
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


def test_without_bad_input_the_forms_are_taken(lasting: World) -> None:
    client = signed_in(lasting.cast.desk)
    assert {form: send(client, lasting.address(form), body(lasting, form)) for form in ACCEPTED} == dict.fromkeys(
        ACCEPTED, 302
    )


def broken_by(world: World, form: str, bodies: Iterable[dict[str, str]]) -> list[str]:
    """What was answered with our fault, or with a page as if nothing had been sent."""
    client, address, wrong = signed_in(world.cast.owner), world.address(form), []
    for instead in bodies:
        status = send(client, address, body(world, form, **instead))
        if status >= 500 or (status == 200 and form not in ANSWERED):
            wrong.append(f"{form} {str(instead)[:60]}: {status}")
    return wrong


@pytest.mark.parametrize("forms", shares(FORMS))
def test_no_form_breaks_or_keeps_a_nul_or_a_book(lasting: World, forms: list[str]) -> None:
    """Everything bad at once is no fault of ours; a NUL or a book never a success either."""
    wrong = []
    for form in forms:
        fields, turn = FORMS[form], list(FORMS).index(form)
        strange = in_turn(fields, turn, (*NOT_TEXT[1:], *HARDEST)) if turn % 2 else in_turn(fields, turn)
        wrong += broken_by(lasting, form, [strange])
        client = signed_in(lasting.cast.owner)
        for value in (NOT_TEXT[0], HUGE):
            status = send(client, lasting.address(form), body(lasting, form, **dict.fromkeys(fields, value)))
            if status not in {400, 404, 409, 422}:
                wrong.append(f"{form} {value[:10]}: {status}")
    assert "\n".join(wrong) == ""


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_no_field_breaks_its_form(lasting: World, form: str) -> None:
    """One bad value among good ones gets further in than all bad ones together."""
    single = ({name: value} for value in ("%00", *WORST) for name in FORMS[form])
    together = (dict.fromkeys(FORMS[form], value) for value in (*NOT_TEXT[1:], *HARDEST, *STRANGE))
    assert "\n".join(broken_by(lasting, form, (*single, *together))) == ""


@pytest.mark.slow
@pytest.mark.parametrize("page", FILTERS)
def test_no_value_breaks_a_filter(lasting: World, page: str) -> None:
    client, address = signed_in(lasting.cast.owner), lasting.address(page).partition("?")[0]
    names = [*FILTERS[page], "utm"]
    for value in (*NOT_TEXT, *HARDEST, *STRANGE):
        query = "&".join(f"{name}={value}" for name in names)
        assert ask(client, "GET", f"{address}?{query}")[0] in {200, 400, 404}, value
    for name in names:
        for value in (NOT_TEXT[0], *WORST):
            assert ask(client, "GET", f"{address}?{name}={value}")[0] in {200, 400, 404}, f"{name} {value[:20]}"


def test_no_address_breaks(lasting: World) -> None:
    client = signed_in(lasting.cast.owner)
    for path in STRANGE_ADDRESSES:
        assert ask(client, "GET", path)[0] in {302, 400, 404}, path[:60]


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "text/x"]
)
def test_no_body_of_another_kind_breaks(lasting: World, kind: str) -> None:
    client = signed_in(lasting.cast.desk)
    for content in (b"", b"{", b"--x\r\n\r\n", b"\xff\x00", b'["a"]', b"[" * 10_000):
        for name in ("log-new", "log-draft", "recover-note", "file-add"):
            response = client.generic("POST", lasting.address(name), content, content_type=kind)
            assert response.status_code in {400, 422}, f"{name} {content[:10]!r}"


def test_too_much_of_everything_is_400(lasting: World) -> None:
    client = signed_in(lasting.cast.desk)
    many = "&".join(f"f{number}=1" for number in range(600)).encode()
    assert send(client, reverse("log-new"), many) == 400
    assert send(client, reverse("log-new"), b"what_happened=" + b"x" * 1_100_000) in {400, 413}


@pytest.mark.parametrize("value", ["%00", "a%00@b.c", "%FF", HUGE, "9" * 5000])
def test_signing_in_does_not_break(db: None, value: str) -> None:
    client = Client(raise_request_exception=False)
    assert send(client, reverse("account_login"), f"login={value}&password={value}".encode()) in {200, 400, 422}
    assert ask(client, "GET", f"{reverse('account_login')}?next={value[:20_000]}")[0] in {200, 400}


def test_no_header_breaks(lasting: World) -> None:
    client = signed_in(lasting.cast.desk)
    headers = ("HX-Request", "HX-PTag", "If-None-Match", "Referer", "Accept-Language", "X-Request-ID")
    for header in headers:
        for value in ("\x00", "\u00ff\u00fe", "9" * 5000, "//evil.example/", "x" * 20_000):
            for name in ("home", "notice-bell", "recover-note"):
                method = "POST" if name == "recover-note" else "GET"
                response = client.generic(method, lasting.address(name), headers={header: value})
                assert response.status_code in {200, 304, 400, 422}, f"{header} {name} {value[:10]!r}"
