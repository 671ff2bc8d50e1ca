"""A file made at once, for few rows: the same pieces, put together in one go."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from typing import IO

from incidents.exports.listing import Listing
from incidents.exports.sheet import Form
from incidents.models import Incident, Staff
from incidents.uploads import NotStored

CHUNK = 1000  # rows that are read in one statement


def make_now(
    listing: Listing, form: Form, numbers: Sequence[int], *, staff: Staff, now: dt.datetime
) -> tuple[IO[bytes], int, list[Incident]]:
    """(the file, open at its beginning; how many rows it has; the restricted ones). A statement for each CHUNK of rows.

    The file has no name and goes when it is closed. Raises NotStored when the disk is full.
    """
    made, restricted = 0, []
    out = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    try:
        with tempfile.TemporaryFile() as piece:
            for first in range(0, len(numbers), CHUNK):
                rows = listing.read(staff, numbers[first : first + CHUNK], now)
                form.piece(piece, listing, rows, at=made)
                made += len(rows)
                restricted += listing.restricted(rows)
            form.join(out, listing, [piece], count=made)
    except OSError as error:
        out.close()
        raise NotStored from error
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out, made, restricted
