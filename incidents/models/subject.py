"""What something without an incident is about, for whoever reads it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """Its name and its place as the reader may know them: empty when it is gone, or not theirs to see.

    `zone` is that of its place; of what has none, the reader's. `elsewhere` names it when the reader's is another.
    """

    zone: dt.tzinfo
    name: str = ""
    place: str = ""
    elsewhere: str = ""
    at: dt.datetime | None = None
