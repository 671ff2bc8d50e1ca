"""The app's own worker or beat with parts bent: `celery -A tests.faults.rigged`.

Beat rings every half second here, so that a test need not wait for ten.
"""

from tests.faults import rigs

rigs.bend_clock()

import django  # noqa: E402

from recovery.celery import app  # noqa: E402

django.setup()
rigs.bend()
app.conf.beat_schedule["sweep"]["schedule"] = 0.5
