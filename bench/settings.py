"""Recovery's settings, with the empty view beside its own pages."""

from recovery.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
