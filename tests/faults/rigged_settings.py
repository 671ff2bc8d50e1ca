"""The app's settings with one guard off, for tests only; RIG says which."""

import os

from recovery.settings import *  # noqa: F403
from recovery.settings import CACHES, DATABASES, MIDDLEWARE

RIG = os.environ.get("SETTINGS_RIG", "")
if RIG == "no-health-checks":
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
if RIG == "no-words-for-it":
    MIDDLEWARE.remove("recovery.middleware.DatabaseAwayMiddleware")
if RIG == "sessions-in-redis":
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["SESSIONS_AT"],
    }
