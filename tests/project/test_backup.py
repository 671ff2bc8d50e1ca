"""Backup and restore on a real database and real files, through manage.py as an operator types it."""

from __future__ import annotations

import signal
import stat
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from incidents.management.backups import giving_back, programs
from incidents.management.backups.archive import Reader, Writer
from incidents.models import Customer, Job, Outbox, Reminder, Staff
from tests import make
from tests.databases import address_of, on_server
from tests.pictures import photo
from tests.project.furnished import NAME, TOUCHED, attach, backed_up, wait_for_query
from tests.project.house import House, built


def change_everything() -> None:
    """A new incident and file, a changed customer, a row less, a table that the backup does not know."""
    cast_desk = Staff.objects.get(email="dora@example.com")
    newer = make.make_incident(cast_desk)
    attach(newer, "later.jpg", photo(colour="blue"))
    Customer.objects.update(name="Somebody Else")
    Reminder.objects.all().delete()


def test_everything_comes_back_and_nothing_goes_out(house: House) -> None:
    path = backed_up(house)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows, files = house.rows(), house.files()
    assert len(files) == 2
    with house.inside():
        change_everything()
    on_server("CREATE TABLE left_over (id int)", "CREATE INDEX strange ON left_over (id)", database=house.database)
    [lost] = house.media.glob(f"{next(iter(files))}")
    lost.unlink()
    assert house.rows() != rows

    code, said = house.manage("restore", str(path), "--replace", "--yes")
    assert code == 0, said
    assert "on hold" in said
    again = house.rows()
    assert {name for name in rows if again.get(name) != rows[name]} == TOUCHED
    assert again.keys() == rows.keys()
    assert house.files() == files

    with house.inside():
        for model in (Reminder, Outbox, Job):
            found = model._default_manager.values_list("state", "lease_until", "tries")
            assert list(found.distinct()) == [("pending", None, 0)], "a try that was cut in two is none"
    assert house.ask("SELECT count(*) FROM django_session") == 0
    assert house.ask("SELECT reason FROM incidents_outboxhold") == "restored"

    [kept] = house.backups.glob("before-restore-*.tar")
    code, said = house.manage("restore", str(kept), "--replace", "--yes", "--without-copy")
    assert code == 0, said
    assert house.ask("SELECT count(*) FROM incidents_incident") == 2
    assert house.ask("SELECT name FROM incidents_customer LIMIT 1") == "Somebody Else"


