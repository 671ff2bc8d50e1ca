"""What production refuses, each on a real start of the settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from tests.make import Cast

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = {
    "RECOVERY_ENV": "production",
    "SECRET_KEY": "q7Zx-2mV9_tR4bN8wLk3Yp6Hs1Fd5Gj0Ae7Uc9Xi2Oo4Tz6Wq8Bv",
    "SITE_URL": "https://recovery.example.org",
    "DATABASE_URL": "postgresql://localhost/recovery",
    "REDIS_URL": "redis://localhost",
}


def load_settings(**over: str) -> str:
    """Import the settings in a process of its own; returns what it printed or complained."""
    code = "from recovery import settings as s; print('loaded', s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **GOOD, **over}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    return done.stdout + done.stderr


def test_good_settings_load() -> None:
    assert load_settings() == "loaded ['recovery.example.org'] True\n"


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"SECRET_KEY": "insecure-and-only-for-local-use-and-tests-and-quite-long"}, "SECRET_KEY is a sample"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is a sample or too short"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the exact hosts"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the exact hosts"),
        ({"SITE_URL": "http://recovery.example.org"}, "SITE_URL must begin with https://"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"RECOVERY_DEMO": "1"}, "RECOVERY_DEMO is on"),
    ],
)
def test_unsafe_settings_are_refused(over: dict[str, str], words: str) -> None:
    assert f"ImproperlyConfigured: {words}" in load_settings(**over)


def test_demo_accounts_are_refused(cast: Cast, settings: Settings) -> None:
    call_command("check", databases=["default"])
    settings.PRODUCTION = True
    with pytest.raises(SystemCheckError, match="active demo accounts"):
        call_command("check", databases=["default"])
    type(cast.desk).objects.update(is_active=False)
    call_command("check", databases=["default"])
