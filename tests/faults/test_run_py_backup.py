"""`run.py backup` and `run.py restore` as a person types them, beside a running Recovery and without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runner import Installation

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
OPEN = (
    "from incidents.models import *; from django.utils import timezone; "
    "Business.objects.create(name='Harbour & Co', created_at=timezone.now())"
)
RENAME = "from incidents.models import Business; Business.objects.update(name='Somebody Else')"
ASK = "from incidents.models import *; print('it is', Business.objects.get().name, OutboxHold.objects.count())"


@pytest.fixture
def installation() -> Iterator[Installation]:
    fresh = Installation.fresh()
    yield fresh
    fresh.remove()


def shell(installation: Installation, code: str) -> str:
    done = installation.run("--empty", "manage", "shell", "--command", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_backup_while_it_runs_and_restore_after_it_stopped(installation: Installation) -> None:
    installation.start(seconds=180)
    shell(installation, OPEN)
    done = installation.run("--empty", "backup")
    assert done.returncode == 0, done.stderr
    [path] = installation.state.glob("backups/recovery-*.tar")
    shell(installation, RENAME)

    refused = installation.run("--empty", "restore", str(path), "--replace", "--yes")
    assert refused.returncode == 1
    assert "Recovery runs here. Stop it" in refused.stderr
    assert installation.answers()
    assert installation.stop() == 0

    wrong = installation.run("restore", str(path), "--replace", "--yes")
    assert "This backup holds a business and this is the demo" in wrong.stderr
    done = installation.run("--empty", "restore", str(path), "--replace", "--yes")
    assert done.returncode == 0, done.stderr
    assert "it is Harbour & Co 1" in shell(installation, ASK)
    installation.start(seconds=180)
    assert installation.answers("/health/ready")
    assert installation.stop() == 0

    assert installation.run("reset", "--yes").returncode == 0
    assert path.exists(), "a reset takes the data, not the backups"
