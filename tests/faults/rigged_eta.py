"""Guard off: the schedule lives in the broker. `celery -A tests.faults.rigged_eta`.

A task for each reminder, kept until its hour, with everything Celery has against loss; nothing sweeps.
"""

import sys

from recovery.celery import app
from tests.faults import rigged
from tests.faults.rigs import ARENA

assert rigged  # which sets Django up, and bends it
app.conf.beat_schedule.clear()


@app.task(name="rigged.tell")
def tell(reminder_id: int) -> None:
    """What the sweep does with one row."""
    from incidents.actions import remind
    from incidents.models import Reminder

    now = remind.database_now()
    reminder = Reminder.objects.select_related("incident__location").get(pk=reminder_id)
    if remind.deliver(reminder, now=now):
        Reminder.objects.filter(pk=reminder_id).update(state="done", tries=1)


@app.task(name="rigged.come_through")
def come_through() -> None:
    (ARENA / "came-through").touch()


def schedule_all() -> None:
    """Each at its hour."""
    from incidents.models import Reminder

    for reminder in Reminder.objects.filter(kind="follow_up_due"):
        tell.apply_async((reminder.pk,), eta=reminder.due_at)


if __name__ == "__main__":
    if sys.argv[1:] == ["nothing"]:
        come_through.delay()
    else:
        schedule_all()
