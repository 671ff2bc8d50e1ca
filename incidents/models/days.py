"""How many of each kind of mistake were reported on each day: right at every moment, whoever adds at the same one.

Triggers add a row in the transaction of the change: so many more, or fewer. Rows of one day are put together now and
then; what counts is their sum, which that does not change.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import connection, models


class DayCount(models.Model):
    """So many more of a kind, at a place, of a day in UTC. Restricted ones and those logged by mistake or twice are not
    among them.
    """

    location_id = models.BigIntegerField()
    category_id = models.BigIntegerField()
    day = models.DateField()
    number = models.IntegerField()
    is_packed = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day"], include=["location_id", "category_id", "number"], name="daycount_by_day"),
            models.Index(fields=["day"], condition=models.Q(is_packed=False), name="daycount_to_pack"),
        ]

    def __str__(self) -> str:
        return f"{self.number:+} on {self.day}"


# Who reads meanwhile sees the rows of before or the one of after; what is added meanwhile is left for the next time.
_PACK = """
    WITH added AS (
        SELECT DISTINCT day, location_id, category_id FROM incidents_daycount WHERE NOT is_packed
    ), taken AS (
        DELETE FROM incidents_daycount c USING added a
        WHERE c.day = a.day AND c.location_id = a.location_id AND c.category_id = a.category_id
        RETURNING c.day, c.location_id, c.category_id, c.number
    )
    INSERT INTO incidents_daycount (location_id, category_id, day, number, is_packed)
    SELECT location_id, category_id, day, sum(number), TRUE FROM taken
    GROUP BY location_id, category_id, day HAVING sum(number) <> 0
"""


def pack_days() -> None:
    """One row for each day, place and kind to which something was added."""
    with connection.cursor() as cursor:
        cursor.execute(_PACK)
