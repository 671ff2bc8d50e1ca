"""A house with a server, and everything that is kept by it: what tests/test_anonymity.py looks through."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from incidents.models import Scenario, Staff
from recovery.embedded import stack
from recovery.embedded.stack import Address
from tests import make
from tests.databases import address_of
from tests.faults.runner import free_port
from tests.faults.visitor import Visitor
from tests.programs import REPOSITORY, Programs, made_once, wait_for
from tests.views.practice.addresses import scenario

HOST = "recovery.example.org"
ANSWERS = "incidents_practiceanswer"
KEY = "q7Zx-2mV9_tR4bN8wLk3Yp6Hs1Fd5Gj0Ae7Uc9Xi2Oo4Tz6Wq8Bv"
Dump = dict[str, set[str]]


# The servers ----------------------------------------------------------------------------------------------------------


def as_run_py_starts_it(port: int) -> tuple[list[str], dict[str, str]]:
    """The command is asked of run.py's own code."""
    started: list[list[str]] = []

    class Keeps:
        def start(self, _name: str, command: list[str], *_more: object) -> None:
            started.append(command)

    stack.start_web(Keeps(), Address("127.0.0.1", port), {})  # type: ignore[arg-type]
    return started[0], {"RECOVERY_ENV": "local", "SITE_URL": f"http://127.0.0.1:{port}", "SECRET_KEY": KEY}


def as_compose_starts_it(port: int) -> tuple[list[str], dict[str, str]]:
    """The command of the image, in production, behind a proxy."""
    found = re.search(r"^CMD (\[\"gunicorn\".*?\])$", (REPOSITORY / "Dockerfile").read_text(), re.MULTILINE | re.DOTALL)
    assert found
    command = json.loads(found[1].replace("\\\n", "").replace("0.0.0.0:8000", f"127.0.0.1:{port}"))
    proxy = {"TRUSTED_PROXY_COUNT": "1", "TRUST_X_FORWARDED_PROTO": "1"}
    own = {"RECOVERY_ENV": "production", "SITE_URL": f"https://{HOST}", "SECRET_KEY": KEY}
    return [sys.executable, "-m", *command], own | proxy


WAYS: dict[str, Callable[[int], tuple[list[str], dict[str, str]]]] = {
    "run.py": as_run_py_starts_it,
    "compose": as_compose_starts_it,
}


@dataclass
class House:
    """A server, a story, and people who came in by the sign-in page."""

    programs: Programs
    cast: make.Cast
    port: int
    story: Scenario
    headers: dict[str, str]
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def come_in(self, *people: Staff) -> None:
        for person in people:
            visitor = self.visitors[person.name] = Visitor(self.port, headers=self.headers)
            said = visitor.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD})
            assert said.status == 302, said.text[:500]

    @property
    def address(self) -> str:
        return f"/practice/{self.story.pk}/"

    def answers(self, person: Staff, words: str) -> None:
        """Through the page: look at it, send the form that stands in it, look where that leads."""
        visitor = self.visitors[person.name]
        page = visitor.get(self.address)
        form = re.search(r'<form method="post" action="([^"]*/answer/)"', page.text)
        assert form, page.text[:500]
        said = visitor.post(form[1], {"words": words})
        assert said.status == 302, said.text[:2000]
        assert visitor.get(urlsplit(said.location).path).status == 200

    @property
    def log(self) -> Path:
        return self.programs.log("web")


@pytest.fixture(scope="session")
def static() -> Path:
    """Style sheets and scripts as they are served outside of tests; one directory for all processes of the run."""
    root = Path(os.environ["STATE_DIR"]) / "static-files"
    with made_once("static-files") as is_mine:
        if is_mine:
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
            environment = dict(os.environ) | {"RECOVERY_ENV": "local", "STATIC_ROOT": str(root)}
            subprocess.run(command, env=environment, cwd=REPOSITORY, check=True)
    return root


@pytest.fixture
def programs_here(committed: None, tmp_path: Path, static: Path) -> Iterator[Programs]:
    """Beside this test, on its database; they need no queue."""
    own = {
        "DATABASE_URL": address_of(connection.settings_dict["NAME"]),
        "REDIS_URL": "redis://127.0.0.1:1",
        "STATE_DIR": str(tmp_path),
        "STATIC_ROOT": str(static),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
    }
    started = Programs(dict(os.environ) | own, tmp_path)
    yield started
    for child in started.running:
        child.kill()


def house(programs: Programs, way: str, application: str = "recovery.wsgi:application") -> House:
    cast = make.make_cast()
    hashed = PBKDF2PasswordHasher().encode(make.PASSWORD, "pepper-as-long-as-wanted")  # else each sign-in makes another
    Staff.objects.update(password=hashed)
    port = free_port()
    command, environment = WAYS[way](port)
    programs.environment |= environment
    programs.start("web", [application if word == "recovery.wsgi:application" else word for word in command])
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"} if way == "compose" else {}
    asked = Visitor(port, headers=headers, patience=5)

    def is_up() -> bool:
        try:
            return asked.get("/health/live").status == 200
        except OSError:
            return False

    wait_for(is_up, 60)
    return House(programs, cast, port, scenario(cast), headers)


# What somebody reads who may read everything --------------------------------------------------------------------------


def dump() -> Dump:
    """Every row of every table as text, with its place and its transactions; every sequence; the tables' own tables."""
    found: Dump = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 't') AND (n.nspname = 'public' OR n.nspname = 'pg_toast' AND c.oid IN"
            " (SELECT reltoastrelid FROM pg_class WHERE relnamespace = 'public'::regnamespace))"
        )
        for (table,) in cursor.fetchall():
            row = "chunk_id, chunk_seq, chunk_data" if "pg_toast" in table else "t::text"
            cursor.execute(f"SELECT concat_ws(' ', ctid, xmin, xmax, {row}) FROM {table} t")  # noqa: S608
            found[table] = {row for (row,) in cursor.fetchall()}
        cursor.execute("SELECT concat_ws(' ', sequencename, last_value) FROM pg_sequences")
        found["sequences"] = {row for (row,) in cursor.fetchall()}
    return found


def changed(before: Dump, after: Dump) -> dict[str, set[str]]:
    return {table: after[table] ^ before[table] for table in after if after[table] != before[table]}


def without_lock(rows: set[str]) -> set[str]:
    """The rows without the transaction that last looked after them."""
    return {re.sub(r"^(\S+ \S+) \S+", r"\1", row) for row in rows}


def transaction_now() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def in_order_of_age() -> list[tuple[int, str]]:
    """(transaction, words), as somebody would put them who takes what lies behind for newer."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text::bigint, words FROM {ANSWERS} ORDER BY 1, ctid")  # noqa: S608
        return list(cursor.fetchall())


def asked_last() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return "\n".join(str(query) for (query,) in cursor.fetchall())


def toast_of_answers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = %s", [ANSWERS])
        return {name for (name,) in cursor.fetchall()}
