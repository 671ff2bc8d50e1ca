"""The settings as mypy's Django plugin reads them: it needs no servers and no secrets."""

import os

os.environ.setdefault("RECOVERY_ENV", "test")
os.environ.setdefault("DATABASE_URL", "postgresql:///recovery")
os.environ.setdefault("REDIS_URL", "redis://localhost")

from recovery.settings import *  # noqa: F403
