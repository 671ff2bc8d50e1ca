"""Reading settings from the environment: each value as NAME, or as a file named by NAME_FILE."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str | None = None, *, env: Mapping[str, str] = os.environ) -> str:
    """The value of NAME, or the stripped content of the file NAME_FILE points at.

    Without a default a missing value is an error that says which two names were looked for.
    """
    value, path = env.get(name), env.get(f"{name}_FILE")
    if value is not None and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
    if path:
        return _read(name, path)
    if value is not None:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set {name}, or {name}_FILE to a file that holds it.")
    return default


def _read(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(f"{name}_FILE points at {path}, which cannot be read: {problem}.") from problem


def flag(name: str, default: bool = False, *, env: Mapping[str, str] = os.environ) -> bool:
    """A yes or no: 1/true/yes/on or 0/false/no/off."""
    value = text(name, "1" if default else "0", env=env).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def integer(name: str, default: int, *, at_least: int = 0, env: Mapping[str, str] = os.environ) -> int:
    """A whole number that is not below `at_least`."""
    value = text(name, str(default), env=env).strip()
    if not (value.isascii() and value.isdigit()) or int(value) < at_least:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number, {at_least} or more.")
    return int(value)


def words(name: str, default: str = "", *, env: Mapping[str, str] = os.environ) -> list[str]:
    """A comma-separated list without its blanks."""
    return [word.strip() for word in text(name, default, env=env).split(",") if word.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...], *, env: Mapping[str, str] = os.environ) -> str:
    """One of the allowed words."""
    value = text(name, default, env=env).strip()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(allowed)}.")
    return value


def database(name: str = "DATABASE_URL", *, env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's database settings from postgresql://user:password@host:port/name?host=/socket/directory&sslmode=…

    The password may come from DATABASE_PASSWORD instead, so that a file can hold it.
    """
    url = urlsplit(text(name, env=env))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql:// (Recovery runs on PostgreSQL only).")
    options = dict(parse_qsl(url.query))
    host = options.pop("host", url.hostname or "")
    database_name = unquote(url.path.removeprefix("/"))
    if not database_name:
        raise ImproperlyConfigured(f"{name} names no database: postgresql://user:password@host/DATABASE.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or "") or text("DATABASE_PASSWORD", "", env=env),
        "HOST": host,
        "PORT": str(url.port or ""),
        "OPTIONS": options,
    }


def broker(name: str = "REDIS_URL", *, env: Mapping[str, str] = os.environ) -> str:
    """Celery's address of the broker: redis://, rediss:// or unix:///path/redis.sock?db=0; empty when not set."""
    address = text(name, "", env=env)
    url = urlsplit(address)
    if url.scheme in {"redis", "rediss", "redis+socket", ""}:
        return address
    if url.scheme != "unix":
        raise ImproperlyConfigured(f"{name} must begin with redis://, rediss:// or unix://.")
    number = dict(parse_qsl(url.query)).get("db", "0")
    return f"redis+socket://{url.path}?virtual_host={number}"
