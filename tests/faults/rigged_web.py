"""The app's own web server with parts bent: `gunicorn tests.faults.rigged_web:application`."""

from tests.faults import rigs

rigs.bend_clock()

from recovery.wsgi import application  # noqa: E402

rigs.bend()

__all__ = ["application"]
