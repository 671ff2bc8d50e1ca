"""What no keyboard types: in every filter and every form it is 400, 404 or 422, never our fault (500)."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from incidents.models import RemedyType
from tests.bad_input import ACCEPTED, FILTERS, FORMS, HUGE, NO_FIELDS, NOT_TEXT, STRANGE, WORST
from tests.world import World, ask, parameters, signed_in


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
