"""The parts of the embedded servers that need no server."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from incidents.management.backups.giving_back import LOCKS
from recovery.embedded import children, stack
from recovery.embedded.place import LONGEST_SOCKET_DIRECTORY, Place, Trouble
from recovery.embedded.postgres import Postgres


@pytest.fixture
def sleeper() -> Iterator[children.Child]:
    child = children.spawn("sleeper", ["sleep", "60"], environment=os.environ, output=subprocess.DEVNULL)
    yield child
    child.kill()


def test_a_long_path_gets_a_short_socket_directory(tmp_path: Path) -> None:
    place = Place(tmp_path / ("long" * 30))
    short = place.socket_directory(place.valkey)
    assert len(os.fsencode(short)) <= LONGEST_SOCKET_DIRECTORY
    assert short != place.socket_directory(place.postgres)
    assert short != Place(tmp_path / ("other" * 30)).socket_directory(place.valkey)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's directory")
def test_somebody_elses_socket_directory_is_refused(tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    planted.mkdir()
    os.chown(planted, 12345, 12345)
    with pytest.raises(Trouble, match="belongs to somebody else"):
        Place(tmp_path).make_socket_directory(planted, for_servant=False)


def test_a_state_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="file/state cannot be used"):
        Place(tmp_path / "file" / "state").prepare()


def test_its_postgresql_has_room_for_a_restore_beside_other_work(tmp_path: Path) -> None:
    chosen = Postgres(Place(tmp_path)).settings
    assert int(chosen["max_locks_per_transaction"]) * int(chosen["max_connections"]) >= 2 * LOCKS


def test_one_at_a_time(tmp_path: Path) -> None:
    first, second = Place(tmp_path), Place(tmp_path)
    assert first.take("run.py", "http://here/") is None
    assert second.take("run.py") == {"pid": os.getpid(), "what": "run.py", "address": "http://here/"}
    first.release()
    assert second.take("run.py") is None
    second.release()


def test_the_secret_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    place = Place(tmp_path)
    path = place.secret_key_file()
    assert len(path.read_text()) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert place.secret_key_file().read_text() == path.read_text()


def test_a_leftover_is_ended(tmp_path: Path, sleeper: children.Child) -> None:
    children.remember([sleeper], tmp_path / "children.json")
    assert children.end_leftovers(tmp_path / "children.json") == 1
    assert not sleeper.is_running()
    assert sleeper.process.returncode == -signal.SIGTERM


def test_a_number_that_was_reused_is_left_alone(tmp_path: Path, sleeper: children.Child) -> None:
    sleeper.born = "long ago"
    children.remember([sleeper], tmp_path / "children.json")
    assert children.end_leftovers(tmp_path / "children.json") == 0
    assert sleeper.is_running()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise exists on Linux only")
def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from recovery.embedded.children import spawn\n"
        "child = spawn('sleeper', ['sleep', '60'], environment=os.environ, output=1)\n"
        "print(child.process.pid, child.born, flush=True); os.kill(os.getpid(), 9)\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", code, root], stdout=subprocess.PIPE, text=True, check=False)
    pid, born = done.stdout.split()
    assert children.wait_until(lambda: children.birth(int(pid)) != born, 5)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "²"])
def test_a_port_that_is_none(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Trouble, match="write a number from 1 to 65535"):
        stack.Address.from_environment(stack.OWN)


def test_the_demo_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIND", "192.0.2.7")
    with pytest.raises(Trouble, match="served on this machine only"):
        stack.Address.from_environment(stack.DEMO)
    assert stack.Address.from_environment(stack.OWN).host == "192.0.2.7"
