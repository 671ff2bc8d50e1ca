"""A restore that is killed leaves the old or the new, never half."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from incidents.management.backups import giving_back, programs
from incidents.models import Customer
from tests.project.furnished import TOUCHED, backed_up, fill_events, wait_for_query
from tests.project.house import House


@pytest.mark.parametrize("moment", ["DO $$%", "COPY public.incidents_event%", "%ADD CONSTRAINT%"])
@pytest.mark.parametrize("kill", [os.killpg, pytest.param(os.kill, marks=pytest.mark.slow)], ids=["with psql", "alone"])
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    house: House, moment: str, kill: Callable[[int, int], None]
) -> None:
    if "incidents_event" in moment:
        fill_events(house)
    path = backed_up(house)
    then = house.rows()
    with house.inside():
        Customer.objects.update(name="Somebody Else")
    old = house.rows()
    process = house.begin("restore", str(path), "--replace", "--yes", "--without-copy")
    wait_for_query(house, moment)
    kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_until_quiet(house)
    now = house.rows()
    changed = {name for name in now if now[name] != old[name]}
    assert now.keys() == old.keys()
    if changed:  # the kill came after the commit
        assert {name for name in now if now[name] != then[name]} == TOUCHED
    code, said = house.call("restore", str(path), "--replace", "--yes", "--without-copy")
    assert code == 0, said
    assert {name for name, sum_ in house.rows().items() if sum_ != then[name]} == TOUCHED


def test_the_control_without_one_transaction_a_kill_leaves_half(house: House, tmp_path: Path) -> None:
    fill_events(house)
    rows = house.rows()
    first, script = tmp_path / "first.sql", tmp_path / "script.sql"
    first.write_text(giving_back.EMPTY)
    with house.inside():
        programs.run("pg_dump", "--no-owner", f"--file={script}", f"--dbname={programs.address()}")
        arguments = giving_back.whole_script(first, script)
    with subprocess.Popen([programs.find("psql"), *arguments], stderr=subprocess.DEVNULL) as psql:
        wait_for_query(house, "COPY public.incidents_event%")
        psql.kill()
    wait_until_quiet(house)
    assert house.rows() != rows


def wait_until_quiet(house: House) -> None:
    """Until PostgreSQL has noticed that the killed one is gone."""
    deadline = time.monotonic() + 20
    while house.connections():
        assert time.monotonic() < deadline
        time.sleep(0.02)
