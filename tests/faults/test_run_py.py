"""run.py on real processes: one command starts everything, nothing outlives it, and it recovers from a kill."""

import os
import pty
import re
import signal
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runner import Installation
from tests.programs import made_once, shared_installation

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


@pytest.fixture(scope="session")
def prepared() -> Installation:
    """An installation that was started once and stopped; all processes of the run work on copies of it."""
    with made_once("installation") as is_mine:
        if is_mine:
            first = Installation.fresh()
            shared_installation().write_text(str(first.state))  # from here on the end of the run removes it
            try:
                first.start()
                assert first.stop() == 0
            except BaseException:
                first.remove()
                raise
    return Installation(Path(shared_installation().read_text()))


@pytest.fixture
def installation(prepared: Installation) -> Iterator[Installation]:
    copy = prepared.copy()
    yield copy
    copy.remove()


@pytest.fixture
def untouched() -> Iterator[Installation]:
    """A state directory in which nothing was made yet."""
    fresh = Installation.fresh()
    yield fresh
    fresh.remove()


def test_while_it_runs_and_after_ctrl_c(installation: Installation) -> None:
    """All programs are there; a second instance gets one sentence; manage.py joins the running servers."""
    installation.start()  # how long that may take: second_start.py, alone on a machine
    assert installation.answers("/health/ready")
    for program in ("bin/postgres", "valkey-server", "gunicorn", "celery --app recovery --quiet --skip-checks worker"):
        assert installation.pid_of(program)
    assert installation.pid_of("--skip-checks beat")
    check_sockets(installation)

    second = installation.run("--empty")
    assert second.returncode == 1
    assert f"already runs from {installation.state}" in second.stderr
    assert f"http://127.0.0.1:{installation.port}/" in second.stderr
    assert len(second.stderr.splitlines()) == 1

    managed = installation.run("--empty", "manage", "migrate", "--check")
    assert managed.returncode == 0, managed.stderr
    assert installation.run("reset", "--yes").returncode == 1
    assert installation.answers()

    assert installation.stop(signal.SIGINT) == 0
    assert installation.processes() == {}
    assert not list(installation.state.glob("postgres/data-*/postmaster.pid")), "the database was not shut down"


def check_sockets(installation: Installation) -> None:
    """Other accounts reach neither server, and PostgreSQL does not run as root."""
    for name in ("postgres/run", "valkey/run"):
        directory = installation.state / name
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert list(directory.iterdir())
    status = Path(f"/proc/{installation.pid_of('bin/postgres')}/status").read_text()
    assert re.search(r"(?m)^Uid:\s+[1-9]", status)


def test_a_port_in_use_is_named(untouched: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", untouched.port))
        other.listen()
        refused = untouched.run()
    assert refused.returncode == 1
    assert f"Port {untouched.port} on 127.0.0.1 cannot be used" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_after_kill_9_nothing_is_left_and_the_next_start_recovers(installation: Installation) -> None:
    installation.start()
    assert installation.stop(signal.SIGKILL) == -signal.SIGKILL
    installation.start()  # at once, while the old servers may still be ending
    assert installation.answers("/health/ready")
    assert installation.stop(signal.SIGKILL) == -signal.SIGKILL
    assert installation.is_quiet_within(10), installation.processes()


def test_a_server_that_dies_ends_the_rest(installation: Installation) -> None:
    installation.start()
    os.kill(installation.pid_of("bin/postgres"), signal.SIGKILL)
    assert installation.process is not None
    assert installation.process.wait(timeout=20) == 1
    assert "postgres ended by itself" in installation.output()
    assert installation.processes() == {}


def test_what_kills_at_bad_moments_leave_behind(installation: Installation) -> None:
    """A half-made database directory, a pid file whose number another process has now, a broken queue file."""
    [data] = installation.state.glob("postgres/data-*")
    data.with_suffix(".new").mkdir()
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    [broken] = installation.state.glob("valkey/data/appendonlydir/*.aof.manifest")
    broken.write_text("nonsense")
    managed = installation.run("--empty", "manage", "migrate", "--check")
    assert managed.returncode == 0, managed.stderr
    assert list(installation.state.glob("valkey/data.broken-*"))
    assert installation.processes() == {}


def test_ctrl_c_while_it_is_still_preparing(untouched: Installation) -> None:
    process = untouched.begin()
    deadline = time.monotonic() + 20
    while "Making the database" not in untouched.output() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert untouched.processes() == {}
    assert "Traceback" not in untouched.output()


def test_a_closed_terminal_stops_all(installation: Installation) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        command = ["python3", str(Path(__file__).parents[2] / "run.py"), "--empty"]
        os.execvpe(command[0], command, installation.environment)
    said = b""
    while b"Stop it with Ctrl-C." not in said:
        said += os.read(terminal, 4096)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert installation.processes() == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that PostgreSQL's account cannot enter")
def test_root_in_a_closed_directory() -> None:
    """The data go to /var/lib then, the closed directory stays closed, and reset knows both."""
    with tempfile.TemporaryDirectory() as closed:
        installation = Installation(Path(closed) / ("a-long-name-" * 8))
        managed = installation.run("--empty", "manage", "migrate", "--check")
        assert "No such table" not in managed.stderr
        assert stat.S_IMODE(Path(closed).stat().st_mode) == 0o700
        outside = [path for path in Path("/var/lib/recovery").iterdir() if (path / "data-18").exists()]
        reset = installation.run("reset", "--yes")
        assert any(str(path) in reset.stdout for path in outside)
        assert not any(path.exists() for path in outside if str(path) in reset.stdout)
        assert installation.processes() == {}