def test_a_new_machine(house: House, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    """A backup taken here fills a database without a single table there."""
    path = backed_up(house)
    with built("template0", tmp_path / "there", django_db_blocker) as there:
        code, said = there.manage("restore", str(path))
        assert code == 0, said
        again = there.rows()
        assert {name for name, sum_ in house.rows().items() if again[name] != sum_} == TOUCHED
        assert there.files() == house.files()


def test_a_business_is_replaced_only_when_told(house: House) -> None:
    path = backed_up(house)
    rows = house.rows()
    for words, answer in (((), "belongs to Harbour & Co"), (("--replace",), "Nobody can be asked")):
        code, said = house.call("restore", str(path), *words)
        assert (code, answer in said, "Nothing was changed" in said) == (1, True, True), said
    assert house.rows() == rows


def test_it_needs_no_more_locks_than_any_server_has(house: House, tmp_path: Path) -> None:
    """All of it is dropped and made in one transaction; only too few is refused, before anything is read."""
    first, script, last = (tmp_path / f"{at}.sql" for at in range(3))
    first.write_text(giving_back.EMPTY)
    last.write_text("CREATE TABLE public.held AS SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid();")
    with house.inside():
        assert giving_back.room_for_locks() >= giving_back.LOCKS
        programs.run("pg_dump", "--no-owner", f"--file={script}", f"--dbname={programs.address()}")
        programs.run("psql", *giving_back.whole_script(first, script, last), "--single-transaction")
    assert giving_back.LOCKS / 2 < house.ask("SELECT count FROM held") < giving_back.LOCKS


def test_not_where_there_is_room_for_too_few_locks(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = backed_up(house)
    rows = house.rows()
    monkeypatch.setattr(giving_back, "LOCKS", giving_back.LOCKS * 100)
    code, said = house.call("restore", str(path), "--replace", "--yes")
    assert code == 1
    assert "Set max_locks_per_transaction = 256" in said
    assert house.rows() == rows


def test_not_while_somebody_works_on_it(house: House) -> None:
    path = backed_up(house)
    with psycopg.connect(address_of(house.database)):
        code, said = house.call("restore", str(path), "--replace", "--yes")
    assert code == 1
    assert "Stop web, worker and beat" in said
    assert house.ask("SELECT count(*) FROM incidents_outboxhold") == 0


def test_not_while_the_clock_process_runs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two sweeps it holds no connection; its next heartbeat gives it away. One that stopped has none."""
    path = backed_up(house)
    monkeypatch.setattr(giving_back, "QUIET_AFTER", 6.0)
    beat = "INSERT INTO incidents_heartbeat VALUES ('worker_sweep', now()) ON CONFLICT (name) DO UPDATE SET at = now()"
    on_server(beat, database=house.database)
    later = threading.Timer(2, on_server, [beat], {"database": house.database})
    later.start()
    code, said = house.call("restore", str(path), "--replace", "--yes", "--without-copy")
    later.join()
    assert (code, "The clock process still runs" in said) == (1, True), said
    code, said = house.call("restore", str(path), "--replace", "--yes", "--without-copy")
    assert code == 0, said


Spoil = Callable[[Path], None]


def spoil_end(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def spoil_middle(path: Path) -> None:
    """One bit of the database."""
    with path.open("r+b") as file:
        file.seek(5000)
        byte = file.read(1)[0]
        file.seek(5000)
        file.write(bytes([byte ^ 1]))


def spoil_kind(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 500)


def spoil_all(path: Path) -> None:
    path.write_bytes(b"")


def spoil_contents(path: Path) -> None:
    """A file more, that leads elsewhere."""
    with tarfile.open(path, "a") as tar:
        tar.add(__file__, "files/../../../etc/passwd")


def spoil_version(path: Path) -> None:
    """As written by a Recovery of next year: rewritten honestly, with a migration we have not."""
    newer = path.with_suffix(".newer")
    with path.open("rb") as source, newer.open("wb") as out:
        backup = Reader(source)
        writer = Writer(out, seconds=0)
        for name in backup.manifest.parts:
            copy = path.with_suffix(".part")
            backup.copy_to(name, copy)
            with copy.open("rb") as part:
                writer.add(name, part)
            copy.unlink()
        backup.manifest.migrations.append("incidents.9999_telepathy")
        writer.finish(backup.manifest)
    newer.rename(path)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_end, "is damaged"),
        (spoil_middle, "database.dump is not as it was written"),
        (spoil_kind, "is damaged or no backup"),
        (spoil_all, "is damaged or no backup"),
        (spoil_contents, "something was taken out or put in"),
        (spoil_version, "newer Recovery (it knows incidents.9999_telepathy)"),
    ],
)
def test_what_is_damaged_or_newer_is_refused(house: House, spoil: Spoil, words: str) -> None:
    path = backed_up(house)
    spoil(path)
    rows, files = house.rows(), house.files()
    code, said = house.call("restore", str(path), "--replace", "--yes")
    assert code == 1
    assert words in said
    assert "Nothing was changed" in said
    assert (house.rows(), house.files()) == (rows, files)


def test_a_backup_never_overwrites_and_never_appears_half(house: House) -> None:
    path = backed_up(house)
    before = path.read_bytes()
    code, said = house.call("backup", str(path))
    assert (code, "already there" in said) == (1, True)
    assert path.read_bytes() == before

    code, said = house.call("backup", "/proc/nowhere/backup.tar")
    assert (code, "No backup was made" in said) == (1, True)

    with psycopg.connect(address_of(house.database)) as holder:
        holder.execute("LOCK TABLE incidents_incident IN ACCESS EXCLUSIVE MODE")
        process = house.begin("backup", str(house.root / "half.tar"))
        wait_for_query(house, "SELECT count(*) FROM public.%")
        assert list(house.root.glob(".recovery-*.part"))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (house.root / "half.tar").exists()
    other = house.root / "other.tar"
    assert house.call("backup", str(other))[0] == 0
    assert not list(house.root.glob(".recovery-*.part")), "what the killed one left is tidied by the next"


def test_a_file_that_the_disk_lost_is_told(house: House) -> None:
    gone = next(path for path in house.media.rglob("*.pdf"))
    gone.unlink()
    code, said = house.call("backup", str(house.root / NAME))
    assert code == 0
    assert f"Missing on the disk, so not in the backup: {gone.relative_to(house.media)}" in said
